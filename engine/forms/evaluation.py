"""What evaluating a form gives: the contract's keys, and what explains them. Knows not how it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.questions import Problem

if TYPE_CHECKING:
    from engine.forms.plan import Plan
    from engine.forms.why import Why
    from engine.forms.working import Working


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One form with one set of answers on one day.

    `shown`, `required` and `advised` are paths in form order; `answers` are those shown and those calculated,
    as JSON; `problems` block, `advice` does not. `dropped` are paths answered but not shown: they are not in
    `answers`.
    """

    plan: Plan = field(repr=False)
    working: Working = field(repr=False)
    shown: tuple[str, ...]
    required: tuple[str, ...]
    advised: tuple[str, ...]
    answers: Mapping[str, Any]
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    dropped: tuple[str, ...]
    calculated: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing blocks."""
        return not self.problems

    def json(self) -> dict[str, Any]:
        """The evaluation as `trefoil evaluate` prints it."""
        return {
            "form": self.plan.form.id,
            "version": self.plan.stack.manifest.version,
            "shown": list(self.shown),
            "required": list(self.required),
            "advised": list(self.advised),
            "answers": dict(self.answers),
            "problems": [problem.json() for problem in self.problems],
            "advice": [problem.json() for problem in self.advice],
        }

    def why(self, path: str) -> Why:
        """Why this question, row question, cell or section is shown, hidden, required, calculated, as it is.

        Raises KeyError for a path that the form does not have.
        """
        from engine.forms.why import explain

        return explain(self, path)
