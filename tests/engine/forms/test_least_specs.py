"""The least change in words, form by form: `tests/spec/explanations`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from engine import forms
from tests.support.expressions import plain
from tests.support.forms import SPEC, stack_of

TOLD = yaml.safe_load((SPEC / "explanations" / "forms.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 1, 5)


@pytest.mark.parametrize("case", TOLD["cases"], ids=[case["what"] for case in TOLD["cases"]])
def test_as_written(case: dict[str, Any]) -> None:
    stack = stack_of(TOLD["form"])
    form = forms.compile(stack.forms["visit"], stack)
    found = form.evaluate(plain(case["answers"]), today=TODAY, facts=plain(case.get("facts", {})))
    hidden = case.get("hidden", ())
    why = found.why(case["path"], lambda name: name not in hidden)
    assert [str(one) for one in why.otherwise] == case["otherwise"]
    if hidden:
        # Neither what is hidden nor what decided beside it is told.
        assert why.sentences[0].startswith("It is hidden. Whether it is shown depends on something")
        assert not any(label in " ".join(why.told()) for label in ("Told", "harms", "In the street"))
