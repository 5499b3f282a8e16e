"""Copies given out: to whom, by whom, of what, and which questions were left out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("submission", Key, nullable=True),
        sa.Column("case", Key, nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("stack", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("reads_as", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("left_out", Document, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_release_authority"),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_release_authority_record"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_release_authority_submission",
        ),
        sa.ForeignKeyConstraint(
            ["authority", "case"], ["case.authority", "case.id"], name="fk_release_authority_case"
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_release"),
    )
    op.create_index("ix_release_authority_record_made_at", "release", ["authority", "record", "made_at"])
