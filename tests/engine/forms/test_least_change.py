"""The least change of a small form is the least: every smaller one, over every value there is, was tried."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from engine.expressions import dump
from engine.expressions.changeable import ADDED, REMOVED
from engine.forms import CompiledForm
from engine.forms.otherwise import Otherwise
from tests.support.small_forms import (
    ADD,
    REMOVE,
    TODAY,
    Change,
    every_change,
    flips,
    random_answers,
    random_form,
)

SEED = 20260106
CASES = 150
THOROUGH = 2


def changes_of(found: Otherwise) -> tuple[Change, ...]:
    """What is offered, as the small forms' own words for it."""
    marks = {ADDED: ADD, REMOVED: REMOVE}
    return tuple(
        (
            one.path.replace("[", ".").replace("]", ""),
            marks.get(one.value) or (None if one.value is None else dump(one.value)),
        )
        for one in found.changed
    )


def about_shown(form: CompiledForm, answers: dict[str, object]) -> Otherwise:
    (found,) = form.evaluate(answers, today=TODAY).why("target").otherwise
    assert found.aspect == "shown"
    return found


@pytest.mark.timeout(120)
def test_no_smaller_change_flips_it(capsys: pytest.CaptureFixture[str]) -> None:
    chance = Random(SEED)
    outcomes: Counter[str] = Counter()
    tried = thorough = 0
    for _ in range(CASES):
        form, answers = random_form(chance), random_answers(chance)
        found = about_shown(form, answers)
        outcomes[f"{found.outcome} {len(found.changed) or ''}".strip()] += 1
        assert found.outcome != "stopped"
        fewer = len(found.changed) - 1
        if found.outcome == "found":
            assert flips(form, answers, changes_of(found)), (str(found), answers)
        else:
            thorough += 1
            fewer = 3 if thorough <= THOROUGH else 2
        for number in range(1, fewer + 1):
            for way in every_change(answers, number):
                tried += 1
                assert not flips(form, answers, way), (form.form, answers, str(found), way)
    with capsys.disabled():
        print(
            f"\nleast change of small forms, seed {SEED}: {dict(sorted(outcomes.items()))}; {tried} smaller ones tried"
        )
    assert outcomes["found 1"] and outcomes["found 2"] and outcomes["found 3"] and tried > 10_000


def test_a_wrong_value_is_caught() -> None:
    """A control: another value in the place of one that was offered does not pass."""
    chance = Random(SEED)
    caught = 0
    for _ in range(40):
        form, answers = random_form(chance), random_answers(chance)
        found = about_shown(form, answers)
        offered = changes_of(found)
        for path, value in offered:
            if not path.startswith("places"):
                rest = tuple(one for one in offered if one[0] != path)
                assert value != answers.get(path)
                assert not flips(form, answers, ((path, answers.get(path)), *rest))
                caught += 1
    assert caught >= 25
