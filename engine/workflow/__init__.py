"""Workflows that run themselves: from a case, facts and a wish to a new case and effects, or why not.

    machine = compile(model_workflow, stack)
    case = machine.start(now=now)
    outcome = machine.fire(case, "refer", role="practitioner", person="p1", facts=facts, now=now)
    outcome.case, outcome.effects        # or outcome.refused: every reason, in words

`check` finds what could strand a case before anybody starts one. This room must not know forms' screens, the
database or the clock, and performs nothing.
"""

from engine.workflow.checks import check
from engine.workflow.compiling import NotChecked, compile
from engine.workflow.drawing import Drawing
from engine.workflow.machine import Machine
from engine.workflow.values import CaseState, Choice, Due, OpenTask, Outcome, Refusal, Step

__all__ = [
    "CaseState",
    "Choice",
    "Drawing",
    "Due",
    "Machine",
    "NotChecked",
    "OpenTask",
    "Outcome",
    "Refusal",
    "Step",
    "check",
    "compile",
]
