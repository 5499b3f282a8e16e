"""How a finding is shown, and the likeliest word for a mistyped one."""

from __future__ import annotations

import json

import pytest

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic, Severity, as_text, in_order
from engine.language.guess import nearest
from engine.language.places import Place


def at(line: int, column: int, end: int, file: str = "a.yaml") -> Place:
    return Place(file, line, column, line, end)


def empty(place: Place, **more: object) -> str:
    return as_text(finding("S209", place, key="label", **more), SOURCE)


SOURCE = "form: a\r\n  label: x\r\n  naïve: “y”\r\n  \tz: 1\r\n  👩‍👧 w: 1"


def test_the_line_and_a_mark_under_it() -> None:
    assert empty(at(2, 3, 8)) == (
        "a.yaml:2:3: error S209: ‘label’ is empty.\n"
        "     2 |   label: x\n"
        "       |   ^^^^^\n"
        "   help: Write its text, or delete the line."
    )


def test_related_places_and_an_example_follow() -> None:
    told = empty(
        at(1, 1, 5), related=[(at(2, 3, 4), "first here")], example={"a": True, "b": None, "c": ["x", "y"]}
    )
    assert told.endswith("   see a.yaml:2:3: first here\n   example: a: yes, b: not answered, c: [x, y]")


def test_accents_and_quotes_do_not_shift_the_mark() -> None:
    lines = empty(at(3, 10, 13)).split("\n")
    assert lines[1][lines[2].index("^")] == "“"


def test_an_invisible_character_is_shown_as_a_space() -> None:
    lines = empty(at(4, 4, 5)).split("\n")
    assert lines[1] == "     4 |    z: 1"
    assert lines[2].index("^") == lines[1].index("z")


def test_wide_characters_take_two_columns() -> None:
    lines = empty(at(5, 7, 8)).split("\n")
    assert lines[2].count("^") == 1


@pytest.mark.parametrize("place", [at(99, 1, 2), at(0, 1, 2), Place("", 1, 1, 1, 1)])
def test_a_place_outside_the_file_is_told_without_its_line(place: Place) -> None:
    assert "S209" in empty(place)


def test_a_long_line_is_cut_round_the_place() -> None:
    source = "x" * 500 + "HERE" + "y" * 500
    lines = as_text(finding("S209", at(1, 501, 505), key="k"), source).split("\n")
    assert len(lines[1]) < 180
    marked = lines[2].index("^")
    assert lines[1][marked : marked + 4] == "HERE"


def test_json_has_what_programs_read() -> None:
    one = finding(
        "S209", at(2, 3, 8), element="a.b", key="label", related=[(at(1, 1, 2), "there")], example="x is 1"
    )
    told = json.loads(json.dumps(one.as_json()))
    assert told == {
        "code": "S209",
        "severity": "error",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 8,
        "element": "a.b",
        "message": "‘label’ is empty.",
        "help": "Write its text, or delete the line.",
        "related": [{"file": "a.yaml", "line": 1, "column": 1, "message": "there"}],
        "example": "x is 1",
    }


def test_findings_stand_by_place_and_once() -> None:
    later, first = finding("S209", at(2, 1, 2), key="a"), finding("S209", at(1, 9, 10), key="a")
    other = finding("S209", at(5, 1, 2, "b.yaml"), key="a")
    warning = finding("S230", at(2, 1, 2), paste="x")
    assert in_order([other, warning, later, first, later]) == [first, later, warning, other]


@pytest.mark.parametrize(
    ("word", "among", "meant"),
    [
        ("requird", ["required", "red", "label"], "required"),
        ("lable", ["label", "table"], "label"),
        ("Choose-One", ["choose_one", "choose_many"], "choose_one"),
        ("harm type", ["harm_types", "harm"], "harm_types"),
        ("option", ["options", "questions"], "options"),
        ("xyz", ["label", "id"], None),
        ("id", ["label"], None),
        ("", ["label"], None),
        ("label", ["label"], None),
        ("label", [], None),
    ],
)
def test_the_likeliest_word(word: str, among: list[str], meant: str | None) -> None:
    assert nearest(word, among) == meant


def test_a_name_that_is_missing_is_told_once() -> None:
    uses = [Diagnostic("R304", "error", "There is no role ‘x’.", at(line, 1, 2)) for line in (3, 1, 2)]
    told = in_order([*uses, Diagnostic("R304", "error", "There is no role ‘y’.", at(4, 1, 2))])
    assert [one.place.line for one in told] == [1, 4]
    assert [one.place.line for one in told[0].related] == [2, 3]


@pytest.mark.parametrize(("code", "severity"), [("S209", "error"), ("R328", "advice")])
def test_other_findings_are_each_told(code: str, severity: Severity) -> None:
    same = [Diagnostic(code, severity, "Again.", at(line, 1, 2)) for line in (1, 2)]
    assert in_order(same) == same
