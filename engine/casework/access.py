"""Who may do what, decided once from the live definitions. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from engine.casework.store import Desk


class Grants:
    """What one person may do with one record."""


def grants(desk: Desk, record: str) -> Grants:
    raise NotImplementedError


def may(desk: Desk, verb: str, record: str, **narrow: Any) -> bool:
    """`verb`: view, edit, submit, create, link, note, decide, destroy, restrict; narrow: form, section, question, state."""
    raise NotImplementedError


def may_create(desk: Desk, type: str) -> bool:
    raise NotImplementedError


def manages(desk: Desk, job: str) -> bool:
    """Whether the person's roles do a job named under `manage`: people, definitions, audit."""
    raise NotImplementedError


def visible(desk: Desk, verb: str = "view") -> ColumnElement[bool]:
    """The filter on the record table that leaves what the person may see."""
    raise NotImplementedError


def restrict(desk: Desk, record: str, *, reason: str, review_on: date, only: Any = (), bar: Any = ()) -> str:
    raise NotImplementedError


def lift(desk: Desk, restriction: str) -> None:
    raise NotImplementedError


def break_glass(desk: Desk, record: str, *, reason: str) -> None:
    raise NotImplementedError
