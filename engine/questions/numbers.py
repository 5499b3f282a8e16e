"""Numbers as people type them and as they are stored: decimals, never binary fractions.

At most 12 digits before the point and 6 after, everywhere (LANGUAGE section 6). Must not know questions.
"""

from __future__ import annotations

import re
from decimal import Decimal

LIMIT = Decimal(10) ** 12
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[, \u00a0\u2009\u202f'][0-9]{3})+(?:\.[0-9]*)?")
_SEPARATORS = re.compile("[, \u00a0\u2009\u202f']")
_MINUSES = str.maketrans("−–‒﹣-", "-----")
_LONGEST = 64


class TooLong(ValueError):
    """A number, but with more digits than Trefoil keeps."""


def typed(text: str) -> Decimal:
    """The number that somebody typed: 1,200 and 1 200 are 1200. Raises ValueError, TooLong among it."""
    text = text.strip().translate(_MINUSES)
    if len(text) > _LONGEST:
        raise ValueError(text)
    text = re.sub(r"^([+-])\s+", r"\1", text)
    if _GROUPED.fullmatch(text):
        text = _SEPARATORS.sub("", text)
    if not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return within(Decimal(text))


def within(number: Decimal) -> Decimal:
    """`number` if it is finite and no longer than is kept. Raises TooLong, or ValueError for infinity."""
    if not number.is_finite():
        raise ValueError(str(number))
    if number >= LIMIT or number <= -LIMIT:
        raise TooLong(str(number))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        shortened = number.quantize(Decimal("0.000001"))
        if shortened != number:
            raise TooLong(str(number))
        return shortened
    return number


def stored(json: object) -> Decimal:
    """The number that a JSON value stands for: a decimal in text, or a JSON number. Raises ValueError."""
    if isinstance(json, str):
        if len(json) > _LONGEST or not _PLAIN.fullmatch(json):
            raise ValueError(json)
        return within(Decimal(json))
    if isinstance(json, bool) or not isinstance(json, int | float | Decimal):
        raise ValueError(str(type(json)))
    if isinstance(json, int):
        if not -(10**12) < json < 10**12:
            raise TooLong("a whole number of more than 12 digits")
        return Decimal(json)
    return within(Decimal(repr(json)) if isinstance(json, float) else json)


def plain(number: Decimal) -> str:
    """The one way a number is written: no exponent, no trailing zeros, no minus before nought."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def grouped(number: Decimal) -> str:
    """A number as people read it: 12,500.5."""
    whole, _, rest = plain(number).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "") if whole != "-0" else f"-0.{rest}"
