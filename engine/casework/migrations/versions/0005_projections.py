"""What stands beside the documents and is made from them: which columns there are, options chosen, and counts.

The tables of a form's reportable answers are no migration's: publishing makes and widens them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "projection",
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("table", "column", name="pk_projection"),
    )
    op.create_table(
        "projection_chosen",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "id", "question", "option", name="pk_projection_chosen"),
    )
    op.create_index(
        "ix_projection_chosen_option", "projection_chosen", ["authority", "form", "question", "option"]
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
    )
