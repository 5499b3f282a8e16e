"""The index by which things are found, beside the documents and made from them.

`trefoil db upgrade` fills it: it is in no backup.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.casework.columns import Key, Moment

revision = "0012a"
down_revision = "0015"
branch_labels = None
depends_on = None

SPELT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "found_entry",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", Key, nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_found_entry"),
    )
    op.create_index("ix_found_entry_item", "found_entry", ["authority", "item"])
    op.create_index("ix_found_entry_record", "found_entry", ["authority", "record"])
    op.create_table(
        "found_word",
        sa.Column("authority", Key, nullable=False),
        sa.Column("word", SPELT, nullable=False),
        sa.Column("entry", Key, nullable=False),
        sa.PrimaryKeyConstraint("authority", "word", "entry", name="pk_found_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_found_word_entry", "found_word", ["authority", "entry"])
    op.create_table(
        "found_near",
        sa.Column("authority", Key, nullable=False),
        sa.Column("part", SPELT, nullable=False),
        sa.Column("word", SPELT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "part", "word", name="pk_found_near"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_found_near_word", "found_near", ["authority", "word"])
    op.create_table(
        "found_scope",
        sa.Column("authority", Key, nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "id", name="pk_found_scope"),
    )
