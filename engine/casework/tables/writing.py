"""What people write and have to do: submissions, tasks, markers, actions, notes, and what they are told."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Text,
    text,
)

from engine.casework.columns import Document, Key, Moment, Planned, index, owned, revision, to

submission = owned(
    "submission",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("form", String, nullable=False),
    Column("stack", String, nullable=False),
    Column("state", Planned, nullable=False),
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
    Column("carried", Document, nullable=False),
    # Since when the newest revision is one that saves itself while somebody types and that nobody has looked at.
    Column("autosaved", Moment),
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

# The records that a form about several is about, in their order; a submission about one record has none of these.
submission_record = owned(
    "submission_record",
    Column("submission", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("place", Integer, nullable=False),
    Column("taken_out_at", Moment),
    to("submission"),
    to("record"),
    index("submission", "record", unique=True),
    index("record"),
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

# What whoever returns a form asks of single questions (or of all of it, where the question is empty), and what the
# writer says was done about it.
comment = owned(
    "comment",
    Column("submission", Key, nullable=False),
    Column("question", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("answer", Text),
    Column("answered_by", Key),
    Column("answered_at", Moment),
    Column("dealt_by", Key),
    Column("dealt_at", Moment),
    to("submission"),
    index("submission"),
)

# Which parts of a draft somebody has opened, and which they have saved: nothing of what they wrote.
looked = owned(
    "looked",
    Column("submission", Key, nullable=False),
    Column("part", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("saved_at", Moment),
    to("submission"),
    index("submission", "part", unique=True),
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
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Key),
    Column("why_withdrawn", Text),
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
    Column("warned_of", Date),
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

# A file that somebody added to an answer, and what is in it: sealed with a key of its own, in pieces.
upload = owned(
    "upload",
    Column("record", Key, nullable=False),
    Column("submission", Key, nullable=False),
    Column("question", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("media", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("sealed_key", Text, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    to("record"),
    to("submission"),
    index("record"),
    index("submission"),
)

upload_piece = owned(
    "upload_piece",
    Column("upload", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Text, nullable=False),
    to("upload"),
    index("upload", "number", unique=True),
)

notification = owned(
    "notification",
    Column("record", Key),
    Column("case", Key),
    Column("role", String),
    Column("person", Key),
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False, default="told"),
    Column("by", Key),
    Column("once", String),
    Column("posted_at", Moment),
    to("record"),
    to("case"),
    index("person"),
    index("role"),
    index("once", unique=True),
    index("posted_at"),
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

# What one person is to be written to about, and when; `letter` is the key of the letter that told them.
notification_post = owned(
    "notification_post",
    Column("notification", Key, nullable=False),
    Column("person", Key, nullable=False),
    Column("due", Moment, nullable=False),
    Column("letter", String),
    to("notification"),
    to("person"),
    index("notification", "person", unique=True),
    index("letter", "due"),
)
