"""Who reaches a record, as conditions on a query: allocated, linked, in a team's reach, restricted, glass broken.

Each is written once and used both as a filter on many records and as a question about one. The tables stand here
under names of their own, so that no query around a condition can be mistaken for it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_, true

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

When = tuple[str | None, tuple[str, ...]]
"""What a rule asks of a record besides its type: `when`, and the states one of its open cases must be in."""


def when_of(rule: AccessRule) -> When:
    return rule.when, rule.states


def holds(desk: Desk, when: When, table: FromClause = record) -> ColumnElement[bool]:
    """A rule's `when` and states as a condition on a row of `table`. An unknown `when` holds for nobody."""
    reach, states = when
    return and_(_reached(desk, reach, table), _in_state(desk, states, table))


def of_type(rule: AccessRule, table: FromClause) -> ColumnElement[bool]:
    return true() if "any" in rule.records else table.c.type.in_(rule.records)


def _reached(desk: Desk, reach: str | None, table: FromClause) -> ColumnElement[bool]:
    match reach:
        case None:
            return true()
        case "allocated":
            return allocated(desk, table)
        case "linked":
            return linked(desk, table)
        case "team":
            return in_my_teams(desk, table)
        case "made":
            return table.c.made_by == desk.person
    return false()


def _in_state(desk: Desk, states: tuple[str, ...], table: FromClause) -> ColumnElement[bool]:
    if not states:
        return true()
    return exists().where(
        RUNNING.c.authority == desk.authority,
        RUNNING.c.record == table.c.id,
        RUNNING.c.closed_at.is_(None),
        RUNNING.c.state.in_(states),
    )


def in_force(desk: Desk, held: FromClause) -> ColumnElement[bool]:
    """An allocation that counts now: within its time, of the record itself or of a case of it that is open."""
    return and_(
        held.c.authority == desk.authority,
        held.c.since <= desk.now,
        or_(held.c.until.is_(None), held.c.until > desk.now),
        or_(
            held.c.case.is_(None),
            exists().where(
                RUNNING.c.authority == desk.authority,
                RUNNING.c.id == held.c.case,
                RUNNING.c.closed_at.is_(None),
            ),
        ),
    )


def allocated(desk: Desk, table: FromClause) -> ColumnElement[bool]:
    me = or_(HELD.c.person == desk.person, HELD.c.team.in_(sorted(desk.teams)))
    return exists().where(HELD.c.record == table.c.id, in_force(desk, HELD), me)


def in_my_teams(desk: Desk, table: FromClause) -> ColumnElement[bool]:
    """Held by one of my teams, or by somebody who is in one of my teams now."""
    colleague = exists().where(
        BESIDE.c.authority == desk.authority,
        BESIDE.c.person == HELD.c.person,
        BESIDE.c.team.in_(sorted(desk.teams)),
        BESIDE.c.since <= desk.now,
        or_(BESIDE.c.until.is_(None), BESIDE.c.until > desk.now),
    )
    return exists().where(
        HELD.c.record == table.c.id, in_force(desk, HELD), or_(HELD.c.team.in_(sorted(desk.teams)), colleague)
    )


def linked(desk: Desk, table: FromClause) -> ColumnElement[bool]:
    """Allocated to a record that is linked to this one today, and that the person is not kept from."""
    return exists().where(
        TIE.c.authority == desk.authority,
        TIE.c.since <= desk.today,
        or_(TIE.c.until.is_(None), TIE.c.until > desk.today),
        or_(
            and_(TIE.c.one == table.c.id, TIE.c.two == FAR.c.id),
            and_(TIE.c.two == table.c.id, TIE.c.one == FAR.c.id),
        ),
        FAR.c.authority == desk.authority,
        FAR.c.destroyed_at.is_(None),
        allocated(desk, FAR),
        unrestricted(desk, FAR),
    )


def kept_out(desk: Desk, table: FromClause, mode: str, naming_me: bool) -> ColumnElement[bool]:
    mine = exists().where(
        NAMED.c.authority == desk.authority, NAMED.c.restriction == CLOSED.c.id, NAMED.c.person == desk.person
    )
    return exists().where(
        CLOSED.c.authority == desk.authority,
        CLOSED.c.record == table.c.id,
        CLOSED.c.mode == mode,
        CLOSED.c.ended_at.is_(None),
        mine if naming_me else ~mine,
    )


def barred(desk: Desk, table: FromClause = record) -> ColumnElement[bool]:
    return kept_out(desk, table, "bar", naming_me=True)


def unrestricted(desk: Desk, table: FromClause = record) -> ColumnElement[bool]:
    """Nothing keeps this person out: not barred, and not left out where only some may."""
    return and_(~barred(desk, table), ~kept_out(desk, table, "only", naming_me=False))


def glass_broken(desk: Desk, table: FromClause = record) -> ColumnElement[bool]:
    return exists().where(
        BROKEN.c.authority == desk.authority,
        BROKEN.c.record == table.c.id,
        BROKEN.c.person == desk.person,
        BROKEN.c.since <= desk.now,
        BROKEN.c.until > desk.now,
    )
