"""What notices tell of beyond their kind: which date of a case, and who handed work over to whom until when.

A notice holds ids alone; this reads what stands behind them for whoever was told, all of a page at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select

from engine.casework import narrowing, notices, reach
from engine.casework.store import Desk
from engine.casework.tables import case, deadline, handover, record
from engine.casework.values import Notification


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a case, as its definitions name it; see `chronology.deadline_title`."""

    stack: str
    workflow: str
    what: str


@dataclass(frozen=True, slots=True)
class Handed:
    """Work handed over by `giver` to `taker`, until a day or for good."""

    giver: str
    taker: str
    until: date | None


def dates(desk: Desk, told: Iterable[Notification]) -> dict[str, Dated]:
    """By the id of the date, what it is called: of cases that this person may see."""
    wanted = {one.thing for one in told if one.thing and one.kind in notices.DATES}
    if not wanted:
        return {}
    rows = desk.rows(
        select(deadline.c.id, deadline.c.what, case.c.stack, case.c.workflow)
        .join(case, and_(case.c.authority == deadline.c.authority, case.c.id == deadline.c.case))
        .join(record, and_(record.c.authority == case.c.authority, record.c.id == case.c.record))
        .where(
            deadline.c.authority == desk.authority,
            deadline.c.id.in_(sorted(wanted)),
            narrowing.cases(desk),
        ),
        reach.values(desk),
    )
    return {row.id: Dated(row.stack, row.workflow, row.what) for row in rows}


def handed(desk: Desk, told: Iterable[Notification]) -> dict[str, Handed]:
    """By the id of the handing over, who and until when: for the two of them."""
    wanted = {one.thing for one in told if one.thing and one.kind in notices.HANDED}
    if not wanted:
        return {}
    mine = or_(handover.c.giver == desk.person, handover.c.taker == desk.person)
    here = (handover.c.authority == desk.authority) & handover.c.id.in_(sorted(wanted))
    rows = desk.rows(select(handover).where(here, mine))
    return {row.id: Handed(row.giver, row.taker, row.until) for row in rows}
