"""The authors' page tells the truth: every example on it is read, evaluated and said in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.expressions import closure, dump, facts_reader, in_words, parse, typed
from engine.expressions.lexing import MAX_BRACKETS, MAX_TOKENS
from engine.expressions.typing import MAX_ROW_NESTING, MAX_SIZE
from tests.support.expressions import TODAY, specimen_scope

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "expressions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
RESULTS = {"unknown": None, "no": False, "yes": True, "0": "0"}


@pytest.mark.parametrize(("text", "said"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_every_example_is_an_expression(text: str, said: str) -> None:
    written, findings = parse(text)
    expression, more = typed(written, specimen_scope())
    assert [one.message for one in findings + more] == []
    assert expression is not None
    assert in_words(expression)
    result = dump(closure(expression, json=True)(facts_reader({}, TODAY, {})))
    if said in RESULTS:
        assert result == RESULTS[said]


def test_there_are_examples_and_the_limits_are_those_of_the_engine() -> None:
    assert len(EXAMPLES) > 45
    assert f"at most {MAX_TOKENS} words and signs and {MAX_BRACKETS} brackets" in PAGE
    assert f"at most {MAX_SIZE:,}\nparts" in PAGE
    assert MAX_ROW_NESTING == 3 and "three deep at most" in PAGE
