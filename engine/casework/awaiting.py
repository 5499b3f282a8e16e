"""Cases that wait for other cases: what is waited for, whether it has come, and going on when it has.

Whether something has come is read from the awaited case itself, never remembered, so that no wake-up can be lost: a
case that was missed is found by the clock's next round. Must not know what a definition waits for, or why.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from engine.casework import ids, moving, performing
from engine.casework.store import Desk
from engine.casework.tables import case, case_step, case_wait
from engine.workflow import effects as fx


def begin(desk: Desk, row: Any, effect: fx.Await) -> None:
    """Wait for the open cases of a workflow on a record: those that this case started, else any that is open there."""
    about = ids.known(effect.record or row.record, "record")
    there = desk.rows(
        select(case.c.id, case.c.state, case.c.came_from).where(
            case.c.authority == desk.authority,
            case.c.record == about,
            case.c.workflow == effect.workflow,
            case.c.closed_at.is_(None),
            case.c.id != row.id,
        )
    )
    for one in [one for one in there if one.came_from == row.id] or there:
        about_it = {"case": row.id, "awaited": one.id, "workflow": effect.workflow, "state": effect.state}
        when = {"since": desk.now, "ended_at": desk.now if one.state == effect.state else None}
        desk.run(case_wait.insert(), {"authority": desk.authority, "id": ids.new(), **about_it, **when})


def leave(desk: Desk, case_id: str) -> None:
    """The case goes on from where it waited: that waiting is over."""
    mine = (case_wait.c.authority == desk.authority) & (case_wait.c.case == case_id)
    desk.run(update(case_wait).where(mine, case_wait.c.ended_at.is_(None)).values(ended_at=desk.now))


def facts_of(desk: Desk, case_id: str) -> dict[str, Any]:
    """`awaits`: workflows still waited for. `awaited`: where the newest case stands of each that ever was."""
    wanted = (
        _waits()
        .where(case_wait.c.authority == desk.authority, case_wait.c.case == case_id)
        .order_by(case_wait.c.since, case.c.started, case.c.id)
    )
    rows = desk.rows(wanted)
    waiting = dict.fromkeys(row.workflow for row in rows if row.ended_at is None and not row.come)
    return {"awaits": list(waiting), "awaited": {row.workflow: row.stands for row in rows}}


def wake(desk: Desk, awaited: str) -> None:
    """This case has moved: those that waited for just this go on, if nothing else holds them."""
    wanted = _waits().where(case_wait.c.authority == desk.authority, case_wait.c.awaited == awaited)
    _go_on(desk, [row.case for row in desk.rows(wanted.where(case_wait.c.ended_at.is_(None))) if row.come])


def sweep(desk: Desk) -> None:
    """Every case whose waiting is over and that was not told: the other moved while it began to wait."""
    wanted = _waits().where(case_wait.c.authority == desk.authority, case_wait.c.ended_at.is_(None), _come())
    _go_on(desk, [row.case for row in desk.rows(wanted.order_by(case_wait.c.since))])


def _go_on(desk: Desk, cases: list[str]) -> None:
    for one in dict.fromkeys(cases):
        waiting = desk.run(
            select(case).where(case.c.authority == desk.authority, case.c.id == one).with_for_update()
        ).one()
        mine = (case_wait.c.authority == desk.authority) & (case_wait.c.case == one)
        over = [row.id for row in desk.rows(_waits().where(mine, case_wait.c.ended_at.is_(None))) if row.come]
        desk.run(update(case_wait).where(mine, case_wait.c.id.in_(over)).values(ended_at=desk.now))
        performing.settle(desk, moving.reread(desk, waiting.id))


def _waits() -> Any:
    """Waits with the awaited case: where it `stands`, and whether what is waited for has `come`."""
    there = (case.c.authority == case_wait.c.authority) & (case.c.id == case_wait.c.awaited)
    return select(case_wait, case.c.state.label("stands"), _come().label("come")).join(case, there)


def _come() -> ColumnElement[bool]:
    passed = exists().where(
        case_step.c.authority == case_wait.c.authority,
        case_step.c.case == case_wait.c.awaited,
        case_step.c.to == case_wait.c.state,
        case_step.c.at >= case_wait.c.since,
    )
    return func.coalesce(or_(case.c.closed_at.is_not(None), passed), False)
