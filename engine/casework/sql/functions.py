"""The functions that an embedded connection gets from us: each is the very one that closures use.

Numbers pass as whole millionths, which a 64-bit integer holds; days as ISO text. None of them raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from engine import calendars
from engine.casework.sql.dialects import LIMIT, MILLION
from engine.expressions import values

_SIX = 6


def register(connection: Any) -> None:
    """Give a raw embedded connection our functions."""
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
    connection.create_aggregate("trefoil_total", 3, Total)


def scaled(number: Decimal | None) -> int | None:
    """A number as whole millionths."""
    return None if number is None else int(number.scaleb(_SIX))


def unscaled(millionths: int | Decimal | None) -> Decimal | None:
    """The number that so many millionths are."""
    return None if millionths is None else Decimal(int(millionths)).scaleb(-_SIX)


def _loaded(kind: str) -> Callable[[str | None], Any]:
    def load(text: str | None) -> Any:
        return None if text is None else values.load(kind, json.loads(text))

    return load


def _number(text: str | None) -> int | None:
    return None if text is None else scaled(values.load("number", json.loads(text)))


def _date(text: str | None) -> str | None:
    found = None if text is None else values.load("date", json.loads(text))
    return found.isoformat() if found else None


def _add(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else _within(left + right)


def _subtract(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else _within(left - right)


def _multiply(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else _within(_halves_to_even(left * right, MILLION))


def _divide(left: int | None, right: int | None) -> int | None:
    if left is None or not right:
        return None
    return _within(_halves_to_even(left * MILLION, right))


def _within(millionths: int) -> int | None:
    return millionths if -LIMIT < millionths < LIMIT else None


def _halves_to_even(top: int, bottom: int) -> int:
    if bottom < 0:
        top, bottom = -top, -bottom
    whole, rest = divmod(top, bottom)
    return whole + (2 * rest > bottom or (2 * rest == bottom and whole % 2 == 1))


def _age(born: str | None, at: str | None) -> int | None:
    if born is None or at is None:
        return None
    return values.age(date.fromisoformat(born), date.fromisoformat(at)) * MILLION


def _days(first: str | None, last: str | None) -> int | None:
    if first is None or last is None:
        return None
    return (date.fromisoformat(last) - date.fromisoformat(first)).days * MILLION


def _working_days(nation: str, first: str | None, last: str | None) -> int | None:
    if first is None or last is None:
        return None
    counted = calendars.calendar(nation).working_days_between
    return counted(date.fromisoformat(first), date.fromisoformat(last)) * MILLION


class Total:
    """Adds in a given order, so that a sum that is too long on its way is missing here too."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, int]] = []

    def step(self, part: int, place: int, value: int | None) -> None:
        if value is not None:
            self.found.append((part, place, value))

    def finalize(self) -> int | None:
        total: int | None = None
        for _, _, value in sorted(self.found):
            total = value if total is None else _within(total + value)
            if total is None:
                return None
        return total


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("trefoil_number", 1, _number),
    ("trefoil_text", 1, _loaded("text")),
    ("trefoil_time", 1, _loaded("time")),
    ("trefoil_date", 1, _date),
    ("trefoil_add", 2, _add),
    ("trefoil_subtract", 2, _subtract),
    ("trefoil_multiply", 2, _multiply),
    ("trefoil_divide", 2, _divide),
    ("trefoil_age", 2, _age),
    ("trefoil_days", 2, _days),
    ("trefoil_working_days", 3, _working_days),
)
