"""Who holds a record or a case: a person or a team, in a role, from when to when. Nothing here decides who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from engine.casework import audit, ids
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import allocation
from engine.casework.tables import person as people
from engine.casework.tables import team as teams
from engine.casework.values import Allocation


def add(
    desk: Desk, case_row: Any, *, person: str | None = None, team: str | None = None, role: str | None = None
) -> None:
    """Allocate to a case from now on. A role is held by one: whoever held it before holds it no more."""
    _there(desk, person, team)
    held = [one for one in _in_force(desk, case_row) if one.case == case_row.id]
    if any((one.person, one.team, one.role) == (person, team, role) for one in held):
        return
    for one in held:
        if role is not None and one.role == role:
            end(desk, one)
    put(desk, case_row.record, case_row.id, person, role, team=team)


def put(
    desk: Desk,
    record_id: str,
    case_id: str | None,
    person: str | None,
    role: str | None,
    *,
    team: str | None = None,
) -> str | None:
    """Write an allocation down from now on; None where the same is in force already. Access is the caller's."""
    held = allocation.c
    same = desk.run(
        select(held.id).where(
            held.record == record_id,
            held.case == case_id if case_id else held.case.is_(None),
            held.person == person if person else held.person.is_(None),
            held.team == team if team else held.team.is_(None),
            held.role == role if role else held.role.is_(None),
            _now(desk),
        )
    ).first()
    if same is not None:
        return None
    made = ids.new()
    who = {"person": person, "team": team, "role": role, "made_by": desk.person}
    where = {"record": record_id, "case": case_id, "since": desk.now}
    desk.run(allocation.insert(), {"authority": desk.authority, "id": made, **who, **where})
    desk.forget_grants()
    audit.changed(desk, record_id, "allocated", item=made, case=case_id, to=person or team, role=role)
    return made


def end(desk: Desk, held: Any) -> None:
    here = (allocation.c.authority == desk.authority) & (allocation.c.id == held.id)
    desk.run(update(allocation).where(here, allocation.c.until.is_(None)).values(until=desk.now))
    desk.forget_grants()
    audit.changed(desk, held.record, "allocation.ended", item=held.id, case=held.case)


def row_of(desk: Desk, allocation_id: str) -> Any:
    here = (allocation.c.authority == desk.authority) & (allocation.c.id == ids.known(allocation_id))
    found = desk.run(select(allocation).where(here)).first()
    if found is None:
        raise NotFound("allocation")
    return found


def of_case(desk: Desk, case_row: Any) -> list[Allocation]:
    """Who holds a case now, those who hold its record included."""
    return of_cases(desk, [case_row])[case_row.id]


def of_cases(desk: Desk, case_rows: Sequence[Any]) -> dict[str, list[Allocation]]:
    """The same for many cases, asked at once."""
    found: dict[str, list[Allocation]] = {row.id: [] for row in case_rows}
    about: dict[str, list[str]] = {}
    for row in case_rows:
        about.setdefault(row.record, []).append(row.id)
    if not about:
        return found
    held = allocation.c
    wanted = select(allocation).where(held.record.in_(sorted(about)), _now(desk))
    for one in desk.rows(wanted.order_by(held.since, held.id)):
        made = Allocation(one.id, one.record, one.case, one.person, one.team, one.role, one.since, one.until)
        for case_id in about[one.record] if one.case is None else (one.case,):
            if case_id in found:
                found[case_id].append(made)
    return found


def holders(desk: Desk, case_row: Any, role: str) -> list[str]:
    """People who hold this role on the case now."""
    return [one.person for one in _in_force(desk, case_row) if one.role == role and one.person]


def people_of(desk: Desk, record: str, case: str | None) -> list[str]:
    """Everybody who holds a record themselves now, or the case named."""
    held = allocation.c
    of_it = held.case.is_(None) if case is None else or_(held.case.is_(None), held.case == case)
    wanted = select(held.person).where(held.record == record, of_it, held.person.is_not(None), _now(desk))
    return sorted(set(desk.run(wanted).scalars()))


def _in_force(desk: Desk, case_row: Any) -> list[Any]:
    held = allocation.c
    wanted = select(allocation).where(
        held.record == case_row.record, or_(held.case.is_(None), held.case == case_row.id), _now(desk)
    )
    return desk.rows(wanted.order_by(held.since, held.id))


def _now(desk: Desk) -> ColumnElement[bool]:
    held = allocation.c
    return and_(
        held.authority == desk.authority,
        held.since <= desk.now,
        or_(held.until.is_(None), held.until > desk.now),
    )


def _there(desk: Desk, person: str | None, team: str | None) -> None:
    if person is not None:
        here = (people.c.authority == desk.authority) & (people.c.id == ids.known(person, "person"))
        if not desk.run(select(people.c.active).where(here)).scalar():
            raise CaseworkError("The person named has no active account here. Choose somebody else.")
    if team is not None:
        there = (teams.c.authority == desk.authority) & (teams.c.id == ids.known(team, "team"))
        if desk.run(select(teams.c.id).where(there)).first() is None:
            raise NotFound("team")
