"""Reading the trail, for those whose job it is: it tells ids and kinds of acts, and reading it leaves a line too."""

from __future__ import annotations

from engine.casework import access, audit, ids
from engine.casework.errors import NotFound
from engine.casework.store import Desk
from engine.casework.values import Event


def of_record(desk: Desk, record: str) -> list[Event]:
    """What was done to a record, oldest first. A record that never was has an empty trail."""
    _may(desk)
    record = ids.known(record, "record")
    audit.did(desk, "audit.read", chain=audit.of_the_person(desk.person), record=record)
    return audit.of_chain(desk, audit.of_the_record(record))


def of_person(desk: Desk, person: str) -> list[Event]:
    """What a person looked at, was refused and when they signed in, oldest first."""
    _may(desk)
    person = ids.known(person, "person")
    audit.did(desk, "audit.read", chain=audit.of_the_person(desk.person), about=person)
    return audit.of_chain(desk, audit.of_the_person(person))


def of_authority(desk: Desk) -> list[Event]:
    """What was done to people, roles, teams and definitions, oldest first."""
    _may(desk)
    audit.did(desk, "audit.read", chain=audit.of_the_person(desk.person), about="authority")
    return audit.of_chain(desk, audit.THE_AUTHORITY)


def _may(desk: Desk) -> None:
    if not access.manages(desk, "audit"):
        audit.refused(desk, "audit", desk.authority)
        raise NotFound()
