"""Actions: a plan's items. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.casework.store import Desk
from engine.casework.values import Action


def open(desk: Desk, record: str, what: str, *, case: str | None = None, **details: Any) -> Action:
    """`details`: social_field, owner, due, measure, progress."""
    raise NotImplementedError


def edit(desk: Desk, action: str, changes: Mapping[str, Any], *, revision: int) -> Action:
    raise NotImplementedError


def end(desk: Desk, action: str, *, revision: int) -> Action:
    raise NotImplementedError


def of_record(desk: Desk, record: str, *, ended: bool = False) -> list[Action]:
    raise NotImplementedError
