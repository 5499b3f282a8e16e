"""Changes to definitions that one person proposes and another makes live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0008"
down_revision = "0007a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("earlier", sa.String(), nullable=True),
        sa.Column("files", Document, nullable=False),
        sa.Column("hash", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("report", Document, nullable=False),
        sa.Column("authors", Document, nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("proposed_by", Key, nullable=True),
        sa.Column("proposed_at", Moment(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_proposal_authority"),
        *(
            sa.ForeignKeyConstraint(
                ["authority", by], ["person.authority", "person.id"], name=f"fk_proposal_authority_{by}"
            )
            for by in ("made_by", "proposed_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_proposal"),
    )
    op.create_index("ix_proposal_authority_number", "proposal", ["authority", "number"], unique=True)
    op.create_index("ix_proposal_authority_state", "proposal", ["authority", "state"])
