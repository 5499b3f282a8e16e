"""What people do to YAML by hand, done in many places: each slip is one finding, on its line, in its own words.

The broken definitions under tests/definitions/invalid show each finding once; here the same slips are made
wherever they can be made, so that the words do not depend on the neighbourhood.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from engine import packs
from engine.language.diagnostics import Diagnostic

HARBOUR = Path(__file__).resolve().parents[1] / "definitions" / "valid" / "harbour"
TEXTS = {
    str(path.relative_to(HARBOUR)): path.read_text(encoding="utf-8")
    for path in sorted(HARBOUR.rglob("*.yaml"))
}
PLACES_A_SLIP = 8

Slip = Callable[[str], str]


def turning(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Slip:
    return lambda line: re.sub(pattern, new, line, count=1)


# By what was done: the line as it becomes, and the codes that say so.
SLIPS: dict[str, tuple[Slip, set[str]]] = {
    "a dash forgotten": (turning(r"^(\s*)- (when|set|id: (?!area|outcome))", r"\1  \2"), {"Y116"}),
    "a colon forgotten": (turning(r"^(\s*(?:- )?(?!carry)\w+):( |$)", r"\1\2"), {"Y124", "Y130"}),
    "no space after a colon": (turning(r"^(\s*(?:- )?\w+): (\w)", r"\1:\2"), {"Y120"}),
    "no space after a dash": (turning(r"^(\s*)- ", r"\1-"), {"Y120"}),
    "a tab": (turning(r"^  ", "\t"), {"Y112"}),
    "a space too many": (turning(r"^(\s*)(\S)", r"\1 \2"), {"Y117", "Y130", "Y116", "Y137", "S"}),
    "a space too few": (turning(r"^ ", ""), {"Y117", "Y130", "Y116", "Y111"}),
    "a quote never closed": (turning(r"((?:label|title|hint): )(\w)", r'\1"\2'), {"Y121"}),
    "an apostrophe first": (turning(r"((?:label|title|hint): )(\w)", r"\1'\2"), {"Y121"}),
    "a colon in a text": (turning(r"((?:label|title|hint): \w+) ", r"\1: "), {"Y113"}),
    "curly quotes": (turning(r"((?:label|title): )([^,}]+)", r"\1“A: \2”"), {"Y118"}),
    "a long dash": (turning(r"^(\s*)- ", r"\1– "), {"Y119"}),
    "a hash in a text": (turning(r"((?:label|title): \w+)", r"\1 #1"), {"Y125", "Y139"}),
    "a question mark first": (turning(r"((?:label|title): )(\w)", r"\1? \2"), {"Y115"}),
    "asterisks": (turning(r"((?:label|title): )(\w+)", r"\1*\2*"), {"Y107"}),
    "an at sign": (turning(r"((?:label|title): )(\w+)", r"\1@\2"), {"Y114"}),
    "two commas": (turning(r"(\w), (\w)", r"\1,, \2"), {"Y135", "Y"}),
    "a bracket not closed": (turning(r"(\w)\]", r"\1"), {"Y122", "Y123", "Y136"}),
    "a brace not closed": (turning(r"([a-z])\}(?!\")", r"\1"), {"Y122", "Y123", "Y136", "Y199"}),
    "an id in capitals": (turning(r"(id: )([a-z])", lambda match: match[1] + match[2].upper()), {"S207"}),
    "an id with a hyphen": (turning(r"(id: \w+)_", r"\1-"), {"S207"}),
    "an id of two words": (turning(r"(id: \w+)_", r"\1 "), {"S207"}),
    "a key twice": (turning(r"^(\s*)(title|label|type)(: .*)$", r"\1\2\3\n\1\2\3"), {"Y111"}),
}


def spots(slip: Slip) -> list[tuple[str, int]]:
    found = [
        (file, number)
        for file, text in TEXTS.items()
        for number, line in enumerate(text.split("\n"))
        if slip(line) != line and "{area" not in line and "pattern:" not in line
    ]
    random.Random(11).shuffle(found)
    return found[:PLACES_A_SLIP]


@cache
def checked(file: str, text: str) -> tuple[Diagnostic, ...]:
    return tuple(packs.inspect_texts({**TEXTS, file: text}).diagnostics)


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_one_finding_where_it_was_made(name: str) -> None:
    slip, codes = SLIPS[name]
    places = spots(slip)
    assert len(places) >= 4
    for file, number in places:
        lines = TEXTS[file].split("\n")
        lines[number] = slip(lines[number])
        found = checked(file, "\n".join(lines))
        told = [(one.code, str(one.place), one.message) for one in found]
        assert len(found) == 1, (lines[number], told)
        assert found[0].place.file == file, (lines[number], told)
        assert abs(found[0].place.line - number - 1) <= 1, (lines[number], told)
        assert found[0].code in codes or found[0].code[0] in codes, (lines[number], told)


def test_without_a_slip_nothing_is_found() -> None:
    assert packs.inspect_texts(TEXTS).diagnostics == ()
