"""Every question type against its file in tests/spec/questions: what is typed, what is stored, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from engine.language.model import Option, OptionList, Question
from engine.questions import BUILT_IN, Context, Fault, Problem
from tests.support.forms import documents, spec_files

PLACES = OptionList(
    "places",
    title="Places",
    other=True,
    options=(
        Option("outdoors", label="Outdoors", group=True),
        Option("park", label="The park", under="outdoors", aliases=("Recreation ground",)),
        Option("kiosk", label="The kiosk", retired=True),
        Option("shops", label="Shops"),
    ),
)
NAMES = {"r1": "Riverside Park", "p1": "Alex Moor"}
CONTEXT = Context(lists={"places": PLACES}, today=date(2026, 1, 10), name_of=NAMES.get)
SPECS = [spec for path in spec_files("questions") for spec in documents(path)]
CASES = [
    pytest.param(spec, kind, case, id=f"{spec['type']}-{kind}-{case['in']}")
    for spec in SPECS
    for kind in ("typed", "stored", "shown")
    for case in spec.get(kind, ())
]
OWN = {"label", "options"}


def question_of(spec: Mapping[str, Any]) -> Question:
    given = spec["question"]
    settings = {key: value for key, value in given.items() if key not in OWN}
    return Question("asked", spec["type"], given["label"], options=given.get("options"), settings=settings)


def posted(given: Any) -> dict[str, list[str]]:
    if isinstance(given, Mapping):
        return {part: value if isinstance(value, list) else [value] for part, value in given.items()}
    return {"": [str(given)]}


@pytest.mark.parametrize(("spec", "kind", "case"), CASES)
def test_case(spec: dict[str, Any], kind: str, case: dict[str, Any]) -> None:
    question, type_ = question_of(spec), BUILT_IN[spec["type"]]
    if kind == "shown":
        value = type_.load(case["in"], question, CONTEXT)
        assert case["out"] == type_.display(value, question, CONTEXT)
        return
    if kind == "typed":
        value = type_.parse(posted(case["in"]), question, CONTEXT)
    else:
        value = type_.load(case["in"], question, CONTEXT)
    problem = (
        value if isinstance(value, Problem | Fault) else next(type_.check(value, question, CONTEXT), None)
    )
    if "out" in case:
        assert problem is None, problem
        assert case["out"] == type_.dump(value, question, CONTEXT)
    else:
        assert problem is not None, value
        assert case.get("says", problem.message) == problem.message
        assert case.get("code", problem.code) == problem.code


@pytest.mark.parametrize("spec", SPECS, ids=[spec["type"] for spec in SPECS])
def test_what_is_said_when_an_answer_is_needed(spec: dict[str, Any]) -> None:
    assert spec["required"] == BUILT_IN[spec["type"]].required_message(question_of(spec))


def test_every_type_has_a_spec() -> None:
    assert set(BUILT_IN) == {spec["type"] for spec in SPECS}
