"""The questions that a workflow's conditions read, described for the prover: when shown, when answered, how bound.

So that what can never be answered is not held against a workflow. Must not know how conditions are decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from engine import proof
from engine.expressions import (
    YES_NO,
    Scope,
    form_scope,
    parse,
    question_type,
    typed,
    workflow_scope,
)
from engine.expressions import tree as core
from engine.expressions.types import Type
from engine.language.model import Expression, Form, Question, Stack, Workflow
from engine.proof.describing import STANDING, STATES, bounds, named
from engine.proof.renaming import renamed


class Described:
    """The questions of one workflow; `universe` is all that some conditions read."""

    def __init__(self, workflow: Workflow, stack: Stack) -> None:
        self._workflow = workflow
        self._stack = stack
        self._scopes: dict[str, Scope] = {}
        self._known: dict[str, proof.Question] = {}
        self._musts: dict[str, tuple[core.Node, ...]] = {}
        self._bound: set[str] = set()
        self.budget = proof.Budget()

    def universe(self, nodes: Sequence[core.Node]) -> proof.Universe:
        found = proof.universe_of(nodes, self.question, lambda one: self._musts.get(one.key, ()))
        looked = {key for node in (*nodes, *found.nodes) for key in _looked_into(node)}
        bound = {key: replace(found.questions[key], doubtful=True) for key in looked & self._bound}
        return replace(found, questions={**found.questions, **bound}) if bound else found

    @cached_property
    def _scope(self) -> Scope:
        return workflow_scope(self._stack, self._workflow)

    def question(self, key: str, kind: str) -> proof.Question:
        """What is to be known of a name that is read."""
        if key not in self._known:
            self._known[key] = self._question(key, kind)
        return self._known[key]

    def musts(self, key: str) -> tuple[core.Node, ...]:
        """What an answer already described is held to."""
        return self._musts.get(key, ())

    def _question(self, key: str, kind: str) -> proof.Question:
        head, _, rest = key.partition(".")
        form = self._stack.forms.get(head)
        if kind == proof.STATE:
            return proof.Question(key, kind, form.title if form else head, STATES)
        found = self._scope.find(key)
        said = named(key, kind, found)
        label, options, cells = said.label or key, said.options, said.cells
        if form is None:
            # Where a case stands follows from its way there, which conditions alone do not tell.
            doubtful = key in ("case.state", "case.waiting", "case.reopened") or key.startswith(
                "case.awaited."
            )
            there = key in ("today()", "case.state", "case.started", "case.entered", "case.waiting")
            return proof.Question(
                key, kind, label, options, cells=cells, must_be_there=there, doubtful=doubtful
            )
        return self._of_form(form, key, kind, label, options, cells, rest)

    def _of_form(
        self,
        form: Form,
        key: str,
        kind: str,
        label: str,
        options: tuple[tuple[str, str], ...],
        cells: Mapping[str, proof.Question],
        rest: str,
    ) -> proof.Question:
        inward = list(self._inward(form, rest))
        if kind == "text" and rest.endswith(".other") and not inward:
            inward = list(self._inward(form, rest.removesuffix(".other")))
        last = inward[-1] if inward else None
        calculated = self._own(form, last, "calculate") if last is not None and len(inward) == 1 else None
        checked = self._own(form, last, "valid_if") if last is not None and len(inward) == 1 else None
        asked = self._own(form, last, "required_if") if last is not None and len(inward) == 1 else None
        deeper = [*inward[:-1], *(last.questions if last is not None else ())]
        unread = any(
            (one.calculate is not None and (calculated is None or one is not last))
            or (one.valid_if is not None and (checked is None or one is not last))
            for one in inward
        )
        bound = any(
            one.show_if or one.valid_if or one.calculate or one.answer == "required" for one in deeper
        )
        if bound:
            self._bound.add(key)
        self._musts[key] = () if checked is None else (checked,)
        gates = [core.FormState(form.id, STANDING, form.title), *self._gates(form, rest, inward)]
        least, most, step = bounds(last)
        if kind == "rows":
            most = last.settings.get("max_rows") if last is not None else None
        return proof.Question(
            key,
            kind,
            label,
            options,
            shown=core.And(tuple(gates)) if len(gates) > 1 else gates[0],
            calculated=calculated,
            asked=asked,
            must_be_there=last is not None
            and last.answer == "required"
            and len(inward) == 1
            and key.endswith(last.id),
            least=least,
            most=most,
            step=step,
            cells=cells,
            doubtful=unread
            or (kind == "rows" and (last is None or last.type == "grid" or "min_rows" in last.settings)),
        )

    def _own(self, form: Form, question: Question | None, setting: str) -> core.Node | None:
        """What a setting says, if it reads nothing but the form: what else it read may have changed since."""
        expression: Expression | None = getattr(question, setting)
        if expression is None or question is None:
            return None
        wants = question_type(self._stack, question) if setting == "calculate" else YES_NO
        for node in self._compiled(form, expression, wants):
            beyond = ("today()", "record.", "case.")
            if not any(name.startswith(beyond) or name.endswith("._state") for name in core.reads(node)):
                return node
        return None

    def _gates(self, form: Form, rest: str, inward: list[Question]) -> Iterator[core.Node]:
        for section in form.sections:
            if section.show_if is not None and any(one.id == rest.split(".")[0] for one in section.questions):
                yield from self._compiled(form, section.show_if, YES_NO)
        for one in inward:
            if one.show_if is not None and (one is inward[0] or len(inward) == 1):
                yield from self._compiled(form, one.show_if, YES_NO)

    def _compiled(self, form: Form, expression: Expression, wants: Type | None) -> Iterator[core.Node]:
        scope = self._scopes.setdefault(form.id, form_scope(self._stack, form))
        found, _ = typed(parse(expression)[0], scope, wants)
        if found is not None:
            yield renamed(found.tree, lambda key: self._from_outside(form, key))

    def _from_outside(self, form: Form, key: str) -> str:
        head = key.partition(".")[0]
        beyond = head in ("record", "case") or (head in self._stack.forms and "." in key)
        return key if beyond else f"{form.id}.{key}"

    def _inward(self, form: Form, rest: str) -> Iterator[Question]:
        """The question a path names, with those it stands in, from the outermost."""
        among = [one for section in form.sections for one in section.questions]
        for name in rest.split("."):
            found = next((one for one in among if one.id == name), None)
            if found is not None:
                yield found
                among = list(found.questions)


def _looked_into(node: core.Node) -> Iterator[str]:
    """The rows whose cells a condition reads, not only their number."""
    for one in core.walk(node):
        if isinstance(one, core.AnyRow | core.Column):
            yield one.rows.key
