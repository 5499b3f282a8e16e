"""Where a case comes from and what came of it: the chain of cases that began each other, and what one waits for.

Cases on other records are told only to whoever may see those, and a context's case never names a case about a person:
whom a context has to do with must not show there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from engine.casework import access, cases, performing, records
from engine.casework.store import Desk
from engine.casework.tables import case, case_step, case_wait
from engine.casework.values import Lineage, Related


def of_case(desk: Desk, case_id: str) -> Lineage:
    """The case's lineage, as far as this person may see it. Raises NotFound, NotPermitted."""
    row = cases.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    mine = case.c.authority == desk.authority
    waits = select(case_wait.c.awaited).where(
        case_wait.c.authority == desk.authority, case_wait.c.case == row.id, case_wait.c.ended_at.is_(None)
    )
    before = desk.rows(select(case).where(mine, case.c.id == row.came_from)) if row.came_from else []
    after = desk.rows(
        select(case).where(mine, case.c.came_from == row.id).order_by(case.c.started, case.c.id)
    )
    awaited = desk.rows(select(case).where(mine, case.c.id.in_(waits)).order_by(case.c.started, case.c.id))
    told = {one.id: one for one in _told(desk, row, [*before, *after, *awaited])}
    return Lineage(
        next((told[one.id] for one in before if one.id in told), None),
        tuple(told[one.id] for one in after if one.id in told),
        tuple(told[one.id] for one in awaited if one.id in told),
        _times_reopened(desk, row),
    )


def _told(desk: Desk, row: Any, others: Iterable[Any]) -> list[Related]:
    others = list(others)
    about = records.rows_of(desk, {row.record, *(one.record for one in others)})
    contexts = {one.id for one in desk.stack.records.values() if one.context}
    here = about[row.record].type in contexts
    access.foresee(desk, [one.record for one in others])
    return [
        Related(
            one.id,
            one.record,
            about[one.record].name,
            one.workflow,
            one.stack,
            one.state,
            one.closed_at is None,
        )
        for one in others
        if access.grants(desk, one.record).may("view", state=one.state)
        and (one.record == row.record or not here or about[one.record].type in contexts)
    ]


def _times_reopened(desk: Desk, row: Any) -> int:
    reopening = [one.id for one in performing.machine_of(desk, row).workflow.transitions if one.reopen]
    here = (case_step.c.authority == desk.authority) & (case_step.c.case == row.id)
    counted = select(func.count()).select_from(case_step).where(here, case_step.c.transition.in_(reopening))
    return int(desk.run(counted).scalar_one())
