"""Writing down what came of a transition: the case as it now stands, its steps, and then its effects."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update

from engine.casework import audit, awaiting, carrying, ids, pausing, performing
from engine.casework.errors import Refused
from engine.casework.store import Desk
from engine.casework.tables import case, case_step
from engine.language.saying import say
from engine.workflow import CaseState, Outcome, Refusal


def state_of(row: Any) -> CaseState:
    """The case as the machine knows it."""
    return CaseState(
        row.workflow,
        row.state,
        row.started,
        row.entered,
        row.revision,
        row.closed_at is not None,
        row.reopened,
    )


def move(
    desk: Desk,
    row: Any,
    outcome: Outcome,
    *,
    roles: Collection[str] = (),
    reason: str | None = None,
) -> None:
    """Save the outcome and perform its effects; then whatever follows by itself. Raises Refused if outrun."""
    now = outcome.case
    against = carrying.refusals(desk, row, carrying.approvals(outcome.effects))
    if against:
        raise Refused(against)
    if outcome.steps:
        saved = desk.run(
            update(case)
            .where(case.c.authority == desk.authority, case.c.id == row.id, case.c.revision == row.revision)
            .values(
                state=now.state,
                entered=now.entered,
                revision=now.revision,
                closed_at=desk.now if now.closed else None,
                reopened=now.reopened,
            )
        )
        if not saved.rowcount:
            raise Refused([Refusal("revision", say("Somebody moved this case on while you looked at it."))])
        write_steps(desk, row, outcome, roles, reason)
        awaiting.leave(desk, row.id)
        if now.closed:
            pausing.end(desk, row)
        elif row.closed_at is not None:
            performing.open_record(desk, row.record)
        desk.forget_grants()
    workflow = performing.machine_of(desk, row).workflow
    chosen = [workflow.transition(one.transition) for one in outcome.steps if not one.automatic]
    by_hand = {form for one in chosen if one is not None for form in (*one.approve, *one.send_back)}
    performing.perform(desk, row.id, outcome.effects, by_hand)
    performing.settle(desk, reread(desk, row.id))
    if outcome.steps:
        awaiting.wake(desk, row.id)


def reread(desk: Desk, case_id: str) -> Any:
    return desk.run(select(case).where(case.c.authority == desk.authority, case.c.id == case_id)).one()


def next_number(desk: Desk, case_id: str) -> int:
    """The number that the next step of a case gets."""
    here = (case_step.c.authority == desk.authority) & (case_step.c.case == case_id)
    return (desk.run(select(func.max(case_step.c.number)).where(here)).scalar() or 0) + 1


def write_steps(
    desk: Desk, row: Any, outcome: Outcome, roles: Collection[str] = (), reason: str | None = None
) -> None:
    for number, step in enumerate(outcome.steps, next_number(desk, row.id)):
        by_hand = not step.automatic
        transition = performing.machine_of(desk, row).workflow.transition(step.transition)
        acting = [one for one in (transition.by if transition else ()) if one in roles]
        desk.run(
            case_step.insert(),
            {
                "authority": desk.authority,
                "id": ids.new(),
                "case": row.id,
                "number": number,
                "transition": step.transition,
                "came_from": step.source,
                "to": step.target,
                "person": desk.person if by_hand else None,
                "role": acting[0] if by_hand and acting else None,
                "reason": reason if by_hand else None,
                "at": desk.now,
            },
        )
        audit.changed(
            desk,
            row.record,
            "case.moved",
            item=row.id,
            transition=step.transition,
            came_from=step.source,
            to=step.target,
            automatic=step.automatic or None,
            reasoned=bool(by_hand and reason) or None,
        )
