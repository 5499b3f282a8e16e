"""Tasks and notifications: what somebody must do or know now. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from datetime import date

from engine.casework.store import Desk
from engine.casework.values import Notification, Task


def mine(desk: Desk, *, limit: int = 200) -> list[Task]:
    """Open tasks for me or a role of mine, on records I may see; soonest due first."""
    raise NotImplementedError


def of_case(desk: Desk, case: str) -> list[Task]:
    raise NotImplementedError


def add(
    desk: Desk,
    record: str,
    label: str,
    *,
    case: str | None = None,
    person: str | None = None,
    role: str | None = None,
    due: date | None = None,
) -> Task:
    raise NotImplementedError


def done(desk: Desk, task: str) -> None:
    raise NotImplementedError


def notifications(desk: Desk, *, unread: bool = True, limit: int = 100) -> list[Notification]:
    raise NotImplementedError


def read(desk: Desk, notification: str) -> None:
    raise NotImplementedError
