"""Taking back: a form that was handed in, or a case, by whoever sent it, until somebody has decided.

Nothing is deleted: the history says who took what back and why. Must not know how decisions are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update

from engine.casework import (
    access,
    answering,
    audit,
    awaiting,
    cases,
    ids,
    moving,
    pausing,
    performing,
    projecting,
    records,
    schedule,
    stacks,
    submissions,
    texts,
    together,
)
from engine.casework.errors import CaseworkError, NotPermitted, Refused
from engine.casework.store import Desk
from engine.casework.tables import case, case_step, submission
from engine.language.saying import say
from engine.workflow import Refusal

WITHDRAWN = "@withdrawn"
"""How a step of a case says that it was taken back: no transition's id begins so."""


def may_take_back_form(desk: Desk, submission_id: str) -> bool:
    """Whether this person handed it in and nobody has decided on it."""
    row = answering.row_of(desk, submission_id)
    return _mine_to_take_back(desk, row) and _case_open(desk, row)


def form(desk: Desk, submission_id: str, reason: str) -> str | None:
    """Take back a form that one handed in. Returns the draft in which it goes on, if it can.

    What it said stays to be read; a draft with its answers is opened for whoever took it back, and conditions do not
    read it any more. Raises NotFound, NotPermitted, Refused once it was decided on.
    """
    beforehand = answering.seen(desk, submission_id)
    if beforehand.case is not None:
        cases.row_of(desk, beforehand.case, lock=True)
    row = answering.row_of(desk, submission_id, lock=True)
    if row.state == "submitted" and row.submitted_by != desk.person:
        raise NotPermitted("withdraw", "Only whoever sent this can take it back. A decision can return it.")
    if not _mine_to_take_back(desk, row) or not _case_open(desk, row):
        raise Refused([Refusal("state", say("This has been decided on, so it can no longer be taken back."))])
    why = _why(reason)
    mine = (submission.c.authority == desk.authority) & (submission.c.id == row.id)
    desk.run(update(submission).where(mine).values(state="withdrawn", reason=why))
    projecting.take_out(desk, row.form, stacks.pinned(desk, row.stack), [row.id])
    together.trace(desk, row, "submission.withdrawn", case=row.case)
    if row.case is None:
        return _own_draft(desk, row)
    performing.open_form(desk, cases.row_of(desk, row.case), row.form, None)
    cases.settle(desk, row.case)
    return desk.run(
        select(submission.c.id).where(
            submission.c.authority == desk.authority,
            submission.c.case == row.case,
            submission.c.form == row.form,
            submission.c.state == "draft",
        )
    ).scalar()


def _own_draft(desk: Desk, row: Any) -> str | None:
    """The draft in which a form outside a case goes on; none on a record that is closed."""
    about = records.row_of(desk, row.record)
    there = answering.draft_of(desk, row.form, row.record, None)
    if there is not None or about.closed_at is not None:
        return there
    pack = stacks.pinned(desk, row.stack)
    return submissions.begin(desk, row.form, about, None, pack, corrects=row.id)


def may_take_back_case(desk: Desk, case_id: str) -> bool:
    """Whether this person began the case and nobody else has decided anything in it."""
    return not list(_against(desk, cases.row_of(desk, case_id)))


def a_case(desk: Desk, case_id: str, reason: str, *, revision: int) -> None:
    """Take back a case that one began: it ends where it stands. Raises NotFound, Refused once somebody has decided."""
    row = cases.row_of(desk, case_id, lock=True)
    access.require(desk, "view", row.record, state=row.state)
    against = list(_against(desk, row))
    if row.revision != revision:
        against.append(
            Refusal("revision", say("The case has changed since you opened it. Look at where it stands now."))
        )
    if against:
        raise Refused(against)
    why = _why(reason)
    here = (case.c.authority == desk.authority) & (case.c.id == row.id)
    ended = {"closed_at": desk.now, "withdrawn_at": desk.now, "revision": row.revision + 1}
    desk.run(update(case).where(here).values(**ended))
    step = {"transition": WITHDRAWN, "came_from": row.state, "to": row.state, "reason": why}
    who = {"case": row.id, "number": moving.next_number(desk, row.id), "person": desk.person, "at": desk.now}
    desk.run(case_step.insert(), {"authority": desk.authority, "id": ids.new(), **step, **who})
    audit.changed(desk, row.record, "case.withdrawn", item=row.id, stands=row.state, reasoned=True)
    desk.forget_grants()
    awaiting.leave(desk, row.id)
    pausing.end(desk, row)
    schedule.renew(desk, moving.reread(desk, row.id), performing.machine_of(desk, row))
    awaiting.wake(desk, row.id)


def _mine_to_take_back(desk: Desk, row: Any) -> bool:
    return row.state == "submitted" and row.submitted_by is not None and row.submitted_by == desk.person


def _case_open(desk: Desk, row: Any) -> bool:
    return row.case is None or cases.row_of(desk, row.case).closed_at is None


def _against(desk: Desk, row: Any) -> Iterator[Refusal]:
    if row.closed_at is not None:
        yield Refusal("state", say("This case is closed."))
        return
    if row.started_by is None or row.started_by != desk.person:
        yield Refusal("role", say("Only whoever began a case can take it back."))
        return
    step = (case_step.c.authority == desk.authority) & (case_step.c.case == row.id)
    by_others = select(case_step.c.id).where(
        step, case_step.c.person.is_not(None), case_step.c.person != desk.person
    )
    mine = (submission.c.authority == desk.authority) & (submission.c.case == row.id)
    decided = select(submission.c.id).where(mine, submission.c.decided_at.is_not(None))
    if desk.run(by_others).first() is not None or desk.run(decided).first() is not None:
        yield Refusal("state", say("Somebody has decided in this case, so it can no longer be taken back."))


def _why(reason: str) -> str:
    why = texts.line(reason)
    if not why:
        raise CaseworkError("Say why you take it back.")
    return why
