"""What would allow a refused step, as people are told it: `tests/spec/explanations`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.expressions.changeable import Least
from tests.support.expressions import plain
from tests.support.workflows import machine

SPEC = Path(__file__).parents[2] / "spec" / "explanations" / "workflows.yaml"
TOLD = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
NOW = datetime(2026, 1, 5, 9)


def refused(case: dict[str, Any]) -> Any:
    checks = machine(TOLD["definitions"])
    facts = {"record": {}, **plain(case.get("facts", {}))}
    outcome = checks.fire(
        checks.start(now=NOW), case["do"], role="worker", person="p1", facts=facts, now=NOW,
        submitted_by={"request": "p1"},
    )  # fmt: skip
    return outcome.refused


@pytest.mark.parametrize("case", TOLD["cases"], ids=[case["what"] for case in TOLD["cases"]])
def test_as_written(case: dict[str, Any]) -> None:
    found = refused(case)
    hidden = case.get("hidden", ())
    assert [one.allowing(lambda name: name not in hidden) for one in found] == case["allowing"]
    if "said" in case:
        assert [one.said(lambda name: name not in hidden) for one in found] == case["said"]


def test_a_change_is_sought_only_when_somebody_asks_and_is_a_value() -> None:
    (first,) = refused({"do": "sent"})
    assert first.seek is not None and "seek" not in repr(first)
    found = first.least()
    assert isinstance(found, Least) and [(one.path, one.value) for one in found.changed] == [
        ("request._state", "submitted")
    ]
    role, *_ = refused({"do": "told"})
    assert role.least() is None
