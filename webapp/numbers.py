"""Numbers that a page carries, such as a revision, as they come back from anywhere. Knows not what they count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

LONGEST = 9
"""Digits: as many as every database takes for a number."""


def whole(text: str, otherwise: int = 0) -> int:
    """The number that `text` writes in plain digits, else `otherwise`: forged ones are no reason to fail.

    Other digits than 0 to 9, as in ² or ٣, pass for digits in Python and are none here.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else otherwise


def day_in(typed: Mapping[str, str], name: str) -> tuple[bool, date | None]:
    """Whether anything stands in the three boxes of a day, and the day, if it is one."""
    texts = [typed.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year")]
    try:
        day, month, year = (whole(one) for one in texts)
        return any(texts), date(year, month, day)
    except ValueError:
        return any(texts), None
