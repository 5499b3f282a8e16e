"""What is proved of a workflow's conditions is so, over random conditions on random answers of a real form."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import proof
from engine.expressions import YES_NO, workflow_scope
from engine.language.model import Expression
from engine.workflow import CaseState
from engine.workflow.described import Described
from engine.workflow.facts import normalised
from engine.workflow.guards import CaseReader, compile_guard
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
      - id: places
        type: repeat
        label: Places
        row_label: Place
        questions:
          - {id: cost, type: number, label: Cost?}
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


ATOMS = st.sampled_from([
    "asking.level is low", "asking.level is medium or high", "asking.level is answered", "asking.sure",
    "asking.kinds includes violence", "asking.kinds includes exploitation", "asking.score > 3",
    "asking.score <= 5", "count(asking.places) > 1", "any row of asking.places where cost > 3",
    "asking.score + 1 < 4", "asking.score is not answered", "asking is submitted", "asking is approved",
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


def decided(guards, values):
    described = Described(WORKFLOW, WHOLE.stack)
    wanted = [(one.typed.tree, [value]) for one, value in zip(guards, values, strict=True)]
    return proof.decide(wanted, described.universe([node for node, _ in wanted]), described.budget)


def as_answers(case):
    told = {one.key: one.value for one in case.answers}
    if not told:
        return None
    state = told.pop("asking._state", "submitted")
    found = {key.removeprefix("asking."): value for key, value in told.items()}
    return {"_state": state} | {
        key: sorted(value)
        if isinstance(value, frozenset)
        else value
        if isinstance(value, bool)
        else [{cell: str(its) for cell, its in row.items()} for row in value]
        if isinstance(value, list)
        else str(value)
        for key, value in found.items()
    }


@settings(max_examples=40)
@given(CONDITIONS, CONDITIONS, st.sampled_from([True, False, None]), st.sampled_from([True, False]))
def test_a_witness_is_one(first, second, one, two):
    guards = [guard(first), guard(second)]
    found = decided(guards, [one, two])
    assert not isinstance(found, proof.Undecided)
    if isinstance(found, proof.Witness):
        assert found.sure
        assert results(guards, as_answers(found)) == [one, two]


@settings(max_examples=40)
@given(CONDITIONS, CONDITIONS, ANSWERS)
def test_what_is_said_never_to_happen_does_not(first, second, answers):
    guards = [guard(first), guard(second)]
    held = results(guards, answers)
    assert isinstance(decided(guards, held), proof.Witness)


def test_numbers_of_options_and_rows_are_decided():
    found = decided([guard("count(asking.kinds) > 1 and count(asking.places) > 2")], [True])
    assert isinstance(found, proof.Witness)
    assert found.in_words() == "With “Kinds?” = Exploitation and Violence, “Places” = 3 rows"
    assert (
        decided([guard("count(asking.places) > 5 and count(asking.places) < 3")], [True]) == proof.IMPOSSIBLE
    )


def test_a_question_that_is_hidden_has_no_answer():
    assert decided([guard("asking.sure and asking.level is low")], [True]) == proof.IMPOSSIBLE


def test_deciding_ends_and_then_says_that_it_does_not_know():
    described = Described(WORKFLOW, WHOLE.stack)
    described.budget.tried = 5
    tree = guard("asking.score > 3 and asking.score <= 3").typed.tree
    found = proof.decide([(tree, [True])], described.universe([tree]), described.budget)
    assert isinstance(found, proof.Undecided)
