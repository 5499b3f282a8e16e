"""The table of what people typed in a page's boxes and have not saved: each text its writer's alone.

It stands apart from what is saved because it is none of the record's content until then; it goes with the record.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String

from engine.casework.columns import Document, Key, Moment, index, owned, to

# `place` is where it was typed: the page's address and the form on it. `number` counts what one page sent. Once it has
# been saved or thrown away nothing is left but that it was (`ended_at`): a page's last words may arrive after that.
unsaved = owned(
    "unsaved",
    Column("person", Key, nullable=False),
    Column("record", Key, nullable=False),
    Column("place", String, nullable=False),
    Column("typed", Document, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    to("person"),
    to("record"),
    index("person", "place"),
    index("record"),
)
