"""What evaluating a form gives: the contract's keys, and what explains them. Knows not how it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.questions import Problem

if TYPE_CHECKING:
    from engine.forms.plan import Leaf, Plan
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

    def with_defaults(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """`answers`, with the defaults of shown questions that nobody has answered yet: what a page shows."""
        filled = self._filled(self.plan.leaves, answers, self.answers)
        for rows in self.plan.rows.values():
            if all(leaf.default is None for leaf in rows.leaves) or rows.id not in self.answers:
                continue
            given, found = answers.get(rows.id), self.answers[rows.id]
            if isinstance(found, list) and isinstance(given, list) and len(given) == len(found):
                pairs = zip(given, found, strict=True)
                filled[rows.id] = [self._filled(rows.by_id, one, other) for one, other in pairs]
            elif isinstance(found, Mapping):
                earlier = given if isinstance(given, Mapping) else {}
                cells = {
                    key: self._filled(rows.by_id, earlier.get(key, {}), one) for key, one in found.items()
                }
                filled[rows.id] = {**earlier, **cells}
        return filled

    @staticmethod
    def _filled(
        leaves: Mapping[str, Leaf], given: Mapping[str, Any], found: Mapping[str, Any]
    ) -> dict[str, Any]:
        defaults = {
            leaf.id: found[leaf.id]
            for leaf in leaves.values()
            if leaf.default is not None and leaf.id not in given and leaf.id in found
        }
        return {**given, **defaults}

    def why(self, path: str, may_see: Callable[[str], bool] | None = None) -> Why:
        """Why this question, row question, cell or section is shown, hidden, required, calculated, as it is; and the
        least change of answers that would alter it.

        `may_see` says of a name (`harm_types`, `places.cost`, `record.area`) whether its answer may be told. Raises
        KeyError for a path that the form does not have.
        """
        from engine.forms.why import explain

        return explain(self, path, may_see)

    def awaited(self, path: str, may_see: Callable[[str], bool] | None = None) -> tuple[str, ...]:
        """The names of answers not given yet on which hangs whether the part at `path` is shown. Raises KeyError."""
        from engine.forms.why import awaited

        return awaited(self, path, may_see)
