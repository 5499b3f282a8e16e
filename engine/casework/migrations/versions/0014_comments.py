"""Comments at the questions of a form that was returned, and what was done about each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", Key, nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("dealt_by", Key, nullable=True),
        sa.Column("dealt_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_comment_authority"),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_comment_authority_submission",
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_comment"),
    )
    op.create_index("ix_comment_authority_submission", "comment", ["authority", "submission"])
