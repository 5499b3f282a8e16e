"""Telling people: a line on their own page, and an outbox row for whatever carries it outside.

Neither holds what anybody wrote, nor whom it is about but by id: that is read where access is asked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.casework import allocations, ids, outbox, stacks
from engine.casework.store import Desk
from engine.casework.tables import case, notification


def to_role(desk: Desk, row: Any, role: str, message: str | None) -> None:
    """Tell whoever holds the role on this case; where nobody does, everybody with the role who may see it."""
    holders = allocations.holders(desk, row, role)
    words = message or _where_it_stands(desk, row)
    for person in holders:
        to_person(desk, row, person, words)
    if not holders:
        _put(desk, row, words, role=role)


def _where_it_stands(desk: Desk, row: Any) -> str:
    """What is said where a definition gives no words: the workflow and where the case stands now. Names nobody."""
    workflow = stacks.pinned(desk, row.stack).stack.workflows.get(row.workflow)
    here = (case.c.authority == desk.authority) & (case.c.id == row.id)
    state = workflow.state(desk.run(select(case.c.state).where(here)).scalar_one()) if workflow else None
    if workflow is None or state is None:
        return "Something has happened that you should know of."
    return f"{workflow.title}: {state.title}"


def to_person(desk: Desk, row: Any, person: str, message: str) -> None:
    _put(desk, row, message, person=person)


def to_one(desk: Desk, person: str, message: str) -> None:
    """Tell one person something about their own work that is about no single record. The message names no record."""
    made = ids.new()
    about = {"record": None, "case": None, "message": message, "at": desk.now, "role": None, "person": person}
    desk.run(notification.insert(), {"authority": desk.authority, "id": made, **about})
    outbox.put(desk, "notice", f"notice:{made}", {"notification": made, "role": None, "person": person})


def _put(desk: Desk, row: Any, message: str, *, role: str | None = None, person: str | None = None) -> None:
    made = ids.new()
    about = {"record": row.record, "case": row.id, "message": message, "at": desk.now}
    whose = {"role": role, "person": person}
    desk.run(notification.insert(), {"authority": desk.authority, "id": made, **about, **whose})
    outbox.put(desk, "notice", f"notice:{made}", {"notification": made, **whose})
