"""Runs tests/spec/workflows: each file a workflow, each case its steps and what comes of them."""

from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.workflow import CaseState, Machine, Outcome
from engine.workflow.facts import normalised
from tests.support.workflows import pack

FILES = sorted((Path(__file__).parents[2] / "spec" / "workflows").glob("*.yaml"))
SPECS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
CASES = [(name, case) for name, spec in SPECS.items() for case in spec["cases"]]
START = datetime(2026, 1, 5, 9, 0)


@cache
def machine_of(name: str) -> Machine:
    spec = SPECS[name]
    whole = pack(spec["definitions"])
    return whole.workflow(spec.get("workflow") or next(iter(whole.stack.workflows)))


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['what']}" for name, case in CASES])
def test_as_written(name, case):
    machine = machine_of(name)
    now, given = START, dict(case.get("facts", {}))
    state = machine.start(now=now)
    for step in case["steps"]:
        now = datetime.combine(step["day"], time(9)) if "day" in step else now
        given.update(step.get("facts", {}))
        facts = {**as_facts(given), "case": step.get("case", {})}
        outcome = taken(machine, state, step, facts, now)
        refused_as_written(step.get("refused", []), outcome, state)
        state = outcome.case
        expected_as_written(step.get("expect", {}), machine, outcome, facts, now, step)


def as_facts(given: dict[str, Any]) -> dict[str, Any]:
    forms = {form: answers for form, answers in given.items() if form != "record" and answers is not None}
    return normalised(record={"type": "child", **given.get("record", {})}, forms=forms)


def taken(machine: Machine, case: CaseState, step: dict[str, Any], facts: Any, now: datetime) -> Outcome:
    if "fire" in step:
        asked = {key: step[key] for key in ("person", "reason", "revision", "submitted_by") if key in step}
        return machine.fire(case, step["fire"], role=step.get("role", ()), facts=facts, now=now, **asked)
    if "settle" in step:
        return machine.settle(case, facts=facts, now=now) or Outcome(case)
    if "passed" in step:
        return machine.passed(case, step["passed"], facts=facts, now=now)
    return Outcome(case)


def refused_as_written(wanted: list[Any], outcome: Outcome, before: CaseState) -> None:
    assert [one if isinstance(one, str) else one["kind"] for one in wanted] == [
        one.kind for one in outcome.refused
    ], outcome.refused
    for one, found in zip(wanted, outcome.refused, strict=True):
        if isinstance(one, dict):
            assert one["message"] == found.message
    if wanted:
        assert (outcome.case, outcome.effects, outcome.steps) == (before, (), ())


def expected_as_written(
    wanted: dict[str, Any],
    machine: Machine,
    outcome: Outcome,
    facts: Any,
    now: datetime,
    step: dict[str, Any],
) -> None:
    case = outcome.case
    waiting = machine.waiting(case, facts=facts, now=now)
    found = {
        "state": case.state,
        "closed": case.closed,
        "revision": case.revision,
        "effects": [repr(one) for one in outcome.effects],
        "moves": [one.transition for one in outcome.steps],
        "nothing": outcome.steps == () and outcome.effects == (),
        "due": {one.what: one.on for one in machine.due(case, facts=facts)},
        "tasks": [one.id for one in machine.tasks(case, facts=facts)],
        "waiting": {one.transition: [why.kind for why in one.refusals] for one in waiting},
        "unanswered": {
            one.transition: [name for why in one.refusals for name in why.unanswered] for one in waiting
        },
        "choices": {
            one.transition: one.allowed or [why.kind for why in one.refusals]
            for one in machine.choices(case, role=step.get("role", ()), facts=facts, now=now)
        },
    }
    assert wanted == {key: found[key] for key in wanted}
