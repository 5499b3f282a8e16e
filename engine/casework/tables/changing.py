"""Changes to definitions that somebody proposes: the files they brought, what was found, who decided.

Apart from the other tables because only proposals read and write it. What is proposed is kept as the difference from
the stack that it was made against.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Text

from engine.casework.columns import Document, Key, Moment, index, owned, revision, to

proposal = owned(
    "proposal",
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),  # draft, proposed, agreed, live, refused, withdrawn
    Column("why", Text, nullable=False),
    Column("base", String, nullable=False),  # the stack it was made against, by hash
    Column("earlier", String),  # an earlier stack that is to be live again, by hash
    Column("files", Document, nullable=False),  # text by path; null where a file goes
    Column("hash", String),  # the stack it would make, once it has no errors
    Column("version", String),
    Column("report", Document, nullable=False),
    Column("authors", Document, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("proposed_by", Key),
    Column("proposed_at", Moment),
    Column("decided_by", Key),
    Column("decided_at", Moment),
    Column("reason", Text),
    revision(),
    to("person", "made_by"),
    to("person", "proposed_by"),
    to("person", "decided_by"),
    index("number", unique=True),
    index("state"),
)
