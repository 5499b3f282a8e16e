"""Questions put to whoever works on a record, with what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "query",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("submission", Key, nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("person", Key, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by", Key, nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(_to("query", one) for one in ("record", "case", "submission")),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_query_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_query"),
    )
    op.create_index("ix_query_authority_record", "query", ["authority", "record"])
    op.create_index("ix_query_authority_case", "query", ["authority", "case"])
    op.create_table(
        "query_turn",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("query", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("by", Key, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        _to("query_turn", "query"),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_query_turn_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_query_turn"),
    )
    op.create_index(
        "ix_query_turn_authority_query_number", "query_turn", ["authority", "query", "number"], unique=True
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["authority", column], [f"{column}.authority", f"{column}.id"], name=f"fk_{table}_authority_{column}"
    )
