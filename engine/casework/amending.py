"""Amending what was handed in: a new version of it, begun from what it says. Every version stays to be read.

Only while nobody has decided on it, or where the case asks for the form again; what is amended stands until the new
version is handed in. Must not know what changed between two versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from engine.casework import access, answering, facts, listing, records, stacks, submissions, together
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.casework.values import Submission


def may_amend(desk: Desk, submission_id: str) -> bool:
    """Whether this person may begin a new version of it now."""
    row = answering.seen(desk, submission_id)
    return _against(desk, row) is None


def begin(desk: Desk, submission_id: str) -> str:
    """Begin a new version, or go on with the one that is under way; returns its id.

    Raises NotFound, NotPermitted, and CaseworkError where it cannot be amended any more.
    """
    beforehand = answering.seen(desk, submission_id)
    case = cases_.row_of(desk, beforehand.case, lock=True) if beforehand.case is not None else None
    # Locked, so that two who amend it at once write in one draft.
    row = answering.row_of(desk, submission_id, lock=True)
    together.require_write(desk, row)
    there = answering.draft_of(desk, row.form, row.record, row.case)
    if there is not None and answering.row_of(desk, there).corrects == row.id:
        return there
    against = _against(desk, row)
    if against is not None:
        raise CaseworkError(against)
    pack = stacks.pinned(desk, case.stack if case is not None else row.stack)
    return submissions.begin(desk, row.form, records.row_of(desk, row.record), case, pack, corrects=row.id)


def versions(desk: Desk, submission_id: str) -> list[Submission]:
    """All versions that one goes on from and that go on from it, as far as this person may see them, oldest first."""
    row = answering.seen(desk, submission_id)
    wanted = select(submission.c.id, submission.c.corrects).where(
        submission.c.authority == desk.authority,
        submission.c.form == row.form,
        submission.c.case == row.case if row.case is not None else submission.c.case.is_(None),
        or_(submission.c.record == row.record, submission.c.id == row.id),
    )
    before = {one.id: one.corrects for one in desk.rows(wanted)}
    found = _tied(list(before.items()), row.id)
    if len(found) == 1:
        return [answering.shown(desk, row)]
    listed = listing.listed(desk, submission.c.id.in_(sorted(found)))
    return sorted(listed, key=lambda one: (_steps(before, one.id), one.begun_at, one.id))


def _steps(before: Mapping[str, str | None], one: str | None) -> int:
    """How many versions one goes on from."""
    passed: set[str] = set()
    while one is not None and one not in passed:
        passed.add(one)
        one = before.get(one)
    return len(passed)


def _tied(ties: list[tuple[str, str | None]], start: str) -> set[str]:
    """Everything that is tied to `start`, one going on from the other."""
    near: dict[str, set[str]] = {}
    for one, other in ties:
        if other is not None:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    found, waiting = {start}, [start]
    while waiting:
        fresh = near.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found & {one for one, _ in ties} | {start}


def _against(desk: Desk, row: Any) -> str | None:
    """Why it cannot be amended by this person now; nothing if it can."""
    if row.state not in facts.IN_FORCE:
        return "Only what was sent and still stands can be amended."
    if not together.may_write(desk, row, together.records_of(desk, row)):
        return "You may read this form, but writing in it is not yours to do."
    if row.case is None:
        return "The record is closed." if records.row_of(desk, row.record).closed_at is not None else None
    case = cases_.row_of(desk, row.case)
    if case.closed_at is not None:
        return "The case is closed."
    if row.state == "approved" and not cases_.asks_for(desk, case, row.form):
        return "This was approved, and the case does not ask for it again at this step."
    there = answering.draft_of(desk, row.form, row.record, row.case)
    if there is not None and answering.row_of(desk, there).corrects != row.id:
        return "Somebody has begun this form anew already."
    if not access.may(desk, "submit", row.record, form=row.form, state=case.state):
        return "You may read this form, but writing in it is not yours to do."
    return None
