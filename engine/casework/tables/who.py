"""Who there is, and which definitions are theirs."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.casework.columns import Document, Key, Moment, index, metadata, owned, revision, to

setting = Table(
    "setting", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False)
)

authority = Table(
    "authority",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("address", String),
    Index("ix_authority_address", "address", unique=True),
)

person = owned(
    "person",
    Column("name", Text, nullable=False),
    Column("sign_in", String, nullable=False),
    Column("password", Text),
    Column("active", Boolean, nullable=False, default=True),
    Column("made_at", Moment, nullable=False),
    Column("language", String),
    Column("email", String),
    Column("letters", String, nullable=False, default="once"),  # once: at once; daily; none
    revision(),
    index("sign_in", unique=True),
)

person_role = owned(
    "person_role",
    Column("person", Key, nullable=False),
    Column("role", String, nullable=False),
    to("person"),
    index("person", "role", unique=True),
)

team = owned("team", Column("name", Text, nullable=False), Column("made_at", Moment, nullable=False))

membership = owned(
    "membership",
    Column("person", Key, nullable=False),
    Column("team", Key, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    to("person"),
    to("team"),
    index("person"),
    index("team"),
)

session = owned(
    "session",
    Column("person", Key, nullable=False),
    Column("token_hash", String, nullable=False),
    Column("began", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("ended", Moment),
    to("person"),
    UniqueConstraint("token_hash", name="uq_session_token_hash"),
    index("person"),
)

# Not an authority's: it counts tries at names that may be nobody's. Names and addresses are kept as digests.
throttle = Table(
    "throttle",
    metadata,
    Column("key", String, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)


stack = Table(
    "stack",
    metadata,
    Column("authority", Key, nullable=False),
    Column("hash", String, nullable=False),
    Column("pack", String, nullable=False),
    Column("version", String, nullable=False),
    Column("layers", Document, nullable=False),
    Column("texts", Document, nullable=False),
    Column("made_at", Moment, nullable=False),
    PrimaryKeyConstraint("authority", "hash"),
)

live_stack = owned(
    "live_stack",
    Column("hash", String, nullable=False),
    Column("version", String, nullable=False),
    Column("published_by", Key),
    Column("published_at", Moment, nullable=False),
    Column("number", Integer, nullable=False),
    index("number", unique=True),
)

trouble = owned("trouble", Column("at", Moment, nullable=False), Column("report", Document, nullable=False))
