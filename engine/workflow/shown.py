"""When a question of a form is shown, as a workflow's conditions read it; its options; whether it is worked out.

So that what can never be answered is not held against a workflow. Must not know how conditions are decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from engine.expressions import YES_NO, Name, Scope, form_scope, parse, typed, workflow_scope
from engine.expressions import tree as core
from engine.language.model import Expression, Form, Question, Stack, Workflow

# How many sets of answers are tried for one workflow: about two seconds' worth, however it is written.
MOST_TRIED = 400_000


class Shown:
    """What a workflow's conditions must know of the questions they read, and how much may still be tried."""

    def __init__(self, workflow: Workflow, stack: Stack) -> None:
        self._workflow = workflow
        self._stack = stack
        self._when: dict[str, core.Node | None] = {}
        self._scopes: dict[str, Scope] = {}
        self.budget = [MOST_TRIED]

    @cached_property
    def _scope(self) -> Scope:
        return workflow_scope(self._stack, self._workflow)

    def is_form(self, key: str) -> bool:
        """Whether a key is a form's own: `FORM.question`."""
        return key.partition(".")[0] in self._stack.forms

    def options(self, key: str) -> list[str]:
        """The options that can be chosen; none if the key is no choice."""
        found = self._scope.find(key)
        listed = found.type.options if isinstance(found, Name) else None
        if listed is None:
            return []
        chosen = [one.id for one in listed.options if not one.group and not one.retired]
        return [*chosen, "other"] if listed.other else chosen

    def doubtful(self, key: str) -> bool:
        """Whether some answers of its type never come: it is worked out, checked by a condition, or the state."""
        if key == "case.state":
            return True
        return any(one.calculate is not None or one.valid_if is not None for one in self._inward(key))

    def when(self, key: str) -> core.Node | None:
        """The condition under which an answer can be there; None where nothing stands against it."""
        if key not in self._when:
            self._when[key] = None  # a circle of conditions is a form's own fault, told there
            gates = list(self._gates(key))
            self._when[key] = core.And(tuple(gates)) if len(gates) > 1 else gates[0] if gates else None
        return self._when[key]

    def _gates(self, key: str) -> Iterator[core.Node]:
        form = self._stack.forms.get(key.partition(".")[0])
        if form is None:
            return
        for section in form.sections:
            if section.show_if is not None and any(one.id == key.split(".")[1] for one in section.questions):
                yield from self._compiled(form, section.show_if)
        for one in self._inward(key):
            if one.show_if is not None:
                yield from self._compiled(form, one.show_if)

    def _compiled(self, form: Form, expression: Expression) -> Iterator[core.Node]:
        scope = self._scopes.setdefault(form.id, form_scope(self._stack, form))
        found, _ = typed(parse(expression)[0], scope, YES_NO)
        if found is not None:
            yield renamed(found.tree, f"{form.id}.")

    def _inward(self, key: str) -> Iterator[Question]:
        """The question a key names, with those it stands in, from the outermost."""
        form, *names = key.split(".")
        if form not in self._stack.forms:
            return
        among = [one for section in self._stack.forms[form].sections for one in section.questions]
        for name in names:
            found = next((one for one in among if one.id == name), None)
            if found is not None:
                yield found
                among = list(found.questions)


def renamed(node: core.Node, prefix: str) -> core.Node:
    """A condition of a form as another document reads it: each of its questions with the form's id in front."""
    match node:
        case core.Read() if not node.key.startswith(("record.", "case.")):
            return replace(node, key=prefix + node.key, name=prefix + node.name)
        case core.And(items=items) | core.Or(items=items):
            return replace(node, items=tuple(renamed(one, prefix) for one in items))
        case core.Not(operand=operand) | core.Member(operand=operand) | core.Includes(operand=operand):
            return replace(node, operand=renamed(operand, prefix))
        case core.Answered(operand=operand):
            return replace(node, operand=renamed(operand, prefix))
        case core.Compare(left=left, right=right):
            return replace(node, left=renamed(left, prefix), right=renamed(right, prefix))
        case _:
            return node
