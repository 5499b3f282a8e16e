"""The index by which things are found: what there is, under which spellings, and which spellings are near each other.

Made from what people wrote and made anew from it, so no part of a backup; destroyed with it. Every row says which part
of a definition it comes from, so that access can be asked of it. Must not know who searches.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, PrimaryKeyConstraint, String, Table, Text

from engine.casework.columns import Key, Moment
from engine.casework.shapes import COMPACT, derived

SPELT = String().with_variant(String(collation="C"), "postgresql")
"""Compared letter by letter, whatever the database's own order is: what begins alike stands together."""

# One thing that can be found, or one part of it that not everybody may see who sees the thing.
entry = Table(
    "found_entry",
    derived,
    Column("authority", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("kind", String, nullable=False),
    Column("item", Key, nullable=False),
    Column("scope", BigInteger, nullable=False),
    Column("named", Boolean, nullable=False),  # short and known by name, so that near spellings are wanted
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("authority", "id"),
    Index("ix_found_entry_item", "authority", "item"),
    Index("ix_found_entry_record", "authority", "record"),
)

word = Table(
    "found_word",
    derived,
    Column("authority", Key, nullable=False),
    Column("word", SPELT, nullable=False),
    Column("entry", Key, nullable=False),
    PrimaryKeyConstraint("authority", "word", "entry"),
    Index("ix_found_word_entry", "authority", "entry"),
    **COMPACT,
)

near = Table(
    "found_near",
    derived,
    Column("authority", Key, nullable=False),
    Column("part", SPELT, nullable=False),
    Column("word", SPELT, nullable=False),
    PrimaryKeyConstraint("authority", "part", "word"),
    Index("ix_found_near_word", "authority", "word"),
    **COMPACT,
)

# Which part of a definition entries come from: what access is asked about. Ids of definitions, no content.
scope = Table(
    "found_scope",
    derived,
    Column("authority", Key, nullable=False),
    Column("id", BigInteger, nullable=False),
    Column("says", Text, nullable=False),
    PrimaryKeyConstraint("authority", "id"),
)
