"""What I asked for or handed in that others have now: with whom it is, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from engine.casework import access, allocations, audit, hands, narrowing, reach, standing
from engine.casework.store import Desk
from engine.casework.tables import case, person_role, record, submission, task
from engine.casework.whose import Asked, Whose

MOST = 20


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that others have. `kind`: form (handed in and not decided) or task; `people` have it by name, else
    everybody in one of `roles`."""

    kind: str
    id: str
    record: str
    record_name: str
    case: str | None
    workflow: str | None
    state: str | None
    stack: str | None
    form: str | None
    label: str
    people: tuple[str, ...]
    roles: tuple[str, ...]
    since: datetime


def awaited(desk: Desk, *, most: int = MOST) -> tuple[list[Awaited], int]:
    """What others have of me, the longest waiting first: at most so many, and how many there are."""
    mine = Whose(desk, Asked(people=(desk.person,) if desk.person else (), pool=True))
    wanted = standing.made_once(desk, ("awaited", mine.shape, most), lambda: _lines(desk, mine, most))
    rows = desk.rows(wanted, mine.values)
    for row in rows:
        audit.viewed(desk, row.record, "record.listed")
    return _told(desk, mine, rows), rows[0].in_all if rows else 0


def _lines(desk: Desk, mine: Whose, most: int) -> Select[Any]:
    every = union_all(_forms(desk, mine), _tasks(desk, mine)).subquery()
    return select(every, func.count().over().label("in_all")).order_by(every.c.since, every.c.id).limit(most)


def _columns(kind: str, since: Any, table: Any) -> Select[Any]:
    return (
        select(
            literal(kind).label("kind"),
            table.c.id.label("id"),
            table.c.record.label("record"),
            table.c.case.label("case"),
            table.c.form.label("form"),
            since.label("since"),
        )
        .join(record, and_(record.c.authority == table.c.authority, record.c.id == table.c.record))
        .outerjoin(case, and_(case.c.authority == table.c.authority, case.c.id == table.c.case))
    )


def _forms(desk: Desk, mine: Whose) -> Select[Any]:
    """Forms of mine by which an open case came to where it stands, where I cannot move it on myself."""
    asked, newer = task.alias(), submission.alias()
    to_do = exists().where(
        asked.c.authority == case.c.authority,
        asked.c.case == case.c.id,
        asked.c.done_at.is_(None),
        mine.tasks(asked, case),
    )
    stands = tuple_(case.c.stack, case.c.workflow, case.c.state)
    my_places = [one for there in hands.moved_by(mine.stands, desk.roles).values() for one in there]
    later = exists().where(
        newer.c.authority == submission.c.authority,
        newer.c.case == submission.c.case,
        newer.c.submitted_by == reach.VIEWER.person,
        newer.c.state == "submitted",
        or_(
            newer.c.submitted_at > submission.c.submitted_at,
            and_(newer.c.submitted_at == submission.c.submitted_at, newer.c.id > submission.c.id),
        ),
    )
    return _columns("form", submission.c.submitted_at, submission).where(
        submission.c.authority == reach.VIEWER.authority,
        submission.c.submitted_by == reach.VIEWER.person,
        submission.c.state == "submitted",
        case.c.closed_at.is_(None),
        submission.c.submitted_at >= case.c.entered,
        narrowing.forms(desk),
        ~to_do,
        ~later,
        ~and_(stands.in_(my_places), narrowing.cases(desk, "decide")) if my_places else ~false(),
    )


def _tasks(desk: Desk, mine: Whose) -> Select[Any]:
    return _columns("task", task.c.made_at, task).where(
        task.c.authority == reach.VIEWER.authority,
        task.c.made_by == reach.VIEWER.person,
        task.c.kind == "own",
        task.c.done_at.is_(None),
        access.visible(desk),
        ~mine.tasks(task, case),
    )


def _told(desk: Desk, mine: Whose, rows: Sequence[Any]) -> list[Awaited]:
    by_case = desk.by_id(case, [row.case for row in rows if row.case])
    names = desk.by_id(record, [row.record for row in rows])
    tasks = desk.by_id(task, [row.id for row in rows if row.kind == "task"])
    held = allocations.of_cases(desk, list(by_case.values()))
    stands = {one.place: one for one in mine.stands}
    having = _roles_of(desk, [one.person for holders in held.values() for one in holders if one.person])
    found = []
    for row in rows:
        within = by_case.get(row.case)
        one, people = tasks.get(row.id), tuple[str, ...]()
        stand = stands.get((within.stack, within.workflow, within.state)) if within else None
        if one is not None:
            roles = frozenset((one.role,)) if one.role else frozenset()
            people = (one.person,) if one.person else people
        else:
            by_form = [whose for _, whose in stand.forms if whose] if stand else []
            roles = frozenset().union(*by_form) or (stand.movers if stand else frozenset())
            holders = [who.person for who in held.get(row.case, ()) if who.person]
            people = tuple(who for who in dict.fromkeys(holders) if having.get(who, frozenset()) & roles)
        found.append(
            Awaited(
                row.kind, row.id, row.record, names[row.record].name, row.case,
                within.workflow if within else None, within.state if within else None,
                within.stack if within else None, row.form, one.label if one else "",
                people, tuple(sorted(roles)), row.since,
            )
        )  # fmt: skip
    return found


def _roles_of(desk: Desk, people: Sequence[str]) -> dict[str, frozenset[str]]:
    if not people:
        return {}
    held = person_role.c
    wanted = select(held.person, held.role).where(
        held.authority == desk.authority, held.person.in_(sorted(set(people)))
    )
    found: dict[str, frozenset[str]] = {}
    for row in desk.rows(wanted):
        found[row.person] = found.get(row.person, frozenset()) | {row.role}
    return found
