"""The tables. Every key is (authority, id); every thing that people write has a revision and its revisions.

The audit tables hold who, when, which ids and digests; they never hold a value that people wrote.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.casework.columns import Document, Key, Moment, index, metadata, owned, revision, to
from engine.casework.keeping_tables import hold as hold

# --- Who

setting = Table(
    "setting", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False)
)

authority = Table(
    "authority",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

# The one directory across authorities: it finds whose a sign-in name is, and nothing else.
sign_in_name = Table(
    "sign_in_name",
    metadata,
    Column("name", String, primary_key=True),
    Column("authority", Key, nullable=False),
    Column("person", Key, nullable=False),
    to("person"),
)

person = owned(
    "person",
    Column("name", Text, nullable=False),
    Column("sign_in", String, nullable=False),
    Column("password", Text),
    Column("active", Boolean, nullable=False, default=True),
    Column("made_at", Moment, nullable=False),
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

# --- Definitions

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

# --- Records

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

# --- Cases

case = owned(
    "case",
    Column("record", Key, nullable=False),
    Column("workflow", String, nullable=False),
    Column("stack", String, nullable=False),
    Column("state", String, nullable=False),
    Column("started", Moment, nullable=False),
    Column("entered", Moment, nullable=False),
    Column("closed_at", Moment),
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

submission = owned(
    "submission",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("form", String, nullable=False),
    Column("stack", String, nullable=False),
    Column("state", String, nullable=False),
    Column("answers", Document, nullable=False),
    Column("raw", Document, nullable=False),
    Column("begun_by", Key),
    Column("begun_at", Moment, nullable=False),
    Column("changed_by", Key),
    Column("changed_at", Moment, nullable=False),
    Column("submitted_by", Key),
    Column("submitted_at", Moment),
    Column("decided_by", Key),
    Column("decided_at", Moment),
    Column("reason", Text),
    Column("corrects", Key),
    revision(),
    to("record"),
    to("case"),
    to("submission", "corrects"),
    index("record", "form"),
    index("case", "form"),
)
# One draft of a form in a case, whoever opens it and however often they press the button.
DRAFT = text("state = 'draft' AND \"case\" IS NOT NULL")
Index(
    "ix_submission_one_draft",
    *(submission.c[name] for name in ("authority", "case", "form")),
    unique=True,
    sqlite_where=DRAFT,
    postgresql_where=DRAFT,
)

submission_revision = owned(
    "submission_revision",
    Column("submission", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("answers", Document, nullable=False),
    Column("raw", Document, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    Column("merged", Boolean, nullable=False, default=False),
    to("submission"),
    index("submission", "number", unique=True),
)

aside = owned(
    "aside",
    Column("submission", Key, nullable=False),
    Column("base", Integer, nullable=False),
    Column("answers", Document, nullable=False),
    Column("raw", Document, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    to("submission"),
    index("submission"),
)

# A reply already given, so that the same press of a button sent twice does its work once.
once = owned(
    "once",
    Column("person", Key),
    Column("key", String, nullable=False),
    Column("what", String, nullable=False),
    Column("result", Key),
    Column("at", Moment, nullable=False),
    index("key", unique=True),
)

task = owned(
    "task",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("kind", String, nullable=False),
    Column("what", String),
    Column("label", Text, nullable=False),
    Column("role", String),
    Column("person", Key),
    Column("form", String),
    Column("submission", Key),
    Column("due", Date),
    Column("made_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Key),
    to("record"),
    to("case"),
    to("submission"),
    index("case"),
    index("role", "done_at"),
    index("person", "done_at"),
)

deadline = owned(
    "deadline",
    Column("case", Key, nullable=False),
    Column("what", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("rule", Document, nullable=False),
    Column("because", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("met_at", Moment),
    Column("passed_at", Moment),
    to("case"),
    index("case"),
    index("due", "met_at"),
)

marker = owned(
    "marker",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("list", String, nullable=False),
    Column("option", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("why_ended", Text),
    Column("made_by", Key),
    to("record"),
    to("case"),
    index("record"),
)

action = owned(
    "action",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("source", String),
    Column("what", Text, nullable=False),
    Column("social_field", String),
    Column("owner", Text),
    Column("due", Date),
    Column("measure", Text),
    Column("progress", Text),
    Column("ended_at", Moment),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    revision(),
    to("record"),
    to("case"),
    index("record"),
)

action_revision = owned(
    "action_revision",
    Column("action", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Document, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    Column("merged", Boolean, nullable=False, default=False),
    to("action"),
    index("action", "number", unique=True),
)

note = owned(
    "note",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("text", Text, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("changed_by", Key),
    Column("changed_at", Moment, nullable=False),
    revision(),
    to("record"),
    to("case"),
    index("record"),
)

note_revision = owned(
    "note_revision",
    Column("note", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Document, nullable=False),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    Column("merged", Boolean, nullable=False, default=False),
    to("note"),
    index("note", "number", unique=True),
)

notification = owned(
    "notification",
    Column("record", Key),
    Column("case", Key),
    Column("role", String),
    Column("person", Key),
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
    to("record"),
    to("case"),
    index("person"),
    index("role"),
)

notification_read = owned(
    "notification_read",
    Column("notification", Key, nullable=False),
    Column("person", Key, nullable=False),
    Column("at", Moment, nullable=False),
    to("notification"),
    to("person"),
    index("notification", "person", unique=True),
)

# --- Who may not

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

# --- Traces

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
