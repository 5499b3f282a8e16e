"""Decides what expressions can come to, over a universe of questions: with answers that show it, or that none do.

    universe = universe_of([condition], describe)         # the questions read, and what decides whether they count
    can_be(condition, True, universe, budget)             # Witness | Impossible | Undecided
    can_both(one, other, universe, budget)                # both true at once
    implies(one, other, universe, budget)                 # None if it does; else where it does not

A witness has been evaluated by the very closures that will run; an impossibility holds for every answer. Few
answers are tried one by one; numbers, days, rows and what would be too many go to z3, which is loaded only then.
The room knows no form and no workflow: whoever asks describes the questions.
"""

from engine.proof.deciding import Budget, can_be, can_both, decide, implies, values
from engine.proof.universe import (
    IMPOSSIBLE,
    STATE,
    Answer,
    Decision,
    Impossible,
    Question,
    Undecided,
    Universe,
    Witness,
    universe_of,
)

__all__ = [
    "IMPOSSIBLE", "STATE", "Answer", "Budget", "Decision", "Impossible", "Question", "Undecided", "Universe", "Witness",
    "can_be", "can_both", "decide", "implies", "universe_of", "values",
]  # fmt: skip
