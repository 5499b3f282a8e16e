"""What can go from one person to another: cases and records they hold, tasks and questions put to them by name, plan
items that name them, drafts that are theirs alone.

Whether the taker may have a thing is not guessed: it is given to them inside a savepoint, access is asked as for them,
and the savepoint is undone. Who may hand over at all is `handing_over`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from engine.casework import access, actions, allocations, narrowing, people, queries, reach
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import action, allocation, query, record, submission, task
from engine.casework.tables import case as cases_


@dataclass(frozen=True, slots=True)
class Portable:
    """One thing that may go. `why` it cannot: decide or edit (whoever hands over may not), role (the taker has not
    the role it is held in), view (the taker may not see it even then)."""

    id: str
    kind: str
    record: str
    record_name: str
    case: str | None = None
    workflow: str | None = None
    state: str | None = None
    stack: str | None = None
    role: str | None = None
    label: str = ""
    form: str | None = None
    why: str = ""


def found(desk: Desk, giver: str, taker: str, only: Collection[str] | None = None) -> list[Portable]:
    """All of it that the person at the desk may see, each with what keeps it from going; `only` these go together.

    What they may not see is not among it, and not counted.
    """
    every = [*_held(desk, giver), *_tasks(desk, giver), *_queries(desk, giver), *_actions(desk, giver)]
    if desk.person == giver:
        every += _drafts(desk, giver)
    wanted = [one for one in every if only is None or one.id in only]
    access.foresee(desk, {one.record for one in wanted})
    beside = Desk(desk.store, desk.connection, desk.authority, taker, desk.now)
    asked = [replace(one, why=_kept(desk, beside, one, giver)) for one in wanted]
    return _as_taker(desk, beside, asked)


def _kept(desk: Desk, taker: Desk, one: Portable, giver: str) -> str:
    may = access.grants(desk, one.record, closed_book=False)
    against = _kept_by(desk, may, one.kind, one.state, giver)
    if against or one.kind == "action" or (one.kind != "allocation" and desk.person == giver):
        return against
    return "role" if one.role and one.kind == "allocation" and one.role not in taker.roles else ""


def may_decide(desk: Desk, item: Any, giver: str) -> bool:
    """Whether this person may decide who has a thing that was handed over, as it stands now."""
    here = (cases_.c.authority == desk.authority) & (cases_.c.id == item.case)
    state = desk.run(select(cases_.c.state).where(here)).scalar() if item.case is not None else None
    may = access.grants(desk, item.record, closed_book=False)
    return not _kept_by(desk, may, item.kind, state, giver)


def _kept_by(desk: Desk, may: access.Grants, kind: str, state: str | None, giver: str) -> str:
    """What keeps the person at the desk from deciding who has a thing of this kind: edit, decide; nothing if none."""
    if kind == "action":
        return "" if may.may("edit") else "edit"
    if kind != "allocation" and desk.person == giver:
        return ""
    return "" if may.may("decide", state=state) else "decide"


def _as_taker(desk: Desk, taker: Desk, asked: list[Portable]) -> list[Portable]:
    """The same, with what the taker could not see if they held what goes with it."""
    events, trying = list(desk.events), desk.connection.begin_nested()
    try:
        for one in asked:
            if one.kind == "allocation" and not one.why:
                allocations.put(desk, one.record, one.case, taker.person or "", one.role)
        access.foresee(taker, {one.record for one in asked})
        to_read = {
            about: {each.id for each in queries.of_record(taker, about)}
            for about in {one.record for one in asked if one.kind == "query" and not one.why}
            if access.may(taker, "view", about)
        }
        return [one if one.why or _sees(taker, one, to_read) else replace(one, why="view") for one in asked]
    finally:
        trying.rollback()
        desk.forget_read()
        desk.events[:] = events
        desk.forget_grants()


def _sees(taker: Desk, one: Portable, to_read: dict[str, set[str]]) -> bool:
    may = access.grants(taker, one.record, closed_book=False)
    if one.kind == "query":
        return one.id in to_read.get(one.record, ())
    if one.kind == "draft":
        return may.may("view", form=one.form) and may.may("submit", form=one.form)
    if one.kind in ("action", "own"):
        return may.whole
    return may.may("view", state=one.state)


# --- Giving it, and having it back


def give(desk: Desk, one: Portable, giver: str, taker: str) -> str | None:
    """Hand one thing on; returns the allocation that was made, if one was. Access is the caller's."""
    match one.kind:
        case "allocation":
            allocations.end(desk, allocations.row_of(desk, one.id))
            return allocations.put(desk, one.record, one.case, taker, one.role)
        case "task" | "own":
            _pass_task(desk, task.c.id == one.id, giver, taker)
        case "query":
            _pass_query(desk, one.id, giver, taker)
        case "action":
            names = people.names(desk, [taker])
            actions.hand_on(desk, one.id, names[taker])
        case "draft":
            if not _pass_draft(desk, one.id, giver, taker):
                raise CaseworkError("A draft was handed in meanwhile. Look at the list again.")
    return None


def bring_back(desk: Desk, item: Any, giver: str, taker: str) -> bool:
    """Give one thing back, if the taker still has it; False where they have not, or it is over."""
    match item.kind:
        case "allocation":
            return _allocation_back(desk, item, giver)
        case "task" | "own":
            return _pass_task(desk, task.c.id == item.thing, taker, giver)
        case "query":
            return _pass_query(desk, item.thing, taker, giver)
        case "action":
            return _action_back(desk, item.thing, giver, taker)
    return _pass_draft(desk, item.thing, taker, giver)


def _allocation_back(desk: Desk, item: Any, giver: str) -> bool:
    was = allocations.row_of(desk, item.thing)
    if was.case is not None:
        here = (cases_.c.authority == desk.authority) & (cases_.c.id == was.case)
        if desk.run(select(cases_.c.closed_at).where(here)).scalar() is not None:
            return False
    if item.made is not None:
        made = allocations.row_of(desk, item.made)
        if made.until is not None and made.until <= desk.now:
            return False
        allocations.end(desk, made)
    allocations.put(desk, was.record, was.case, giver, was.role)
    return True


def _pass_task(desk: Desk, which: Any, now: str, then: str) -> bool:
    mine = and_(task.c.authority == desk.authority, which, task.c.person == now, task.c.done_at.is_(None))
    return bool(desk.run(update(task).where(mine).values(person=then)).rowcount)


def _pass_query(desk: Desk, query_id: str, now: str, then: str) -> bool:
    mine = and_(query.c.authority == desk.authority, query.c.id == query_id, query.c.person == now)
    if not desk.run(update(query).where(mine, query.c.ended_at.is_(None)).values(person=then)).rowcount:
        return False
    _pass_task(desk, and_(task.c.kind == "query", task.c.what == query_id), now, then)
    return True


def _pass_draft(desk: Desk, submission_id: str, now: str, then: str) -> bool:
    mine = and_(
        submission.c.authority == desk.authority,
        submission.c.id == submission_id,
        submission.c.begun_by == now,
        submission.c.state == "draft",
    )
    return bool(desk.run(update(submission).where(mine).values(begun_by=then)).rowcount)


def _action_back(desk: Desk, action_id: str, giver: str, taker: str) -> bool:
    names = people.names(desk, [giver, taker])
    here = (action.c.authority == desk.authority) & (action.c.id == action_id)
    row = desk.run(select(action).where(here)).first()
    if row is None or row.ended_at is not None or row.owner != names[taker]:
        return False
    actions.hand_on(desk, action_id, names[giver])
    return True


# --- What there is


def _held(desk: Desk, giver: str) -> Iterable[Portable]:
    held = allocation
    wanted = _about(held, held.c.role).where(
        held.c.person == giver,
        reach.in_force(reach.viewer(desk), held),
        or_(narrowing.cases(desk), and_(held.c.case.is_(None), access.visible(desk))),
    )
    return _portable(desk, wanted, held, "allocation")


def _tasks(desk: Desk, giver: str) -> Iterable[Portable]:
    mine = desk.person == giver
    told = or_(task.c.kind != "own", task.c.made_by == desk.person, narrowing.whole(desk))
    wanted = _about(task, task.c.role, task.c.label, task.c.kind).where(
        task.c.person == giver, task.c.done_at.is_(None), task.c.kind != "query", access.visible(desk)
    )
    for one, row in _rows(desk, wanted if mine else wanted.where(told), task):
        yield replace(one, kind="own" if row.kind == "own" else "task", label=row.label)


def _queries(desk: Desk, giver: str) -> Iterable[Portable]:
    wanted = _about(query).where(query.c.person == giver, query.c.ended_at.is_(None), narrowing.whole(desk))
    return _portable(desk, wanted, query, "query")


def _actions(desk: Desk, giver: str) -> Iterable[Portable]:
    """Plan items whose owner is written as this person's name is: owners are written down as words."""
    name = people.names(desk, [giver]).get(giver, "")
    wanted = _about(action, action.c.what.label("label")).where(
        func.lower(func.trim(action.c.owner)) == name.strip().lower(),
        action.c.ended_at.is_(None),
        narrowing.whole(desk),
    )
    for one, row in _rows(desk, wanted, action):
        yield replace(one, kind="action", label=row.label)


def _drafts(desk: Desk, giver: str) -> Iterable[Portable]:
    wanted = _about(submission, submission.c.form, submission.c.stack.label("pinned")).where(
        submission.c.begun_by == giver,
        submission.c.state == "draft",
        submission.c.case.is_(None),
        narrowing.forms(desk),
    )
    for one, row in _rows(desk, wanted, submission):
        yield replace(one, kind="draft", form=row.form, stack=row.pinned)


def _about(table: Any, *more: Any) -> Any:
    within = and_(cases_.c.authority == table.c.authority, cases_.c.id == table.c.case)
    return (
        select(
            table.c.id, table.c.record, table.c.case, record.c.name, cases_.c.workflow, cases_.c.state,
            cases_.c.stack, *more,
        )
        .join(record, and_(record.c.authority == table.c.authority, record.c.id == table.c.record))
        .outerjoin(cases_, within)
    )  # fmt: skip


def _rows(desk: Desk, wanted: Any, table: Any) -> Iterable[tuple[Portable, Any]]:
    here = wanted.where(table.c.authority == desk.authority).order_by(record.c.name, table.c.id)
    for row in desk.rows(here):
        yield Portable(row.id, "", row.record, row.name, row.case, row.workflow, row.state, row.stack), row


def _portable(desk: Desk, wanted: Any, table: Any, kind: str) -> Iterable[Portable]:
    for one, row in _rows(desk, wanted, table):
        yield replace(one, kind=kind, role=row.role if kind == "allocation" else None)
