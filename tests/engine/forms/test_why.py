"""A form explains itself from the evaluation that decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.engine.forms.test_specs import SPECIMEN
from tests.support.forms import SPEC, documents, form_of

CASES = documents(SPEC / "forms" / "why.yaml")
TODAY = date(2026, 1, 5)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = form_of(SPECIMEN).evaluate(case["answers"], today=TODAY)
    for path, sentences in {**case.get("why", {}), **case.get("shown", {})}.items():
        assert sentences == str(found.why(path)), path
    for path, missing in case.get("missing", {}).items():
        assert missing == list(found.why(path).missing), path
    for path, sentence in case.get("contains", {}).items():
        assert sentence in str(found.why(path)), (path, str(found.why(path)))


def test_every_part_can_be_asked_about() -> None:
    answers = {"harm_setting": "both", "places": [{"_row": "a", "cost": "1"}, {"_row": "b"}]}
    found = form_of(SPECIMEN).evaluate(answers, today=TODAY)
    for path in found.shown:
        why = found.why(path)
        assert why.shown and why.sentences and why.json()["path"] == path
    for hidden in ("why_cse", "places[1].cost", "dear", "framework.peers.working"):
        assert not found.why(hidden).shown


@pytest.mark.parametrize(
    "path", ["nothing", "places[7].place", "places[0]", "framework.home", "harm_types.cse"]
)
def test_what_is_not_there_cannot_be_explained(path: str) -> None:
    found = form_of(SPECIMEN).evaluate({"places": [{"_row": "a"}]}, today=TODAY)
    with pytest.raises(KeyError):
        found.why(path)
