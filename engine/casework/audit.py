"""The trace of every look and change. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.casework.store import Desk, Store
from engine.casework.values import Event


@dataclass(frozen=True, slots=True)
class Pending:
    chain: str


def write(desk: Desk) -> None:
    raise NotImplementedError


def of_record(desk: Desk, record: str) -> list[Event]:
    raise NotImplementedError


def verify(store: Store, checkpoint: Any = None) -> Any:
    raise NotImplementedError
