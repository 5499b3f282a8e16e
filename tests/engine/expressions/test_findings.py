"""What is said of expressions that make no sense, and where it points."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.expressions import YES_NO, Name, form_scope, parse, typed
from engine.expressions.types import DATE, NUMBER, TEXT
from engine.language.codes import CODES
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression
from engine.language.places import Place
from tests.support.expressions import FOLDER, specimen_scope, stack_of

CASES = yaml.safe_load((FOLDER / "errors.yaml").read_text(encoding="utf-8"))
WANTS = {"yes_no": YES_NO, "number": NUMBER, "date": DATE, "text": TEXT}
# Shown by tests of their own below.
ELSEWHERE = {"E424", "E434", "E467", "E468"}


def findings_of(expression: Expression, case: dict[str, Any]) -> list[Diagnostic]:
    written, findings = parse(expression)
    return findings + typed(written, specimen_scope(), WANTS.get(case.get("wants", "")))[1]


def in_short(one: Diagnostic) -> str:
    severity = "" if one.severity == "error" else f" {one.severity}"
    return f"{one.code} {one.place.column}-{one.place.end_column}{severity}: {one.message} {one.help}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["expression"][:60] or "empty")
def test_is_told(case: dict[str, Any]) -> None:
    text = case["expression"]
    place = Place("form.yaml", 1, 1, 1, 1 + len(text))
    assert [in_short(one) for one in findings_of(Expression(text, place), case)] == case["findings"]


def test_every_code_of_expressions_is_shown_to_be_told() -> None:
    shown = {finding.split(" ")[0] for case in CASES for finding in case["findings"]}
    assert {code for code in CODES if code.startswith("E4")} - shown - ELSEWHERE == set()


def test_columns_are_those_of_the_file() -> None:
    text = "told and cozt > 3"
    plain = Place("form.yaml", 7, 20, 7, 20 + len(text))
    (found,) = findings_of(Expression(text, plain), {})
    assert (found.place.line, found.place.column, found.place.end_column) == (7, 29, 33)
    quoted = Place("form.yaml", 7, 20, 7, 22 + len(text))
    (found,) = findings_of(Expression(text, quoted), {})
    assert found.place.column == 30


def test_a_block_scalar_is_pointed_at_by_its_start() -> None:
    place = Place("form.yaml", 7, 20, 9, 1)
    (found,) = findings_of(Expression("told and\ncozt > 3\n", place), {})
    assert found.place == place


def test_conditions_that_multiply_are_refused_plainly() -> None:
    conditions = {"c0": "told and consented"}
    conditions |= {f"c{one}": f"c{one - 1} and c{one - 1} or c{one - 1}" for one in range(1, 10)}
    stack = stack_of(
        {
            "lists": {},
            "conditions": conditions,
            "forms": {
                "one": {
                    "title": "One",
                    "sections": [
                        {
                            "id": "s",
                            "title": "S",
                            "questions": [{"id": one, "type": "yes_no"} for one in ("told", "consented")],
                        }
                    ],
                }
            },
        }
    )
    scope = form_scope(stack, stack.forms["one"])
    assert [one.code for one in typed(parse("c9")[0], scope)[1]] == ["E424"]
    assert typed(parse("c2")[0], scope)[1] == []


def test_a_group_is_no_default() -> None:
    wants = specimen_scope().find("main_harm")
    assert isinstance(wants, Name)
    (found,) = typed(parse("extra_familial")[0], specimen_scope(), wants.type)[1]
    assert (found.code, found.message) == (
        "E467", "‘extra_familial’ heads a group of options; nobody can choose it.",
    )  # fmt: skip


def test_a_name_with_two_meanings_is_told() -> None:
    stack = stack_of(
        {
            "lists": {},
            "conditions": {"both": "both is answered"},
            "forms": {
                "one": {
                    "title": "One",
                    "sections": [{"id": "s", "title": "S", "questions": [{"id": "both", "type": "yes_no"}]}],
                }
            },
        }
    )
    (found,) = typed(parse("both")[0], form_scope(stack, stack.forms["one"]))[1]
    assert found.code == "E434"
    assert "a question and a named condition" in found.message
