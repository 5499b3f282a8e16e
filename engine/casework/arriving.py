"""Who comes to a desk, asked in one statement: whether the account is active, its roles and teams, and which
definitions are live. Every desk of a person begins with it. Must not know what any of it lets them do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, bindparam, cast, func, literal_column, select, union_all
from sqlalchemy.engine import Connection

from engine.casework.tables import live_stack, membership, person, person_role


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person as they stand when their desk begins. `stack`: the hash of the live definitions, if there are any."""

    active: bool
    roles: frozenset[str]
    teams: frozenset[str]
    stack: str | None


def ask(connection: Connection, authority: str, who: str | None, now: datetime) -> Arrival:
    """How this person stands now; whoever is unknown is not active and holds nothing."""
    found: dict[str, list[str]] = {"active": [], "role": [], "team": [], "stack": []}
    for row in connection.execute(_ASKED, {"of": authority, "who": who, "now": now}):
        found[row.what].append(row.name)
    return Arrival(
        active=bool(found["active"]),
        roles=frozenset(found["role"]),
        # The embedded database keeps ids without their dashes.
        teams=frozenset(str(UUID(one)) for one in found["team"]),
        stack=next(iter(found["stack"]), None),
    )


_OF = bindparam("of", type_=person.c.authority.type)
_WHO = bindparam("who", type_=person.c.id.type)
_NOW = bindparam("now", type_=membership.c.since.type)
_ASKED = union_all(
    select(literal_column("'active'").label("what"), literal_column("''").label("name")).where(
        person.c.authority == _OF, person.c.id == _WHO, person.c.active
    ),
    select(literal_column("'role'"), person_role.c.role).where(
        person_role.c.authority == _OF, person_role.c.person == _WHO
    ),
    select(literal_column("'team'"), cast(membership.c.team, String)).where(
        membership.c.authority == _OF,
        membership.c.person == _WHO,
        membership.c.since <= _NOW,
        membership.c.until.is_(None) | (membership.c.until > _NOW),
    ),
    select(literal_column("'stack'"), live_stack.c.hash).where(
        live_stack.c.authority == _OF,
        live_stack.c.number
        == select(func.max(live_stack.c.number)).where(live_stack.c.authority == _OF).scalar_subquery(),
    ),
)
