"""What holds of any workflow and any facts, and what the machine promises beyond the examples."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.calendars import Pause, calendar
from engine.language.model import Expression, Transition
from engine.workflow import CaseState, NotChecked, compile
from engine.workflow import effects as fx
from engine.workflow import facts as facts_
from tests.support.workflows import machine, pack

NOW = datetime(2026, 1, 5, 9, 0)
ROUND = """
workflow: round
title: Round
about: child
initial: first
states:
  - {id: first, title: First, forms: [request, checking]}
  - {id: second, title: Second}
  - {id: third, title: Third}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: go, from: first, to: second, automatic: yes, when: request is submitted}
  - id: split
    label: Split
    from: [first, second]
    by: [worker]
    when: request.urgent
    branches:
      - {when: checking.outcome is low, to: first}
      - {when: checking.outcome is medium, to: third}
      - {otherwise: over}
  - {id: end, from: third, to: over, automatic: yes, when: checking.sure}
  - {id: back, label: Back, from: [second, third], to: first, by: [manager], return: [request], reason: required}
  - {id: stop, label: Stop, from: [first, second, third], to: over, by: [manager, worker], reason: optional}
  - {id: again, label: Again, from: over, to: first, by: [manager], reason: required, reopen: yes}
"""
IDS = ["go", "split", "end", "back", "stop", "again", "nonsense"]
MAYBE = st.sampled_from([True, False, None])
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "request": st.fixed_dictionaries(
            {"urgent": MAYBE, "_state": st.sampled_from(["submitted", "approved", "returned"])}
        ),
        "checking": st.fixed_dictionaries(
            {"outcome": st.sampled_from(["low", "medium", "high", None, "gone"]), "sure": MAYBE}
        ),
    },
)
ROLES = st.one_of(
    st.sampled_from(["worker", "manager", "visitor", ""]), st.lists(st.sampled_from(["worker", "x"]))
)
STEPS = st.lists(
    st.tuples(st.sampled_from(IDS), ROLES, st.sampled_from([None, "", "Because"]), FACTS), max_size=8
)


@given(STEPS)
def test_a_case_only_ever_stands_in_a_declared_state(steps):
    """Whatever is fired by whomever on whatever facts: declared states, honest revisions, nothing half done."""
    round_ = machine_of_round()
    states = {state.id: state for state in round_.workflow.states}
    case = round_.start(now=NOW)
    for transition, role, reason, facts in steps:
        outcome = round_.fire(case, transition, role=role, person="p", reason=reason, facts=facts, now=NOW)
        assert bool(outcome.refused) != bool(outcome.steps)
        if outcome.refused:
            assert (outcome.case, outcome.effects) == (case, ())
            assert all(one.message.endswith(".") or one.message.endswith("?") for one in outcome.refused)
        assert outcome.case.state in states
        assert outcome.case.closed == states[outcome.case.state].final
        assert outcome.case.revision == case.revision + len(outcome.steps)
        assert [one.source for one in outcome.steps] == [
            case.state, *(one.target for one in outcome.steps[:-1])
        ][: len(outcome.steps)]  # fmt: skip
        case = outcome.case


@given(STEPS)
def test_what_choices_promise_is_what_firing_does(steps):
    round_ = machine_of_round()
    case = round_.start(now=NOW)
    for transition, role, _, facts in steps:
        for choice in round_.choices(case, role=role, facts=facts, now=NOW):
            fired = round_.fire(case, choice.transition, role=role, reason="Because", facts=facts, now=NOW)
            assert choice.allowed == (not fired.refused)
            assert choice.refusals == fired.refused
            assert fired.refused or fired.steps[0].target in choice.targets
        case = round_.fire(case, transition, role=role, reason="Because", facts=facts, now=NOW).case


@given(st.sampled_from(["first", "second", "third", "over"]), FACTS)
def test_settling_ends_and_settles(state, facts):
    round_ = machine_of_round()
    case = replace(round_.start(now=NOW), state=state)
    outcome = round_.settle(case, facts=facts, now=NOW)
    if outcome is not None:
        assert len(outcome.steps) <= 4
        assert all(step.automatic for step in outcome.steps)
        assert round_.settle(outcome.case, facts=facts, now=NOW) is None


def machine_of_round():
    return _ROUND


_ROUND = machine(ROUND)


def test_automatic_transitions_that_lead_round_stop_where_they_would_repeat():
    """`check` refuses such a workflow where it can tell; the machine ends all the same."""
    written = _ROUND.workflow
    round_again = Transition("turn", sources=("second",), to="first", automatic=True)
    looped = replace(written, transitions=(*written.transitions, round_again))
    going = compile(looped, pack(ROUND).stack)

    outcome = going.settle(going.start(now=NOW), facts={"request": {}}, now=NOW)

    assert [one.transition for one in outcome.steps] == ["go"]


def test_states_are_values():
    case = _ROUND.start(now=NOW)
    with pytest.raises(FrozenInstanceError):
        case.state = "over"
    assert CaseState("round", "first", NOW, NOW) == case


def test_firing_changes_nothing_it_was_given():
    facts = {
        "request": {"urgent": True},
        "checking": {"outcome": "medium", "sure": True},
        "record": {"risk": "low"},
    }
    kept = {key: dict(value) for key, value in facts.items()}
    case = _ROUND.start(now=NOW)

    outcome = _ROUND.fire(case, "split", role="worker", facts=facts, now=NOW)

    assert outcome.case.state == "over"
    assert facts == kept
    assert case == _ROUND.start(now=NOW)


def test_nobody_and_nothing_known_is_refused_in_words():
    case = _ROUND.start(now=NOW)
    refused = _ROUND.fire(case, "split", role=None, facts=None, now=NOW).refused
    assert [one.kind for one in refused] == ["role", "unknown"]
    assert refused[1].unanswered == ("request.urgent", "checking.outcome")


def test_the_day_is_the_authoritys_own():
    """Half past eleven at night in London's summer is still that day, though it is said in another zone."""
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    next_day = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert date(2026, 7, 1) == _ROUND.day(late)
    assert date(2026, 7, 2) == _ROUND.day(next_day)


TIMED = """
workflow: timed
title: Timed
about: child
initial: waiting
states:
  - id: waiting
    title: Waiting
    forms: [request]
    deadline: {within: 1 month, from: request.asked_on, then: [{notify: manager}]}
  - {id: over, title: Over, final: yes}
transitions:
  - id: stop
    label: Stop
    from: waiting
    to: over
    by: [worker]
    when: case.entered < 2026-02-01 and today() >= 2026-01-06
"""


def test_a_deadline_from_a_question_runs_once_it_is_answered():
    timed = machine(TIMED)
    case = timed.start(now=NOW)

    assert timed.due(case) == []
    (due,) = timed.due(case, facts={"request": {"asked_on": "2026-01-31"}})
    assert date(2026, 2, 28) == due.on
    assert due.because == (
        "Counted from the answer to ‘When was it asked?’: 1 month from 31 January 2026. "
        "Due by the end of 28 February 2026."
    )
    assert timed.due(case, facts={"request": {"asked_on": "2026-01-31", "_state": "returned"}}) == []
    assert timed.due(case, facts={"request": {"asked_on": "soon"}}) == []


def test_holidays_and_pauses_of_the_case_count():
    timed = machine(TIMED.replace("1 month", "5 working days"))
    facts = {"request": {"asked_on": "2026-01-05"}}
    case = timed.start(now=NOW)

    def on(**more):
        return timed.due(case, facts=facts, **more)[0].on

    assert date(2026, 1, 12) == on()
    assert date(2026, 1, 13) == on(extra=[date(2026, 1, 7)])
    assert date(2026, 1, 14) == on(pauses=[Pause(date(2026, 1, 6), date(2026, 1, 8))])
    assert date(2026, 1, 13) == on(calendar=calendar("england").with_holidays([date(2026, 1, 8)]))


def test_conditions_read_the_case_and_today():
    timed = machine(TIMED)
    case = timed.start(now=NOW)

    assert [one.kind for one in timed.fire(case, "stop", role="worker", now=NOW).refused] == ["guard"]
    assert timed.fire(case, "stop", role="worker", now=datetime(2026, 1, 6, 9)).case.closed
    late = replace(case, entered=datetime(2026, 2, 2))
    assert timed.fire(late, "stop", role="worker", now=datetime(2026, 2, 3)).refused


def test_beginning_a_case_asks_for_what_the_first_state_asks():
    begun = machine(TIMED.replace("forms: [request]\n", "forms: [request]\n    enter: [{notify: worker}]\n"))

    outcome = begun.entered(begun.start(now=NOW), now=NOW)

    assert outcome.effects == (fx.Notify("worker"),)


def test_forms_about_another_kind_of_record_are_no_task():
    both = machine(ROUND)
    case = both.start(now=NOW)

    assert [one.form for one in both.tasks(case, facts={"record": {"type": "child"}})] == [
        "request",
        "checking",
    ]
    assert both.tasks(case, facts={"record": {"type": "place"}}) == []


def test_a_workflow_that_was_not_checked_is_not_run():
    broken = replace(_ROUND.workflow.transitions[0], when=Expression("requst is submitted"))
    with pytest.raises(NotChecked, match="round"):
        compile(replace(_ROUND.workflow, transitions=(broken,)), pack(ROUND).stack)


def test_every_effect_of_the_language_has_a_value():
    from engine.language.schemas.workflows import EFFECTS

    assert set(fx.KINDS) == set(EFFECTS)


def test_facts_after_effects():
    before = facts_.normalised(
        record={"markers": [{"kind": "violence", "from": "2025-01-01"}]}, forms={"request": {"why": "x"}}
    )
    day = date(2026, 1, 5)
    happened = [
        fx.Approve("request"),
        fx.EndMark("harms", "violence"),
        fx.Mark("harms", "exploitation"),
        fx.Link("place1", "Named"),
        fx.AddAction("Ring", social_field="home", due="2026-02-01"),
        fx.SetField("risk", "high"),
        fx.Notify("manager"),
    ]
    after = facts_.after(before, happened, day)

    assert facts_.form_state(after, "request") == "approved"
    assert after["record"] == {
        "markers": [{"list": "harms", "kind": "exploitation", "from": "2026-01-05"}],
        "links": [{"other": "place1", "purpose": "Named", "from": "2026-01-05"}],
        "actions": [{"what": "Ring", "social_field": "home", "due": "2026-02-01"}],
        "risk": "high",
    }
    assert facts_.form_state(before, "request") == "submitted"
    assert [one["kind"] for one in before["record"]["markers"]] == ["violence"]


def test_drafts_are_no_facts():
    assert "request" not in facts_.normalised(forms={"request": {"why": "x", "_state": "draft"}})


def test_workflows_that_ship_compile():
    root = Path(__file__).parents[3]
    workspace = engine.load(root)
    for whole in workspace.packs.values() if hasattr(workspace.packs, "values") else workspace.packs:
        found = whole if hasattr(whole, "stack") else workspace.pack(whole)
        for workflow_id in found.stack.workflows:
            assert found.workflow(workflow_id).start(now=NOW).state
