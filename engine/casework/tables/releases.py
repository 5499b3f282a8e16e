"""The table of copies given out: to whom, by whom, of what, and which questions were left out. It holds no content."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String

from engine.casework.columns import Document, Key, Moment, index, owned, to

release = owned(
    "release",
    Column("record", Key, nullable=False),
    Column("submission", Key),
    Column("case", Key),
    Column("what", String, nullable=False),  # form, chronology or decisions
    Column("stack", String, nullable=False),
    Column("form", String),
    Column("revision", Integer),
    Column("reader", String, nullable=False),  # an option of the pack's list of readers
    Column("reads_as", String, nullable=False),
    Column("format", String, nullable=False),
    Column("language", String, nullable=False),
    Column("left_out", Document, nullable=False),
    Column("digest", String, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    to("record"),
    to("submission"),
    to("case"),
    index("record", "made_at"),
)
