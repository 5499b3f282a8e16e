"""The index by which things are found: what there is, under which spellings, and which spellings are near each other.

Made from what people wrote and made anew from it, so no part of a backup; destroyed with it. Every part says which part
of a definition it comes from, so that access can be asked of it. Must not know who searches.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from engine.casework.columns import Key, Moment
from engine.casework.found_words import Words
from engine.casework.shapes import COMPACT, derived

SPELT = String().with_variant(String(collation="C"), "postgresql")
"""Compared letter by letter, whatever the database's own order is: what begins alike stands together."""
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""Given by the database, one after the other: an index keeps such numbers small where it keeps an id whole."""

# One thing that can be found; of a form about several records, one under each.
thing = Table(
    "found_thing",
    derived,
    Column("number", NUMBER, Identity(), primary_key=True),
    Column("authority", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("kind", String, nullable=False),
    Column("item", Key, nullable=False),
    Column("named", Boolean, nullable=False),  # short and known by name, so that near spellings are wanted
    Column("at", Moment, nullable=False),
    Index("ix_found_thing_item", "authority", "item"),
    Index("ix_found_thing_record", "authority", "record"),
)

# A part of it that not everybody may see who sees the thing, with every spelling it is found by.
part = Table(
    "found_part",
    derived,
    Column("number", NUMBER, Identity(), primary_key=True),
    Column("thing", BigInteger, nullable=False),
    Column("scope", BigInteger, nullable=False),
    Column("words", Words, nullable=False),
    Index("ix_found_part_thing", "thing"),
    Index("ix_found_part_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
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

# Which part of a definition parts come from: what access is asked about. Ids of definitions, no content.
scope = Table(
    "found_scope",
    derived,
    Column("authority", Key, nullable=False),
    Column("id", BigInteger, nullable=False),
    Column("says", Text, nullable=False),
    PrimaryKeyConstraint("authority", "id"),
)
