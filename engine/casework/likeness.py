"""How words, names and outside numbers are compared: for searching, and for finding who may be the same.

Pure. It compares what it is given and never decides who may see it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import re2
from rapidfuzz import fuzz

from engine.casework import texts
from engine.casework.naming import shown
from engine.language.model import RecordType, Stack
from engine.questions import Problem

ALIKE_ENOUGH = 72.0
MOST_WORDS = 12
LONGEST_SEARCH = 500


def plain(text: str) -> str:
    """Text as it is searched: no accents, no capitals, one space between words."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", texts.fit(text)) if not unicodedata.combining(one)
    )
    return " ".join(bare.casefold().split())


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
