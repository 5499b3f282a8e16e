"""Who last opened which record or case, and how far its trail went then: what "since you last looked" is told from.

It holds ids, moments and numbers, never a word that anybody wrote; it goes with the record.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer

from engine.casework.columns import Key, Moment, index, owned, to

# `about` is the case's id, or the record's where the record itself was opened. `at` and `number` are of the last look:
# when, and the last event of the record's trail by then; `before_…` are of the look that it is compared with.
look = owned(
    "look",
    Column("person", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("about", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("number", Integer, nullable=False),
    Column("before_at", Moment),
    Column("before_number", Integer),
    to("person"),
    to("record"),
    to("case"),
    index("person", "about", unique=True),
    index("person", "at"),
    index("record"),
)
