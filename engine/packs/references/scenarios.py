"""References in scenarios: the form or workflow they run, and all that their steps and expectations name.

Must not know how a scenario is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.language import codes
from engine.language.model import Form, Scenario, Step, Workflow
from engine.language.places import Place
from engine.packs import lookups
from engine.packs.lookups import where
from engine.packs.references.asking import Asking, Findings, spoken

_PATHS = ("shown", "only_shown", "not_shown", "required", "not_required", "advised", "not_advised")
NOT_FIELDS = frozenset({"type", "markers", "links", "actions", "latest", "id"})


def check_scenario(scenario: Scenario, asking: Asking) -> Findings:
    """Everything that a scenario names."""
    stack = asking.stack
    if scenario.record:
        yield from _record(scenario, asking)
    if scenario.form is not None:
        yield from asking.form(scenario.form, where(scenario, "form"), scenario.id)
        form = stack.forms.get(scenario.form)
        if form is not None:
            for name in scenario.given:
                at = scenario.places.get(f"given.{name}", where(scenario, "given"))
                yield from asking.question(form, _plain(name), at, scenario.id)
            yield from _paths(form, scenario.expect, where(scenario, "expect"), scenario, asking)
    if scenario.workflow is not None:
        yield from asking.workflow(scenario.workflow, where(scenario, "workflow"), scenario.id)
        workflow = stack.workflows.get(scenario.workflow)
        if workflow is not None:
            if stack.records.keys() >= set(workflow.about):
                yield from _about(workflow, scenario)
            for step in scenario.steps:
                yield from _step(workflow, step, scenario, asking)
            yield from _state(workflow, scenario.expect, lambda name: where(scenario, name), scenario, asking)


def _about(workflow: Workflow, scenario: Scenario) -> Findings:
    name = scenario.record.get("type")
    if isinstance(name, str) and workflow.about and name not in workflow.about:
        place = scenario.places.get("record.type", where(scenario, "record"))
        words: dict[str, Any] = {"workflow": workflow.id, "about": spoken(workflow.about), "name": name}
        yield codes.finding("R332", place, element=scenario.id, **words)


def _record(scenario: Scenario, asking: Asking) -> Findings:
    name = scenario.record.get("type")
    if not isinstance(name, str):
        return
    place = scenario.places.get("record.type", where(scenario, "record"))
    yield from asking.record(name, place, scenario.id)
    if name in asking.stack.records:
        identifiers = {one.id for one in asking.stack.records[name].identifiers}
        for field in scenario.record:
            if field not in NOT_FIELDS | identifiers:
                at = scenario.places.get(f"record.{field}", where(scenario, "record"))
                yield from asking.field(name, field.removesuffix(".other"), at, scenario.id)


def _step(workflow: Workflow, one: Step, scenario: Scenario, asking: Asking) -> Findings:
    step = one.settings

    def at(setting: str) -> Place:
        return one.places.get(setting, one.place)

    role, form_id, transition = step.get("by"), step.get("submit"), step.get("do")
    if isinstance(role, str):
        yield from asking.role(role, at("by"), scenario.id)
    if isinstance(transition, str):
        yield from asking.transition(workflow, transition, at("do"), scenario.id)
    if isinstance(form_id, str):
        yield from asking.form(form_id, at("submit"), scenario.id)
        form = asking.stack.forms.get(form_id)
        answers = step.get("answers")
        if form is not None and isinstance(answers, Mapping):
            for name in answers:
                yield from asking.question(form, _plain(name), at(f"answers.{name}"), scenario.id)
    if isinstance(taken_back := step.get("withdraw"), str):
        yield from asking.form(taken_back, at("withdraw"), scenario.id)
    awaited = step.get("awaited")
    for name, state in awaited.items() if isinstance(awaited, Mapping) else ():
        yield from asking.workflow(str(name), at(f"awaited.{name}"), scenario.id)
        flow = asking.stack.workflows.get(str(name))
        if flow is not None:
            yield from asking.state(flow, str(state), at(f"awaited.{name}"), scenario.id)
    expected = step.get("expect")
    if isinstance(expected, Mapping):
        for setting in ("waiting", "not_waiting"):
            for name in _several(expected.get(setting)):
                yield from asking.workflow(name, at(f"expect.{setting}"), scenario.id)
        yield from _state(workflow, expected, at, scenario, asking)


def _state(
    workflow: Workflow,
    expected: Mapping[str, object],
    at: Callable[[str], Place],
    scenario: Scenario,
    asking: Asking,
) -> Findings:
    if isinstance(state := expected.get("state"), str):
        yield from asking.state(workflow, state, at("expect.state"), scenario.id)
    tasks = {f"{one.id}.{task.id}" for one in workflow.states for task in one.tasks}
    for setting in ("overdue", "not_overdue"):
        for name in _several(expected.get(setting)):
            if name not in tasks:
                yield from asking.state(workflow, name, at(f"expect.{setting}"), scenario.id)
    for setting in ("may", "may_not"):
        for name in _several(expected.get(setting)):
            yield from asking.transition(workflow, name, at(f"expect.{setting}"), scenario.id)


def _paths(
    form: Form, expected: Mapping[str, object], place: Place, scenario: Scenario, asking: Asking
) -> Findings:
    sections = {one.id for one in form.sections}
    for setting in _PATHS:
        for path in _several(expected.get(setting)):
            plain = lookups.unnumbered(path)
            if plain not in sections:
                at = scenario.places.get(f"expect.{setting}", place)
                yield from asking.question(form, plain, at, scenario.id)


def _plain(name: object) -> str:
    """A question as answers name it; the text of ‘other’ stands under QUESTION.other."""
    return str(name).removesuffix(".other")


def _several(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return [str(one) for one in value] if isinstance(value, list | tuple) else ()
