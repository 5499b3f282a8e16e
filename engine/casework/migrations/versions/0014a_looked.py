"""Which parts of a draft were opened and saved, so that what was looked at differs from what was not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0014a"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looked",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_looked_authority"),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_looked_authority_submission",
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_looked"),
    )
    op.create_index(
        "ix_looked_authority_submission_part", "looked", ["authority", "submission", "part"], unique=True
    )
