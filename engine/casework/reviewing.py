"""What whoever reviews a record asks of it that no other list tells: places left behind, actions that were put off.

A place is left behind when the link to it has ended, or when nobody works on it any more: the young person moved, the
place remains. Only links that the person may see anyway are looked at; the place itself is told nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.casework import access, actions, audit, links
from engine.casework.store import Desk
from engine.casework.tables import action_revision, case, marker
from engine.casework.values import Link


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A group or place linked to the record, now or before. `worked_on`: whether a case of it is open;
    `concerns`: whether harm or signs are on record there today."""

    link: Link
    ended: bool
    worked_on: bool
    concerns: bool


def left_behind(desk: Desk, record_id: str) -> list[LeftBehind]:
    """Groups and places that the record was linked with and is no more, or on which nobody works now.

    Those on which work goes on while the link is in force are not among them. Raises NotFound.
    """
    record_id = access.known_record(desk, record_id)
    stack = desk.stack
    found = [
        one
        for one in links.of_record(desk, record_id, ended=True)
        if (kind := stack.records.get(one.other_type)) and kind.context
    ]
    if not found:
        return []
    others = sorted({one.other for one in found})
    access.foresee(desk, others)
    worked = _worked_on(desk, others)
    marked = _marked(desk, others)
    left = []
    for one in found:
        ended = one.until is not None and one.until <= desk.today
        if ended or one.other not in worked:
            audit.viewed(desk, one.other, "record.listed")
            left.append(LeftBehind(one, ended, one.other in worked, one.other in marked))
    return left


def put_off(desk: Desk, record_id: str) -> dict[str, date]:
    """Of the record's open actions those whose day was moved, with the day first agreed."""
    found = actions.of_record(desk, record_id)
    if not found:
        return {}
    kept = action_revision
    here = (kept.c.authority == desk.authority) & kept.c.action.in_([one.id for one in found])
    first: dict[str, date] = {}
    for row in desk.rows(select(kept.c.action, kept.c.content).where(here).order_by(kept.c.number)):
        due = row.content.get("due")
        if due and row.action not in first:
            first[row.action] = date.fromisoformat(due)
    return {one.id: first[one.id] for one in found if one.due and one.due > first.get(one.id, one.due)}


def _worked_on(desk: Desk, records: Iterable[str]) -> set[str]:
    """Those with an open case that this person may see."""
    here = (case.c.authority == desk.authority) & case.c.record.in_(records) & case.c.closed_at.is_(None)
    rows = desk.rows(select(case.c.record, case.c.state).where(here))
    return {row.record for row in rows if access.may(desk, "view", row.record, state=row.state)}


def _marked(desk: Desk, records: Iterable[str]) -> set[str]:
    """Those with harm or signs in force today, of those that this person sees whole."""
    here = (marker.c.authority == desk.authority) & marker.c.record.in_(records)
    holds = marker.c.until.is_(None) | (marker.c.until > desk.today)
    found = set(desk.run(select(marker.c.record).where(here, holds)).scalars())
    return {one for one in found if access.grants(desk, one, closed_book=False).whole}
