"""The ten defects of a bad workflow are found when it is loaded, each with a counter-example in plain words."""

from __future__ import annotations

import pytest

from engine.packs import inspect_texts
from tests.bench.workflows import BAD, GOOD, MISNAMED, TEN
from tests.support.workflows import texts

SAID = {
    "unreachable state": "However a case goes, it comes to ",
    "dead end": "A case that goes ‘Begun’ → ‘Dead end’ stays there for ever.",
    "no route to a final state": "A case that has come ‘Begun’ → ‘Turning’ can only go ",
    "automatic loop": "With “Is it urgent?” = yes: a case that comes to ‘begun’ goes begun → returning → begun",
    "two branches both true": "With “What next?” = Medium: both hold.",
    "automatic exits that overlap": "With “Is it urgent?” = yes: both hold.",
    "a gap": "With “What next?” = High: no branch holds.",
    "a guard never true": "With “Are you sure?” = ",
    "missing target": "When ‘Stop’ is chosen, the case would go to ‘ovr’, and then it would be nowhere.",
    "unknown field": "Nothing here is called ‘request.urgnt’: it would stay unknown, whatever people answer.",
}


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """The example of each finding by its code and the part of the workflow that it is about."""
    return {
        f"{one.code} {one.element.rpartition('.')[2]}": one.example or ""
        for text in (BAD, *MISNAMED)
        for one in inspect_texts(texts(text)).diagnostics
    }


def test_a_good_workflow_has_none() -> None:
    assert inspect_texts(texts(GOOD)).diagnostics == ()


@pytest.mark.parametrize("defect", TEN)
def test_each_is_found_with_a_counter_example(defect: str, told: dict[str, str]) -> None:
    found = [example for name, example in told.items() if name.startswith(TEN[defect])]
    assert found, told
    assert any(one.startswith(SAID[defect]) for one in found), found
