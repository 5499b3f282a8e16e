"""Options chosen know their month, so that counting by option and month reads one index.

All that stands beside the documents is let go: `trefoil db upgrade` makes it anew from them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for name in connection.execute(sa.text('SELECT DISTINCT "table" FROM projection')).scalars().all():
        op.drop_table(name)
    op.drop_table("projection_chosen")
    op.drop_table("projection_rollup")
    connection.execute(sa.text("DELETE FROM projection"))
    op.create_table(
        "projection_chosen",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "id", "question", "option", name="pk_projection_chosen"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_projection_chosen_option",
        "projection_chosen",
        ["authority", "form", "question", "option", "month"],
    )
    op.create_table(
        "projection_rollup",
        sa.Column("authority", Key, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "authority", "form", "question", "option", "month", name="pk_projection_rollup"
        ),
        sqlite_with_rowid=False,
    )
