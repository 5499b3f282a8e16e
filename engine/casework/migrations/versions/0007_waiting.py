"""Cases that wait for others, pauses, decisions to share; cases and tasks taken back, cases opened again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Document, Key, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("reopened", Moment(), nullable=True))
    op.add_column("case", sa.Column("withdrawn_at", Moment(), nullable=True))
    op.add_column("task", sa.Column("made_by", Key, nullable=True))
    op.add_column("task", sa.Column("why_withdrawn", sa.Text(), nullable=True))
    _table(
        "case_wait",
        {"case": "case", "awaited": "case"},
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
    )
    op.create_index("ix_case_wait_authority_case_ended_at", "case_wait", ["authority", "case", "ended_at"])
    op.create_index(
        "ix_case_wait_authority_awaited_ended_at", "case_wait", ["authority", "awaited", "ended_at"]
    )
    _table(
        "case_pause",
        {"case": "case"},
        sa.Column("started", Moment(), nullable=False),
        sa.Column("started_by", Key, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
    )
    op.create_index("ix_case_pause_authority_case", "case_pause", ["authority", "case"])
    _table(
        "share",
        {"record": "record", "case": "case"},
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("submissions", Document, nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("decided_at", Moment(), nullable=False),
    )
    op.create_index("ix_share_authority_record", "share", ["authority", "record"])


def _table(name: str, keys: dict[str, str], *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        *(sa.Column(column, Key, nullable=False) for column in keys),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                ["authority", column],
                [f"{table}.authority", f"{table}.id"],
                name=f"fk_{name}_authority_{column}",
            )
            for column, table in keys.items()
        ),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name=f"fk_{name}_authority"),
        sa.PrimaryKeyConstraint("authority", "id", name=f"pk_{name}"),
    )
