"""Trying answers: what it claims of conditions is so, over random conditions on random answers."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import YES_NO, workflow_scope
from engine.language.model import Expression
from engine.workflow import CaseState
from engine.workflow.facts import normalised
from engine.workflow.guards import CaseReader, compile_guard
from engine.workflow.shown import Shown
from engine.workflow.universe import Case, Undecided, Universe
from tests.support.workflows import pack

NOW = datetime(2026, 1, 5, 9, 0)
WHOLE = pack("""
form: asking
title: Asking
about: child
sections:
  - id: main
    title: Asking
    questions:
      - {id: level, type: choose_one, label: Level?, options: levels}
      - {id: sure, type: yes_no, label: Sure?, show_if: level is high}
      - {id: kinds, type: choose_many, label: Kinds?, options: harms}
      - {id: score, type: number, label: Score?}
---
workflow: small
title: Small
about: child
initial: begun
states:
  - {id: begun, title: Begun, forms: [asking]}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: stop, label: Stop, from: begun, to: over, by: [worker]}
""")
WORKFLOW = WHOLE.stack.workflows["small"]
SCOPE = workflow_scope(WHOLE.stack, WORKFLOW)
SHOWN = Shown(WORKFLOW, WHOLE.stack)

ATOMS = st.sampled_from([
    "asking.level is low", "asking.level is medium or high", "asking.level is answered", "asking.sure",
    "asking.kinds includes violence", "asking.kinds includes exploitation", "asking.score > 3",
    "asking.score <= 5", "asking.score is not answered", "asking is submitted", "asking is approved",
])  # fmt: skip
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
ANSWERS = st.fixed_dictionaries(
    {"_state": st.sampled_from(["submitted", "approved", "returned"])},
    optional={
        "level": st.sampled_from(["low", "medium"]),
        "kinds": st.lists(st.sampled_from(["violence", "exploitation"]), min_size=1, unique=True),
        "score": st.sampled_from(["3", "3.000001", "5", "5.5", "-1"]),
    },
) | st.fixed_dictionaries({"level": st.just("high")}, optional={"sure": st.booleans(), "score": st.just("4")})


def guard(text):
    found, findings = compile_guard(Expression(text), SCOPE, YES_NO, "small")
    assert found is not None, findings
    return found


def results(guards, answers):
    case = CaseState("small", "begun", NOW, NOW)
    facts = normalised(record={"type": "child"}, forms={"asking": answers} if answers is not None else {})
    read = CaseReader(facts, case, NOW, lambda moment: moment.date())
    return [one.run(read) for one in guards]


def as_answers(case):
    if "asking._state" not in case.answers:
        return None
    found = {key.removeprefix("asking."): value for key, value in case.answers.items()}
    return {
        key: sorted(value)
        if isinstance(value, frozenset)
        else value
        if isinstance(value, bool)
        else str(value)
        for key, value in found.items()
    }


@given(CONDITIONS, CONDITIONS, st.sampled_from([True, False, None]), st.sampled_from([True, False]))
def test_a_case_that_is_found_is_one(first, second, one, two):
    guards = [guard(first), guard(second)]
    universe = Universe([each.typed.tree for each in guards], SHOWN, frozenset())
    found = universe.find(lambda held: held[0] is one and held[1] is two)
    if isinstance(found, Case):
        assert found.sure
        assert results(guards, as_answers(found)) == [one, two]


@given(CONDITIONS, CONDITIONS, ANSWERS)
def test_what_is_said_never_to_happen_does_not(first, second, answers):
    guards = [guard(first), guard(second)]
    held = results(guards, answers)
    universe = Universe([each.typed.tree for each in guards], SHOWN, frozenset())
    assert isinstance(universe.find(lambda tried: list(tried) == held), Case)


def test_what_cannot_be_tried_is_a_maybe_only():
    universe = Universe([guard("count(asking.kinds) > 1").typed.tree], SHOWN, frozenset())
    found = universe.find(lambda held: held[0] is True)
    assert isinstance(found, Case)
    assert not found.sure


def test_a_question_that_is_hidden_has_no_answer():
    universe = Universe([guard("asking.sure and asking.level is low").typed.tree], SHOWN, frozenset())
    assert universe.find(lambda held: held[0] is True) is None


def test_trying_ends_and_then_says_that_it_does_not_know():
    shown = Shown(WORKFLOW, WHOLE.stack)
    shown.budget[0] = 5
    universe = Universe([guard("asking.score > 3 and asking.score <= 3").typed.tree], shown, frozenset())
    assert isinstance(universe.find(lambda held: held[0] is True), Undecided)
