"""People, teams and roles of an authority. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from collections.abc import Iterable

from engine.casework.store import Desk, Store
from engine.casework.values import Person, Team


def found_authority(store: Store, name: str, *, now) -> str:  # type: ignore[no-untyped-def]
    """Make an authority; returns its id."""
    raise NotImplementedError


def authorities(store: Store) -> dict[str, str]:
    """Name by id."""
    raise NotImplementedError


def add(desk: Desk, name: str, sign_in: str, *, password: str, roles: Iterable[str] = ()) -> Person:
    raise NotImplementedError


def edit(desk: Desk, person: str, *, name: str, revision: int) -> Person:
    raise NotImplementedError


def get(desk: Desk, person: str) -> Person:
    raise NotImplementedError


def set_roles(desk: Desk, person: str, roles: Iterable[str]) -> Person:
    raise NotImplementedError


def set_password(desk: Desk, person: str, password: str) -> None:
    raise NotImplementedError


def deactivate(desk: Desk, person: str) -> None:
    """Close an account: sessions end at once; what the person did stays theirs."""
    raise NotImplementedError


def reactivate(desk: Desk, person: str) -> None:
    raise NotImplementedError


def all(desk: Desk, *, inactive: bool = False) -> list[Person]:
    raise NotImplementedError


def me(desk: Desk) -> Person:
    """The person at this desk."""
    raise NotImplementedError


def names(desk: Desk, ids: Iterable[str | None]) -> dict[str, str]:
    """Display names by person id, for whoever a page already names."""
    raise NotImplementedError


def colleagues(desk: Desk, role: str | None = None) -> list[Person]:
    """Active people, for choosing whom to assign; no roles or sign-in names are told."""
    raise NotImplementedError


def teams(desk: Desk) -> list[Team]:
    raise NotImplementedError


def add_team(desk: Desk, name: str) -> Team:
    raise NotImplementedError


def add_to_team(desk: Desk, person: str, team: str) -> None:
    raise NotImplementedError


def take_from_team(desk: Desk, person: str, team: str) -> None:
    raise NotImplementedError
