"""Pauses: times when a case's clock stands still, each with who stopped it and why.

Must not know how a pause moves a date: that is `calendars`' part.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from engine.calendars import Pause
from engine.casework import access, audit, cases, ids, performing, schedule, texts
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import case_pause
from engine.casework.values import Paused


def pause(desk: Desk, case_id: str, reason: str) -> None:
    """Stop the clock of an open case: dates that run move on while it stands. Raises NotFound, NotPermitted."""
    row = _decided(desk, case_id)
    why = texts.line(reason)
    if not why:
        raise CaseworkError("Say why the clock is stopped.")
    if row.closed_at is not None:
        raise CaseworkError("This case is closed: nothing runs that could be paused.")
    if running(desk, row.id) is not None:
        raise CaseworkError("The clock of this case is stopped already.")
    made = ids.new()
    about = {"case": row.id, "started": desk.now, "started_by": desk.person, "reason": why}
    desk.run(case_pause.insert(), {"authority": desk.authority, "id": made, **about})
    audit.changed(desk, row.record, "case.paused", item=row.id, pause=made)
    schedule.renew(desk, row, performing.machine_of(desk, row))


def resume(desk: Desk, case_id: str) -> None:
    """Let the clock go on; every date that runs is worked out anew. Raises NotFound, NotPermitted."""
    row = _decided(desk, case_id)
    if running(desk, row.id) is None:
        raise CaseworkError("The clock of this case is running.")
    end(desk, row)
    schedule.renew(desk, row, performing.machine_of(desk, row))


def end(desk: Desk, row: Any) -> None:
    """End the pause of a case, if it has one: by hand, or because the case has ended."""
    found = running(desk, row.id)
    if found is None:
        return
    here = (case_pause.c.authority == desk.authority) & (case_pause.c.id == found.id)
    desk.run(update(case_pause).where(here).values(ended=desk.now, ended_by=desk.person))
    audit.changed(desk, row.record, "case.resumed", item=row.id, pause=found.id)


def of_case(desk: Desk, case_id: str) -> list[Paused]:
    """The pauses of a case, the newest first; why only to those who see the record itself."""
    row = cases.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    whole = access.grants(desk, row.record).whole
    found = reversed(_rows(desk, row.id))
    return [Paused(one.started, one.ended, one.reason if whole else None, one.started_by) for one in found]


def days(desk: Desk, case_id: str) -> tuple[Pause, ...]:
    """The pauses as days in the authority's zone; one that has not ended stands with today as its end."""
    return tuple(
        Pause(desk.day_of(one.started), desk.day_of(one.ended) if one.ended else desk.today)
        for one in _rows(desk, case_id)
    )


def running(desk: Desk, case_id: str) -> Any:
    """The pause that has not ended; None while the clock runs."""
    return next((one for one in _rows(desk, case_id) if one.ended is None), None)


def _rows(desk: Desk, case_id: str) -> list[Any]:
    here = (case_pause.c.authority == desk.authority) & (case_pause.c.case == case_id)
    return list(desk.rows(select(case_pause).where(here).order_by(case_pause.c.started, case_pause.c.id)))


def _decided(desk: Desk, case_id: str) -> Any:
    row = cases.row_of(desk, case_id, lock=True)
    access.require(desk, "decide", row.record, state=row.state)
    return row
