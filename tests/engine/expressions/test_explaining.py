"""Expressions in plain English, and which answers decided a result."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.expressions import closure, dump, explain, in_words, parse, typed
from tests.support.expressions import FOLDER, reader_of, specimen_scope

WORDS = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
WHY = yaml.safe_load((FOLDER / "why.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", WORDS, ids=lambda case: case["expression"])
def test_is_said_in_words(case: dict[str, str]) -> None:
    expression, _ = typed(parse(case["expression"])[0], specimen_scope())
    assert expression is not None
    assert in_words(expression) == case["words"]


@pytest.mark.parametrize("case", WHY, ids=lambda case: f"{case['expression']} {case['decided']}")
def test_says_what_decided(case: dict[str, Any]) -> None:
    expression, _ = typed(parse(case["expression"])[0], specimen_scope())
    assert expression is not None
    read = reader_of(case)
    why = explain(expression, read, json=True)
    assert why.value is closure(expression, json=True)(read)
    assert {one.name: dump(one.value) for one in why.decisive()} == case["decided"]
    assert list(why.unanswered) == case.get("unanswered", [])
