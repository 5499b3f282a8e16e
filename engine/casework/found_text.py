"""Keeps the embedded database's own index of words in step with the rows it is about; PostgreSQL keeps its own.

It holds no words itself but where each stands, so that it has to be told of rows that come, and of what was in rows
that go. Must not know what is found.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, column, insert, literal, select, table

from engine.casework.found_tables import part
from engine.casework.found_words import EMBEDDED
from engine.casework.several import among
from engine.casework.store import Desk

_INDEX = table(EMBEDDED, column("rowid"), column("words"), column(EMBEDDED))
_COMES = insert(_INDEX).from_select(
    ["rowid", "words"],
    select(part.c.number, part.c.words).where(among(part.c.thing, "things")).order_by(part.c.number),
)


def come(desk: Desk, things: Sequence[int]) -> None:
    """Index the parts of these things, which have just been written."""
    if desk.store.embedded:
        desk.run(_COMES, {"things": things})


def go(desk: Desk, things: Select[tuple[int]], values: dict[str, str]) -> None:
    """Forget the parts of these things, which are about to be deleted."""
    if desk.store.embedded:
        gone = select(literal("delete"), part.c.number, part.c.words).where(part.c.thing.in_(things))
        going = gone.order_by(part.c.number)
        desk.run(insert(_INDEX).from_select([EMBEDDED, "rowid", "words"], going), values)


def anew(desk: Desk) -> None:
    """Index all parts that there are, of every authority, whatever was indexed before."""
    if desk.store.embedded:
        desk.run(insert(_INDEX).values({EMBEDDED: "rebuild"}))


def leave_nothing(desk: Desk) -> None:
    """Write the index anew without what is gone, which until then may be only marked as gone."""
    if desk.store.embedded:
        desk.run(insert(_INDEX).values({EMBEDDED: "optimize"}))
