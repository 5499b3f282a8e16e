"""Tasks and notifications: what somebody must do or know now, on records they may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, update

from engine.casework import (
    access,
    allocations,
    audit,
    ids,
    notices,
    once,
    reach,
    records,
    standing,
    texts,
    told,
)
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, NotFound, NotPermitted
from engine.casework.store import Desk
from engine.casework.tables import allocation, record, task
from engine.casework.values import Notification, Task


def mine(desk: Desk, *, limit: int = 200) -> list[Task]:
    """Open tasks for me, a role of mine, or anyone who holds the case as I do; soonest due first."""
    wanted = _open(desk).where(_for_me(desk)).order_by(task.c.due.is_(None), task.c.due, task.c.made_at)
    found = desk.rows(wanted.limit(limit))
    for row in found:
        audit.viewed(desk, row.record, "record.listed")
    return [_task(row) for row in found]


def of_case(desk: Desk, case_id: str) -> list[Task]:
    """Open tasks of a case, whoever they are for, as far as this person may read what they say."""
    row = cases_.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    wanted = (
        _open(desk)
        .where(task.c.case == row.id, task.c.kind != "query")
        .order_by(task.c.due.is_(None), task.c.due, task.c.made_at)
    )
    return [_task(one) for one in desk.rows(wanted) if _told(desk, one)]


def add(
    desk: Desk,
    record_id: str,
    label: str,
    *,
    case: str | None = None,
    person: str | None = None,
    role: str | None = None,
    due: date | None = None,
    key: str | None = None,
) -> Task:
    """Ask somebody to do something. Without person or role it is for whoever adds it."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "submit", record_id)
    if (done := once.before(desk, key, "task")) is not None:
        return get(desk, done)
    if not texts.line(label):
        raise CaseworkError("Say what is to be done.")
    row = cases_.row_of(desk, case) if case else None
    if row is not None and row.record != record_id:
        raise NotFound("case")
    if person is not None and person not in records.people_there(desk, [person]):
        raise NotFound("person")
    if role is not None and role not in desk.stack.access.roles:
        raise CaseworkError("Choose a role that the definitions have.")
    if row is not None and row.closed_at is not None:
        raise CaseworkError("This case is closed. A task can be added to the record instead.")
    if person is None and role is None:
        person = desk.person
    made = ids.new()
    desk.run(
        task.insert(),
        {
            "authority": desk.authority,
            "id": made,
            "record": record_id,
            "case": row.id if row else None,
            "kind": "own",
            "label": texts.line(label),
            "role": role,
            "person": person,
            "due": due,
            "made_at": desk.now,
            "made_by": desk.person,
        },
    )
    notices.of(desk, "task", record_id, row.id if row else None, person=person, role=role)
    audit.changed(desk, record_id, "task.added", item=made, to=person, role=role)
    once.after(desk, key, "task", made)
    return _task(desk.rows(_open(desk).where(task.c.id == made))[0])


def done(desk: Desk, task_id: str) -> None:
    """Mark a task done. A form's task is done by handing the form in."""
    row = _mine_to_end(desk, task_id)
    if row.kind == "form":
        raise CaseworkError("This is done by completing the form.")
    if row.kind == "query":
        raise CaseworkError("This is done by answering the question.")
    _end(desk, row, "task.done")


def withdraw(desk: Desk, task_id: str, reason: str) -> None:
    """Take back a task that somebody added, saying why; it stays to be read in the history."""
    row = _mine_to_end(desk, task_id)
    if row.kind != "own":
        raise CaseworkError("This task belongs to the way of the case. It can be done, not taken back.")
    why = texts.line(reason)
    if not why:
        raise CaseworkError("Say why this need not be done.")
    _end(desk, row, "task.withdrawn", why_withdrawn=why)


def ended(desk: Desk, case_id: str) -> list[Task]:
    """Tasks of a case that are done, taken back or no longer needed, the newest first; forms tell their own."""
    row = cases_.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    whole = access.grants(desk, row.record).whole
    wanted = _of_visible(desk).where(
        task.c.case == row.id, task.c.kind.not_in(("form", "query")), task.c.done_at.is_not(None)
    )
    rows = desk.rows(wanted.order_by(task.c.done_at.desc(), task.c.id))
    found = [_task(one) for one in rows if _told(desk, one)]
    return found if whole else [replace(one, why_withdrawn=None) for one in found]


def of_record(desk: Desk, record_id: str) -> list[Task]:
    """All tasks about a record, open and ended, but those that forms tell of; as far as this person may read them."""
    record_id = access.known_record(desk, record_id)
    whole = access.grants(desk, record_id).whole

    def made() -> Select[Any]:
        about = task.c.record == bindparam("about", type_=task.c.record.type)
        wanted: Select[Any] = _of_visible(desk).where(about, task.c.kind != "form")
        return wanted.order_by(task.c.made_at, task.c.id)

    rows = desk.rows(standing.made_once(desk, ("tasks of a record",), made), {"about": record_id})
    found = [_task(one) for one in rows if _told(desk, one)]
    return found if whole else [replace(one, why_withdrawn=None) for one in found]


def get(desk: Desk, task_id: str) -> Task:
    """One task that is still to be done. Raises NotFound."""
    found = desk.rows(_open(desk).where(task.c.id == ids.known(task_id, "task")))
    if not found or not _told(desk, found[0]):
        raise NotFound("task")
    return _task(found[0])


def of_query(desk: Desk, row: Any, label: str, *, person: str | None, due: date | None) -> None:
    """The task that a query is for whoever has to do something about it now: none named is whoever works on it."""
    about = {"record": row.record, "case": row.case, "kind": "query", "what": row.id, "label": label}
    who = {"person": person, "role": None, "due": due, "made_by": desk.person, "made_at": desk.now}
    desk.run(task.insert(), {"authority": desk.authority, "id": ids.new(), **about, **who})
    kind = "answered" if person is not None and person == row.asked_by else "asked"
    for one in [person] if person else allocations.people_of(desk, row.record, row.case):
        notices.of(desk, kind, row.record, row.case, person=one)


def end_of_query(desk: Desk, row: Any) -> None:
    """Nobody has to do anything about a query now, or somebody else has."""
    mine = (task.c.authority == desk.authority) & (task.c.record == row.record)
    these = mine & (task.c.kind == "query") & (task.c.what == row.id) & task.c.done_at.is_(None)
    desk.run(update(task).where(these).values(done_at=desk.now, done_by=desk.person))


def _told(desk: Desk, row: Any) -> bool:
    """Whether this person may read what a task says. What people write is a note in all but name: for those who see
    the record itself, for whoever wrote it, and for whom it is. What is asked in a query `queries` tells."""
    mine = desk.person in (row.person, row.made_by) or row.role in desk.roles
    if row.kind == "query":
        return mine
    return row.kind != "own" or mine or access.grants(desk, row.record).whole


def _mine_to_end(desk: Desk, task_id: str) -> Any:
    this = (task.c.authority == desk.authority) & (task.c.id == ids.known(task_id, "task"))
    row = desk.run(select(task).where(this)).first()
    if row is None:
        raise NotFound("task")
    access.require(desk, "view", row.record)
    if not _told(desk, row):
        raise NotFound("task")
    mine = desk.person in (row.person, row.made_by) or row.role in desk.roles or desk.system
    if not mine and not access.may(desk, "submit", row.record):
        raise NotPermitted("task")
    return row


def _end(desk: Desk, row: Any, action: str, **how: str) -> None:
    this = (task.c.authority == desk.authority) & (task.c.id == row.id)
    ended_now = {"done_at": desk.now, "done_by": desk.person, **how}
    if desk.run(update(task).where(this, task.c.done_at.is_(None)).values(**ended_now)).rowcount:
        audit.changed(desk, row.record, action, item=row.id, case=row.case)


def notifications(desk: Desk, *, unread: bool = True, limit: int = 100) -> list[Notification]:
    """What I or a role of mine should know, about records I may see; newest first."""
    return told.newest(desk, unread=unread, limit=limit)


read = told.read


def _open(desk: Desk) -> Any:
    """Open tasks on records this person may see."""
    return _of_visible(desk).where(task.c.done_at.is_(None))


def _of_visible(desk: Desk) -> Any:
    """Tasks on records this person may see. The join is with the record, so the filter is access's own."""
    return (
        select(task, record.c.name.label("record_name"))
        .join(record, and_(record.c.authority == task.c.authority, record.c.id == task.c.record))
        .where(
            task.c.authority == (desk.authority if desk.system else reach.VIEWER.authority),
            access.visible(desk),
        )
    )


def _for_me(desk: Desk) -> ColumnElement[bool]:
    held = allocation.alias()
    holds = exists().where(
        held.c.record == task.c.record,
        or_(held.c.case.is_(None), held.c.case == task.c.case),
        reach.in_force(reach.viewer(desk), held),
        or_(held.c.person == desk.person, held.c.team.in_(sorted(desk.teams))),
    )
    nobodys = and_(task.c.person.is_(None), task.c.role.is_(None))
    return or_(
        task.c.person == desk.person,
        and_(task.c.person.is_(None), task.c.role.in_(sorted(desk.roles))),
        and_(nobodys, holds),
    )


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        kind=row.kind,
        label=row.label,
        role=row.role,
        person=row.person,
        record=row.record,
        record_name=row.record_name,
        case=row.case,
        form=row.form,
        submission=row.submission,
        due=row.due,
        done_at=row.done_at,
        what=row.what,
        made_by=row.made_by,
        why_withdrawn=row.why_withdrawn,
        lapsed=row.kind == "rule" and row.done_at is not None and row.done_by is None,
    )
