"""What was done, what is to leave, and what is gone. None of these holds a value that people wrote."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from engine.casework.columns import Document, Key, Moment, index, metadata, owned

audit_head = Table(
    "audit_head",
    metadata,
    Column("authority", Key, nullable=False),
    Column("chain", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", String, nullable=False),
    PrimaryKeyConstraint("authority", "chain"),
)

audit_event = owned(
    "audit_event",
    Column("chain", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON, the very bytes that were hashed
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    index("chain", "number", unique=True),
)

checkpoint = owned(
    "checkpoint",
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    Column("signature", Text, nullable=False),
)

outbox = owned(
    "outbox",
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("body", Document, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try", Moment, nullable=False),
    Column("delivered_at", Moment),
    Column("trouble", Text),
    index("key", unique=True),
    index("delivered_at", "next_try"),
)

# What was destroyed, and the ids alone: a restored backup repeats it from here.
destroyed = owned(
    "destroyed",
    Column("record", Key, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    index("record"),
)
