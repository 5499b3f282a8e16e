"""Checks that everything a stack names is there and can serve: the second stage of `check`.

What is fit for its purpose beyond that (a question never shown, a case that is stranded) is for `forms` and
`workflow` to say. Must not know files nor layers.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.model import Stack
from engine.packs.documents import Retired
from engine.packs.references.access import check_access
from engine.packs.references.asking import Asking, Findings
from engine.packs.references.forms import check_form, check_list, check_record
from engine.packs.references.scenarios import check_scenario
from engine.packs.references.workflows import check_workflow

__all__ = ["check", "check_scenarios"]


def check(stack: Stack, retired: Mapping[str, Retired]) -> Findings:
    """Everything named in `stack` that is not there. `retired`: what its layers took out, by KIND:ID.PATH."""
    asking = Asking(stack, retired)
    for options in stack.lists.values():
        yield from check_list(options, asking)
    for record in stack.records.values():
        yield from check_record(record, asking)
    for form in stack.forms.values():
        yield from check_form(form, asking)
    for workflow in stack.workflows.values():
        yield from check_workflow(workflow, asking)
    yield from check_access(stack.access, asking)


def check_scenarios(stack: Stack, retired: Mapping[str, Retired]) -> Findings:
    """The same for its scenarios alone: what is wrong with an example says nothing of the definitions."""
    asking = Asking(stack, retired)
    for scenario in stack.scenarios.values():
        yield from check_scenario(scenario, asking)
