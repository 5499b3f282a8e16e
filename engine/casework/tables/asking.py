"""Questions put to whoever works on a record, and what was said to and fro until they were settled."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String, Text

from engine.casework.columns import Key, Moment, index, owned, revision, to

query = owned(
    "query",
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("submission", Key),  # what it is asked at: a form, and a question of it by its path
    Column("question", String),
    Column("source", String),  # FORM.QUESTION.ROW, where a meeting's form says that somebody took it away
    Column("person", Key),  # whom it is put to; without one, whoever works on the case or record
    Column("due", Date),
    Column("state", String, nullable=False),
    Column("asked_by", Key),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Key),
    revision(),
    to("record"),
    to("case"),
    to("submission"),
    index("record"),
    index("case"),
)

query_turn = owned(
    "query_turn",
    Column("query", Key, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text),
    Column("by", Key),
    Column("at", Moment, nullable=False),
    to("query"),
    index("query", "number", unique=True),
)
