"""The catalogue of findings: every code whole, and `finding` the one way to make one."""

from __future__ import annotations

import inspect
import re
import string

import pytest

from engine.language.codes import (
    CODES,
    GROUPS,
    Code,
    expression,
    finding,
    form,
    pack,
    reference,
    structure,
    syntax,
    workflow,
)
from engine.language.places import Place

GROUP_FILES = {
    "Y": syntax,
    "S": structure,
    "R": reference,
    "E": expression,
    "F": form,
    "W": workflow,
    "P": pack,
}
TAKEN = set(inspect.signature(finding).parameters)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_no_code_is_minted_twice() -> None:
    minted = [entry.code for group in GROUP_FILES.values() for entry in group.CODES]
    assert sorted(minted) == sorted(CODES)


@pytest.mark.parametrize("letter", GROUP_FILES)
def test_each_group_keeps_its_letter_and_its_hundred(letter: str) -> None:
    hundred = str(list(GROUPS).index(letter) + 1)
    for entry in GROUP_FILES[letter].CODES:
        assert re.fullmatch(rf"{letter}{hundred}[0-9]{{2}}", entry.code), entry.code


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_is_wrong_and_what_to_do(code: str) -> None:
    entry = CODES[code]
    assert entry.title and not entry.title.endswith(".")
    assert entry.message.strip()
    assert entry.help.strip()
    assert entry.severity in ("error", "warning", "advice")
    assert not fields(entry.message + entry.help) & TAKEN, (
        "a word of the template is a parameter of finding()"
    )


@pytest.mark.parametrize("code", CODES)
def test_every_code_can_be_told(code: str) -> None:
    entry = CODES[code]
    words = {name: f"⟨{name}⟩" for name in fields(entry.message) | fields(entry.help)}
    told = finding(code, Place("a.yaml", 1, 1, 1, 2), **words)
    assert all(word in told.message + told.help for word in words.values())
    assert (told.code, told.severity) == (code, entry.severity)


def test_plain_words_only() -> None:
    """What a business support officer would have to look up."""
    jargon = re.compile(
        r"\b(null|parse|parser|token|schema|boolean|integer|string|array|traceback|regex)\b", re.I
    )
    for entry in CODES.values():
        assert not jargon.search(entry.message + entry.help), entry.code


def test_a_finding_wants_all_its_words() -> None:
    with pytest.raises(KeyError):
        finding("S203", None, key="x")
    with pytest.raises(KeyError):
        finding("Z999", None)


def test_did_you_mean_comes_first() -> None:
    words = {"value": "x", "key": "answer", "allowed": "required, advised"}
    told = finding("S206", None, did_you_mean="advised", **words)
    assert told.help == "Did you mean ‘advised’? Use one of: required, advised."


def test_words_with_braces_are_taken_as_they_are() -> None:
    told = finding("S209", None, key="{area} {0}")
    assert told.message == "‘{area} {0}’ is empty."


def test_an_entry_cannot_be_altered() -> None:
    with pytest.raises(AttributeError):
        CODES["S203"].title = "x"  # type: ignore[misc]
    assert isinstance(CODES["S203"], Code)
