"""Files that people add to answers, sealed, in pieces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0007a"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("submission", Key, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "record"], ["record.authority", "record.id"], name="fk_upload_authority_record"
        ),
        sa.ForeignKeyConstraint(
            ["authority", "submission"],
            ["submission.authority", "submission.id"],
            name="fk_upload_authority_submission",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_upload_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_upload"),
    )
    op.create_index("ix_upload_authority_record", "upload", ["authority", "record"])
    op.create_index("ix_upload_authority_submission", "upload", ["authority", "submission"])
    op.create_table(
        "upload_piece",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("upload", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority", "upload"],
            ["upload.authority", "upload.id"],
            name="fk_upload_piece_authority_upload",
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_upload_piece_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_upload_piece"),
    )
    op.create_index(
        "ix_upload_piece_authority_upload_number",
        "upload_piece",
        ["authority", "upload", "number"],
        unique=True,
    )
