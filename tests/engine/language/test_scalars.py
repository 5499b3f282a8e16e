"""A scalar means what the schema wants where it stands, and never what YAML would make of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.language import nodes, reading
from engine.language.schemas import parts

FOLDER = Path(__file__).resolve().parents[2] / "spec" / "scalars"
WANTS: dict[str, parts.Schema] = {
    "text": parts.PROSE,
    "boolean": parts.BOOLEAN,
    "whole": parts.whole(),
    "number": {"type": "number"},
    "date": parts.DATE,
    "id": parts.ID,
    "ref": parts.REF,
    "ids": parts.one_or_several(parts.REF),
    "anything": parts.ANYTHING,
    "deadline": parts.DEADLINE,
    "version": parts.VERSION,
    "expression": parts.EXPRESSION,
}
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_scalar_means_what_is_wanted(case: dict[str, Any]) -> None:
    documents, findings = nodes.read(f"key: {case['written']}\n", "a.yaml")
    assert findings == []
    schema = parts.settings({"key": WANTS[case["wants"]]})
    codes = [one.code for one in reading.check(documents[0], schema)]
    if "error" in case:
        assert codes == [case["error"]]
        return
    assert codes == []
    value = reading.value(documents[0], schema)["key"]
    assert (str(value) if isinstance(value, Decimal) else value) == case["value"]
    assert isinstance(value, bool) == isinstance(case["value"], bool)


def test_the_corpus_is_as_large_as_it_was() -> None:
    assert len(CASES) >= 80
