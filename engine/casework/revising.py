"""Saving a small thing that people write (a note, an action) with its revisions: merged, or shown both.

One way for all of them: the row holds the newest content, a table beside it every one, and the UPDATE names the
revision it was based on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select, update

from engine.casework import ids, merging
from engine.casework.errors import NotFound, Stale
from engine.casework.store import Desk


def keep(
    desk: Desk, revisions: Table, column: str, item: str, number: int, content: Any, *, merged: bool = False
) -> None:
    """Write one revision of an item."""
    row = {column: item, "number": number, "content": content, "by": desk.person, "at": desk.now}
    desk.run(revisions.insert(), {"authority": desk.authority, "id": ids.new(), "merged": merged, **row})


def save(
    desk: Desk,
    table: Table,
    revisions: Table,
    row: Any,
    theirs: Mapping[str, Any],
    changes: Mapping[str, Any],
    revision: int,
    stamp: Mapping[str, Any],
) -> dict[str, Any]:
    """Save changes based on `revision`; what others changed meanwhile is merged. Raises Stale, NotFound."""
    column = table.name
    base = dict(theirs) if revision == row.revision else _at(desk, revisions, column, row.id, revision)
    mine = {**base, **changes}
    merged = merging.merge(base, mine, theirs)
    if merged.conflicts:
        raise Stale(
            base=base,
            mine=mine,
            theirs=theirs,
            merged=merged.answers,
            conflicts=merged.conflicts,
            revision=row.revision,
            by=_by(desk, revisions, column, row.id),
        )
    if merged.answers == theirs:
        return merged.answers
    saved = desk.run(
        update(table)
        .where(table.c.authority == desk.authority, table.c.id == row.id, table.c.revision == row.revision)
        .values(**stamp, revision=row.revision + 1)
    )
    if not saved.rowcount:
        raise NotFound("revision")
    keep(desk, revisions, column, row.id, row.revision + 1, merged.answers, merged=revision != row.revision)
    return merged.answers


def _of(desk: Desk, revisions: Table, column: str, item: str) -> Any:
    return (revisions.c.authority == desk.authority) & (revisions.c[column] == item)


def _at(desk: Desk, revisions: Table, column: str, item: str, number: int) -> dict[str, Any]:
    here = _of(desk, revisions, column, item)
    found = desk.run(select(revisions.c.content).where(here, revisions.c.number == number)).first()
    if found is None:
        raise NotFound("revision")
    return dict(found.content)


def _by(desk: Desk, revisions: Table, column: str, item: str) -> str | None:
    wanted = select(revisions.c.by).where(_of(desk, revisions, column, item))
    found: str | None = desk.run(wanted.order_by(revisions.c.number.desc()).limit(1)).scalar()
    return found
