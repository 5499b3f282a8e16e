"""A workflow's model made into a Machine. Must know nothing of files, cases or what is shown."""

from __future__ import annotations

from collections.abc import Iterable

from engine.expressions import YES_NO, Type, workflow_scope
from engine.language.model import Effect, Expression, Stack, Workflow
from engine.workflow.guards import Guard, compile_guard
from engine.workflow.machine import Machine
from engine.workflow.moves import ready
from engine.workflow.otherwise import Supposing
from engine.workflow.planned import Plan, plan
from engine.workflow.refusing import Words
from engine.workflow.setting import field_type
from engine.workflow.timing import Timing, rules_of


class NotChecked(ValueError):
    """A workflow was compiled that `check` would refuse. Carries the findings."""

    def __init__(self, workflow: str, findings: list[object]) -> None:
        self.findings = findings
        super().__init__(f"The workflow '{workflow}' has faults that `trefoil check` tells of: {findings[0]}")


def compile(workflow: Workflow, stack: Stack) -> Machine:
    """The machine of a workflow that has passed its checks. Raises NotChecked for one that has not."""
    scope = workflow_scope(stack, workflow)

    def condition(expression: Expression) -> Guard:
        return compiled(expression, YES_NO)

    def compiled(expression: Expression, wants: Type | None) -> Guard:
        guard, findings = compile_guard(expression, scope, wants, workflow.id)
        if guard is None:
            raise NotChecked(workflow.id, list(findings))
        return guard

    def value(expression: Expression, field: str) -> Guard:
        return compiled(expression, field_type(workflow, stack, field))

    def planned(effects: Iterable[Effect]) -> Plan:
        return plan(effects, stack, value)

    passing = {}
    for state in workflow.states:
        passing.update({what: planned(rule.then) for what, _, rule in rules_of(state)})
    return Machine(
        workflow=workflow,
        moves={one.id: ready(one, workflow, condition, planned) for one in workflow.transitions},
        entering={state.id: planned(state.enter) for state in workflow.states},
        passing=passing,
        timing=Timing(workflow, stack),
        words=Words(workflow, stack),
        supposing=Supposing(workflow, stack),
        zone=stack.manifest.zone,
    )
