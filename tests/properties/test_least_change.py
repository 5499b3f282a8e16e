"""What is offered as the least change flips the result, for random conditions over random answers.

The seed is printed, as is how many were constant and how many nothing within three answers flips.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from engine.expressions import YES_NO, parse, typed
from engine.expressions.changeable import MOST_CHANGES
from engine.expressions.least import STEPS, least_change
from tests.support.expressions import specimen_scope
from tests.support.otherwise import flips, values, world
from tests.support.random_expressions import Maker

SEED = 20260105
CASES = 10_000


@pytest.mark.timeout(240)
def test_what_is_offered_flips_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    chance = Random(SEED)
    found: Counter[str] = Counter()
    left_out = 0
    while (number := sum(found.values())) < CASES:
        maker = Maker(chance)
        condition, answers, facts = (
            maker.condition(chance.choice((1, 2, 2, 3))),
            maker.answers(),
            maker.facts(),
        )
        expression, _ = typed(parse(condition)[0], specimen_scope(), YES_NO)
        if expression is None:
            continue
        least = least_change(expression, world(answers, facts))
        found[least.outcome + (f" {len(least.changed)}" if least.changed else "")] += 1
        assert least.steps <= STEPS
        if least.outcome != "found":
            assert not least.changed
            continue
        assert 1 <= len(least.changed) <= MOST_CHANGES
        offered = values(least)
        assert flips(expression, answers, facts, offered), (condition, answers, facts, offered)
        # Without any one of them the result stays: none is offered for nothing, and a wrong value would be caught.
        for path in offered if number % 5 == 0 else ():
            without = path.removesuffix("_state")
            rest = {key: value for key, value in offered.items() if not key.startswith(without)}
            assert not flips(expression, answers, facts, rest), (condition, answers, facts, offered, path)
            left_out += 1
    with capsys.disabled():
        print(f"\nleast change, seed {SEED}: {CASES} evaluations: {dict(sorted(found.items()))}")
    assert left_out > CASES / 10
    assert found["constant"] and found["none"] and found["found 3"] > 100
    assert found["stopped"] < CASES / 500


def test_the_same_change_is_offered_each_time() -> None:
    for number in range(100):
        offered = []
        for _ in range(2):
            maker = Maker(Random(number))
            expression, _ = typed(parse(maker.condition())[0], specimen_scope(), YES_NO)
            if expression is not None:
                found = least_change(expression, world(maker.answers(), maker.facts()))
                offered.append((found.outcome, found.steps, values(found)))
        assert not offered or offered[0] == offered[1]
