"""Who reaches a record, as conditions on a query: allocated, linked, in a team's reach, restricted, glass broken.

Each is written once and used both as a filter on many records and as a question about one. The tables stand here
under names of their own, so that no query around a condition can be mistaken for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, and_, bindparam, exists, false, or_, true

from engine.casework.columns import Key, Moment
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import allocation, break_glass, case, link, membership, record, restriction
from engine.casework.tables import restriction_person as named
from engine.language.model import AccessRule

HELD = allocation.alias("reach_held")
BESIDE = membership.alias("reach_beside")
TIE = link.alias("reach_tie")
FAR = record.alias("reach_far")
RUNNING = case.alias("reach_running")
CLOSED = restriction.alias("reach_closed")
NAMED = named.alias("reach_named")
BROKEN = break_glass.alias("reach_broken")
TEAMS = "viewer_teams"
"""The name of the teams that whoever asks is in; a desk gives them to every query it runs."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, when: as values, or as names whose values come when a statement made once is run again."""

    authority: Any
    person: Any
    now: Any
    today: Any


VIEWER = Viewer(
    authority=bindparam("viewer_authority", type_=Key),
    person=bindparam("viewer_person", type_=Key),
    now=bindparam("viewer_now", type_=Moment()),
    today=bindparam("viewer_today", type_=Date()),
)


def viewer(desk: Desk) -> Viewer:
    return Viewer(desk.authority, desk.person, desk.now, desk.today)


def values(desk: Desk) -> dict[str, Any]:
    """What VIEWER's names stand for at this desk."""
    here = viewer(desk)
    return {f"viewer_{name}": getattr(here, name) for name in Viewer.__slots__} | {TEAMS: sorted(desk.teams)}


When = tuple[str | None, tuple[str, ...]]
"""What a rule asks of a record besides its type: `when`, and the states one of its open cases must be in."""


def when_of(rule: AccessRule) -> When:
    return rule.when, rule.states


def holds(who: Viewer, when: When, table: FromClause = record) -> ColumnElement[bool]:
    """A rule's `when` and states as a condition on a row of `table`. An unknown `when` holds for nobody."""
    reach, states = when
    return and_(_reached(who, reach, table), _in_state(who, states, table))


def of_type(rule: AccessRule, table: FromClause) -> ColumnElement[bool]:
    return true() if "any" in rule.records else table.c.type.in_(rule.records)


def _reached(who: Viewer, reach: str | None, table: FromClause) -> ColumnElement[bool]:
    match reach:
        case None:
            return true()
        case "allocated":
            return allocated(who, table)
        case "linked":
            return linked(who, table)
        case "team":
            return in_my_teams(who, table)
        case "made":
            return table.c.made_by == who.person
    return false()


def _in_state(who: Viewer, states: tuple[str, ...], table: FromClause) -> ColumnElement[bool]:
    if not states:
        return true()
    return exists().where(
        RUNNING.c.authority == who.authority,
        RUNNING.c.record == table.c.id,
        RUNNING.c.closed_at.is_(None),
        RUNNING.c.state.in_(states),
    )


def in_force(who: Viewer, held: FromClause) -> ColumnElement[bool]:
    """An allocation that counts now: within its time, of the record itself or of a case of it that is open."""
    return and_(
        held.c.authority == who.authority,
        held.c.since <= who.now,
        or_(held.c.until.is_(None), held.c.until > who.now),
        or_(
            held.c.case.is_(None),
            exists().where(
                RUNNING.c.authority == who.authority,
                RUNNING.c.id == held.c.case,
                RUNNING.c.closed_at.is_(None),
            ),
        ),
    )


def allocated(who: Viewer, table: FromClause) -> ColumnElement[bool]:
    me = or_(HELD.c.person == who.person, among(HELD.c.team, TEAMS))
    return exists().where(HELD.c.record == table.c.id, in_force(who, HELD), me)


def in_my_teams(who: Viewer, table: FromClause) -> ColumnElement[bool]:
    """Held by one of my teams, or by somebody who is in one of my teams now."""
    colleague = exists().where(
        BESIDE.c.authority == who.authority,
        BESIDE.c.person == HELD.c.person,
        among(BESIDE.c.team, TEAMS),
        BESIDE.c.since <= who.now,
        or_(BESIDE.c.until.is_(None), BESIDE.c.until > who.now),
    )
    return exists().where(
        HELD.c.record == table.c.id, in_force(who, HELD), or_(among(HELD.c.team, TEAMS), colleague)
    )


def linked(who: Viewer, table: FromClause) -> ColumnElement[bool]:
    """Allocated to a record that is linked to this one today, and that the person is not kept from."""
    return exists().where(
        TIE.c.authority == who.authority,
        TIE.c.since <= who.today,
        or_(TIE.c.until.is_(None), TIE.c.until > who.today),
        or_(
            and_(TIE.c.one == table.c.id, TIE.c.two == FAR.c.id),
            and_(TIE.c.two == table.c.id, TIE.c.one == FAR.c.id),
        ),
        FAR.c.authority == who.authority,
        FAR.c.destroyed_at.is_(None),
        allocated(who, FAR),
        unrestricted(who, FAR),
    )


def kept_out(who: Viewer, table: FromClause, mode: str, naming_me: bool) -> ColumnElement[bool]:
    mine = exists().where(
        NAMED.c.authority == who.authority, NAMED.c.restriction == CLOSED.c.id, NAMED.c.person == who.person
    )
    return exists().where(
        CLOSED.c.authority == who.authority,
        CLOSED.c.record == table.c.id,
        CLOSED.c.mode == mode,
        CLOSED.c.ended_at.is_(None),
        mine if naming_me else ~mine,
    )


def barred(who: Viewer, table: FromClause = record) -> ColumnElement[bool]:
    return kept_out(who, table, "bar", naming_me=True)


def unrestricted(who: Viewer, table: FromClause = record) -> ColumnElement[bool]:
    """Nothing keeps this person out: not barred, and not left out where only some may."""
    return and_(~barred(who, table), ~kept_out(who, table, "only", naming_me=False))


def glass_broken(who: Viewer, table: FromClause = record) -> ColumnElement[bool]:
    return exists().where(
        BROKEN.c.authority == who.authority,
        BROKEN.c.record == table.c.id,
        BROKEN.c.person == who.person,
        BROKEN.c.since <= who.now,
        BROKEN.c.until > who.now,
    )
