"""Numbers that a page carries, such as a revision, as they come back from anywhere. Knows not what they count."""

from __future__ import annotations

LONGEST = 9
"""Digits: as many as every database takes for a number."""


def whole(text: str, otherwise: int = 0) -> int:
    """The number that `text` writes in plain digits, else `otherwise`: forged ones are no reason to fail.

    Other digits than 0 to 9, as in ² or ٣, pass for digits in Python and are none here.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else otherwise
