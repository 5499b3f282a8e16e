"""Holds, each with its reason and the day on which it is looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.Column("why_ended", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_hold_authority_record"
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_hold_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_hold"),
    )
    op.create_index("ix_hold_authority_record", "hold", ["authority", "record"])
    op.create_index("ix_hold_authority_review_on_ended_at", "hold", ["authority", "review_on", "ended_at"])
