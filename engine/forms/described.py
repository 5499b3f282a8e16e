"""The questions that a form's conditions read, described for the prover. Must not know how conditions are decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine import proof
from engine.expressions import form_scope, row_scope
from engine.expressions import tree as core
from engine.forms.plan import Condition, Leaf, Plan, Rows
from engine.proof.describing import STANDING, STATES, bounds, named
from engine.questions.choosing import OTHER


class Described:
    """The questions of one form; `universe` is all that some conditions read, in the form or in a row."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.scope = form_scope(plan.stack, plan.form)
        self.sections = {item.id: section for section in plan.sections for item in section.items}
        self.budget = proof.Budget()

    def universe(self, nodes: Sequence[core.Node], rows: Rows | None = None) -> proof.Universe:
        return proof.universe_of(nodes, lambda key, kind: self.question(key, kind, rows))

    def gates(self, item: str, leaf: Leaf, rows: Rows | None) -> Iterator[Condition]:
        """The conditions under which a question is shown, from the outermost."""
        section = self.sections[rows.id if rows is not None else item].show
        around = rows.leaf.show if rows is not None and rows.leaf is not leaf else None
        yield from (one for one in (section, around, leaf.show) if one is not None)

    def question(self, key: str, kind: str, rows: Rows | None) -> proof.Question | None:
        """What is to be known of a name that is read."""
        if kind == proof.STATE:
            form = self.plan.stack.forms.get(key.removesuffix("._state"))
            return proof.Question(key, kind, form.title if form else key, STATES)
        base = key.removesuffix(f".{OTHER}")
        if rows is not None and base in rows.by_id:
            said = named(key, kind, row_scope(self.scope, rows.id).find(key))
            return self._of(said, rows.by_id[base], rows.id, rows, base)
        said = named(key, kind, self.scope.find(key))
        if base in self.plan.leaves:
            return self._of(said, self.plan.leaves[base], base, None, base)
        container, _, cell = key.partition(".")
        if container in self.plan.rows:
            return self._of_rows(said, self.plan.rows[container], cell)
        head = key.partition(".")[0]
        if head in self.plan.stack.forms:
            return replace(said, shown=core.FormState(head, STANDING), doubtful=True)
        there = key in ("today()", "case.state", "case.started", "case.entered", "case.waiting")
        return replace(said, label=said.label or key, must_be_there=there)

    def _of(
        self, said: proof.Question, leaf: Leaf, item: str, rows: Rows | None, base: str
    ) -> proof.Question:
        gates = [one.typed.tree for one in self.gates(item, leaf, rows)]
        if said.key != base:
            chosen = core.Read(base, base, "choices" if leaf.question.type == "choose_many" else "choice")
            among = core.Includes if chosen.kind == "choices" else core.Member
            gates.append(among(chosen, frozenset({OTHER})))
            return replace(said, shown=_all(gates))
        least, most, step = bounds(leaf.question)
        calculated = leaf.calculate.typed.tree if leaf.calculate is not None else None
        return replace(said, shown=_all(gates), calculated=calculated, least=least, most=most, step=step)

    def _of_rows(self, said: proof.Question, rows: Rows, cell: str) -> proof.Question:
        """A repeat or grid, or one cell of a grid, whose own conditions are not followed: then found is a maybe."""
        gates = [one.typed.tree for one in self.gates(rows.id, rows.leaf, rows)]
        leaves = [leaf for leaf in rows.leaves if not cell or cell.endswith(f".{leaf.id}")]
        bound = any(leaf.show is not None or leaf.calculate is not None for leaf in leaves)
        doubtful = bound or rows.each or (rows.fixed is not None and not cell)
        most = rows.leaf.question.settings.get("max_rows") if not cell else None
        return replace(said, shown=_all(gates), most=most, doubtful=doubtful)


def _all(gates: Sequence[core.Node]) -> core.Node | None:
    return None if not gates else gates[0] if len(gates) == 1 else core.And(tuple(gates))
