"""Scenarios: what holds, what is said where something else came, and what coverage counts."""

from __future__ import annotations

import shutil
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import engine
from engine.packs import expecting, scenarios

VALID = Path(__file__).parents[2] / "definitions" / "valid"
SPEC = Path(__file__).parents[2] / "spec" / "scenarios"
CASES = [case for file in sorted(SPEC.glob("*.yaml")) for case in yaml.safe_load(file.read_text("utf-8"))]
TODAY = date(2026, 1, 5)
SCENARIOS = "form_definitions/harbour/scenarios/scenarios.yaml"


@pytest.fixture(scope="module")
def harbour() -> dict[str, str]:
    return dict(engine.load(VALID / "harbour").pack("harbour").texts)


def ran(texts: dict[str, str], *written: str) -> scenarios.Results:
    documents = [
        f"scenario: number_{number}\ntitle: Tried\n{textwrap.dedent(one)}"
        for number, one in enumerate(written)
    ]
    workspace = engine.load_texts({**texts, SCENARIOS: "\n---\n".join(documents)})
    return scenarios.run(workspace.pack("harbour"), today=TODAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_scenario(case: dict[str, Any], harbour: dict[str, str]) -> None:
    (result,) = ran(harbour, case["scenario"]).scenarios
    told = [f"{'end' if one.step is None else one.step}: {one.message}" for one in result.failures]
    expected = case.get("fails", [])
    assert len(told) == len(expected), told
    for said, wanted in zip(told, expected, strict=True):
        assert said.startswith(wanted)
    for one in result.failures:
        assert one.place.file == SCENARIOS
        assert one.place.line >= 3


def test_the_day_of_a_scenario_that_names_none_is_given(harbour: dict[str, str]) -> None:
    texts = "form: visit\ngiven: {met_on: 2026-01-06}\nexpect: {problems: [met_on]}"
    assert ran(harbour, texts).ok
    (later,) = scenarios.run(
        engine.load_texts({**harbour, SCENARIOS: f"scenario: s\ntitle: T\n{texts}"}).pack("harbour"),
        today=date(2026, 1, 7),
    ).scenarios
    assert not later.ok


def test_coverage_counts_transitions_refusals_and_conditions(harbour: dict[str, str]) -> None:
    nothing = ran(harbour, "form: review\ngiven: {}\nexpect: {}").coverage
    assert set(nothing.transitions) == {
        "support.visited",
        "support.withdraw",
        "support.decide",
        "support.reopen",
    }
    assert not any(nothing.transitions.values())
    assert set(nothing.refusals) == {
        *(
            "support.withdraw: reason",
            "support.decide: role",
            "support.decide: guard",
            "support.decide: form",
        ),
        *("support.reopen: role", "support.reopen: reason"),
    }
    assert not any(nothing.refusals.values())
    assert {name for name in nothing.conditions if name.startswith("support.")} == {
        *("support.visited when: true", "support.visited when: false"),
        *("support.decide when: true", "support.decide when: false"),
        *(f"support.decide branch 1: {value}" for value in ("true", "false", "unknown")),
    }
    assert "visit.harm show_if: unknown" in nothing.impossible
    assert "visit.places.since valid_if: false" in nothing.conditions


def test_coverage_sees_what_scenarios_do(harbour: dict[str, str]) -> None:
    seen = ran(
        harbour,
        """\
        workflow: support
        record: {type: child}
        today: 2026-01-05
        steps:
          - {by: worker, submit: visit, answers: {met_on: 2026-01-05}}
          - {by: worker, do: decide, refused: role}
          - {by: lead, submit: review, answers: {}}
          - {by: lead, person: other, do: decide, refused: unknown}
        """,
        """\
        form: visit
        given: {purpose: first_visit, places: [{since: 2026-01-06}, {}]}
        expect: {}
        """,
    ).coverage
    assert {name for name, done in seen.transitions.items() if done} == {"support.visited"}
    # `decide` at once failed for everything that can refuse it; an unknown guard is a guard that refused.
    assert {name for name, done in seen.refusals.items() if done} == {
        *("support.decide: role", "support.decide: guard", "support.decide: form"),
    }
    done = {name for name, done in seen.conditions.items() if done}
    assert {"support.visited when: false", "support.visited when: true"} <= done
    assert "support.decide branch 1: unknown" in done
    assert "support.decide branch 1: true" not in done
    assert {"visit.places.since valid_if: false", "visit.places.since valid_if: unknown"} <= done
    assert "visit.places.since valid_if: true" not in done
    assert "visit.harm show_if: true" in done
    assert not seen.complete
    assert "not tried: support.reopen" in "\n".join(seen.as_lines())


def test_inherited_scenarios_run_in_the_overlay() -> None:
    texts = dict(engine.load(VALID / "quayside").pack("quayside").texts)
    texts["form_definitions/pier/scenarios.yaml"] = (
        "scenario: asks\ntitle: Asks\nform: check_in\ngiven: {}\nexpect: {not_shown: [why_unwell], shown: [next_day]}"
    )
    loaded = engine.load_texts(texts)
    for pack in ("pier", "quayside"):
        assert [one.ok for one in scenarios.run(loaded.pack(pack), today=TODAY).scenarios] == [True]


@pytest.mark.parametrize(
    ("expected", "came", "same"),
    [
        ("2", "2.0", True),
        ("2", "2.5", False),
        ("02", "2", True),
        ("text", "text", True),
        ("yes", True, False),
        (True, True, True),
        (True, "yes", False),
        (None, None, True),
        (None, "x", False),
        (["a"], ["a"], True),
        (["a"], ["b", "a"], False),
        ([], None, True),
        ({"a": "1"}, {"a": "1.0", "b": "2"}, True),
        ({"a": "1"}, {"b": "2"}, False),
        ([{"a": "1"}], [{"a": "1", "_row": "x"}], True),
        ("nan", "nan", True),
    ],
)
def test_values_are_compared_as_people_mean_them(expected: object, came: object, same: bool) -> None:
    assert expecting.alike(expected, came) is same


ASKING = """
workflow: asking
title: Asking
about: child
initial: begun
states:
  - {id: begun, title: Begun}
  - {id: waiting, title: Waiting, enter: [{start: support}, {await: support}]}
  - {id: heard, title: Heard, final: yes}
transitions:
  - {id: ask, label: Ask, from: begun, to: waiting, by: [worker]}
  - {id: hear, from: waiting, to: heard, automatic: yes}
  - {id: go_on, label: Go on without, from: waiting, to: heard, by: [lead], reason: required}
"""


@pytest.mark.parametrize(
    ("step", "fails"),
    [
        ("{awaited: {support: closed}, expect: {state: heard, not_waiting: [support]}}", []),
        ("{awaited: {support: reviewing}, expect: {state: waiting, waiting: [support]}}", []),
        ("{by: lead, do: go_on, reason: Too long, expect: {state: heard, not_waiting: support}}", []),
        ("{expect: {not_waiting: [support]}}", ["2: expected not waiting: support; but so it is"]),
    ],
)
def test_a_scenario_says_where_awaited_cases_stand(
    step: str, fails: list[str], harbour: dict[str, str]
) -> None:
    first = "{by: worker, do: ask, expect: {waiting: [support], effects: [{await: support}]}}"
    texts = {**harbour, "workflows/harbour/asking.yaml": ASKING.lstrip()}
    written = f"workflow: asking\nrecord: {{type: child}}\nsteps:\n  - {first}\n  - {step}"
    (result,) = ran(texts, written).scenarios
    assert [f"{one.step}: {one.message}" for one in result.failures] == fails


def test_a_role_that_may_not_submit_cannot_in_a_scenario_either(harbour: dict[str, str]) -> None:
    access = "form_definitions/harbour/access.yaml"
    workers = "when: allocated, may: [view, edit, submit, note, decide]"
    assert workers in harbour[access]
    narrowed = {**harbour, access: harbour[access].replace(workers, "when: allocated, may: [view, decide]")}
    plain = "workflow: support\nsteps:\n  - {by: worker, submit: visit, answers: {met_on: 2026-01-05}"
    assert ran(harbour, f"{plain}}}\nexpect: {{}}").ok
    (failed, foreseen) = ran(
        narrowed, f"{plain}}}\nexpect: {{}}", f"{plain}, refused: role}}\nexpect: {{}}"
    ).scenarios
    (failure,) = failed.failures
    assert failure.message == "no access rule lets ‘worker’ submit ‘visit’ at ‘visiting’ (role)"
    assert foreseen.ok


def test_a_scenario_that_names_what_is_gone_hides_no_fault_of_the_workflow(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(VALID / "harbour", root)
    file = root / "workflows/harbour/support.yaml"
    before, _, rest = file.read_text().partition("  - id: decide\n")
    after = rest[rest.index("  - id: reopen\n") :]
    file.write_text(before.replace("from: [visiting, reviewing]", "from: visiting") + after)
    found = engine.inspect(root).errors
    assert [(one.code, one.place.file) for one in found] == [
        ("R308", SCENARIOS),
        ("W603", "workflows/harbour/support.yaml"),
    ]
