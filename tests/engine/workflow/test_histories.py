"""Standstills: those told are those that the machine itself comes to, over random workflows, and no others."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import replace
from datetime import datetime

import pytest

from engine.language import building, documents
from engine.language.model import Stack, Workflow
from engine.questions import BUILT_IN
from engine.workflow import CaseState, Machine, histories
from engine.workflow import compile as compile_workflow
from engine.workflow.conditions import compiled
from tests.support.workflows import pack

NOW = datetime(2026, 1, 5, 9, 0)
FORMS = ("first_form", "second_form")
STATES = ("begun", "middle", "later", "over")
HEAD = "".join(
    f"form: {form}\ntitle: {form}\nabout: child\nsections:\n  - id: {form}_part\n    title: Part\n    questions:\n"
    f"      - {{id: {form}_yes, type: yes_no, label: Yes?}}\n"
    f"      - {{id: {form}_more, type: yes_no, label: More?}}\n---\n"
    for form in FORMS
)
CONDITIONS = ("{} is submitted", "not ({} is submitted)", "{} is approved", "{} is submitted and not ({} is approved)",
              "{} is returned")  # fmt: skip
Situation = tuple[str, tuple[str, ...]]


def workflow(chance: random.Random) -> str:
    """Some transitions between four states, each perhaps automatic, deciding on forms, or under a condition."""
    states = []
    for state in STATES:
        forms = [form for form in FORMS if chance.random() < 0.35] if state != "over" else []
        final = ", final: yes" if state == "over" else ""
        states.append(f"  - {{id: {state}, title: {state}, forms: [{', '.join(forms)}]{final}}}")
    transitions = []
    for index in range(chance.randint(4, 7)):
        source, target = chance.sample(STATES[:3], 1)[0], chance.choice(STATES)
        if source == target:
            continue
        parts = [f"id: go{index}", f"label: Go {index}", f"from: {source}", f"to: {target}"]
        kind = chance.random()
        if kind < 0.25:
            parts += ["by: [worker]", f"approve: [{chance.choice(FORMS)}]"]
        elif kind < 0.4:
            parts += ["by: [worker]", f"return: [{chance.choice(FORMS)}]", "reason: required"]
        else:
            form = chance.choice(FORMS)
            parts += [f"when: {chance.choice(CONDITIONS).format(form, form)}"]
            parts += ["automatic: yes"] if kind < 0.55 else ["by: [worker]"]
        transitions.append("  - {" + ", ".join(parts) + "}")
    transitions.append("  - {id: again, label: Again, from: over, to: middle, by: [worker], reopen: yes}")
    return "\n".join(
        ["workflow: made", "title: Made", "about: child", "initial: begun", "states:", *states, "transitions:",
         *transitions]
    )  # fmt: skip


def facts(forms: tuple[str, ...]) -> dict[str, object]:
    return {
        "record": {"type": "child"},
        **{form: {"_state": how} for form, how in zip(FORMS, forms, strict=True) if how != "none"},
    }


def onward(machine: Machine, made: Workflow, at: Situation) -> set[Situation]:
    """What can come next, asked of the machine: automatic ways at once, else any way a person has, or a form sent."""
    state, forms = at
    case = CaseState("made", state, NOW, NOW)
    settled = machine.settle(case, facts=facts(forms), now=NOW)
    if settled is not None and settled.case.state != state:
        return {(settled.case.state, forms)}
    chosen = [
        one
        for one in machine.choices(case, role="worker", person="p", facts=facts(forms), now=NOW)
        if one.allowed
    ]
    found: set[Situation] = set()
    for one in chosen:
        written = next(each for each in made.transitions if each.id == one.transition)
        after = dict(zip(FORMS, forms, strict=True))
        after |= dict.fromkeys(written.approve, "approved") | dict.fromkeys(written.send_back, "returned")
        found.add((str(written.to), tuple(after.values())))
    for form in next(each for each in made.states if each.id == state).forms:
        sent = {**dict(zip(FORMS, forms, strict=True)), form: "submitted"}
        found.add((state, tuple(sent.values())))
    return found


def standstills(machine: Machine, made: Workflow) -> set[str]:
    """States in which the machine is stuck after some history, found by going everywhere."""
    start: Situation = ("begun", ("none",) * len(FORMS))
    ways: dict[Situation, set[Situation]] = {}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        if at not in ways:
            ways[at] = onward(machine, made, at) if at[0] != "over" else {("middle", at[1])}
            waiting.extend(ways[at])
    free = {at for at, after in ways.items() if at[0] == "over" or any(one[0] != at[0] for one in after)}
    while more := {at for at, after in ways.items() if at not in free and after & free}:
        free |= more
    exits = {state for one in made.transitions for state in one.sources}
    return {at[0] for at in ways if at not in free and at[0] in exits}


@pytest.fixture(scope="module")
def stack() -> Stack:
    """The two forms, in a pack that stands."""
    small = """
workflow: small
title: Small
about: child
initial: begun
states:
  - {id: begun, title: Begun, forms: [first_form, second_form]}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: stop, label: Stop, from: begun, to: over, by: [worker]}
"""
    return pack(HEAD + small.lstrip()).stack


def built(text: str, stack: Stack) -> tuple[Workflow, Stack]:
    """The workflow as it would be loaded, were it not refused."""
    [document], _ = documents.read_file(text, "made.yaml")
    made, _ = building.build(document.node, "workflow", BUILT_IN)
    return made, replace(stack, workflows={made.id: made})


def found(made: Workflow, whole: Stack) -> set[str]:
    guards, findings = compiled(made, whole)
    assert not findings
    return {one.element.rpartition(".")[2] for one in histories.check(made, whole, guards)}


def test_what_is_found_is_what_the_machine_comes_to(stack: Stack) -> None:
    stuck = fine = 0
    for seed in range(300):
        made, whole = built(workflow(random.Random(seed)), stack)
        told, wanted = found(made, whole), standstills(compile_workflow(made, whole), made)
        assert told == wanted, f"seed {seed}"
        stuck, fine = stuck + bool(told), fine + (not told)
    assert stuck > 40 and fine > 40, (stuck, fine)


CLASH = """
workflow: made
title: Made
about: child
initial: begun
states:
  - {id: begun, title: Begun, forms: [first_form]}
  - {id: middle, title: Middle}
  - {id: later, title: Later}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: ahead, label: Ahead, from: begun, to: middle, by: [worker], when: first_form.first_form_yes}
  - {id: astray, label: Astray, from: middle, to: later, by: [worker], when: CONDITION, approve: [first_form]}
  - {id: done, label: Done, from: middle, to: over, by: [worker]}
  - {id: out, label: Out, from: later, to: over, by: [worker], approve: [first_form]}
"""


def test_a_history_that_may_contradict_itself_is_not_told(stack: Stack) -> None:
    """Two conditions on one set of answers: whether both can hold is for the prover to say, not for this."""
    assert found(*built(CLASH.replace("CONDITION", "not first_form.first_form_yes"), stack)) == set()
    assert found(*built(CLASH.replace("CONDITION", "first_form is submitted"), stack)) == {"later"}


def test_a_decision_that_always_finds_its_form_cannot_be_refused_for_want_of_it(stack: Stack) -> None:
    text = CLASH.replace("when: CONDITION, ", "")
    made, whole = built(text, stack)
    assert histories.never_lacking(made, whole) == {"astray"}
