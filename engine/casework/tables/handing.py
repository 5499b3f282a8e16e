"""Work handed from one person to another, for a time or for good, and each thing that went with it.

It holds ids and days, never a word that anybody wrote; what went goes with its record.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, String

from engine.casework.columns import Key, Moment, index, owned, to

handover = owned(
    "handover",
    Column("giver", Key, nullable=False),
    Column("taker", Key, nullable=False),
    Column("until", Date),  # the day on which it comes back; without one it is for good
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Key),
    to("person", "giver"),
    to("person", "taker"),
    index("giver", "ended_at"),
    index("taker", "ended_at"),
)

# `kind`: allocation, task, query, action or draft. `made` is the allocation that took the place of `thing`.
handover_item = owned(
    "handover_item",
    Column("handover", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("case", Key),
    Column("kind", String, nullable=False),
    Column("thing", Key, nullable=False),
    Column("made", Key),
    Column("back_at", Moment),
    to("handover"),
    to("record"),
    to("case"),
    index("handover"),
    index("record"),
)
