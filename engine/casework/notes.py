"""Notes on a record or a case. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from engine.casework.store import Desk
from engine.casework.values import Note


def add(desk: Desk, record: str, text: str, *, case: str | None = None, key: str | None = None) -> Note:
    raise NotImplementedError


def edit(desk: Desk, note: str, text: str, *, revision: int) -> Note:
    """Raises Stale with both texts under the path `text`."""
    raise NotImplementedError


def of_record(desk: Desk, record: str) -> list[Note]:
    raise NotImplementedError
