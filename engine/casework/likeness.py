"""How words, names and outside numbers are compared: for searching, and for finding who may be the same.

Pure. It compares what it is given and never decides who may see it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import re2
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from engine.casework import texts
from engine.casework.naming import shown
from engine.language.model import RecordType, Stack
from engine.questions import Problem, dates

ALIKE_ENOUGH = 72.0
MOST_WORDS = 12
LONGEST_SEARCH = 500
LONGEST_WORD = 40
ONE_SLIP, TWO_SLIPS = 4, 6
"""How long a word must be for one slip of spelling, and for two, to be forgiven."""
PARTS = 3
"""A word with two slips has at least one of its three parts unharmed."""
_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´‐‑-][^\W_]+)*")
_JOINTS = re.compile(r"['’‘ʼ`´‐‑-]")
_HYPHENS = re.compile(r"[‐‑-]")
_DATE = re.compile(
    r"\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{2})\b|\b[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b"
    r"|\b[0-9]{1,2}(?:st|nd|rd|th)?\s+[^\W\d_]{3,}\.?,?\s+[0-9]{4}\b",
    re.I,
)
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)
# Letters that are no letter with an accent, as people without them on their keyboard write them.
_SPELT = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def plain(text: str) -> str:
    """Text as it is searched: no accents, no capitals, one space between words."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", texts.fit(text)) if not unicodedata.combining(one)
    )
    return " ".join(bare.casefold().split())


def spelt(text: str) -> str:
    """A word as it is compared: letters and digits alone, without accents and capitals."""
    if text.isascii():
        # Most words; the same by a shorter way.
        low = text.lower()
        return (low if low.isalnum() else "".join(filter(str.isalnum, low)))[:LONGEST_WORD]
    bare = plain(text).translate(_SPELT)
    return "".join(one for one in bare if one.isalnum())[:LONGEST_WORD]


def day(value: date) -> str:
    """A day as a word of the index: found by the whole of it, and by its year."""
    return f"{value:%Y%m%d}"


def words_in(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Each word of a text with where it stands, under every spelling it is found by: O'Brien-Jones is found as
    obrienjones, obrien, o, brien and jones."""
    for found in _WORD.finditer(text):
        whole = found.group()
        ways = {spelt(whole)}
        if not whole.isalnum():
            ways |= {*map(spelt, _HYPHENS.split(whole)), *map(spelt, _JOINTS.split(whole))}
        yield found.start(), found.end(), frozenset(ways - {""})


def spellings(*texts: str | None) -> set[str]:
    """Every spelling of every word in these texts, with the days that are written in them."""
    found: set[str] = set()
    for text in texts:
        for _, _, ways in words_in(text or ""):
            found |= ways
        found.update(day for _, _, day in days_in(text or ""))
    return found


def days_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Each whole date that stands in a text, as a word of the index."""
    for found in _DATE.finditer(text):
        try:
            yield found.start(), found.end(), day(dates.pasted(found.group()))
        except dates.NotADate:
            continue


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody searches for: its words, and the whole as one number, where it may be one written with spaces."""

    words: tuple[str, ...]
    number: str | None = None


def asked(text: str) -> Asked:
    """The words of a search, each once and not more than any name has; a date in any of its ways is one word."""
    rest = text[:LONGEST_SEARCH]
    found: list[str] = []
    for start, end, one in reversed(list(days_in(rest))):
        found.append(one)
        rest = f"{rest[:start]} {rest[end:]}"
    rest = _ID.sub(lambda one: one.group().replace("-", ""), rest)
    for word in _WORD.finditer(rest):
        found += [spelt(part) for part in _HYPHENS.split(word.group())]
    whole = spelt("".join(rest.split()))
    joined = whole if any(one.isdigit() for one in whole) and len(whole) > ONE_SLIP else None
    return Asked(tuple(dict.fromkeys(one for one in found if one))[:MOST_WORDS], joined)


def slips(word: str) -> int:
    """How many slips of spelling are forgiven in a word. In what has digits none: another number is another thing."""
    if any(one.isdigit() for one in word) or len(word) < ONE_SLIP:
        return 0
    return 2 if len(word) >= TWO_SLIPS else 1


def slips_between(asked: str, there: str) -> int | None:
    """By how many slips what was asked differs from a word that is there; None where it is by too many.

    A slip is a letter wrong, missing, too much, or swapped with its neighbour.
    """
    most = slips(asked)
    found = OSA.distance(asked, there, score_cutoff=most)
    return found if 0 < found <= most else None


def parts(word: str) -> list[str]:
    """What a word is found near by: its length, and each of its parts with its number."""
    if len(word) < ONE_SLIP - 1 or any(one.isdigit() for one in word):
        return []
    cuts = _cuts(len(word))
    return [f"{len(word)}.{n}.{word[cuts[n] : cuts[n + 1]]}" for n in range(PARTS)]


def parts_near(word: str) -> list[str]:
    """The parts that every word within the slips forgiven must have one of: its part stands unharmed, moved by no more
    letters than there are slips.

    Two letters swapped count as two here, so a swap and another slip across all three parts may be missed.
    """
    most = slips(word)
    if not most:
        return []
    # A swap is one slip and harms what two do.
    reach = max(most, 2)
    found: set[str] = set()
    for length in range(max(len(word) - most, ONE_SLIP - 1), len(word) + most + 1):
        cuts = _cuts(length)
        for n in range(PARTS):
            size = cuts[n + 1] - cuts[n]
            for start in range(max(0, cuts[n] - reach), min(len(word) - size, cuts[n] + reach) + 1):
                found.add(f"{length}.{n}.{word[start : start + size]}")
    return sorted(found)


def _cuts(length: int) -> list[int]:
    return [length * n // PARTS for n in range(PARTS + 1)]


def marked(text: str, asked: Sequence[str], *, near: bool = True) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is what was asked for: the same word, one that begins so, or one near it.

    The word before an unmarked piece and after it stay together, so that the pieces joined are the text.
    """
    spots = [(start, end) for start, end, one in days_in(text) if one in asked]
    spots += [
        (start, end)
        for start, end, ways in words_in(text)
        if any(_matches(one, way, near) for one in asked for way in ways)
    ]
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(spots):
        if start < at:
            continue
        if start > at:
            found.append((text[at:start], False))
        found.append((text[start:end], True))
        at = end
    return [*found, (text[at:], False)] if at < len(text) else found


def _matches(asked: str, there: str, near: bool) -> bool:
    return there.startswith(asked) or (near and slips_between(asked, there) is not None)


def closest_word(asked: str, there: Iterable[str]) -> str | None:
    """Of these words the one that differs least from what was asked; None where none is near enough."""
    scored = [(slip, one) for one in there if (slip := slips_between(asked, one)) is not None]
    return min(scored)[1] if scored else None


def sought(words: str) -> list[str]:
    """The words of a search, each once. What is beyond as many as any name has is not looked for."""
    return list(dict.fromkeys(plain(words[:LONGEST_SEARCH]).split()))[:MOST_WORDS]


def number(text: str) -> str:
    """An outside number in its one form: spaces and small letters make no difference."""
    return "".join(texts.fit(text).split()).upper()


def wrong_identifiers(type: RecordType, given: Mapping[str, str]) -> Iterator[Problem]:
    """Numbers for systems that the type does not declare, or not of the declared pattern."""
    declared = {one.id: one for one in type.identifiers}
    for system, value in given.items():
        if system not in declared:
            yield Problem(system, "unknown_question", f"{system} is not a number that {type.title} has.")
            continue
        one = declared[system]
        if one.pattern and not re2.fullmatch(f"(?i:{one.pattern})", value):
            yield Problem(system, "pattern", f"{one.label} is not in the right form.")


def closest(
    type: RecordType,
    stack: Stack,
    fields: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]],
) -> list[tuple[str, float]]:
    """Ids of `others` that are likely to be the same by the fields in `alike`, best first, with 0 to 100.

    A field empty on either side counts neither way; one field alone must agree closely.
    """
    compared = [field for field in type.fields if field.id in type.alike]
    mine = {field.id: plain(shown(field, fields.get(field.id), stack)) for field in compared}
    scored = []
    for other, theirs in others.items():
        scores = [
            fuzz.WRatio(mine[field.id], plain(shown(field, theirs.get(field.id), stack)))
            for field in compared
            if mine[field.id] and theirs.get(field.id)
        ]
        if scores:
            score = sum(scores) / len(scores)
            if score >= ALIKE_ENOUGH:
                scored.append((other, round(score, 1)))
    return sorted(scored, key=lambda one: (-one[1], one[0]))
