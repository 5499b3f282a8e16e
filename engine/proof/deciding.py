"""The questions that can be put: can it be, can both be, does one imply the other.

Where trying every answer that matters is exact and short, that decides; else z3 proposes and the closures judge.
Every decision is bounded in steps taken from a budget, never in seconds. Must not know who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.expressions import tree as core
from engine.proof.trying import domains, exact, ways
from engine.proof.universe import (
    IMPOSSIBLE,
    STATE,
    Decision,
    Meaning,
    Undecided,
    Universe,
    Witness,
    witness,
)

Truth = bool | None
Wanted = Sequence[tuple[core.Node, Sequence[Truth]]]
MOST_TRIED = 2_000
VALUES: tuple[Truth, ...] = (True, False, None)


@dataclass
class Budget:
    """What may still be spent: answers tried, and questions put to z3. Shared by all decisions of one document."""

    tried: int = 200_000
    asked: int = 200

    @property
    def spent(self) -> bool:
        """Whether nothing more can be decided."""
        return self.tried < 0 or self.asked < 0


def decide(wanted: Wanted, universe: Universe, budget: Budget) -> Decision:
    """Answers under which each condition comes to one of its values; or that there are none."""
    nodes = [node for node, _ in wanted]
    relevant = [*nodes, *universe.nodes]
    meaning = Meaning(universe)
    if exact(relevant):
        tried = domains(relevant, universe, MOST_TRIED)
        if tried is not None:
            return _tried(wanted, universe, meaning, tried, budget)
    return _solved(wanted, universe, meaning, budget)


def _tried(
    wanted: Wanted, universe: Universe, meaning: Meaning, tried: dict[str, list[object]], budget: Budget
) -> Decision:
    maybe: Witness | None = None
    for answers in ways(tried):
        budget.tried -= 1
        if budget.tried < 0:
            return maybe or Undecided()
        if _is_so(wanted, meaning, answers) and meaning.holds(answers):
            found = witness(universe, meaning.reader(answers))
            if found.sure:
                return found
            maybe = maybe or found
    return maybe or IMPOSSIBLE


def _solved(wanted: Wanted, universe: Universe, meaning: Meaning, budget: Budget) -> Decision:
    from engine.proof.solving import Solver

    budget.asked -= 1
    if budget.asked < 0:
        return Undecided()
    solver = Solver(universe, [node for node, _ in wanted])
    asked = [(node, frozenset(values)) for node, values in wanted]
    for answers in solver.candidates(asked):
        if _is_so(wanted, meaning, answers) and meaning.holds(answers):
            return witness(universe, meaning.reader(_plainer(wanted, meaning, answers)))
    return IMPOSSIBLE if solver.ended else Undecided("the conditions do more than can be decided")


def _plainer(wanted: Wanted, meaning: Meaning, answers: dict[str, object]) -> dict[str, object]:
    """The same without the answers that it does not need."""
    for key in sorted(answers, key=lambda key: (meaning.universe.questions[key].kind == STATE, key)):
        fewer = {one: value for one, value in answers.items() if one != key}
        if key != "today()" and _is_so(wanted, meaning, fewer) and meaning.holds(fewer):
            answers = fewer
        elif meaning.universe.questions[key].kind == STATE:
            usual = {**answers, key: "submitted"}
            if _is_so(wanted, meaning, usual) and meaning.holds(usual):
                answers = usual
    return answers


def _is_so(wanted: Wanted, meaning: Meaning, answers: dict[str, object]) -> bool:
    return all(meaning.run(node, answers) in values for node, values in wanted)


def can_be(expression: core.Node, value: Truth, universe: Universe, budget: Budget | None = None) -> Decision:
    """Whether a condition can come to a value: answers with which it does."""
    return decide([(expression, [value])], universe, budget or Budget())


def can_both(one: core.Node, other: core.Node, universe: Universe, budget: Budget | None = None) -> Decision:
    """Whether two conditions can be true at once."""
    return decide([(one, [True]), (other, [True])], universe, budget or Budget())


def implies(one: core.Node, other: core.Node, universe: Universe, budget: Budget | None = None) -> Decision:
    """IMPOSSIBLE if wherever `one` is true `other` is too; else answers where it is not."""
    return decide([(one, [True]), (other, [False, None])], universe, budget or Budget())


def values(expression: core.Node, universe: Universe, budget: Budget | None = None) -> dict[Truth, Decision]:
    """For each of true, false and unknown whether a condition can come to it."""
    spent = budget or Budget()
    return {value: can_be(expression, value, universe, spent) for value in VALUES}
