"""How work is spread: open cases by who holds them, counted as they are listed.

One filter makes both the list and each number over it, so that a number always equals its list and neither holds what
the reader may not see. Who may look at other people's work at all is `access.steers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from engine.casework import access, audit, cases, likeness, narrowing, people, reach, standing, urgency, whose
from engine.casework.errors import NotFound, NotPermitted
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import allocation, person, record, submission
from engine.casework.tables import case as cases_
from engine.casework.values import Case

PARTS = ("open", "overdue", "week", "returned")
"""What is counted of each person's open cases: all; overdue; due from today to Sunday; with a form sent back."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open cases. `people` and `teams` are ids of whoever holds them; `nobody`: held by nobody at work;
    `part` is one of PARTS."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    nobody: bool = False
    part: str = "open"
    type: str = ""
    workflow: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of open cases, the soonest due first, with the soonest day of each and how many there are in all."""

    cases: tuple[Case, ...]
    due: Mapping[str, date]
    total: int
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Load:
    """What one person, one team, or nobody holds."""

    person: str | None
    team: str | None
    counts: Mapping[str, int]


def listed(desk: Desk, wanted: Wanted, *, page: int = 1, size: int = 50) -> Listed:
    """Open cases that this person may see, one page of them."""
    page = max(page, 1)
    found = _lines(desk, wanted, page, size)
    if not found and page > 1:
        # There is no such page; any line of the first says how many there are.
        page = _pages(_lines(desk, wanted, 1, 1), size)
        found = _lines(desk, wanted, page, size)
    total = found[0].in_all if found else 0
    for row in found:
        audit.viewed(desk, row.record, "record.listed")
    days = {row.id: row.due for row in found if row.due is not None}
    return Listed(tuple(cases.shown(desk, found)), days, total, page, _pages(found, size))


def _lines(desk: Desk, wanted: Wanted, page: int, size: int) -> list[Any]:
    """One page of rows, each with how many there are on all pages."""

    def made() -> Select[Any]:
        due = urgency.due_of(cases_)
        return (
            _open(desk, wanted)
            .add_columns(cases_, due.label("due"), func.count().over().label("in_all"))
            .order_by(due.is_(None), due, cases_.c.entered, cases_.c.id)
            .limit(size)
            .offset(bindparam("before", type_=Integer()))
        )

    values = {**_values(desk, wanted), "before": (page - 1) * size}
    return desk.rows(_made_once(desk, f"listed {size}", wanted, made), values)


def _pages(rows: Sequence[Any], size: int) -> int:
    return max(1, -(-(rows[0].in_all if rows else 0) // size))


def _made_once(desk: Desk, what: str, wanted: Wanted, make: Callable[[], Select[Any]]) -> Select[Any]:
    """A statement for everybody who wants alike; what is searched for stands in it, so that one is made anew."""
    if wanted.type or wanted.workflow or wanted.words:
        return make()
    shape = bool(wanted.people or wanted.teams), wanted.nobody, wanted.part
    return standing.made_once(desk, ("open cases", what, shape), make)


def _values(desk: Desk, wanted: Wanted) -> dict[str, Any]:
    named = {whose.PEOPLE: list(wanted.people), whose.TEAMS: list(wanted.teams)}
    return {**reach.values(desk), **named, "sunday": urgency.sunday(desk.today)}


def count(desk: Desk, wanted: Wanted) -> int:
    """How many there are on all pages of `listed`."""
    made = _made_once(desk, "count", wanted, lambda: _open(desk, wanted).add_columns(func.count()))
    found: int = desk.run(made, _values(desk, wanted)).scalar_one()
    return found


def by_holder(desk: Desk, team: str) -> list[Load]:
    """What each person of a team holds in their own name, and the team as such. Raises NotPermitted, NotFound."""
    if not access.steers(desk):
        raise NotPermitted("team")
    if team not in {one.id for one in people.teams(desk)}:
        raise NotFound("team")
    members = [one.id for one in people.colleagues(desk) if team in one.teams]
    held = allocation.alias()
    mine = and_(_holds(held), or_(held.c.person.in_(members), held.c.team == team))
    counted = [
        func.count(func.distinct(case((_part(desk, part), cases_.c.id)))).label(part) for part in PARTS
    ]
    rows = desk.rows(
        select(held.c.person, held.c.team, *counted)
        .select_from(_joined())
        .join(held, mine)
        .where(*_seen(desk))
        .group_by(held.c.person, held.c.team),
        _values(desk, Wanted()),
    )
    found = {(row.person, row.team): {part: getattr(row, part) for part in PARTS} for row in rows}
    none = dict.fromkeys(PARTS, 0)
    loads = [Load(one, None, found.get((one, None), none)) for one in members]
    of_team = found.get((None, team))
    return [*loads, Load(None, team, of_team)] if of_team else loads


def _open(desk: Desk, wanted: Wanted) -> Select[Any]:
    held = allocation.alias()
    conditions = [*_seen(desk), _part(desk, wanted.part)]
    here = _holds(held)
    if wanted.nobody:
        at_work = exists().where(
            person.c.authority == held.c.authority, person.c.id == held.c.person, person.c.active
        )
        conditions.append(~exists().where(here, or_(held.c.team.is_not(None), at_work)))
    elif wanted.people or wanted.teams:
        theirs = or_(among(held.c.person, whose.PEOPLE), among(held.c.team, whose.TEAMS))
        conditions.append(exists().where(here, theirs))
    if wanted.type:
        conditions.append(record.c.type == wanted.type)
    if wanted.workflow:
        conditions.append(cases_.c.workflow == wanted.workflow)
    for word in likeness.sought(wanted.words):
        conditions.append(record.c.name_words.contains(word, autoescape=True))
    return select().select_from(_joined()).where(*conditions)


def _holds(held: FromClause) -> ColumnElement[bool]:
    """Whether an allocation in force is of the case, or of the record that it is about."""
    return and_(
        held.c.record == cases_.c.record,
        or_(held.c.case.is_(None), held.c.case == cases_.c.id),
        reach.in_force(reach.VIEWER, held),
    )


def _joined() -> Any:
    return cases_.join(record, and_(record.c.authority == cases_.c.authority, record.c.id == cases_.c.record))


def _seen(desk: Desk) -> list[ColumnElement[bool]]:
    return [cases_.c.authority == reach.VIEWER.authority, cases_.c.closed_at.is_(None), narrowing.cases(desk)]


def _part(desk: Desk, part: str) -> ColumnElement[bool]:
    due = urgency.due_of(cases_)
    match part:
        case "overdue":
            return due < reach.VIEWER.today
        case "week":
            return and_(due >= reach.VIEWER.today, due <= bindparam("sunday", type_=Date()))
        case "returned":
            return _sent_back(desk)
    return literal(True)


def _sent_back(desk: Desk) -> ColumnElement[bool]:
    """With a form that came back, was not handed in again, and that this person may see."""
    newer = submission.alias()
    again = exists().where(
        newer.c.authority == submission.c.authority,
        newer.c.case == submission.c.case,
        newer.c.form == submission.c.form,
        newer.c.submitted_at > submission.c.submitted_at,
    )
    return exists().where(
        submission.c.authority == cases_.c.authority,
        submission.c.case == cases_.c.id,
        submission.c.state == "returned",
        narrowing.forms(desk),
        ~again,
    )
