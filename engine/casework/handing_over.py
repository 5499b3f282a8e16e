"""Handing work over when somebody is away or leaves: what they hold, owe and have begun, to one other person.

For a time, after which it comes back by the clock, or for good. What is handed over is decided thing by thing as
naming a worker is: whoever hands over must be allowed to decide who holds it, and the taker to see it once they hold
it. All of it happens in one transaction or none of it; the trace holds ids alone. What goes is found by `portable`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from engine.casework import access, audit, ids, notices, once, portable
from engine.casework.errors import CaseworkError, NotFound, NotPermitted
from engine.casework.portable import Portable
from engine.casework.store import Desk
from engine.casework.tables import handover, handover_item, person
from engine.casework.values import Case


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go, and what cannot; each of the latter says why: decide, role, view, edit."""

    goes: tuple[Portable, ...]
    stays: tuple[Portable, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """One handing over. `until` is the day it comes back; None is for good."""

    id: str
    giver: str
    taker: str
    until: date | None
    made_by: str | None
    made_at: datetime
    ended_at: datetime | None


def may(desk: Desk, giver: str) -> bool:
    """Whether this person may hand over somebody's work: their own, or anybody's for who names workers."""
    return desk.system or giver == desk.person or access.steers(desk)


def plan(desk: Desk, giver: str, taker: str) -> Plan:
    """What would go from one to the other, as far as this person may see it. Raises NotFound, NotPermitted,
    CaseworkError where nothing can go between these two."""
    giver, taker = _two(desk, giver, taker)
    found = portable.found(desk, giver, taker)
    for about in sorted({one.record for one in found}):
        audit.viewed(desk, about, "record.listed")
    for about in sorted({one.record for one in found if one.kind == "action"}):
        audit.viewed(desk, about, "actions.viewed")
    return Plan(tuple(one for one in found if not one.why), tuple(one for one in found if one.why))


def hand_over(
    desk: Desk,
    giver: str,
    taker: str,
    *,
    until: date | None = None,
    chosen: Collection[str] | None = None,
    key: str | None = None,
) -> Handover:
    """Hand over everything that may go, or what is `chosen` of it (ids of `Portable`), in this transaction.

    The same `key` again gives what was done, once. Raises as `plan` does, and where a thing chosen cannot go.
    """
    done = once.before(desk, key, "handover")
    if done is not None:
        return _handover(_row(desk, done))
    giver, taker = _two(desk, giver, taker, lock=True)
    if until is not None and until <= desk.today:
        raise CaseworkError("Choose a day after today on which it comes back, or hand it over for good.")
    only = None if chosen is None else frozenset(chosen)
    goes = {one.id: one for one in portable.found(desk, giver, taker, only) if not one.why}
    wanted = sorted(goes if chosen is None else set(chosen))
    if any(one not in goes for one in wanted):
        raise CaseworkError("Some of this cannot be handed over any more. Look at the list again.")
    if not wanted:
        raise CaseworkError("Choose at least one thing to hand over.")
    made = ids.new()
    desk.run(
        handover.insert(),
        {
            "authority": desk.authority, "id": made, "giver": giver, "taker": taker, "until": until,
            "made_by": desk.person, "made_at": desk.now,
        },
    )  # fmt: skip
    for one in wanted:
        thing = goes[one]
        new = portable.give(desk, thing, giver, taker)
        row = {"record": thing.record, "case": thing.case, "kind": thing.kind, "thing": thing.id, "made": new}
        item = {"authority": desk.authority, "id": ids.new(), "handover": made, **row}
        desk.run(handover_item.insert(), item)
        audit.changed(
            desk, thing.record, "handed_over", item=made, thing=thing.id, kind=thing.kind, of=giver, to=taker
        )
    desk.forget_grants()
    _tell(desk, made, giver, taker, back=False)
    once.after(desk, key, "handover", made)
    return _handover(_row(desk, made))


def current(desk: Desk, wanted: str) -> list[Handover]:
    """What is handed over for a time now, from somebody or to them; for themselves and who names workers."""
    wanted = ids.known(wanted, "person")
    if not may(desk, wanted):
        return []
    here = (handover.c.authority == desk.authority) & handover.c.ended_at.is_(None)
    mine = or_(handover.c.giver == wanted, handover.c.taker == wanted)
    rows = desk.rows(select(handover).where(here, mine, handover.c.until.is_not(None)))
    return [_handover(row) for row in rows]


def of_cases(desk: Desk, found: Iterable[Case]) -> dict[str, list[Handover]]:
    """By case, who holds it for whom until when. The caller has these cases, so may know who holds them."""
    listed = list(found)
    told: dict[str, list[Handover]] = {one.id: [] for one in listed}
    item = handover_item.c
    rows = desk.rows(
        select(handover, item.record, item.case.label("of_case"))
        .join(handover_item, and_(item.authority == handover.c.authority, item.handover == handover.c.id))
        .where(
            handover.c.authority == desk.authority,
            handover.c.ended_at.is_(None),
            handover.c.until.is_not(None),
            item.kind == "allocation",
            item.record.in_(sorted({one.record for one in listed})),
        )
    )
    for row in rows:
        for one in listed:
            if one.record == row.record and row.of_case in (None, one.id):
                made = _handover(row)
                if made not in told[one.id]:
                    told[one.id].append(made)
    return told


def take_back(desk: Desk, handover_id: str) -> None:
    """End a handing over before its day. For whoever could have made it, thing by thing.

    Raises NotFound, NotPermitted.
    """
    row = _row(desk, ids.known(handover_id, "handover"), lock=True)
    if not may(desk, row.giver):
        raise NotFound("handover")
    if row.ended_at is None:
        if row.until is None:
            raise CaseworkError("This was handed over for good. Hand it over again to whoever is to hold it.")
        _require_decide(desk, row, _bring_back(desk, row))


def _require_decide(desk: Desk, row: Any, back: Iterable[Any]) -> None:
    """Bringing back is handing over: asked of each thing once the giver has it again, as it was when it went. Where one
    may not be decided on by this person, nothing of it happens."""
    for item in back:
        if not portable.may_decide(desk, item, row.giver):
            raise NotPermitted("hand over")


def settle_due(desk: Desk) -> int:
    """Bring back what was handed over until today; for the clock's own desk. Returns how many came back."""
    if not desk.system:
        raise NotPermitted("settle")
    here = (handover.c.authority == desk.authority) & handover.c.ended_at.is_(None)
    over = desk.rows(select(handover.c.id).where(here, handover.c.until <= desk.today))
    for one in over:
        _bring_back(desk, _row(desk, one.id, lock=True))
    return len(over)


def _bring_back(desk: Desk, row: Any) -> list[Any]:
    """What the taker still has goes back to the giver, if they are still here; what others have meanwhile, stays.
    Returns what went back."""
    back = []
    here = bool(people_here(desk, [row.giver]))
    items = handover_item.c
    mine = (items.authority == desk.authority) & (items.handover == row.id)
    for item in desk.rows(select(handover_item).where(mine).order_by(items.id)):
        if here and portable.bring_back(desk, item, row.giver, row.taker):
            back.append(item)
            desk.run(update(handover_item).where(mine, items.id == item.id).values(back_at=desk.now))
            audit.changed(
                desk, item.record, "came_back", item=row.id, thing=item.thing, kind=item.kind,
                of=row.taker, to=row.giver,
            )  # fmt: skip
    this = (handover.c.authority == desk.authority) & (handover.c.id == row.id)
    desk.run(update(handover).where(this).values(ended_at=desk.now, ended_by=desk.person))
    desk.forget_grants()
    _tell(desk, row.id, row.giver, row.taker, back=True)
    return back


def _tell(desk: Desk, made: str, giver: str, taker: str, *, back: bool) -> None:
    """Both are told, but nobody of what they did themselves."""
    notices.handed(desk, "came_back" if back else "gave", giver, made)
    notices.handed(desk, "went_back" if back else "took", taker, made)


def _two(desk: Desk, giver: str, taker: str, *, lock: bool = False) -> tuple[str, str]:
    """The two of them, each with an account; the taker at work. Raises NotFound, NotPermitted, CaseworkError."""
    giver, taker = ids.known(giver, "person"), ids.known(taker, "person")
    if not may(desk, giver):
        raise NotPermitted("hand over")
    wanted = select(person.c.id, person.c.active).where(
        person.c.authority == desk.authority, person.c.id.in_(sorted((giver, taker)))
    )
    # Locked in one order, so that two who hand over the same work at once do it one after the other.
    rows = desk.rows(wanted.order_by(person.c.id).with_for_update() if lock else wanted)
    there: Mapping[str, bool] = {row.id: row.active for row in rows}
    if giver not in there or taker not in there:
        raise NotFound("person")
    if giver == taker:
        raise CaseworkError("Choose somebody else to hand this over to.")
    if not there[taker]:
        raise CaseworkError("The person named has no active account here. Choose somebody else.")
    return giver, taker


def people_here(desk: Desk, wanted: Collection[str]) -> set[str]:
    """Those of these people whose account is open."""
    here = (person.c.authority == desk.authority) & person.c.id.in_(sorted(wanted)) & person.c.active
    return set(desk.run(select(person.c.id).where(here)).scalars())


def _row(desk: Desk, handover_id: str, *, lock: bool = False) -> Any:
    wanted = select(handover).where(handover.c.authority == desk.authority, handover.c.id == handover_id)
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("handover")
    return found


def _handover(row: Any) -> Handover:
    return Handover(row.id, row.giver, row.taker, row.until, row.made_by, row.made_at, row.ended_at)
