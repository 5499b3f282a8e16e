"""Telling people: a line on their own page, and what `posting` makes of it for their letter box.

Neither holds what anybody wrote, nor whom it is about but by id: that is read where access is asked. Nobody is told of
what they did themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from engine.casework import allocations, ids, stacks
from engine.casework.columns import insert_unless_there
from engine.casework.store import Desk
from engine.casework.tables import case, notification
from engine.language.saying import later

TOLD: Final = "told"
"""What a definition tells, in its own words; every other kind is said by the application, in the reader's language."""
SAID: Final = {
    "returned": later("Something you handed in has come back to you."),
    "task": later("You have been given something to do."),
    "agreed": later("Something was agreed that you are to do."),
    "assigned": later("A case has been given to you."),
    "asked": later("You have been asked a question."),
    "answered": later("Your question has been answered."),
    "near": later("A date is near."),
    "passed": later("A date has passed."),
    "changed": later("Somebody else has written in a form that you were writing in."),
    "gave": later("Your work was handed over."),
    "took": later("Somebody's work was handed over to you."),
    "came_back": later("What somebody held for you has come back to you."),
    "went_back": later("What you held for somebody has gone back."),
}
"""What each other kind says where no more may be told; who and which day it is stand beside it, by id."""
DATES: Final = ("near", "passed")
HANDED: Final = ("gave", "took", "came_back", "went_back")


def to_role(desk: Desk, row: Any, role: str, message: str | None) -> None:
    """Tell whoever holds the role on this case; where nobody does, everybody with the role who may see it."""
    holders = allocations.holders(desk, row, role)
    words = message or _where_it_stands(desk, row)
    for person in holders:
        to_person(desk, row, person, words)
    if not holders:
        _put(desk, row.record, row.id, words, role=role)


def _where_it_stands(desk: Desk, row: Any) -> str:
    """What is said where a definition gives no words: the workflow and where the case stands now. Names nobody."""
    workflow = stacks.pinned(desk, row.stack).stack.workflows.get(row.workflow)
    here = (case.c.authority == desk.authority) & (case.c.id == row.id)
    state = workflow.state(desk.run(select(case.c.state).where(here)).scalar_one()) if workflow else None
    if workflow is None or state is None:
        return "Something has happened that you should know of."
    return f"{workflow.title}: {state.title}"


def to_person(desk: Desk, row: Any, person: str, message: str, *, kind: str = TOLD) -> None:
    """Tell one person about a case."""
    _put(desk, row.record, row.id, message, person=person, kind=kind)


def handed(desk: Desk, kind: str, person: str, handover: str) -> None:
    """Tell one person of a handing over, which is about no single record: whose it is and until when stand there."""
    _put(desk, None, None, SAID[kind], person=person, kind=kind, once=f"{kind}:{handover}:{person}")


def thing_of(kind: str, once: str | None) -> str | None:
    """The id of what a notice tells of: it is told once under a name that holds it."""
    return once.split(":")[1] if once and kind in DATES + HANDED else None


def of(
    desk: Desk,
    kind: str,
    record: str,
    case: str | None = None,
    *,
    person: str | None = None,
    role: str | None = None,
    once: str | None = None,
) -> None:
    """Tell a person, or everybody with a role who may see it, that something of one of the kinds of SAID has happened.

    What is told `once` under a name is not told again under it.
    """
    _put(desk, record, case, SAID[kind], person=person, role=role, kind=kind, once=once)


def to_holders(desk: Desk, kind: str, record: str, case: str | None, *, once: str) -> None:
    """Tell everybody who holds a case, or the record, themselves; each once under this name."""
    for person in allocations.people_of(desk, record, case):
        of(desk, kind, record, case, person=person, once=f"{once}:{person}")


def changed(desk: Desk, row: Any) -> None:
    """Tell whoever wrote in a draft before that somebody else does now; as often as once an hour."""
    if row.revision > 1 and row.changed_by is not None:
        once = f"changed:{row.id}:{row.changed_by}:{hour(desk.now)}"
        of(desk, "changed", row.record, row.case, person=row.changed_by, once=once)


def hour(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H}"


def _put(
    desk: Desk,
    record: str | None,
    case: str | None,
    message: str,
    *,
    role: str | None = None,
    person: str | None = None,
    kind: str = TOLD,
    once: str | None = None,
) -> None:
    if person is not None and person == desk.person:
        return
    about = {"record": record, "case": case, "message": message, "at": desk.now, "kind": kind, "once": once}
    whose = {"role": role, "person": person, "by": desk.person}
    row = {"authority": desk.authority, "id": ids.new(), **about, **whose}
    desk.run(insert_unless_there(notification, desk.connection.dialect.name), row)
