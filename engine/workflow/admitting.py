"""Whom the access rules let near a workflow: work that is offered and that nobody may do, or nobody may begin.

A pack without rules is not judged, as nothing is meant to be used with it yet. Must not know people or records,
nor whether a `when` of a rule holds: what some rule could ever allow is allowed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Stack, State, Workflow
from engine.workflow.stranding import opened, written

Findings = Iterator[Diagnostic]


def may_submit(stack: Stack, form: str, record: str, state: str, roles: Iterable[str] | None = None) -> bool:
    """Whether some rule lets one of the roles (None: anybody) submit a form about a record at WORKFLOW.state."""
    taken = {rule.role for rule in stack.access.rules if form in rule.never and _about(rule.records, record)}
    alone = state.partition(".")[2]
    return any(
        "submit" in rule.may
        and (roles is None or rule.role in roles)
        and rule.role not in taken
        and _about(rule.records, record)
        and (not rule.forms or form in rule.forms)
        and (not rule.states or state in rule.states or alone in rule.states)
        for rule in stack.access.rules
    )


def check(workflow: Workflow, stack: Stack) -> Findings:
    """A workflow that nothing begins; forms that a state offers and nobody may submit, once a record type."""
    if not stack.access.rules:
        return
    if workflow.start is None and workflow.id not in _begun(stack):
        place = workflow.places.get("initial", workflow.place)
        yield finding("W636", place, element=workflow.id, workflow=workflow.id)
    anywhere = sorted(opened(workflow) & stack.forms.keys())
    for record in workflow.about:
        shut: list[tuple[State, str]] = []
        for state in workflow.states:
            for form in state.forms:
                if form in stack.forms and not may_submit(stack, form, record, f"{workflow.id}.{state.id}"):
                    shut.append((state, form))
        nowhere = [
            form
            for form in anywhere
            if not any(may_submit(stack, form, record, f"{workflow.id}.{one.id}") for one in workflow.states)
        ]
        if not (shut or nowhere) or record not in stack.records:
            continue
        forms = list(dict.fromkeys([*(form for _, form in shut), *nowhere]))
        places = [state.places.get("forms", state.place) for state, _ in shut] or [workflow.place]
        first = shut[0][0].id if shut else ""
        yield finding(
            "W632",
            places[0],
            element=f"{workflow.id}.{first}" if first else workflow.id,
            related=[
                (place, "offered here too") for place in dict.fromkeys(places[1:]) if place != places[0]
            ],
            forms=" and ".join(f"‘{one}’" for one in forms),
            workflow=workflow.id,
            record=record,
        )


def _begun(stack: Stack) -> set[str]:
    """The workflows that some workflow starts."""
    return {
        str(one.settings.get("workflow", ""))
        for each in stack.workflows.values()
        for one in written(each)
        if one.kind == "start"
    }


def _about(records: Iterable[str], record: str) -> bool:
    return record in records or "any" in records
