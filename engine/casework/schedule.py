"""Keeping a case's tasks and deadlines as its state asks for, with the rule and inputs that gave each date."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from engine.casework import audit, cases, facts, ids, moving, pausing, performing, records
from engine.casework.store import Desk
from engine.casework.tables import case, deadline, submission, task
from engine.workflow import Due, Machine, OpenTask


def renew(desk: Desk, row: Any, machine: Machine) -> None:
    """Open what the state asks for, end what it no longer does. A final state asks for nothing."""
    wanted: list[OpenTask] = []
    due: list[Due] = []
    if row.closed_at is None:
        known = facts.of_case(desk, row, records.row_of(desk, row.record))
        off, pauses = _declared(desk), pausing.days(desk, row.id)
        wanted = machine.tasks(moving.state_of(row), facts=known, extra=off, pauses=pauses)
        due = machine.due(moving.state_of(row), facts=known, extra=off, pauses=pauses)
    _tasks(desk, row, {_what(row, one): one for one in wanted})
    _deadlines(desk, row, {one.what: one for one in due})


def recompute(desk: Desk) -> None:
    """Work out anew every date that runs in the authority: which days are off has changed."""
    running = select(case.c.id).where(
        case.c.authority == desk.authority,
        case.c.closed_at.is_(None),
        case.c.id.in_(
            select(deadline.c.case).where(deadline.c.authority == desk.authority, deadline.c.met_at.is_(None))
        ),
    )
    for case_id in list(desk.run(running.order_by(case.c.id)).scalars()):
        row = cases.row_of(desk, case_id, lock=True)
        renew(desk, row, performing.machine_of(desk, row))


def _declared(desk: Desk) -> tuple[date, ...]:
    """Days that the live definitions declare off. A day off is so for work that began under older ones too."""
    return tuple(date.fromisoformat(day) for day, _ in desk.stack.manifest.holidays)


def put_task(
    desk: Desk,
    row: Any,
    *,
    kind: str,
    what: str | None,
    label: str,
    role: str | None = None,
    person: str | None = None,
    form: str | None = None,
    draft: str | None = None,
    due: date | None = None,
) -> str:
    made = ids.new()
    about = {"record": row.record, "case": row.id, "kind": kind, "what": what, "label": label}
    whose = {"role": role, "person": person, "form": form, "submission": draft, "due": due}
    when = {"authority": desk.authority, "id": made, "made_at": desk.now}
    desk.run(task.insert(), {**when, **about, **whose})
    return made


def _what(row: Any, one: OpenTask) -> str:
    return one.id if one.form else f"{row.state}.{one.id}"


def _tasks(desk: Desk, row: Any, wanted: dict[str, OpenTask]) -> None:
    mine = (task.c.authority == desk.authority) & (task.c.case == row.id)
    present = desk.rows(select(task).where(mine, task.c.kind.in_(["rule", "form"])))
    still = {one.what for one in present if one.done_at is None}
    # A declared task that somebody has done stays done until the state is entered again.
    done_here = {one.what for one in present if one.kind == "rule" and one.made_at >= row.entered}
    ended = []
    for one in present:
        if one.done_at is not None:
            continue
        opened = (one.what or "").startswith("opened.")
        if opened and row.closed_at is None and not _handed_in(desk, one.submission):
            continue
        if one.what not in wanted:
            ended.append(one.id)
        elif one.due != wanted[one.what].due:
            desk.run(update(task).where(mine, task.c.id == one.id).values(due=wanted[one.what].due))
    if ended:
        over = update(task).where(mine, task.c.id.in_(ended)).values(done_at=desk.now)
        # What a state asked for and nobody did is over, and done by nobody; a form's task ends as the form goes in.
        desk.run(over.where(task.c.kind == "rule"))
        desk.run(over.where(task.c.kind == "form").values(done_by=desk.person))
    for what, new in wanted.items():
        if what in still or (what in done_here and not new.form):
            continue
        kind = "form" if new.form else "rule"
        put_task(desk, row, kind=kind, what=what, label=new.label, role=new.role, form=new.form, due=new.due)


def _handed_in(desk: Desk, submission_id: str | None) -> bool:
    here = (submission.c.authority == desk.authority) & (submission.c.id == submission_id)
    state = desk.run(select(submission.c.state).where(here)).scalar()
    return state is not None and state != "draft"


def _deadlines(desk: Desk, row: Any, wanted: dict[str, Due]) -> None:
    mine = (deadline.c.authority == desk.authority) & (deadline.c.case == row.id)
    running = desk.rows(select(deadline).where(mine, deadline.c.met_at.is_(None)))
    for one in running:
        due = wanted.get(one.what)
        # A state that was left and entered again is a new event, with a deadline of its own.
        if due is None or one.made_at < row.entered:
            desk.run(update(deadline).where(mine, deadline.c.id == one.id).values(met_at=desk.now))
        elif (one.due, one.because) != (due.on, due.because):
            changed: dict[str, Any] = {"due": due.on, "because": due.because, "rule": _rule(due)}
            if one.due != due.on:
                audit.changed(desk, row.record, "deadline.moved", item=one.id, what=one.what, case=row.id)
                # What a deadline asked for when it passed is asked for again only if it can pass again.
                changed["passed_at"] = None if due.on >= desk.today else one.passed_at
            desk.run(update(deadline).where(mine, deadline.c.id == one.id).values(**changed))
    kept = {one.what for one in running if one.what in wanted and one.made_at >= row.entered}
    for what, due in wanted.items():
        if what in kept:
            continue
        desk.run(
            deadline.insert(),
            {
                "authority": desk.authority,
                "id": ids.new(),
                "case": row.id,
                "what": what,
                "due": due.on,
                "rule": _rule(due),
                "because": due.because,
                "made_at": desk.now,
            },
        )


def _rule(due: Due) -> dict[str, Any]:
    """The rule and all that went into its date, so that it can be explained and worked out again."""
    rule = {
        "amount": due.rule.amount,
        "unit": due.rule.unit,
        "from": due.rule.start,
        "calendar": due.rule.calendar,
    }
    if due.reckoned is None:
        return rule
    found = due.reckoned
    return {
        **rule,
        "start": found.start.isoformat(),
        "counted_from": found.counted_from.isoformat(),
        "nation": found.nation,
        "holidays": [[day.isoformat(), name] for day, name in found.holidays],
        "pauses": [[one.start.isoformat(), one.end.isoformat()] for one in found.pauses],
        "paused_days": found.paused_days,
    }
