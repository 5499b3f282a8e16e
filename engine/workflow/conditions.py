"""A workflow's conditions, compiled: that each makes sense by itself. What they do together is `obligations`' part.

Must not know cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.expressions import YES_NO, workflow_scope
from engine.expressions import tree as core
from engine.language.diagnostics import Diagnostic
from engine.language.model import Effect, Expression, Stack, Transition, Workflow
from engine.workflow.guards import Guard, compile_guard
from engine.workflow.setting import field_type


@dataclass(frozen=True)
class Guards:
    """The conditions of a workflow, compiled: of each transition (index None) and of its branches."""

    by_place: Mapping[tuple[str, int | None], Guard]

    def of(self, transition: Transition) -> list[Guard]:
        """All conditions of one transition."""
        return [guard for (owner, _), guard in self.by_place.items() if owner == transition.id]


def compiled(workflow: Workflow, stack: Stack) -> tuple[Guards, list[Diagnostic]]:
    """Every expression of the workflow, compiled, and what is wrong with those that cannot be."""
    scope = workflow_scope(stack, workflow)
    found: dict[tuple[str, int | None], Guard] = {}
    findings: list[Diagnostic] = []
    for transition in workflow.transitions:
        element = f"{workflow.id}.{transition.id}"
        written: list[tuple[int | None, Expression | None]] = [(None, transition.when)]
        written += [(index, branch.when) for index, branch in enumerate(transition.branches)]
        for index, expression in written:
            if expression is None:
                continue
            guard, told = compile_guard(expression, scope, YES_NO, element)
            findings += told
            if guard is not None:
                found[transition.id, index] = guard
    for element, effect in _effects(workflow):
        value = effect.settings.get("to")
        if effect.kind == "set" and isinstance(value, Expression):
            wants = field_type(workflow, stack, str(effect.settings.get("field")))
            findings += compile_guard(value, scope, wants, element)[1]
    return Guards(found), findings


def _effects(workflow: Workflow) -> Iterator[tuple[str, Effect]]:
    for state in workflow.states:
        deadlines = [state.deadline, *(task.within for task in state.tasks)]
        then = [effect for rule in deadlines if rule is not None for effect in rule.then]
        for effect in (*state.enter, *state.leave, *then):
            yield f"{workflow.id}.{state.id}", effect
    for transition in workflow.transitions:
        for effect in transition.effects:
            yield f"{workflow.id}.{transition.id}", effect


def forms_read(guard: Guard, stack: Stack) -> frozenset[str]:
    """The forms of this case that a condition reads, by their answers or by how far they are."""
    forms = set()
    for one in core.walk(guard.typed.tree):
        if isinstance(one, core.FormState):
            forms.add(one.form)
        elif isinstance(one, core.Read):
            forms.add(one.key.partition(".")[0])
    return frozenset(forms & stack.forms.keys())
