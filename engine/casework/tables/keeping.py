"""The table of holds: who said that a record must be kept although its time is up, why, and until when.

It stands apart from the other tables because only keeping reads and writes it.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Text

from engine.casework.columns import Key, Moment, index, owned, to

hold = owned(
    "hold",
    Column("record", Key, nullable=False),
    Column("reason", Text, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("made_by", Key),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Key),
    Column("why_ended", Text),
    to("record"),
    index("record"),
    index("review_on", "ended_at"),
)
