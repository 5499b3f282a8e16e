"""Lists of submissions as one person may have them, asked for at once however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from engine.casework import access, answering, audit, together
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import case, submission
from engine.casework.values import Submission


def listed(desk: Desk, which: Any, about: str | None = None, *, handed_out: bool = True) -> list[Submission]:
    """Submissions that this person may see, newest first; `about` shows those about several as that record's.

    `handed_out`: the look is written down; without it nothing of them may be shown, only decided by.
    """
    wanted = select(submission).where(submission.c.authority == desk.authority, which)
    rows = desk.rows(wanted.order_by(submission.c.begun_at.desc(), submission.c.id))
    return _cut_down(desk, rows, about, handed_out)


def of_record(desk: Desk, record_id: str) -> list[Submission]:
    """The same of all submissions about a record."""
    return _cut_down(desk, desk.about(_of_record(), record_id), record_id, handed_out=True)


@cache
def _of_record() -> Select[Any]:
    wanted = select(submission).where(submission.c.authority == bindparam("of"), together.ABOUT)
    return wanted.order_by(submission.c.begun_at.desc(), submission.c.id)


def _cut_down(desk: Desk, rows: Sequence[Any], about: str | None, handed_out: bool) -> list[Submission]:
    found = []
    states = _case_states(desk, rows)
    several = together.of_many(desk, rows)
    access.foresee(desk, {one for row in rows for one in several.get(row.id, (row.record,))})
    for row in rows:
        if answering.anothers_own(desk, row):
            continue
        if row.id in several:
            seen_of = together.seen_by(desk, row, several[row.id], about)
        else:
            access.grants(desk, row.record)
            may = access.may(desk, "view", row.record, form=row.form, state=states.get(row.case))
            seen_of = (row.record,) if may else ()
        for one in seen_of if handed_out else ():
            audit.viewed(desk, one, "submission.viewed", item=row.id, form=row.form)
        if seen_of:
            found.append(answering.shown(desk, row, states=states, about=about))
    return found


def _case_states(desk: Desk, rows: Iterable[Any]) -> dict[str | None, str]:
    wanted = sorted({row.case for row in rows if row.case is not None})
    if not wanted:
        return {}
    return {row.id: row.state for row in desk.rows(_STATES, {"of": desk.authority, "ids": wanted})}


_STATES = select(case.c.id, case.c.state).where(case.c.authority == bindparam("of"), among(case.c.id, "ids"))
