"""Two texts beside each other: which words stand in one alone. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 4000
"""Longer texts are shown without marks: comparing them would keep the page waiting."""

LONGEST_SAID, MOST_SAID = 60, 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `alone` where the other text does not have it."""

    text: str
    alone: bool


def pieces(text: str, other: str) -> list[Piece]:
    """The text in stretches, those marked that the other does not have. Put together they are the text again."""
    mine, theirs = (re.findall(r"\s+|[^\s]+", one) for one in (text, other))
    if len(mine) + len(theirs) > MOST_WORDS:
        return [Piece(text, False)]
    found = []
    for what, start, end, _from, _to in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        stretch = "".join(mine[start:end])
        if stretch:
            found.append(Piece(stretch, what != "equal" and bool(stretch.strip())))
    return found


def alone(found: list[Piece]) -> str:
    """What stands in one text alone, as a line of words; nothing where that is all of it."""
    only = [one.text.strip() for one in found if one.alone]
    if len(only) == len([one for one in found if one.text.strip()]):
        return ""
    said = [f"‘{one if len(one) <= LONGEST_SAID else one[:LONGEST_SAID].rstrip() + '…'}’" for one in only]
    return ", ".join([*said[:MOST_SAID], *(["…"] if len(said) > MOST_SAID else [])])
