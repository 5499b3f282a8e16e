"""What expressions come to: every case of tests/spec/expressions, over JSON and over values."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.expressions import closure, dump, explain, in_words, parse, typed
from tests.support.expressions import FOLDER, plain, reader_of, specimen_scope

FILES = ("choices", "logic", "numbers", "dates", "rows", "facts")
CASES = [
    pytest.param(case, id=f"{name}: {case['expression']} {case.get('answers') or case.get('facts') or ''}")
    for name in FILES
    for case in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_comes_to(case: dict[str, Any]) -> None:
    written, findings = parse(case["expression"])
    expression, more = typed(written, specimen_scope())
    assert [one.message for one in findings + more] == []
    assert expression is not None
    wanted = None if case["result"] == "unknown" else plain(case["result"])
    read = reader_of(case)
    assert dump(closure(expression, json=True)(read)) == wanted
    why = explain(expression, read, json=True)
    assert dump(why.value) == wanted
    if wanted is None:
        assert why.unanswered or list(why.decisive())
    assert in_words(expression).endswith(".")
