"""What values mean: fixed-point numbers, text that looks alike is alike, days and ages. Pure and small.

Every backend must agree with this module; the agreement test holds them to it. Must not know trees or names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

LIMIT = Decimal(10) ** 12
SIXTH = Decimal("0.000001")
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_USUAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What counts as blank at either end of a text: the same characters in every backend.
BLANK = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def fixed(number: Decimal) -> Decimal | None:
    """`number` rounded half-even to 6 places; None with more than 12 digits before the point."""
    rounded = _EXACT.quantize(number, SIXTH)
    return rounded if -LIMIT < rounded < LIMIT else None


def calculate(operator: str, left: Decimal, right: Decimal) -> Decimal | None:
    """The result of + - * or /; None on overflow and division by nought."""
    if operator in "+-":
        # Both have six places at most, so the result needs no rounding.
        result = _EXACT.add(left, right) if operator == "+" else _EXACT.subtract(left, right)
        return result if -LIMIT < result < LIMIT else None
    if operator == "*":
        return fixed(_EXACT.multiply(left, right))
    return fixed(_EXACT.divide(left, right)) if right else None


def text(value: object) -> str | None:
    """A text as it is compared: NFC, trimmed; None if nothing is left."""
    if not isinstance(value, str):
        return None
    if not value.isascii() and not unicodedata.is_normalized("NFC", value):
        value = unicodedata.normalize("NFC", value)
    return value.strip(BLANK) or None


def plain(number: Decimal) -> str:
    """The one way a number is written: no exponent, no trailing zeros, no minus before nought."""
    written = format(number, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def age(born: date, at: date) -> int:
    """Whole years. Somebody born on 29 February has the birthday on 1 March in other years."""
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def load(kind: str, json: Any) -> Any:
    """A value of a kind from JSON as answers are stored; None for what is missing or no such value."""
    match kind:
        case "number":
            return _load_number(json)
        case "text":
            return text(json)
        case "date":
            return _load_date(json)
        case "time":
            match_ = _CLOCK.fullmatch(json) if isinstance(json, str) else None
            return f"{int(match_[1]):02}:{match_[2]}" if match_ else None
        case "yes_no":
            return json if isinstance(json, bool) else None
        case "choice" | "record":
            return json if isinstance(json, str) and json else None
        case "choices" | "records":
            # Markers are stored as a map: of each option chosen, what is known of it.
            if kind == "choices" and isinstance(json, Mapping):
                return frozenset(one for one in json if isinstance(one, str)) or None
            if not isinstance(json, list | tuple | set | frozenset):
                return None
            return frozenset(one for one in json if isinstance(one, str)) or None
        case "rows":
            return rows(json) or None
        case _:
            return None if json is None or json in ("", [], {}) else json


def rows(value: object) -> tuple[Mapping[str, object], ...]:
    """The rows of a repeat (a list) or of a grid (a mapping by row)."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        return ()
    return tuple([row for row in value if row.__class__ is dict or isinstance(row, Mapping)])


def dump(value: object) -> object:
    """A value as JSON."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _load_number(json: Any) -> Decimal | None:
    if json.__class__ is str and _USUAL.fullmatch(json):
        return Decimal(json)
    if isinstance(json, bool) or not isinstance(json, int | float | str | Decimal):
        return None
    if isinstance(json, int):
        json = str(json) if -(10**12) < json < 10**12 else ""
    written = repr(json) if isinstance(json, float) else str(json)
    if len(written) > 64 or not _NUMBER.fullmatch(written):
        return None
    try:
        return fixed(Decimal(written))
    except InvalidOperation:
        return None


def _load_date(json: object) -> date | None:
    if isinstance(json, date):
        return json
    if not isinstance(json, str) or not _DAY.fullmatch(json):
        return None
    try:
        return date.fromisoformat(json)
    except ValueError:
        return None
