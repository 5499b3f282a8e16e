"""Every case under tests/spec/forms/cases: a form, answers, a day and facts → what must come of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.forms import CompiledForm, Evaluation
from tests.support.forms import SPEC, documents, form_of

TODAY = "2026-01-05"
SPECIMEN = (SPEC / "forms" / "specimen.yaml").read_text(encoding="utf-8")
CASES = [case for path in sorted((SPEC / "forms" / "cases").glob("*.yaml")) for case in documents(path)]
KNOWN = {
    "case", "form", "answers", "today", "facts", "shown", "not_shown", "only_shown", "only_required",
    "not_required", "only_advised", "problems", "advice", "answers_out", "dropped",
}  # fmt: skip


def compiled(case: dict[str, Any]) -> CompiledForm:
    return form_of(case.get("form", SPECIMEN))


def evaluated(case: dict[str, Any]) -> Evaluation:
    today = date.fromisoformat(case.get("today", TODAY))
    return compiled(case).evaluate(case["answers"], today=today, facts=case.get("facts"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KNOWN, f"keys that this runner does not know: {set(case) - KNOWN}"
    found = evaluated(case)
    assert set(case.get("shown", ())) <= set(found.shown)
    assert not set(case.get("not_shown", ())) & set(found.shown)
    assert not set(case.get("not_required", ())) & set(found.required)
    for key, told in (("only_shown", found.shown), ("only_required", found.required)):
        if key in case:
            assert case[key] == list(told)
    if "only_advised" in case:
        assert case["only_advised"] == list(found.advised)
    if "answers_out" in case:
        assert case["answers_out"] == found.answers
    if "dropped" in case:
        assert case["dropped"] == list(found.dropped)
    for key, problems in (("problems", found.problems), ("advice", found.advice)):
        if key in case:
            told_of = [[one.question, one.code, one.message] for one in problems]
            assert case[key] == [
                one[: len(wanted)] for one, wanted in zip(told_of, case[key], strict=False)
            ], told_of
            assert len(case[key]) == len(told_of), told_of


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_leaves_comes_back_alike(case: dict[str, Any]) -> None:
    """Evaluating the answers that left gives them again: nothing hidden comes to light, nothing is added."""
    first = evaluated(case)
    again = compiled(case).evaluate(
        first.answers, today=date.fromisoformat(case.get("today", TODAY)), facts=case.get("facts")
    )
    cleared = {key for key, value in case["answers"].items() if value is None}
    cleared |= {one.question for one in first.problems if one.code in ("type", "option")}
    assert {k: v for k, v in again.answers.items() if k not in cleared} == first.answers
    assert {one.code for one in again.problems} <= {"required", "range", "pattern", "valid_if"}
