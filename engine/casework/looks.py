"""What a person opened lately, and what others changed there since they last did.

A look is noted when a record's or a case's own page is opened. Looks within half an hour of each other are one: a page
loaded again still says the same. Where the trail of the record went by then is kept with the look, so that what
came after is read from there, whatever clocks say. Must not know how a change is put into words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, select, update

from engine.casework import access, audit, chronology, ids, reach, standing
from engine.casework.chronology import Entry
from engine.casework.columns import insert_unless_there
from engine.casework.store import Desk
from engine.casework.tables import audit_event, audit_head, case, look, record

AGAIN = timedelta(minutes=30)
"""A look is a new one when the last is longer ago than this."""
LATELY = 400
"""How many events of a trail are looked through: what is older stands in the chronology."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A record or a case that this person opened: `case` and what it is at are None for a record."""

    at: datetime
    record: str
    record_name: str
    record_type: str
    case: str | None
    workflow: str | None
    stack: str | None
    state: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change by somebody else: what happened to which entry of the chronology, who did it and when."""

    action: str
    entry: Entry
    person: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since this person's look before, newest first; `more` where there was too much to read it all."""

    at: datetime
    changes: tuple[Change, ...]
    more: bool = False


def note(desk: Desk, *, record: str, case: str | None = None) -> None:
    """Note that this person opens a record's or a case's page. The caller has seen to it that they may."""
    if desk.system:
        return
    desk.at_end.append(lambda last: _keep(last, record, case))


def _keep(desk: Desk, record: str, case: str | None) -> None:
    mine = _mine(desk, case or record)
    known = desk.run(_KNOWN.with_for_update(), mine).first()
    now = {"at": desk.now, "number": _head(desk, record)}
    if known is None:
        row = {"authority": desk.authority, "id": ids.new(), "person": desk.person, "about": case or record}
        desk.run(
            insert_unless_there(look, desk.connection.dialect.name),
            {**row, "record": record, "case": case, **now},
        )
        return
    if desk.now - known.at > AGAIN:
        now |= {"before_at": known.at, "before_number": known.number}
    desk.run(_MOVED, {**mine, **now})


def since(desk: Desk, *, record: str, case: str | None = None) -> Since | None:
    """What others changed since this person's look before this one, as far as they may see it; None on their first
    visit. One's own changes are no news. Raises NotFound.
    """
    known = desk.run(_KNOWN, _mine(desk, case or record)).first()
    if known is None:
        return None
    again = desk.now - known.at > AGAIN
    at, number = (known.at, known.number) if again else (known.before_at, known.before_number)
    if at is None:
        return None
    events, more = _events(desk, record, number)
    if not events:
        return Since(at, ())
    found = chronology.of_case(desk, case) if case else chronology.of_record(desk, record)
    return Since(at, tuple(_changes(events, found)), more)


def recent(desk: Desk, limit: int = 10) -> list[Looked]:
    """The records and cases that this person opened last, the newest first, as far as they may still see them."""
    if desk.system:
        return []
    rows = desk.rows(standing.made_once(desk, ("recent", limit), lambda: _recent(desk, limit)))
    access.foresee(desk, [row.record for row in rows])
    found: list[Looked] = []
    for row in rows:
        if len(found) < limit and access.may(desk, "view", row.record, **_state(row)):
            audit.viewed(desk, row.record, "record.listed")
            found.append(
                Looked(
                    row.at, row.record, row.name, row.type, row.case, row.workflow, row.stack, row.state,
                    row.case_closed if row.case else row.closed_at,
                )
            )  # fmt: skip
    return found


def _recent(desk: Desk, limit: int) -> Select[Any]:
    who = reach.VIEWER
    return (
        select(
            look.c.at, look.c.record, look.c.case, record.c.name, record.c.type, record.c.closed_at,
            case.c.workflow, case.c.stack, case.c.state, case.c.closed_at.label("case_closed"),
        )
        .join(record, and_(record.c.authority == look.c.authority, record.c.id == look.c.record))
        .outerjoin(case, and_(case.c.authority == look.c.authority, case.c.id == look.c.case))
        .where(look.c.authority == who.authority, look.c.person == who.person, access.visible(desk))
        .order_by(look.c.at.desc(), look.c.id)
        .limit(limit * 2)
    )  # fmt: skip


def _state(row: Any) -> dict[str, str]:
    return {"state": row.state} if row.case else {}


def _mine(desk: Desk, about: str) -> dict[str, Any]:
    """Which look it is, for statements that name it so."""
    return {"of": desk.authority, "mine": desk.person, "of_about": about}


_MINE = and_(
    look.c.authority == bindparam("of"),
    look.c.person == bindparam("mine"),
    look.c.about == bindparam("of_about"),
)
_KNOWN = select(look).where(_MINE)
_MOVED = update(look).where(_MINE)
_HEAD = select(audit_head.c.number).where(
    audit_head.c.authority == bindparam("of"), audit_head.c.chain == bindparam("of_chain")
)


def _head(desk: Desk, record_id: str) -> int:
    """The number of the last event in the record's trail."""
    chain = audit.of_the_record(record_id)
    return desk.run(_HEAD, {"of": desk.authority, "of_chain": chain}).scalar() or 0


def _events(desk: Desk, record_id: str, number: int) -> tuple[list[dict[str, Any]], bool]:
    """Events of the record's trail after this number that others caused, newest first, and whether there were more."""
    wanted = (
        select(audit_event.c.body)
        .where(
            audit_event.c.authority == desk.authority,
            audit_event.c.chain == audit.of_the_record(record_id),
            audit_event.c.number > number,
        )
        .order_by(audit_event.c.number.desc())
        .limit(LATELY)
    )
    rows = desk.rows(wanted)
    told = [json.loads(row.body) for row in rows]
    return [one for one in told if one["person"] != desk.person], len(rows) == LATELY


def _changes(events: Iterable[Mapping[str, Any]], entries: Iterable[Entry]) -> Iterator[Change]:
    """The events as changes to what this person sees in the chronology: what is not there is not told."""
    by_key = {key: one for one in entries for key in _keys(one)}
    seen: set[tuple[str, str]] = set()
    for event in events:
        kind, what = chronology.KIND_OF.get(event["action"], ("", ""))
        at = datetime.fromisoformat(event["at"])
        key = _about(event, kind, at)
        entry = by_key.get(f"{key}.{what}") or by_key.get(key)
        # Of several changes of one sort to one thing the newest is told.
        if entry is not None and (event["action"], key) not in seen:
            seen.add((event["action"], key))
            yield Change(event["action"], entry, event["person"], at)


def _keys(one: Entry) -> tuple[str, ...]:
    """What events call an entry: the trail tells of a case's steps, and of its dates, by the case."""
    if one.kind == "step" and one.what == "moved" and one.at is not None:
        return (f"step.{one.case}.{one.state}.{one.at.astimezone(UTC)}",)
    if one.kind == "deadline":
        return (f"deadline.{one.case}.{one.state}",)
    return (f"{one.kind}.{one.item}", f"{one.kind}.{one.item}.{one.what}")


def _about(event: Mapping[str, Any], kind: str, at: datetime) -> str:
    item = event.get("pause") or event.get("item") or event["record"]
    if kind == "step" and "pause" not in event:
        return f"step.{item}.{event.get('to') or event.get('stands')}.{at.astimezone(UTC)}"
    if kind == "deadline":
        return f"deadline.{item}.{event.get('what')}"
    return f"{kind}.{item}"
