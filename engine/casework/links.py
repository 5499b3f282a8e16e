"""Dated connections between records. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from datetime import date

from engine.casework.store import Desk
from engine.casework.values import Link, Person


def add(desk: Desk, record: str, other: str, *, purpose: str, since: date | None = None) -> Link:
    raise NotImplementedError


def end(desk: Desk, link: str, *, why: str, until: date | None = None) -> None:
    raise NotImplementedError


def of_record(desk: Desk, record: str, *, ended: bool = False) -> list[Link]:
    """Links of a record whose far end this person may see too; a context never shows who is linked to it."""
    raise NotImplementedError


def workers(desk: Desk, context: str) -> list[Person]:
    """Who else works with someone linked to this context; never with whom."""
    raise NotImplementedError
