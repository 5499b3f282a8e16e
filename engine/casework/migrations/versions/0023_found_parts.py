"""What can be found is indexed by each database's own search in text: a row a thing and a part, none a word.

`trefoil db upgrade` fills it: what was there is let go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from engine.casework.columns import Key, Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def numbered() -> sa.Column[int]:
    """Not a sequence of its own, which whoever may write would have to be allowed to use."""
    return sa.Column("number", NUMBER, sa.Identity(), primary_key=True)


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.drop_table("found_word")
    op.drop_table("found_entry")
    op.execute("DELETE FROM found_near")
    op.execute("DELETE FROM found_scope")
    op.create_table(
        "found_thing",
        numbered(),
        sa.Column("authority", Key, nullable=False),
        sa.Column("record", Key, nullable=False),
        sa.Column("case", Key, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", Key, nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_found_thing_item", "found_thing", ["authority", "item"])
    op.create_index("ix_found_thing_record", "found_thing", ["authority", "record"])
    op.create_table(
        "found_part",
        numbered(),
        sa.Column("thing", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("words", TSVECTOR() if postgresql else sa.Text(), nullable=False),
    )
    op.create_index("ix_found_part_thing", "found_part", ["thing"])
    if postgresql:
        op.execute("CREATE INDEX ix_found_part_words ON found_part USING gin (words) WITH (fastupdate = off)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE found_text USING fts5(words, content='found_part', content_rowid='number',"
        " detail='none', columnsize=0, tokenize='ascii')"
    )
