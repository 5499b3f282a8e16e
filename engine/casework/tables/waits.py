"""What holds a case or tells of it: cases it waits for, times when its clock stands still, decisions to share."""

from __future__ import annotations

from sqlalchemy import Column, String, Text

from engine.casework.columns import Document, Key, Moment, index, owned, to

case_wait = owned(
    "case_wait",
    Column("case", Key, nullable=False),
    Column("awaited", Key, nullable=False),
    Column("workflow", String, nullable=False),
    Column("state", String),  # waited for until it has come there; without one until it has ended
    Column("since", Moment, nullable=False),
    Column("ended_at", Moment),
    to("case"),
    to("case", "awaited"),
    index("case", "ended_at"),
    index("awaited", "ended_at"),
)

case_pause = owned(
    "case_pause",
    Column("case", Key, nullable=False),
    Column("started", Moment, nullable=False),
    Column("started_by", Key),
    Column("reason", Text, nullable=False),
    Column("ended", Moment),
    Column("ended_by", Key),
    to("case"),
    index("case"),
)

share = owned(
    "share",
    Column("record", Key, nullable=False),
    Column("case", Key, nullable=False),
    Column("agency", Text, nullable=False),
    Column("what", Text),
    Column("submissions", Document, nullable=False),
    Column("ground", Text),
    Column("consent", Text),
    Column("reason", Text),
    Column("decided_by", Key),
    Column("decided_at", Moment, nullable=False),
    to("record"),
    to("case"),
    index("record"),
)
