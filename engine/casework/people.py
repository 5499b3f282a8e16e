"""People, teams and roles of an authority. What a person did stays theirs when their account is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.casework import access, audit, ids, once, passwords, texts
from engine.casework.columns import insert_unless_there
from engine.casework.errors import CaseworkError, Conflict, NotFound, Stale
from engine.casework.store import Desk
from engine.casework.tables import membership, person, person_role, session, team
from engine.casework.values import Person, Team
from engine.language.model import Stack


def add(
    desk: Desk, name: str, sign_in: str, *, password: str, roles: Iterable[str] = (), key: str | None = None
) -> Person:
    """Make an account. Raises CaseworkError if the sign-in name is taken or the password too weak."""
    access.require_job(desk, "people")
    if (done := once.before(desk, key, "person")) is not None:
        return _get(desk, done)
    sign_in = normal(sign_in)
    name = texts.line(name)
    if not sign_in or not name:
        raise CaseworkError(_NAMELESS)
    kept = passwords.hashed(password, not_like=sign_in)
    made = ids.new()
    added = desk.run(
        insert_unless_there(person, desk.connection.dialect.name).returning(person.c.id),
        {
            "authority": desk.authority,
            "id": made,
            "name": name,
            "sign_in": sign_in,
            "password": kept,
            "active": True,
            "made_at": desk.now,
            "revision": 1,
        },
    )
    # Two who add one name at once: one of them finds it taken.
    if added.first() is None:
        raise CaseworkError("Somebody already signs in with this name. Choose another.")
    audit.did(desk, "person.added", item=made)
    _put_roles(desk, made, roles)
    once.after(desk, key, "person", made)
    return _get(desk, made)


def can_be_added(stack: Stack, name: str, sign_in: str, password: str, roles: Iterable[str]) -> None:
    """Raises CaseworkError where `add` would, whoever else there is: asked before an authority is founded."""
    if not normal(sign_in) or not texts.line(name):
        raise CaseworkError(_NAMELESS)
    passwords.hashed(password, not_like=normal(sign_in))
    _known(stack, set(roles))


def edit(desk: Desk, person_id: str, *, name: str, revision: int) -> Person:
    """Change a person's name. Raises Stale with both names under the path `name`."""
    access.require_job(desk, "people")
    name = texts.line(name)
    if not name:
        raise CaseworkError("A person needs a name.")
    present = _get(desk, person_id)
    changed = desk.run(
        update(person)
        .where(_is(desk, person_id), person.c.revision == revision)
        .values(name=name, revision=revision + 1)
    )
    if not changed.rowcount:
        theirs, mine = {"name": present.name}, {"name": name}
        conflict = Conflict("name", None, name, present.name)
        raise Stale(
            base={}, mine=mine, theirs=theirs, merged=theirs, conflicts=[conflict], revision=present.revision
        )
    audit.did(desk, "person.edited", item=person_id, questions=["name"], revision=revision + 1)
    return _get(desk, person_id)


def get(desk: Desk, person_id: str) -> Person:
    access.require_job(desk, "people")
    return _get(desk, person_id)


def set_roles(desk: Desk, person_id: str, roles: Iterable[str]) -> Person:
    """Give a person exactly these roles, at once: the next thing they do is decided by them. Nobody gives their own."""
    access.require_job(desk, "people")
    _not_oneself(desk, person_id)
    person_id = _get(desk, person_id).id
    _put_roles(desk, person_id, roles)
    return _get(desk, person_id)


def set_password(desk: Desk, person_id: str, password: str) -> None:
    """Set a password and end the person's sessions. People set their own; others need the job."""
    person_id = ids.known(person_id, "person")
    if person_id != desk.person:
        access.require_job(desk, "people")
    present = _get(desk, person_id)
    kept = passwords.hashed(password, not_like=present.sign_in)
    desk.run(update(person).where(_is(desk, person_id)).values(password=kept))
    _end_sessions(desk, person_id)
    audit.did(desk, "person.password_set", item=person_id)


def deactivate(desk: Desk, person_id: str) -> None:
    """Close an account: sessions end at once; what the person did stays theirs."""
    access.require_job(desk, "people")
    person_id = _get(desk, person_id).id
    if person_id == desk.person:
        raise CaseworkError("You cannot close your own account. Ask another administrator.")
    desk.run(update(person).where(_is(desk, person_id)).values(active=False))
    _end_sessions(desk, person_id)
    audit.did(desk, "person.closed", item=person_id)


def reactivate(desk: Desk, person_id: str) -> None:
    access.require_job(desk, "people")
    _get(desk, person_id)
    desk.run(update(person).where(_is(desk, person_id)).values(active=True))
    audit.did(desk, "person.reopened", item=person_id)


def all(desk: Desk, *, inactive: bool = False) -> list[Person]:
    """Everybody with an account, by name, for whoever manages people."""
    access.require_job(desk, "people")
    found = select(person).where(person.c.authority == desk.authority).order_by(person.c.name, person.c.id)
    rows = desk.rows(found if inactive else found.where(person.c.active))
    return _people(desk, rows)


def me(desk: Desk) -> Person:
    """The person at this desk. Raises NotFound for the system."""
    if desk.person is None:
        raise NotFound("person")
    row = desk.row(person, _ROW, desk.person)
    held = tuple(sorted(desk.roles)), tuple(sorted(desk.teams))
    return Person(row.id, row.name, row.sign_in, *held, row.active, row.revision, row.language)


_ROW = select(person).where(person.c.authority == bindparam("of"), person.c.id == bindparam("of_id"))


def names(desk: Desk, wanted: Iterable[str | None]) -> dict[str, str]:
    """Display names by person id, for whoever a page already names."""
    asked = sorted({one for one in wanted if one})
    found = desk.rows(
        select(person.c.id, person.c.name).where(person.c.authority == desk.authority, person.c.id.in_(asked))
    )
    return {row.id: row.name for row in found}


def colleagues(desk: Desk, role: str | None = None) -> list[Person]:
    """Active people, for choosing whom to assign. Their sign-in names are not told."""
    wanted = select(person).where(person.c.authority == desk.authority, person.c.active)
    if role is not None:
        holding = select(person_role.c.person).where(
            person_role.c.authority == desk.authority, person_role.c.role == role
        )
        wanted = wanted.where(person.c.id.in_(holding))
    found = _people(desk, desk.rows(wanted.order_by(person.c.name, person.c.id)))
    return [Person(one.id, one.name, "", one.roles, one.teams, True, one.revision) for one in found]


def teams(desk: Desk) -> list[Team]:
    """Teams with their members of today."""
    members = _members(desk)
    rows = desk.rows(_TEAMS, {"of": desk.authority})
    return [Team(row.id, row.name, tuple(sorted(members.get(row.id, ())))) for row in rows]


_TEAMS = select(team).where(team.c.authority == bindparam("of")).order_by(team.c.name)


def add_team(desk: Desk, name: str, *, key: str | None = None) -> Team:
    access.require_job(desk, "people")
    if (done := once.before(desk, key, "team")) is not None:
        return next(one for one in teams(desk) if one.id == done)
    name = texts.line(name)
    if not name:
        raise CaseworkError("A team needs a name.")
    made = ids.new()
    desk.run(team.insert(), {"authority": desk.authority, "id": made, "name": name, "made_at": desk.now})
    audit.did(desk, "team.added", item=made)
    once.after(desk, key, "team", made)
    return Team(made, name)


def add_to_team(desk: Desk, person_id: str, team_id: str) -> None:
    """From now on a member; being one already changes nothing. Nobody puts themselves into a team."""
    access.require_job(desk, "people")
    _not_oneself(desk, person_id)
    person_id, team_id = _get(desk, person_id).id, ids.known(team_id, "team")
    _team(desk, team_id)
    if person_id in _members(desk).get(team_id, ()):
        return
    row = {"person": person_id, "team": team_id, "since": desk.now}
    desk.run(membership.insert(), {"authority": desk.authority, "id": ids.new(), **row})
    desk.forget_person()
    audit.did(desk, "team.joined", item=team_id, member=person_id)


def take_from_team(desk: Desk, person_id: str, team_id: str) -> None:
    access.require_job(desk, "people")
    person_id, team_id = ids.known(person_id, "person"), ids.known(team_id, "team")
    desk.run(
        update(membership)
        .where(
            membership.c.authority == desk.authority,
            membership.c.person == person_id,
            membership.c.team == team_id,
            membership.c.until.is_(None),
        )
        .values(until=desk.now)
    )
    desk.forget_person()
    audit.did(desk, "team.left", item=team_id, member=person_id)


def normal(sign_in: str) -> str:
    """A sign-in name in its one form: capitals and spaces around it make no difference."""
    return texts.line(sign_in).casefold()


# --- Within


def _is(desk: Desk, person_id: str) -> Any:
    return (person.c.authority == desk.authority) & (person.c.id == ids.known(person_id, "person"))


def _not_oneself(desk: Desk, person_id: str) -> None:
    """Roles and teams decide what a person may see: whoever hands them out gets none from their own hand."""
    if ids.known(person_id, "person") == desk.person:
        raise CaseworkError("You cannot change your own roles or teams. Ask another administrator.")


def _team(desk: Desk, team_id: str) -> None:
    wanted = select(team.c.id).where(
        team.c.authority == desk.authority, team.c.id == ids.known(team_id, "team")
    )
    if desk.run(wanted).first() is None:
        raise NotFound("team")


def _get(desk: Desk, person_id: str) -> Person:
    rows = desk.rows(select(person).where(_is(desk, person_id)))
    if not rows:
        raise NotFound("person")
    return _people(desk, rows)[0]


def _people(desk: Desk, rows: Iterable[Any]) -> list[Person]:
    roles: dict[str, list[str]] = {}
    here = {"of": desk.authority}
    for row in desk.read_once(("roles",), (person_role,), lambda: desk.rows(_ROLES, here)):
        roles.setdefault(row.person, []).append(row.role)
    in_teams: dict[str, list[str]] = {}
    for team_id, members in _members(desk).items():
        for member in members:
            in_teams.setdefault(member, []).append(team_id)
    return [
        Person(
            row.id,
            row.name,
            row.sign_in,
            tuple(sorted(roles.get(row.id, ()))),
            tuple(sorted(in_teams.get(row.id, ()))),
            row.active,
            row.revision,
            row.language,
        )
        for row in rows
    ]


def _members(desk: Desk) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    now = {"of": desk.authority, "now": desk.now}
    for row in desk.read_once(("members", desk.now), (membership,), lambda: desk.rows(_MEMBERS, now)):
        found.setdefault(row.team, set()).add(row.person)
    return found


_ROLES = select(person_role.c.person, person_role.c.role).where(person_role.c.authority == bindparam("of"))
_MEMBERS = select(membership.c.team, membership.c.person).where(
    membership.c.authority == bindparam("of"),
    membership.c.since <= bindparam("now"),
    or_(membership.c.until.is_(None), membership.c.until > bindparam("now")),
)


_NAMELESS = "A person needs a name, and a name to sign in with."


def _known(stack: Stack, roles: set[str]) -> None:
    unknown = ", ".join(f"‘{one}’" for one in sorted(roles - set(stack.access.roles)))
    if unknown:
        there = ", ".join(f"{role} ({title})" for role, title in stack.access.roles.items())
        raise CaseworkError(
            f"The pack {stack.manifest.id} {stack.manifest.version} has no role {unknown}. It has: {there}."
        )


def _put_roles(desk: Desk, person_id: str, roles: Iterable[str]) -> None:
    wanted: set[str] = set(roles)
    _known(desk.stack, wanted)
    mine = (person_role.c.authority == desk.authority) & (person_role.c.person == person_id)
    present = set(desk.run(select(person_role.c.role).where(mine)).scalars())
    if present - wanted:
        desk.run(person_role.delete().where(mine, person_role.c.role.in_(sorted(present - wanted))))
    rows = [
        {"authority": desk.authority, "id": ids.new(), "person": person_id, "role": role}
        for role in sorted(wanted - present)
    ]
    if rows:
        desk.run(person_role.insert(), rows)
    if present != wanted:
        audit.did(desk, "person.roles_set", item=person_id, given=wanted - present, taken=present - wanted)
        desk.forget_person()


def _end_sessions(desk: Desk, person_id: str) -> None:
    desk.run(
        update(session)
        .where(
            session.c.authority == desk.authority, session.c.person == person_id, session.c.ended.is_(None)
        )
        .values(ended=desk.now)
    )
