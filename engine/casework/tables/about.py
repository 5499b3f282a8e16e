"""What the work is about: records, what connects them, the cases on them, who holds them and who may not."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from engine.casework.columns import Document, Key, Moment, index, metadata, owned, revision, to

record = owned(
    "record",
    Column("type", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_words", Text, nullable=False),
    Column("fields", Document, nullable=False),
    Column("stack", String, nullable=False),
    Column("salt", String, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("destroyed_at", Moment),
    revision(),
    index("type", "closed_at"),
    index("changed_at"),
)

record_revision = owned(
    "record_revision",
    Column("record", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("fields", Document, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    Column("merged", Boolean, nullable=False, default=False),
    to("record"),
    index("record", "number", unique=True),
)

identifier = owned(
    "identifier",
    Column("record", Key, nullable=False),
    Column("system", String, nullable=False),
    Column("number", String, nullable=False),
    to("record"),
    index("record", "system", unique=True),
    index("system", "number"),
)

name_counter = Table(
    "name_counter",
    metadata,
    Column("authority", Key, nullable=False),
    Column("stem", String, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("authority", "stem"),
)

link = owned(
    "link",
    Column("one", Key, nullable=False),
    Column("two", Key, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("why_ended", Text),
    Column("case", Key),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    to("record", "one"),
    to("record", "two"),
    to("case"),
    index("one"),
    index("two"),
)


case = owned(
    "case",
    Column("record", Key, nullable=False),
    Column("workflow", String, nullable=False),
    Column("stack", String, nullable=False),
    Column("state", String, nullable=False),
    Column("started", Moment, nullable=False),
    Column("entered", Moment, nullable=False),
    Column("reopened", Moment),
    Column("closed_at", Moment),
    Column("withdrawn_at", Moment),
    Column("started_by", Key),
    Column("came_from", Key),
    revision(),
    to("record"),
    to("case", "came_from"),
    index("record"),
    index("workflow", "state"),
)

case_step = owned(
    "case_step",
    Column("case", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("transition", String),
    Column("came_from", String),
    Column("to", String, nullable=False),
    Column("person", Key),
    Column("role", String),
    Column("reason", Text),
    Column("at", Moment, nullable=False),
    to("case"),
    index("case", "number", unique=True),
)

allocation = owned(
    "allocation",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("person", Key),
    Column("team", Key),
    Column("role", String),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("made_by", Key),
    to("record"),
    to("case"),
    to("person"),
    to("team"),
    index("record"),
    index("person"),
    index("team"),
)


restriction = owned(
    "restriction",
    Column("record", Key, nullable=False),
    Column("mode", String, nullable=False),  # only: nobody but those named; bar: not those named
    Column("reason", Text, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Key),
    to("record"),
    index("record"),
)

restriction_person = owned(
    "restriction_person",
    Column("restriction", Key, nullable=False),
    Column("person", Key, nullable=False),
    to("restriction"),
    to("person"),
    index("restriction", "person", unique=True),
)

break_glass = owned(
    "break_glass",
    Column("record", Key, nullable=False),
    Column("person", Key, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("reviewed_by", Key),
    Column("reviewed_at", Moment),
    Column("finding", Text),
    to("record"),
    to("person"),
    index("record", "person"),
)
