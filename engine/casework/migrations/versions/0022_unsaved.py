"""What people typed in a page's boxes and have not saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0022"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsaved",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("typed", Document, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_unsaved_authority"),
        *(
            sa.ForeignKeyConstraint(
                ["authority", one], [f"{one}.authority", f"{one}.id"], name=f"fk_unsaved_authority_{one}"
            )
            for one in ("person", "record")
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_unsaved"),
    )
    op.create_index("ix_unsaved_authority_person_place", "unsaved", ["authority", "person", "place"])
    op.create_index("ix_unsaved_authority_record", "unsaved", ["authority", "record"])
