"""Which records a form about several records is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_record",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("taken_out_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "record"],
            ["record.authority", "record.id"],
            name="fk_submission_record_authority_record",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_submission_record_authority_submission",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_submission_record_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_submission_record"),
    )
    op.create_index(
        "ix_submission_record_authority_submission_record",
        "submission_record",
        ["authority", "submission", "record"],
        unique=True,
    )
    op.create_index("ix_submission_record_authority_record", "submission_record", ["authority", "record"])
