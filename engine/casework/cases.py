"""Cases: a workflow running on a record, pinned to the definitions it began under.

What may happen is decided by the workflow's machine; what comes of it is performed here with its trace, in the
same transaction, by `performing`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, tuple_

from engine import packs
from engine.casework import (
    access,
    allocations,
    audit,
    carrying,
    facts,
    ids,
    moving,
    notices,
    once,
    performing,
    reach,
    records,
    stacks,
    texts,
)
from engine.casework.errors import CaseworkError, NotFound, NotPermitted, Refused
from engine.casework.store import Desk
from engine.casework.tables import allocation, case, case_step, record, submission
from engine.casework.values import Case, Step
from engine.language.model import Workflow
from engine.language.saying import say
from engine.workflow import Choice, Machine, Refusal


def startable(desk: Desk, record_id: str) -> list[Workflow]:
    """Workflows that this person may begin on the record now."""
    record_id = access.known_record(desk, record_id)
    row = records.row_of(desk, record_id)
    if row.closed_at is not None or not access.may(desk, "submit", record_id):
        return []
    return [one for one in desk.stack.workflows.values() if row.type in one.about and _may_start(desk, one)]


def start(desk: Desk, workflow: str, *, record: str, key: str | None = None) -> Case:
    """Begin a case by hand, pinned to the live stack; whoever begins it holds it. Raises NotFound, NotPermitted."""
    done = once.before(desk, key, "case")
    if done is not None:
        return get(desk, done)
    record_id = access.known_record(desk, record)
    declared = desk.stack.workflows.get(workflow)
    if declared is None:
        raise NotFound("workflow")
    row = records.row_of(desk, record_id)
    if row.closed_at is not None:
        raise CaseworkError("This record is closed. Open it again before something new is begun about it.")
    if declared not in startable(desk, record_id):
        raise NotPermitted("start")
    made = performing.start_case(desk, workflow, row, stacks.live(desk))
    if desk.person is not None and declared.start is not None:
        role = next((one for one in declared.start.by if one in desk.roles), None)
        allocations.add(desk, row_of(desk, made), person=desk.person, role=role)
    once.after(desk, key, "case", made)
    return _case(desk, row_of(desk, made))


def get(desk: Desk, case_id: str) -> Case:
    """One case. The look is written to the audit. Raises NotFound."""
    row = seen(desk, case_id)
    return _case(desk, row)


def of_record(desk: Desk, record_id: str) -> list[Case]:
    """Cases on a record that this person may see, newest first."""
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    rows = desk.about(_OF_RECORD, record_id)
    return shown(desk, [row for row in rows if found.may("view", state=row.state)])


_OF_RECORD = (
    select(case)
    .where(case.c.authority == bindparam("of"), case.c.record == bindparam("about"))
    .order_by(case.c.started.desc(), case.c.id)
)


def open_cases(
    desk: Desk,
    *,
    workflow: str | None = None,
    mine: bool = False,
    standing: Collection[tuple[str, str, str]] | None = None,
    besides: Collection[str] = (),
    limit: int = 200,
) -> list[Case]:
    """Open cases on records this person may see, the longest in their state first; `mine`: only those they hold.

    `standing`: only those at one of these places (stack, workflow, state); `besides`: without these.
    """
    wanted = select(case).join(
        record, and_(record.c.authority == case.c.authority, record.c.id == case.c.record)
    )
    wanted = wanted.where(
        case.c.authority == desk.authority, case.c.closed_at.is_(None), access.visible(desk)
    )
    if workflow is not None:
        wanted = wanted.where(case.c.workflow == workflow)
    if standing is not None:
        stands = tuple_(case.c.stack, case.c.workflow, case.c.state)
        wanted = wanted.where(stands.in_(sorted(standing)), case.c.id.not_in(sorted(besides)))
    if mine:
        held = allocation.alias()
        me = or_(held.c.person == desk.person, held.c.team.in_(sorted(desk.teams)))
        wanted = wanted.where(
            exists().where(
                held.c.record == case.c.record,
                or_(held.c.case.is_(None), held.c.case == case.c.id),
                reach.in_force(reach.viewer(desk), held),
                me,
            )
        )
    rows = desk.rows(wanted.order_by(case.c.entered, case.c.id).limit(limit))
    access.foresee(desk, [row.record for row in rows])
    seen = [row for row in rows if access.grants(desk, row.record).may("view", state=row.state)]
    for row in seen:
        audit.viewed(desk, row.record, "record.listed")
    return shown(desk, seen)


def places(desk: Desk) -> list[tuple[str, str, str]]:
    """Where open cases of the authority stand: stack, workflow and state, each once. Says nothing of any case."""
    here = {"of": desk.authority}
    found = desk.read_once(("places",), (case,), lambda: desk.rows(_PLACES, here))
    return sorted((one.stack, one.workflow, one.state) for one in found)


_PLACES = (
    select(case.c.stack, case.c.workflow, case.c.state)
    .where(case.c.authority == bindparam("of"), case.c.closed_at.is_(None))
    .distinct()
)


def choices(desk: Desk, case_id: str, *, language: str | None = None) -> list[Choice]:
    """What may happen next by hand, each with every reason against; labels in `language`, where the pack has it."""
    row = seen(desk, case_id)
    if row.withdrawn_at is not None:
        return []
    decides = access.may(desk, "decide", row.record, state=row.state)
    workflow = performing.machine_of(desk, row, language)
    found = workflow.choices(
        moving.state_of(row),
        role=_roles(desk, row),
        person=desk.person,
        facts=facts.of_case(desk, row, records.row_of(desk, row.record)),
        now=desk.now,
        submitted_by=facts.submitters(desk, row.id),
    )
    found = [carrying.held_back(desk, row, one, workflow.workflow) for one in found]
    if decides:
        return found
    refusal = Refusal("role", say("You may see this case, but decisions on it are not yours to make."))
    return [replace(one, allowed=False, refusals=(refusal, *one.refusals)) for one in found]


def fire(
    desk: Desk,
    case_id: str,
    transition: str,
    *,
    revision: int,
    reason: str | None = None,
    key: str | None = None,
) -> Case:
    """Fire a transition and perform its effects, in this transaction.

    Raises Refused with every reason, NotFound. The same `key` again gives the case as it stands, moved once.
    """
    done = once.before(desk, key, "fire")
    row = row_of(desk, case_id, lock=True)
    if done is not None:
        if done != row.id:
            raise CaseworkError("This page was sent twice for two different things. Open it again.")
        return _case(desk, row)
    found = access.grants(desk, row.record)
    if not found.may("view", state=row.state):
        audit.refused(desk, "view", row.record)
        raise NotFound("case")
    if not found.may("decide", state=row.state):
        audit.refused(desk, "decide", row.record)
        raise Refused(
            [Refusal("role", say("You may see this case, but decisions on it are not yours to make."))]
        )
    if row.withdrawn_at is not None:
        raise Refused([Refusal("state", say("This case was taken back by whoever began it. Begin another."))])
    record_row = records.row_of(desk, row.record)
    roles = _roles(desk, row)
    outcome = performing.machine_of(desk, row).fire(
        moving.state_of(row),
        transition,
        role=roles,
        person=desk.person,
        reason=texts.line(reason) or None,
        revision=revision,
        facts=facts.of_case(desk, row, record_row),
        now=desk.now,
        submitted_by=facts.submitters(desk, row.id),
    )
    if outcome.refused:
        raise Refused(outcome.refused)
    moving.move(desk, row, outcome, roles=roles, reason=texts.line(reason) or None)
    once.after(desk, key, "fire", row.id)
    return _case(desk, row_of(desk, row.id))


def settle(desk: Desk, case_id: str) -> None:
    """After something that guards read has changed: automatic transitions, tasks and deadlines."""
    performing.settle(desk, row_of(desk, case_id, lock=True))


def assign(
    desk: Desk, case_id: str, *, person: str | None = None, team: str | None = None, role: str | None = None
) -> None:
    """Allocate a person or a team to a case, and so to its record while the case is open.

    Naming a role ends what somebody else held it by. Raises NotFound, NotPermitted.
    """
    # Locked, so that two who name somebody in one role at once leave one who holds it.
    row = row_of(desk, case_id, lock=True)
    access.require(desk, "decide", row.record, state=row.state)
    if (person is None) == (team is None):
        raise CaseworkError("Name either a person or a team.")
    if role is not None and role not in desk.stack.access.roles:
        raise CaseworkError("Choose a role that the definitions have.")
    allocations.add(desk, row, person=person, team=team, role=role)
    if person is not None:
        notices.of(desk, "assigned", row.record, row.id, person=person)


def unassign(desk: Desk, allocation_id: str) -> None:
    """End an allocation from now on."""
    held = allocations.row_of(desk, allocation_id)
    state = row_of(desk, held.case).state if held.case else None
    access.require(desk, "decide", held.record, state=state)
    allocations.end(desk, held)


def history(desk: Desk, case_id: str) -> list[Step]:
    """Each step of a case, oldest first; the reasons written for them only to those who see the record itself."""
    row = seen(desk, case_id)
    whole = access.grants(desk, row.record).whole
    here = (case_step.c.authority == desk.authority) & (case_step.c.case == row.id)
    found = desk.rows(select(case_step).where(here).order_by(case_step.c.number))
    return [
        Step(
            one.number,
            one.transition,
            one.came_from,
            one.to,
            one.person,
            one.role,
            one.reason if whole else None,
            one.at,
        )
        for one in found
    ]


def machine(desk: Desk, case_id: str) -> Machine:
    """The compiled workflow the case is pinned to, for its drawing and titles."""
    return performing.machine_of(desk, seen(desk, case_id))


def pack(desk: Desk, case_id: str) -> packs.Pack:
    """The pack (forms, lists, workflows) the case is pinned to."""
    return stacks.pinned(desk, seen(desk, case_id).stack)


# --- Within casework


def row_of(desk: Desk, case_id: str | None, *, lock: bool = False) -> Any:
    """The case's row, whoever asks. Raises NotFound."""
    found = desk.row(case, _ROW, ids.known(case_id, "case"), lock=lock)
    if found is None:
        raise NotFound("case")
    return found


_ROW = select(case).where(case.c.authority == bindparam("of"), case.c.id == bindparam("of_id"))


def asks_for(desk: Desk, row: Any, form: str) -> bool:
    """Whether a case's present state asks for a form, or somebody was asked for it before."""
    state = performing.machine_of(desk, row).workflow.state(row.state)
    if row.closed_at is not None or state is None:
        return False
    if form in state.forms:
        return True
    here = (submission.c.authority == desk.authority) & (submission.c.case == row.id)
    returned = select(submission.c.id).where(
        here, submission.c.form == form, submission.c.state.in_(("returned", "withdrawn"))
    )
    return desk.run(returned).first() is not None


def seen(desk: Desk, case_id: str) -> Any:
    """The row of a case that this person may see; the look is written to the audit. Raises NotFound."""
    row = row_of(desk, case_id)
    found = access.grants(desk, row.record)
    if not found.may("view", state=row.state):
        audit.refused(desk, "view", row.record)
        raise NotFound("case")
    audit.viewed(desk, row.record, "case.viewed", item=row.id, glass=found.glass)
    return row


def _roles(desk: Desk, row: Any) -> frozenset[str]:
    """Whose hand is at work. Trefoil itself, loading or testing, acts for any role the workflow names."""
    if not desk.system:
        return desk.roles
    workflow = performing.machine_of(desk, row).workflow
    return frozenset(role for one in workflow.transitions for role in one.by)


def _may_start(desk: Desk, workflow: Workflow) -> bool:
    return workflow.start is not None and (desk.system or bool(desk.roles & set(workflow.start.by)))


def _case(desk: Desk, row: Any) -> Case:
    return shown(desk, [row])[0]


def shown(desk: Desk, rows: Sequence[Any]) -> list[Case]:
    """Rows as cases, whatever belongs to them asked for once for all. Access is the caller's."""
    about = records.rows_of(desk, [row.record for row in rows])
    held = allocations.of_cases(desk, rows)
    return [
        Case(
            id=row.id,
            record=row.record,
            record_type=about[row.record].type,
            record_name=about[row.record].name,
            workflow=row.workflow,
            state=row.state,
            started=row.started,
            entered=row.entered,
            closed_at=row.closed_at,
            revision=row.revision,
            stack=row.stack,
            allocated=tuple(held[row.id]),
            reopened=row.reopened,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    ]
