"""When each person last opened a record or a case, and how far its trail went then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0011"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("person", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("about", Key, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before_at", Moment(), nullable=True),
        sa.Column("before_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_look_authority"),
        *(
            sa.ForeignKeyConstraint(
                ["authority", one], [f"{one}.authority", f"{one}.id"], name=f"fk_look_authority_{one}"
            )
            for one in ("person", "record", "case")
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_look"),
    )
    op.create_index("ix_look_authority_person_about", "look", ["authority", "person", "about"], unique=True)
    op.create_index("ix_look_authority_person_at", "look", ["authority", "person", "at"])
    op.create_index("ix_look_authority_record", "look", ["authority", "record"])
