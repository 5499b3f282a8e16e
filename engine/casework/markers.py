"""Markers: outcomes and indicators on a record, with dates. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from datetime import date

from engine.casework.store import Desk
from engine.casework.values import Marker


def open(desk: Desk, record: str, list: str, option: str, *, since: date | None = None) -> Marker:
    raise NotImplementedError


def end(desk: Desk, marker: str, *, why: str, until: date | None = None) -> None:
    raise NotImplementedError


def of_record(desk: Desk, record: str, *, ended: bool = False) -> "list[Marker]":
    raise NotImplementedError
