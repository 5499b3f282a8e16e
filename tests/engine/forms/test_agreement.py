"""The browser and the server agree: on random answers, and on what people type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.forms import CompiledForm
from engine.questions import BUILT_IN, Context, Problem
from engine.questions.base import Posted
from tests.engine.forms.test_specs import CASES, SPECIMEN, TODAY, compiled
from tests.support.answers import FACTS, SPECIMEN_ANSWERS
from tests.support.forms import form_of, in_node

EVALUATE = """
import { readFileSync } from "node:fs";
import { evaluate } from "./evaluation.js";
const { forms, cases } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ form, answers, today, facts }) => {
  const { shown, required, advised, calculated } = evaluate(forms[form], answers, today, facts);
  return { shown, required, advised, calculated };
})));
"""
READ = """
import { readFileSync } from "node:fs";
import { stored, typed } from "./reading.js";
const { leaves, cases, today } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ id, parts, json }) =>
  parts ? typed(leaves[id], parts, today) : stored(leaves[id], json))));
"""


def told(form: CompiledForm, answers: Any, today: str, facts: Any) -> dict[str, Any]:
    """What the server says, in the browser's shape."""
    found = form.evaluate(answers, today=date.fromisoformat(today), facts=facts)
    worked_out = dict.fromkeys(found.calculated)
    for path in found.calculated:
        value: Any = found.answers
        for part in path.replace("[", ".").replace("]", "").split("."):
            value = value[int(part)] if isinstance(value, list) else (value or {}).get(part)
        worked_out[path] = value
    return {
        "shown": list(found.shown),
        "required": list(found.required),
        "advised": list(found.advised),
        "calculated": worked_out,
    }


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """The same random values on every run."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def test_browser_and_server_agree() -> None:
    specimen = form_of(SPECIMEN)
    forms: dict[str, Any] = {"specimen": specimen.browser()}
    cases, wanted = [], []
    for answers, facts in drawn(st.tuples(SPECIMEN_ANSWERS, FACTS), 700):
        described = specimen.browser_facts(facts)
        cases.append({"form": "specimen", "answers": answers, "today": TODAY, "facts": described})
        wanted.append(told(specimen, answers, TODAY, facts))
    for index, case in enumerate(CASES):
        form = compiled(case)
        forms[str(index)] = form.browser()
        facts, today = case.get("facts") or {}, case.get("today", TODAY)
        described = form.browser_facts(facts)
        cases.append({"form": str(index), "answers": case["answers"], "today": today, "facts": described})
        wanted.append(told(form, case["answers"], today, facts))
    found = in_node(EVALUATE, {"forms": forms, "cases": cases})
    different = [
        (case["answers"], case["facts"], one, other)
        for case, one, other in zip(cases, wanted, found, strict=True)
        if one != other
    ]
    assert not different, f"{len(different)} differ; the first: {different[0]}"
    assert any("dear" in one["shown"] for one in found) and any("young" in one["shown"] for one in found)


def test_a_difference_would_be_seen() -> None:
    """The control: a browser that forgot one condition does not agree."""
    specimen = form_of(SPECIMEN)
    described = specimen.browser()
    [forgetful] = [one for one in described["sections"][0]["items"] if one["id"] == "harm_types"]
    del forgetful["show"]
    case = {"form": "specimen", "answers": {}, "today": TODAY, "facts": {}}
    [found] = in_node(EVALUATE, {"forms": {"specimen": described}, "cases": [case]})
    assert set(found["shown"]) - set(told(specimen, {}, TODAY, {})["shown"]) == {"harm_types"}


def test_only_facts_that_conditions_read_go_to_the_browser() -> None:
    facts = {"record": {"date_of_birth": "2010-01-01", "initials": "AB"}, "case": {"state": "open"}}
    assert form_of(SPECIMEN).browser_facts(facts) == {"read": {"record.date_of_birth": "2010-01-01"}}


TYPED_FORM = """
form: typed
title: Typed
about: child
sections:
  - id: one
    title: One
    questions:
      - {id: text, type: text, label: Text}
      - {id: long_text, type: long_text, label: Long}
      - {id: number, type: number, label: Number, unit: hours, prefix: £}
      - {id: scale, type: scale, label: Scale}
      - {id: date, type: date, label: Date}
      - {id: time, type: time, label: Time}
      - {id: yes_no, type: yes_no, label: Yes or no}
      - {id: choose_one, type: choose_one, label: One, options: [{id: a, label: A}, {id: b, label: B}]}
      - {id: choose_many, type: choose_many, label: Many, options: [{id: a, label: A}, {id: b, label: B}]}
      - {id: postcode, type: postcode, label: Postcode, partial: yes}
      - {id: record_link, type: record_link, label: Link, to: child}
      - {id: staff, type: staff, label: Staff, many: yes}
"""
PIECES = {
    "number": ["1", "12", ",", ".", "200", " ", "-", "−", "£", "hours", "x", "0", "000", "5"],
    "date": [
        "5",
        "31",
        "/",
        "-",
        ".",
        " ",
        "jan",
        "February",
        "sept",
        "2026",
        "26",
        "th",
        ",",
        "Monday ",
        "today",
    ],
    "time": ["9", "30", ":", ".", "am", "pm", " ", "12", "0930", "noon", "25", "p.m."],
    "postcode": ["SW1A", "1AA", "m1", " ", "1ae", "GIR", "0AA", "-", "x"],
    "text": ["a", " ", "\t", "\n", "é", "e\u0301", "\u00a0", "\x00"],
}


def pieces(kind: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PIECES[kind]), max_size=6).map("".join)


def typings() -> Iterator[tuple[str, st.SearchStrategy[Posted]]]:
    for kind in ("number", "time", "postcode", "text"):
        yield kind, st.fixed_dictionaries({"": pieces(kind).map(lambda text: [text])})
    yield "scale", st.fixed_dictionaries({"": pieces("number").map(lambda text: [text])})
    yield "long_text", st.fixed_dictionaries({"": pieces("text").map(lambda text: [text])})
    box = pieces("date").map(lambda text: [text])
    yield "date", st.fixed_dictionaries({"day": box, "month": st.just([""]), "year": st.just([""])})
    few = st.sampled_from(["", "1", "31", "02", "feb", "2024", "24", "x"]).map(lambda text: [text])
    yield "date", st.fixed_dictionaries({"day": few, "month": few, "year": few})
    yield "yes_no", st.fixed_dictionaries({"": st.sampled_from([["yes"], ["no"], [""], []])})
    yield "choose_one", st.fixed_dictionaries({"": st.sampled_from([["a"], ["z"], [""], []])})
    yield "choose_many", st.fixed_dictionaries({"": st.lists(st.sampled_from(["a", "b", "z"]), max_size=3)})
    yield "record_link", st.fixed_dictionaries({"": st.sampled_from([["abc"], ["a b"], [""]])})
    yield "staff", st.fixed_dictionaries({"": st.lists(st.sampled_from(["p1", "p2", "?"]), max_size=2)})


def test_what_people_type_is_read_alike() -> None:
    form = form_of(TYPED_FORM)
    leaves = {item["id"]: item for section in form.browser()["sections"] for item in section["items"]}
    today = date.fromisoformat(TODAY)
    context = Context(form.plan.lists, today)
    cases: list[dict[str, Any]] = []
    wanted: list[Any] = []
    for kind, strategy in typings():
        question = form.plan.leaves[kind].question
        for parts in drawn(strategy, 150):
            value = BUILT_IN[kind].parse(parts, question, context)
            read = None if isinstance(value, Problem) else BUILT_IN[kind].dump(value, question, context)
            cases.append({"id": kind, "parts": parts})
            wanted.append(sorted(read) if isinstance(read, list) else read)
    found = in_node(READ, {"leaves": leaves, "cases": cases, "today": TODAY})
    different = [
        (case, one, other)
        for case, one, other in zip(cases, wanted, found, strict=True)
        if one != (sorted(set(other)) if isinstance(other, list) else other)
    ]
    assert not different, f"{len(different)} differ; the first: {different[:5]}"
    assert sum(one is not None for one in wanted) > len(wanted) / 4
