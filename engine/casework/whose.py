"""Whose work a thing is: asked of somebody by name, of a role they have, or theirs because they hold the case.

As conditions on queries. Where somebody at work in the role holds the case, the role's part of it is theirs; where
nobody does, it waits for everybody in the role. Who may see a thing is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from engine.casework import hands, reach
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import allocation, membership, person, person_role
from engine.casework.values import Allocation


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose work, and which part of it. `people` are ids; `pool`: also what waits for a role of theirs and is held
    by nobody who has that role; `everyone`: whoever it is for."""

    people: tuple[str, ...] = ()
    pool: bool = False
    everyone: bool = False
    role: str = ""
    kind: str = ""
    type: str = ""
    workflow: str = ""
    overdue: bool = False
    words: str = ""


PEOPLE, TEAMS = "whose_people", "whose_teams"
"""Names of what is asked for, as it stands in the conditions."""


class Whose:
    """The conditions for one question, and what they are made of.

    They hold nobody's id, so that a statement made of them may be kept under `shape` and run with `values`.
    """

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.desk, self.asked = desk, asked
        self.stands = hands.stands(desk)
        self.people = sorted(asked.people)
        self.own = self.people == [desk.person]
        self.roles = self._roles()
        self.teams = self._teams()

    @property
    def shape(self) -> tuple[Any, ...]:
        """All that the conditions depend on besides the rules and the desk's own roles."""
        asked = self.asked
        return self.own, self.roles, self.stands, asked.pool, asked.everyone, asked.role

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the conditions under a name."""
        people = {PEOPLE: self.people, TEAMS: self.teams}
        return {**reach.values(self.desk), **people}

    def _roles(self) -> frozenset[str]:
        if self.own:
            return self.desk.roles
        held = person_role.c
        wanted = select(held.role).where(held.authority == self.desk.authority, held.person.in_(self.people))
        return frozenset(self.desk.run(wanted).scalars())

    def _teams(self) -> list[str]:
        if self.own:
            return sorted(self.desk.teams)
        beside = membership.c
        wanted = select(beside.team).where(
            beside.authority == self.desk.authority,
            beside.person.in_(self.people),
            beside.since <= self.desk.now,
            or_(beside.until.is_(None), beside.until > self.desk.now),
        )
        return sorted(set(self.desk.run(wanted).scalars()))

    def tasks(self, asked: FromClause, within: FromClause) -> ColumnElement[bool]:
        """Tasks of these people: by name, by a role, or because they hold the case. `within` is the task's case."""
        where = tuple_(within.c.stack, within.c.workflow, within.c.state, asked.c.form)
        nobodys = and_(asked.c.person.is_(None), asked.c.role.is_(None))
        forms = hands.forms_for(self.stands)
        role = self.asked.role
        roles = self.wanted_roles
        by_role = [
            and_(
                asked.c.person.is_(None), asked.c.role == one, self.hand(asked.c.record, asked.c.case, {one})
            )
            for one in sorted(roles)
        ]
        by_role += [
            and_(nobodys, where.in_(keys), self.hand(asked.c.record, asked.c.case, theirs))
            for theirs, keys in forms.items()
            if theirs & roles
        ]
        if role:
            return or_(false(), *by_role)
        if self.asked.everyone:
            return asked.c.id.is_not(None)
        every = [one for keys in forms.values() for one in keys]
        a_roles = func.coalesce(where.in_(every), false()) if every else false()
        holds = self.held(asked.c.record, asked.c.case)
        return or_(among(asked.c.person, PEOPLE), and_(nobodys, ~a_roles, holds), *by_role)

    @property
    def wanted_roles(self) -> frozenset[str]:
        """Roles of theirs that are asked about."""
        roles = frozenset(self.desk.stack.access.roles) if self.asked.everyone else self.roles
        return roles & {self.asked.role} if self.asked.role else roles

    def hand(
        self, about: ColumnElement[Any], within: ColumnElement[Any], roles: Iterable[str]
    ) -> ColumnElement[bool]:
        """Held by one of these people or, for the pool, by nobody at work who has one of these roles."""
        if self.asked.everyone:
            return about.is_not(None)
        wanted = sorted(roles)
        if not self.asked.pool:
            return self.held(about, within, roles=wanted)
        other, at_work, having = allocation.alias(), person.alias(), person_role.alias()
        others = exists(
            select(literal(1))
            .select_from(other)
            .join(at_work, and_(at_work.c.authority == other.c.authority, at_work.c.id == other.c.person))
            .join(having, and_(having.c.authority == other.c.authority, having.c.person == other.c.person))
            .where(
                other.c.record == about,
                or_(other.c.case.is_(None), other.c.case == within),
                reach.in_force(reach.VIEWER, other),
                at_work.c.active,
                having.c.role.in_(wanted),
            )
            .correlate_except(other, at_work, having)
        )
        return or_(self.held(about, within), ~others)

    def held(
        self, about: ColumnElement[Any], within: ColumnElement[Any], *, roles: Sequence[str] | None = None
    ) -> ColumnElement[bool]:
        """Held by one of these people or of their teams; with `roles`, by one of these people who has one of them."""
        held = allocation.alias()
        who: ColumnElement[bool] = or_(among(held.c.person, PEOPLE), among(held.c.team, TEAMS))
        if roles is not None:
            having = person_role.alias()
            has = exists().where(
                having.c.authority == held.c.authority,
                having.c.person == held.c.person,
                having.c.role.in_(roles),
            )
            who = and_(among(held.c.person, PEOPLE), has)
        return exists().where(
            held.c.record == about,
            or_(held.c.case.is_(None), held.c.case == within),
            reach.in_force(reach.VIEWER, held),
            who,
        )

    def holds(self, holders: Iterable[Allocation]) -> bool:
        """Whether one of these people is among those who hold a case."""
        return any(one.person in self.people or one.team in self.teams for one in holders)
