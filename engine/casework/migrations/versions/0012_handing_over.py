"""Work handed from one person to another, for a time or for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0012"
down_revision = "0012a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("giver", Key, nullable=False),
        sa.Column("taker", Key, nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_by", Key, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_handover_authority"),
        *(
            sa.ForeignKeyConstraint(
                ["authority", one], ["person.authority", "person.id"], name=f"fk_handover_authority_{one}"
            )
            for one in ("giver", "taker")
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_handover"),
    )
    for one in ("giver", "taker"):
        op.create_index(f"ix_handover_authority_{one}_ended_at", "handover", ["authority", one, "ended_at"])
    op.create_table(
        "handover_item",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("handover", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing", Key, nullable=False),
        sa.Column("made", Key, nullable=True),
        sa.Column("back_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["authority"], ["authority.id"], name="fk_handover_item_authority"),
        *(
            sa.ForeignKeyConstraint(
                ["authority", one],
                [f"{one}.authority", f"{one}.id"],
                name=f"fk_handover_item_authority_{one}",
            )
            for one in ("handover", "record", "case")
        ),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_handover_item"),
    )
    for one in ("handover", "record"):
        op.create_index(f"ix_handover_item_authority_{one}", "handover_item", ["authority", one])
