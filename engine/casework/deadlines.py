"""The dates that run for cases: reading them, and acting on those that have passed.

How a date comes about is `calendars`' part and keeping them is `schedule`'s. Must not know what a workflow asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select, update

from engine.calendars import calendar
from engine.casework import audit, awaiting, cases, notices, pausing, performing, schedule
from engine.casework.errors import CaseworkError, NotPermitted
from engine.casework.store import Desk
from engine.casework.tables import case, deadline
from engine.casework.values import Case, Deadline
from engine.language.written import calendar_of

WARNED_BEFORE = 2
"""How many working days before a date whoever holds the case is told that it is near."""


def of_case(desk: Desk, case_id: str) -> list[Deadline]:
    """The deadlines a case has had, with how each was reckoned; those that run first."""
    row = cases.seen(desk, case_id)
    here = (deadline.c.authority == desk.authority) & (deadline.c.case == row.id)
    found = desk.rows(select(deadline).where(here).order_by(deadline.c.met_at.is_not(None), deadline.c.due))
    return [
        Deadline(
            one.id,
            one.case,
            one.what,
            one.due,
            one.rule,
            one.because,
            one.met_at,
            one.met_at is None and one.due < desk.today,
        )
        for one in found
    ]


def due_dates(desk: Desk, found: Iterable[Case]) -> dict[str, date]:
    """The soonest date that runs for each of these cases, by the case's id; only those that have one."""
    wanted = sorted({one.id for one in found})
    if not wanted:
        return {}
    soonest = (
        select(deadline.c.case, func.min(deadline.c.due).label("due"))
        .where(
            deadline.c.authority == desk.authority, deadline.c.case.in_(wanted), deadline.c.met_at.is_(None)
        )
        .group_by(deadline.c.case)
    )
    return {row.case: row.due for row in desk.rows(soonest)}


def settle_due(desk: Desk) -> int:
    """Perform what passed deadlines ask for; for the clock's own desk. Returns how many were acted on.

    Cases whose waiting is over and that were not told go on too.
    """
    if not desk.system:
        raise NotPermitted("settle")
    awaiting.sweep(desk)
    late = (
        select(deadline.c.id, deadline.c.case, deadline.c.what)
        .join(case, and_(case.c.authority == deadline.c.authority, case.c.id == deadline.c.case))
        .where(
            deadline.c.authority == desk.authority,
            deadline.c.due < desk.today,
            deadline.c.met_at.is_(None),
            deadline.c.passed_at.is_(None),
            case.c.closed_at.is_(None),
        )
        .order_by(deadline.c.due, deadline.c.id)
    )
    acted = 0
    for late_one in desk.rows(late):
        row = cases.row_of(desk, late_one.case, lock=True)
        here = (deadline.c.authority == desk.authority) & (deadline.c.id == late_one.id)
        if pausing.running(desk, row.id) is not None:
            # Where the clock stands the date moves on with each day: only what had passed before is late.
            schedule.renew(desk, row, performing.machine_of(desk, row))
            here &= deadline.c.due < desk.today
        claimed = desk.run(
            update(deadline)
            .where(here, deadline.c.passed_at.is_(None), deadline.c.met_at.is_(None))
            .values(passed_at=desk.now)
        )
        if claimed.rowcount and _passed(desk, row, late_one.what):
            acted += 1
        if claimed.rowcount:
            notices.to_holders(desk, "passed", row.record, row.id, once=f"passed:{late_one.id}")
    _warn(desk)
    return acted


def _warn(desk: Desk) -> None:
    """Tell whoever holds a case that a date of it is near, once for each date."""
    last = calendar(calendar_of(desk.stack.manifest)).add_working_days(desk.today, WARNED_BEFORE)
    near = (
        select(deadline.c.id, deadline.c.due, case.c.record, case.c.id.label("case"))
        .join(case, and_(case.c.authority == deadline.c.authority, case.c.id == deadline.c.case))
        .where(
            deadline.c.authority == desk.authority,
            deadline.c.due >= desk.today,
            deadline.c.due <= last,
            deadline.c.warned_of.is_distinct_from(deadline.c.due),
            deadline.c.met_at.is_(None),
            case.c.closed_at.is_(None),
        )
        .order_by(deadline.c.due, deadline.c.id)
    )
    for one in desk.rows(near):
        # Where the clock stands the date is not near yet: it moves on with each day.
        if pausing.running(desk, one.case) is None:
            once = f"near:{one.id}:{one.due.isoformat()}"
            notices.to_holders(desk, "near", one.record, one.case, once=once)
            here = (deadline.c.authority == desk.authority) & (deadline.c.id == one.id)
            desk.run(update(deadline).where(here).values(warned_of=one.due))


def _passed(desk: Desk, row: Any, what: str) -> bool:
    """Perform what one passed deadline asks for; where that cannot be done, it is noted and stops no other."""
    events = list(desk.events)
    try:
        with desk.connection.begin_nested():
            performing.passed(desk, row, what)
    except CaseworkError:
        desk.events[:] = events
        desk.depth = 0
        desk.forget_read()
        desk.forget_grants()
        audit.changed(desk, row.record, "deadline.not_acted_on", item=row.id, what=what)
        return False
    return True
