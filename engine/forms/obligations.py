"""What a form owes: every question can be shown, every condition can make a difference, some answer is accepted.

The prover decides; whatever is told here holds for every answer. Must not know files or layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine import proof
from engine.expressions import tree as core
from engine.forms.described import Described
from engine.forms.guessing import Wanted, met
from engine.forms.plan import Condition, Leaf, Plan, Rows
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic

Findings = Iterator[Diagnostic]
TRUE, NOT_TRUE, NOT_FALSE, FALSE = (True,), (False, None), (True, None), (False,)
_ALWAYS = {
    "show_if": {"effect": "it changes nothing", "advice": "Delete it"},
    "required_if": {
        "effect": "the question is always required",
        "advice": "Write ‘answer: required’ instead (and why, in ‘why_required’)",
    },
    "advised_if": {"effect": "the question is always advised", "advice": "Write ‘answer: advised’ instead"},
}
_ASKED = {"required_if": "required", "advised_if": "advised"}


def check(plan: Plan) -> Findings:
    """Everything that a form's conditions owe and do not keep."""
    one = _Check(plan)
    for section in plan.sections:
        if section.show is not None:
            told = list(one.shown([section.show], section.id, section.section.title, None))
            yield from told
            if any(each.code == "F516" for each in told):
                continue
        for item in section.items:
            if isinstance(item, Leaf):
                yield from one.leaf(item, item.id, item.id, None)
                continue
            told = list(one.leaf(item.leaf, item.id, item.id, item))
            yield from told
            if not any(each.code == "F516" for each in told):
                for leaf in item.leaves:
                    yield from one.leaf(leaf, item.id, f"{item.id}.{leaf.id}", item)


class _Check:
    def __init__(self, plan: Plan) -> None:
        self.form = plan.form.id
        self.described = Described(plan)
        self.tired = False

    def leaf(self, leaf: Leaf, item: str, path: str, rows: Rows | None) -> Findings:
        """One question, its conditions in the order in which they count."""
        name = leaf.question.label or leaf.id
        gates = list(self.described.gates(item, leaf, rows))
        inside = rows if rows is not None and leaf is not rows.leaf else None
        if leaf.show is not None:
            told = list(self.shown(gates, path, name, inside))
            yield from told
            if any(one.code == "F516" for one in told):
                return
        for setting, condition in (("required_if", leaf.required_if), ("advised_if", leaf.advised_if)):
            if condition is not None:
                yield from self._asked(setting, condition, gates, path, name, inside)
        if leaf.valid_if is not None:
            yield from self._valid(leaf, leaf.valid_if, path, name, inside)

    def shown(self, gates: Sequence[Condition], path: str, name: str, rows: Rows | None) -> Findings:
        """The last of the conditions under which something is shown: it can hold together with those around it."""
        own = gates[-1]
        found = self._found([(one, TRUE) for one in gates], rows)
        words = {"question": name, "setting": "show_if"}
        if isinstance(found, proof.Impossible):
            alone = self._decide([(own, TRUE)], rows)
            why = "its condition cannot hold"
            if not isinstance(alone, proof.Impossible):
                why = "its condition cannot hold while what it stands in is shown"
            example = (
                f"{alone.in_words()}: its own condition holds." if isinstance(alone, proof.Witness) else None
            )
            yield self._finding("F516", own, path, example=example, question=name, why=why)
        elif isinstance(found, proof.Undecided):
            yield from self._undecided(found, own, path, **words)
        elif self._never([(own, NOT_TRUE)], rows):
            yield self._finding("F517", own, path, **words, **_ALWAYS["show_if"])

    def _asked(
        self,
        setting: str,
        own: Condition,
        gates: Sequence[Condition],
        path: str,
        name: str,
        rows: Rows | None,
    ) -> Findings:
        found = self._found([(own, TRUE), *((one, TRUE) for one in gates)], rows)
        words = {"question": name, "setting": setting}
        if isinstance(found, proof.Impossible):
            alone = self._decide([(own, TRUE)], rows) if gates else found
            if isinstance(alone, proof.Impossible):
                yield self._finding("F518", own, path, **words)
                return
            example = None
            if isinstance(alone, proof.Witness):
                example = f"{alone.in_words()}: ‘{setting}’ holds, and the question is hidden."
            yield self._finding("F514", own, path, example=example, asked=_ASKED[setting], **words)
        elif isinstance(found, proof.Undecided):
            yield from self._undecided(found, own, path, **words)
        elif self._never([(own, NOT_TRUE)], rows):
            yield self._finding("F517", own, path, **words, **_ALWAYS[setting])

    def _valid(self, leaf: Leaf, own: Condition, path: str, name: str, rows: Rows | None) -> Findings:
        tree = own.typed.tree
        read = next(
            (one for one in core.walk(tree) if isinstance(one, core.Read) and one.key == leaf.id), None
        )
        answered: Wanted = [(core.Answered(read), TRUE)] if read is not None else []
        if self._never([(own, NOT_FALSE), *answered], rows):
            yield self._finding("F519", own, path, question=name)
        elif self._never([(own, FALSE)], rows):
            yield self._finding("F520", own, path, question=name)

    def _found(self, wanted: Wanted, rows: Rows | None) -> proof.Decision | None:
        """What the prover decides; None where it need not be asked, because it plainly can be so."""
        return None if met(wanted, self.described, rows) else self._decide(wanted, rows)

    def _decide(self, wanted: Wanted, rows: Rows | None) -> proof.Decision:
        nodes = [(one.typed.tree if isinstance(one, Condition) else one, truths) for one, truths in wanted]
        universe = self.described.universe([node for node, _ in nodes], rows)
        return proof.decide(nodes, universe, self.described.budget)

    def _never(self, wanted: Wanted, rows: Rows | None) -> bool:
        return isinstance(self._found(wanted, rows), proof.Impossible)

    def _undecided(self, found: proof.Undecided, own: Condition, path: str, **words: str) -> Findings:
        """Told of each condition; but that there is too much in the whole form, once."""
        if not self.tired:
            yield self._finding("F521", own, path, why=found.why, **words)
        self.tired = self.tired or self.described.budget.spent

    def _finding(
        self, code: str, own: Condition, path: str, example: str | None = None, **words: Any
    ) -> Diagnostic:
        return finding(code, own.expression.place, element=f"{self.form}.{path}", example=example, **words)
