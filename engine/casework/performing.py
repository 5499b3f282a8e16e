"""Performing what a workflow asks for, in the transaction that moves the case, each with its trace.

Effects come as values from the machine; what leaves the database goes through the outbox. What a workflow does
is decided by its definition, so nothing here asks who is at the desk.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from engine import packs
from engine.casework import (
    actions,
    allocations,
    audit,
    awaiting,
    carrying,
    facts,
    holding,
    ids,
    indexing,
    links,
    markers,
    moving,
    notices,
    records,
    schedule,
    sharing,
    stacks,
    submissions,
    together,
)
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import case, case_step, submission, task
from engine.workflow import Machine
from engine.workflow import effects as fx

DEEPEST = 20
"""How many automatic rounds one act may set off before it is called a fault in the definitions."""


def machine_of(desk: Desk, row: Any, language: str | None = None) -> Machine:
    """What a case runs by; with its labels in `language`, where the pack has it, for what is only shown."""
    pack = stacks.pinned(desk, row.stack)
    return (pack.in_language(language) if language else pack).workflow(row.workflow)


def start_case(
    desk: Desk, workflow: str, record_row: Any, pack: packs.Pack, *, came_from: str | None = None
) -> str:
    """Begin a case on a record; returns its id."""
    machine = pack.workflow(workflow)
    state = machine.start(now=desk.now)
    made = ids.new()
    row = {
        "authority": desk.authority,
        "id": made,
        "record": record_row.id,
        "workflow": workflow,
        "stack": pack.stack.hash,
        "state": state.state,
        "started": desk.now,
        "entered": desk.now,
        "closed_at": desk.now if state.closed else None,
        "started_by": desk.person,
        "came_from": came_from,
        "revision": state.revision,
    }
    desk.run(case.insert(), row)
    first = {"case": made, "number": 1, "to": state.state, "person": desk.person, "at": desk.now}
    desk.run(case_step.insert(), {"authority": desk.authority, "id": ids.new(), **first})
    audit.changed(desk, record_row.id, "case.started", item=made, workflow=workflow, to=state.state)
    desk.forget_grants()
    written = moving.reread(desk, made)
    indexing.of_case(desk, written, record_row)
    outcome = machine.entered(
        state, facts=facts.of_case(desk, written, record_row), now=desk.now, person=desk.person
    )
    moving.move(desk, written, outcome)
    return made


def settle(desk: Desk, row: Any) -> None:
    """Automatic transitions until none can happen, with facts read anew each time; then tasks and deadlines."""
    desk.depth += 1
    if desk.depth > DEEPEST:
        raise CaseworkError("These definitions set each other off without end. Tell whoever keeps them.")
    outcome = None
    if row.closed_at is None:
        known = facts.of_case(desk, row, records.row_of(desk, row.record))
        outcome = machine_of(desk, row).settle(moving.state_of(row), facts=known, now=desk.now)
    # What approves by itself waits until what was carried is confirmed, as approving by hand does.
    if outcome is not None and not carrying.refusals(desk, row, carrying.approvals(outcome.effects)):
        moving.move(desk, row, outcome)
    else:
        schedule.renew(desk, row, machine_of(desk, row))
    desk.depth -= 1


def passed(desk: Desk, row: Any, what: str) -> None:
    """What a deadline that has passed unmet asks for."""
    known = facts.of_case(desk, row, records.row_of(desk, row.record))
    outcome = machine_of(desk, row).passed(moving.state_of(row), what, facts=known, now=desk.now)
    audit.changed(desk, row.record, "deadline.passed", item=row.id, what=what)
    moving.move(desk, row, outcome)


def perform(
    desk: Desk, case_id: str, wanted: tuple[fx.EffectValue, ...], by_hand: Collection[str] = ()
) -> None:
    """Perform effects in their order. `by_hand`: the forms that whoever is at the desk decides on themselves."""
    for effect in wanted:
        _one(desk, moving.reread(desk, case_id), effect, by_hand)


def _one(desk: Desk, row: Any, effect: fx.EffectValue, by_hand: Collection[str]) -> None:
    match effect:
        case fx.Approve(form):
            _decide(desk, row, form, "approved", None, by_hand)
        case fx.SendBack(form, reason):
            _decide(desk, row, form, "returned", reason, by_hand)
        case fx.StartWorkflow():
            _start(desk, row, effect)
        case fx.Await():
            awaiting.begin(desk, row, effect)
        case fx.Share():
            sharing.put(desk, row, effect)
        case fx.OpenForm(form, role):
            open_form(desk, row, form, role)
        case fx.Notify(role, message):
            notices.to_role(desk, row, role, message)
        case fx.Assign(role, person):
            allocations.add(desk, row, person=person, role=role)
            if person is not None:
                notices.of(desk, "assigned", row.record, row.id, person=person)
        case fx.Mark(list_id, option, record_id, since, until, why):
            days = {"since": _day(since), "until": _day(until)}
            about, case_id = record_id or row.record, _case(row, record_id)
            markers.put(desk, about, list_id, option, case_id=case_id, why=why, **days)
        case fx.EndMark(list_id, option, why):
            markers.end_all(desk, effect.record or row.record, list_id, option, why)
        case fx.AddAction():
            actions.put(desk, row, effect)
        case fx.Link(other, purpose):
            one, case_id = effect.of or row.record, _case(row, effect.of)
            links.put(desk, one, ids.known(other, "record"), purpose, case_id=case_id)
        case fx.SetField(field, value):
            records.put_field(desk, row.record, field, value)
        case fx.CloseRecord():
            records.shut(desk, row.record)


def _case(row: Any, record_id: str | None) -> str | None:
    """The case, for what happens to its own record; what happens to another is in no case of that one's."""
    return row.id if record_id in (None, row.record) else None


def _start(desk: Desk, row: Any, effect: fx.StartWorkflow) -> None:
    """Begin a case, or join the one of that workflow that is open on the record."""
    # Locked, so that two who begin one workflow on one record at once begin it once.
    about = holding.row_of(desk, ids.known(effect.record or row.record, "record"), lock=True)
    if not effect.several:
        there = desk.run(
            select(case.c.id)
            .where(
                case.c.authority == desk.authority,
                case.c.record == about.id,
                case.c.workflow == effect.workflow,
                case.c.closed_at.is_(None),
                case.c.id != row.id,
            )
            .order_by(case.c.started.desc(), case.c.id)
        ).scalar()
        if there is not None:
            audit.changed(desk, about.id, "case.joined", item=there, workflow=effect.workflow)
            return
    open_record(desk, about.id)
    start_case(desk, effect.workflow, about, stacks.pinned(desk, row.stack), came_from=row.id)


def open_record(desk: Desk, record_id: str) -> None:
    """Open a closed record again: work has begun on it, so its keeping does not run."""
    if holding.row_of(desk, record_id).closed_at is not None:
        holding.mark_closed(desk, record_id, None, "record.reopened")


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _decide(
    desk: Desk, row: Any, form: str, state: str, reason: str | None, by_hand: Collection[str]
) -> None:
    newest = desk.run(
        select(submission)
        .where(
            submission.c.authority == desk.authority,
            submission.c.case == row.id,
            submission.c.form == form,
            submission.c.state.in_(facts.IN_FORCE),
        )
        .order_by(submission.c.submitted_at.desc())
        .limit(1)
    ).first()
    if newest is None:
        return
    desk.run(
        update(submission)
        .where(submission.c.authority == desk.authority, submission.c.id == newest.id)
        # What a definition decides by itself is nobody's decision, whoever set it off.
        .values(
            state=state,
            decided_by=desk.person if form in by_hand else None,
            decided_at=desk.now,
            reason=reason,
        )
    )
    automatic = None if form in by_hand else True
    together.trace(desk, newest, f"submission.{state}", case=row.id, automatic=automatic)
    if state == "returned" and newest.submitted_by is not None:
        notices.of(desk, "returned", row.record, row.id, person=newest.submitted_by)


def open_form(desk: Desk, row: Any, form: str, role: str | None) -> None:
    """A draft and a task for the role, or for whoever set this off."""
    pack = stacks.pinned(desk, row.stack)
    draft = desk.run(
        select(submission.c.id).where(
            submission.c.authority == desk.authority,
            submission.c.case == row.id,
            submission.c.form == form,
            submission.c.state == "draft",
        )
    ).scalar()
    if draft is None:
        draft = submissions.begin(desk, form, records.row_of(desk, row.record), row, pack)
    there = desk.run(
        select(task.c.id).where(
            task.c.authority == desk.authority,
            task.c.submission == draft,
            task.c.done_at.is_(None),
            or_(task.c.role == role, task.c.person == desk.person)
            if role or desk.person
            else task.c.id == task.c.id,
        )
    ).first()
    if there is None:
        label = f"Complete {pack.stack.forms[form].title}"
        schedule.put_task(
            desk,
            row,
            kind="form",
            what=f"opened.{form}",
            label=label,
            role=role,
            form=form,
            draft=draft,
            person=None if role else desk.person,
        )
