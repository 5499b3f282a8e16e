"""Restrictions, which beat every rule, and breaking the glass, which asks a reason, expires and is reviewed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine.casework import access, audit, ids, records, texts
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import break_glass as broken
from engine.casework.tables import record, restriction, restriction_person

OPEN_FOR = timedelta(hours=4)
LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class Restriction:
    """`mode`: only (nobody but `people`) or bar (not `people`)."""

    id: str
    record: str
    mode: str
    people: tuple[str, ...]
    reason: str
    review_on: date
    made_by: str | None
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Glass:
    """One breaking of the glass, waiting for its review or reviewed."""

    id: str
    record: str
    person: str
    reason: str
    since: datetime
    until: datetime
    reviewed_by: str | None
    finding: str | None


def restrict(
    desk: Desk,
    record_id: str,
    *,
    reason: str,
    review_on: date,
    only: Iterable[str] = (),
    bar: Iterable[str] = (),
) -> list[str]:
    """Restrict a record: to `only` these people, or to all but those barred; returns the restrictions' ids.

    Raises NotFound, NotPermitted, and CaseworkError where the one who restricts would be shut out too.
    """
    record_id = ids.known(record_id, "record")
    access.require(desk, "restrict", record_id)
    allowed, barred = sorted(set(only)), sorted(set(bar))
    if not allowed and not barred:
        raise CaseworkError("Name the people who may see this, or those who may not.")
    if len(texts.line(reason)) < LEAST_REASON:
        raise CaseworkError("Say why, in a sentence.")
    if review_on <= desk.today:
        raise CaseworkError("Choose a day in the future on which this restriction is looked at again.")
    if desk.person is not None and ((allowed and desk.person not in allowed) or desk.person in barred):
        raise CaseworkError("You would shut yourself out. Let somebody else who may restrict do this.")
    known = records.people_there(desk, [*allowed, *barred])
    if known != {*allowed, *barred}:
        raise NotFound("person")
    made = [
        _put(desk, record_id, mode, people, texts.line(reason), review_on)
        for mode, people in (("only", allowed), ("bar", barred))
        if people
    ]
    desk.forget_grants()
    return made


def lift(desk: Desk, restriction_id: str) -> None:
    """End a restriction."""
    this = (restriction.c.authority == desk.authority) & (restriction.c.id == ids.known(restriction_id))
    row = desk.run(select(restriction).where(this)).first()
    if row is None:
        raise NotFound("restriction")
    access.require(desk, "restrict", row.record)
    ended = {"ended_at": desk.now, "ended_by": desk.person}
    desk.run(update(restriction).where(this, restriction.c.ended_at.is_(None)).values(**ended))
    desk.forget_grants()
    audit.changed(desk, row.record, "restriction.lifted", item=row.id)


def of_record(desk: Desk, record_id: str) -> list[Restriction]:
    """Restrictions in force on a record, for those who may restrict it."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "restrict", record_id)
    audit.viewed(desk, record_id, "restrictions.viewed")
    here = (restriction.c.authority == desk.authority) & (restriction.c.record == record_id)
    rows = desk.rows(select(restriction).where(here, restriction.c.ended_at.is_(None)))
    return [_restriction(desk, row) for row in rows]


def stands(desk: Desk, record_id: str) -> bool:
    """Whether any restriction is in force on a record; the caller has decided that this person may see it."""
    here = (restriction.c.authority == desk.authority) & (restriction.c.record == record_id)
    return (
        desk.run(select(restriction.c.id).where(here, restriction.c.ended_at.is_(None))).first() is not None
    )


def to_review(desk: Desk) -> list[Restriction]:
    """Restrictions whose day of review has come, on records this person may restrict."""
    due = (restriction.c.authority == desk.authority) & (restriction.c.review_on <= desk.today)
    rows = desk.rows(
        select(restriction)
        .join(record, (record.c.authority == restriction.c.authority) & (record.c.id == restriction.c.record))
        .where(due, restriction.c.ended_at.is_(None), access.visible(desk, "restrict"))
        .order_by(restriction.c.review_on, restriction.c.id)
    )
    return [_restriction(desk, row) for row in rows]


def break_glass(desk: Desk, record_id: str, *, reason: str) -> None:
    """Look into a record in an emergency, for four hours, leaving a trace that will be reviewed.

    It opens to view what the person's roles could ever view, and never to somebody who is barred. Raises NotFound
    also for what does not exist: the same answer, after the same reason.
    """
    record_id = ids.known(record_id, "record")
    if len(texts.line(reason)) < LEAST_REASON:
        raise CaseworkError("Say why you must look at this now, in a sentence.")
    made = ids.new()
    there = (record.c.authority == desk.authority) & (record.c.id == record_id)
    if desk.person is None or desk.run(select(record.c.id).where(there)).first() is None:
        raise NotFound("record")
    row = {"authority": desk.authority, "id": made, "record": record_id, "person": desk.person}
    when = {"reason": texts.line(reason), "since": desk.now, "until": desk.now + OPEN_FOR}
    desk.run(broken.insert(), {**row, **when})
    desk.forget_grants()
    audit.changed(desk, record_id, "glass.broken", item=made)
    # Whoever could never see such a record cannot break its glass either: this raises, and undoes it.
    access.grants(desk, record_id)


def unreviewed(desk: Desk) -> list[Glass]:
    """Glass broken and not yet reviewed, for whoever reviews the audit."""
    access.require_job(desk, "audit")
    here = (broken.c.authority == desk.authority) & broken.c.reviewed_at.is_(None)
    return [_glass(row) for row in desk.rows(select(broken).where(here).order_by(broken.c.since))]


def review(desk: Desk, glass_id: str, *, finding: str) -> None:
    """Say what the review found. Nobody reviews themselves."""
    access.require_job(desk, "audit")
    this = (broken.c.authority == desk.authority) & (broken.c.id == ids.known(glass_id))
    row = desk.run(select(broken).where(this)).first()
    if row is None:
        raise NotFound("review")
    if row.person == desk.person:
        raise CaseworkError("Somebody else must review this.")
    if not texts.line(finding):
        raise CaseworkError("Say what the review found.")
    done = {"reviewed_by": desk.person, "reviewed_at": desk.now, "finding": texts.line(finding)}
    desk.run(update(broken).where(this).values(**done))
    audit.changed(desk, row.record, "glass.reviewed", item=row.id)


def _put(desk: Desk, record_id: str, mode: str, people: list[str], reason: str, review_on: date) -> str:
    made = ids.new()
    what = {"record": record_id, "mode": mode, "reason": reason, "review_on": review_on}
    who = {"authority": desk.authority, "id": made, "made_by": desk.person, "made_at": desk.now}
    desk.run(restriction.insert(), {**who, **what})
    rows = [
        {"authority": desk.authority, "id": ids.new(), "restriction": made, "person": one} for one in people
    ]
    desk.run(restriction_person.insert(), rows)
    audit.changed(desk, record_id, "restricted", item=made, mode=mode, people=people)
    return made


def _restriction(desk: Desk, row: Any) -> Restriction:
    here = (restriction_person.c.authority == desk.authority) & (restriction_person.c.restriction == row.id)
    people = desk.run(select(restriction_person.c.person).where(here).order_by(restriction_person.c.person))
    return Restriction(
        id=row.id,
        record=row.record,
        mode=row.mode,
        people=tuple(people.scalars()),
        reason=row.reason,
        review_on=row.review_on,
        made_by=row.made_by,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )


def _glass(row: Any) -> Glass:
    return Glass(
        row.id, row.record, row.person, row.reason, row.since, row.until, row.reviewed_by, row.finding
    )
