"""A pack in another language: its texts, what falls back and how it is marked; ids and answers stay the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from engine.language.model import Question, Stack, Untranslated
from engine.packs.languages import mark

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 1, 5)

BASE = """pack: low
title: Low
version: 1.0.0
languages: [cy]
---
terms: low
words:
  group: {one: group, many: groups, a: a group, the: the group}
---
access: low
roles: {worker: Worker}
rules: []
---
form: visit
title: Visit
about: child
sections:
  - id: first
    title: The visit
    questions:
      - {id: seen, type: yes_no, label: Was {term.group.a} seen?, hint: "{term.group.the} by name."}
      - {id: kind, type: choose_one, label: What kind?, show_if: seen, options: [{id: short, label: Short}]}
---
record: child
title: Child
many: Children
fields: [{id: first_name, type: text, label: First name}]
name: "{first_name}"
---
workflow: visit
title: Visiting
about: child
initial: open
start: {by: [worker], label: Begin}
states: [{id: open, title: Open, forms: [visit]}, {id: shut, title: Shut, final: yes}]
transitions: [{id: done, label: Done, from: open, to: shut, by: [worker]}]
""".replace("label: Was {term.group.a} seen?", 'label: "Was {term.group.a} seen?"')

UPPER = "pack: high\ntitle: High\nversion: 1.0.0\nextends: low\nlanguages: [cy]\n"


def welsh(**texts: str) -> str:
    lines = [f"  {path}: {{text: {said}, state: draft}}" for path, said in texts.items()]
    return "language: cy\ntexts:\n" + "\n".join(lines) + "\n"


def pack_of(*layers: tuple[str, str]) -> engine.Pack:
    found = {f"form_definitions/{pack}/all.yaml": text for pack, text in layers}
    return engine.load_texts(found).pack(layers[-1][0])


def test_a_text_stands_in_the_language_and_the_rest_is_marked_as_not() -> None:
    made = f"{BASE}---\n" + welsh(**{"visit.seen.label": '"A welwyd {term.group}?"'})
    pack = pack_of(("low", made))
    spoken = pack.in_language("cy")
    seen, kind = spoken.stack.forms["visit"].sections[0].questions
    assert seen.label == "A welwyd group?" and not isinstance(seen.label, Untranslated)
    assert seen.hint == "The group by name." and isinstance(seen.hint, Untranslated)
    assert isinstance(kind.label, Untranslated) and kind.label.language == "en"
    assert spoken.stack.manifest.language == seen.language == "cy"
    assert spoken.original is pack and spoken.in_language("en") is pack and pack.in_language("cy") is spoken
    assert pack.in_language("fr") is pack


def test_words_of_the_language_fill_its_texts() -> None:
    made = f"{BASE}---\n" + welsh(**{"visit.seen.label": '"A welwyd {term.group}?"'})
    made += "words:\n  group: {one: grŵp, the: y grŵp}\n"
    spoken = pack_of(("low", made)).in_language("cy")
    assert spoken.stack.forms["visit"].sections[0].questions[0].label == "A welwyd grŵp?"


def test_a_layer_above_says_it_its_own_way_and_one_it_reworded_is_not_shown_in_the_old_words() -> None:
    given_text = {"visit.seen.label": "Isod", "visit.kind.label": "Math isod"}
    low = (
        BASE
        + "---\nlanguage: cy\ntexts:\n"
        + "".join(
            f"  {path}: {{text: {said}, of: {mark(text)}, state: checked}}\n"
            for (path, said), text in zip(
                given_text.items(), ["Was {term.group.a} seen?", "What kind?"], strict=True
            )
        )
    )
    change = "---\nform: visit\nchanges:\n  - {set: kind, label: Which sort?}\n"
    high = UPPER + change + "---\n" + welsh(**{"visit.seen.label": "Uchod"})
    pack = pack_of(("low", low), ("high", high))
    seen, kind = pack.in_language("cy").stack.forms["visit"].sections[0].questions
    assert seen.label == "Uchod"
    assert kind.label == "Which sort?" and isinstance(kind.label, Untranslated)
    states = {one.text.path: one.state for one in pack.overview("cy").standings}
    assert (states["visit.seen.label"], states["visit.kind.label"], states["visit.kind.short.label"]) == (
        "draft", "stale", "missing",
    )  # fmt: skip
    assert pack_of(("low", low)).overview("cy").counted()["label"]["checked"] == 2


def test_a_form_and_a_workflow_of_one_id_are_told_apart() -> None:
    made = f"{BASE}---\n" + welsh(**{"form:visit.title": "Ymweliad", "workflow:visit.title": "Ymweld"})
    stack = pack_of(("low", made)).in_language("cy").stack
    assert (stack.forms["visit"].title, stack.workflows["visit"].title) == ("Ymweliad", "Ymweld")


def test_roles_starts_and_the_many_of_a_record_are_texts_too() -> None:
    said = {
        "low.roles.worker": "Gweithiwr", "visit.start.label": "Dechrau", "child.many": "Plant", "low.title": "Isel",
    }  # fmt: skip
    stack = pack_of(("low", f"{BASE}---\n{welsh(**said)}")).in_language("cy").stack
    start = stack.workflows["visit"].start
    assert start is not None
    assert (
        stack.access.roles["worker"],
        start.label,
        stack.records["child"].many,
        stack.manifest.title,
    ) == tuple(said.values())


@pytest.fixture(scope="module")
def dyffryn() -> engine.Pack:
    return engine.load(ROOT).pack("dyffryn")


def test_definitions_are_the_same_but_for_their_texts(dyffryn: engine.Pack) -> None:
    spoken = dyffryn.in_language("cy")
    assert spoken.hash == dyffryn.hash
    for form in dyffryn.stack.forms:
        assert spoken.form(form).browser().keys() == dyffryn.form(form).browser().keys()
    for name, one in dyffryn.stack.workflows.items():
        other = spoken.stack.workflows[name]
        assert [part.id for part in (*one.states, *one.transitions)] == [
            part.id for part in (*other.states, *other.transitions)
        ]


ODD = st.sampled_from(
    ["", "x", "2026-01-05", "31/2/2026", "12", "-1", 7, True, False, None, [], ["x"], {"a": 1}]
)


def answers_to(questions: tuple[Question, ...], stack: Stack) -> st.SearchStrategy[dict[str, object]]:
    """Sensible answers and senseless ones, to any form's questions."""
    found: dict[str, st.SearchStrategy[object]] = {}
    for one in questions:
        if one.options is not None:
            ids = st.sampled_from([option.id for option in stack.lists[one.options].options])
            found[one.id] = ODD | (ids if one.type == "choose_one" else st.lists(ids, max_size=3))
        elif one.type == "repeat":
            found[one.id] = ODD | st.lists(answers_to(one.questions, stack), max_size=2)
        else:
            found[one.id] = ODD | st.booleans()
    return st.fixed_dictionaries({}, optional=found)


@pytest.mark.parametrize("form", ["referral", "assessment", "protection_conference"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_answers_come_to_the_same_in_both_languages(
    dyffryn: engine.Pack, form: str, data: st.DataObject
) -> None:
    questions = tuple(one for part in dyffryn.stack.forms[form].sections for one in part.questions)
    answers = data.draw(answers_to(questions, dyffryn.stack))
    one, other = (
        pack.form(form).evaluate(answers, today=TODAY) for pack in (dyffryn, dyffryn.in_language("cy"))
    )
    assert (one.shown, one.required, one.advised, one.answers) == (
        other.shown, other.required, other.advised, other.answers,
    )  # fmt: skip
    assert [(said.question, said.code) for said in (*one.problems, *one.advice)] == [
        (said.question, said.code) for said in (*other.problems, *other.advice)
    ]


def test_the_commands_table_counts_what_waits(capsys: pytest.CaptureFixture[str]) -> None:
    from engine import cli

    assert cli.main(["languages", "provider_safeguarding", "--root", str(ROOT)]) == cli.USAGE
    code = cli.main(["languages", "dyffryn", "--root", str(ROOT), "--format", "json"])
    told = capsys.readouterr().out
    assert '"language": "cy"' in told and code in (cli.FINE, cli.FINDINGS)
