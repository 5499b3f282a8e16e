"""Markers: outcomes and indicators on a record, from a day, to a day, with why they ended."""

from __future__ import annotations

import builtins
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.casework import access, audit, ids, records, texts
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import marker
from engine.casework.values import Marker


def open(desk: Desk, record_id: str, list: str, option: str, *, since: date | None = None) -> Marker:
    """Put a marker on a record: an option of a list with `lifecycle: dated`."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "edit", record_id)
    declared = desk.stack.lists.get(list)
    chosen = declared.option(option) if declared is not None else None
    if declared is None or declared.lifecycle != "dated" or chosen is None or chosen.group or chosen.retired:
        raise CaseworkError("Choose a marker that the list offers.")
    return _marker(_row(desk, put(desk, record_id, list, option, since=since)))


def put(
    desk: Desk,
    record_id: str,
    list: str,
    option: str,
    *,
    since: date | None = None,
    until: date | None = None,
    why: str | None = None,
    case_id: str | None = None,
) -> str:
    """Put the marker unless it is there; returns its id. For a workflow's effect access is the caller's.

    With `until` the one that is there ends on that day; one that was over before anybody put it is put once.
    """
    present = desk.run(select(marker).where(_in_force(desk, record_id, list, option))).first()
    if present is not None:
        if until is not None:
            _end(desk, present, why, until)
        return str(present.id)
    if until is not None:
        same = (marker.c.since == (since or until)) & (marker.c.until == until)
        over = desk.run(select(marker.c.id).where(_named(desk, record_id, list, option) & same)).scalar()
        if over is not None:
            return str(over)
    made = ids.new()
    what = {"record": record_id, "case": case_id, "list": list, "option": option}
    when = {"since": since or until or desk.today, "until": until, "why_ended": why, "made_by": desk.person}
    desk.run(marker.insert(), {"authority": desk.authority, "id": made, **what, **when})
    digests = audit.digests(desk, records.row_of(desk, record_id).salt, {"option": option})
    audit.changed(desk, record_id, "marker.opened", item=made, list=list, digests=digests)
    return made


def end(desk: Desk, marker_id: str, *, why: str, until: date | None = None) -> None:
    """End a marker, saying why."""
    row = _row(desk, marker_id)
    access.require(desk, "edit", row.record)
    if not texts.line(why):
        raise CaseworkError("Say why it ends.")
    _end(desk, row, texts.line(why), until)


def running(desk: Desk, marker_id: str) -> Marker:
    """A marker in force that this person may end. Raises NotFound for any other."""
    row = _row(desk, marker_id)
    over = row.until is not None and row.until <= desk.today
    if over or not access.may(desk, "edit", row.record):
        raise NotFound("marker")
    audit.viewed(desk, row.record, "markers.viewed")
    return _marker(row)


def end_all(desk: Desk, record_id: str, list: str, option: str, why: str | None) -> None:
    """End every such marker for a workflow's effect."""
    for row in desk.rows(select(marker).where(_in_force(desk, record_id, list, option))):
        _end(desk, row, why, None)


def of_record(desk: Desk, record_id: str, *, ended: bool = False) -> builtins.list[Marker]:
    """Markers in force today (and those ended), for those who see the record itself."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        return []
    audit.viewed(desk, record_id, "markers.viewed")
    return [
        _marker(row)
        for row in desk.about(_OF_RECORD, record_id)
        if ended or row.until is None or row.until > desk.today
    ]


_OF_RECORD = (
    select(marker)
    .where(marker.c.authority == bindparam("of"), marker.c.record == bindparam("about"))
    .order_by(marker.c.since, marker.c.id)
)


def _named(desk: Desk, record_id: str, list: str, option: str) -> Any:
    here = (marker.c.authority == desk.authority) & (marker.c.record == record_id)
    return here & (marker.c.list == list) & (marker.c.option == option)


def _in_force(desk: Desk, record_id: str, list: str, option: str) -> Any:
    holds = marker.c.until.is_(None) | (marker.c.until > desk.today)
    return _named(desk, record_id, list, option) & holds


def _end(desk: Desk, row: Any, why: str | None, until: date | None) -> None:
    this = (marker.c.authority == desk.authority) & (marker.c.id == row.id)
    desk.run(update(marker).where(this).values(until=until or desk.today, why_ended=why))
    audit.changed(desk, row.record, "marker.ended", item=row.id)


def _row(desk: Desk, marker_id: str) -> Any:
    this = (marker.c.authority == desk.authority) & (marker.c.id == ids.known(marker_id, "marker"))
    found = desk.run(select(marker).where(this)).first()
    if found is None:
        raise NotFound("marker")
    return found


def _marker(row: Any) -> Marker:
    return Marker(row.id, row.record, row.list, row.option, row.since, row.until, row.why_ended, row.case)
