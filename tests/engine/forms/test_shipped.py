"""The forms that ship: on random answers nothing is too much, hidden answers stay, browser and server agree."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

import engine
from engine.forms import CompiledForm
from engine.language.model import Question, Stack
from tests.engine.forms.test_agreement import EVALUATE, told
from tests.support.forms import ROOT, in_node

TODAY = "2026-01-05"
PER_FORM = 40


@cache
def shipped() -> engine.Workspace:
    return engine.load(ROOT)


FORMS = [(pack.id, form) for pack in shipped().packs.values() for form in pack.stack.forms]


def some_answers(questions: tuple[Question, ...], stack: Stack, pick: random.Random) -> dict[str, Any]:
    """Plausible answers to about two thirds of the questions, now and then a wrong one."""
    found: dict[str, Any] = {}
    for question in questions:
        if pick.random() < 0.65:
            value = "?" if pick.random() < 0.03 else _some(question, stack, pick)
            if value is not None:
                found[question.id] = value
            if pick.random() < 0.2:
                found[f"{question.id}.other"] = "Something else"
    return found


def _some(question: Question, stack: Stack, pick: random.Random) -> Any:
    options = stack.lists.get(question.options or "")
    ids = [one.id for one in options.options] if options else []
    match question.type:
        case "text" | "long_text":
            return pick.choice(["Seen at the park", " ", "x"])
        case "number" | "scale":
            return str(pick.choice([0, 1, 5, 12.5, 17, 999]))
        case "date":
            return pick.choice(["2026-01-05", "2025-12-31", "2012-02-29", "2027-01-01"])
        case "time":
            return "14:05"
        case "yes_no":
            return pick.random() < 0.5
        case "postcode":
            return "SW1A 1AA"
        case "choose_one":
            return pick.choice([*ids, "other"])
        case "choose_many":
            return pick.sample(ids, min(len(ids), pick.randrange(4)))
        case "record_link" | "staff":
            return ["r1", "r2"] if question.settings.get("many") else "r1"
        case "repeat":
            rows = [some_answers(question.questions, stack, pick) for _ in range(pick.randrange(3))]
            return [{"_row": f"row{index}", **row} for index, row in enumerate(rows)]
        case "grid":
            rows_of = stack.lists[question.rows or ""].options
            return {one.id: some_answers(question.questions, stack, pick) for one in rows_of if not one.group}
    return None


def cases_of(form: CompiledForm, stack: Stack) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    pick = random.Random(form.id)
    everything = tuple(one for section in form.form.sections for one in section.questions)
    found = []
    for _ in range(PER_FORM):
        facts: dict[str, Any] = {"record": {}}
        for one in form.form.about:
            if one in stack.records:
                facts["record"].update(some_answers(stack.records[one].fields, stack, pick))
        for other in stack.forms.values():
            if pick.random() < 0.5:
                questions = tuple(one for section in other.sections for one in section.questions)
                facts[other.id] = some_answers(questions, stack, pick)
        found.append((some_answers(everything, stack, pick), facts))
    return found


@pytest.mark.parametrize(("pack", "form_id"), FORMS, ids=[f"{pack}-{form}" for pack, form in FORMS])
def test_nothing_hidden_leaves(pack: str, form_id: str) -> None:
    stack, form = shipped().pack(pack).stack, shipped().pack(pack).form(form_id)
    for answers, facts in cases_of(form, stack):
        found = form.evaluate(answers, today=date.fromisoformat(TODAY), facts=facts)
        assert not set(found.dropped) & set(found.answers)
        assert {key.removesuffix(".other") for key in found.answers} <= set(found.shown)
        again = form.evaluate(found.answers, today=date.fromisoformat(TODAY), facts=facts)
        assert again.shown == found.shown
        assert {one.code for one in again.problems} <= {"required", "range", "pattern", "valid_if"}
        assert [one.path for section in form.summary(answers, today=date.fromisoformat(TODAY), facts=facts)
                for one in section.items if one.path not in found.shown] == []  # fmt: skip


def test_browser_and_server_agree_on_every_form() -> None:
    forms: dict[str, Any] = {}
    cases: list[Mapping[str, Any]] = []
    wanted: list[Any] = []
    for pack, form_id in FORMS:
        stack, form = shipped().pack(pack).stack, shipped().pack(pack).form(form_id)
        name = f"{pack}.{form_id}"
        forms[name] = form.browser()
        assert json.loads(json.dumps(forms[name])) == forms[name]
        for answers, facts in cases_of(form, stack):
            described = form.browser_facts(facts)
            cases.append({"form": name, "answers": answers, "today": TODAY, "facts": described})
            wanted.append(told(form, answers, TODAY, facts))
    found = in_node(EVALUATE, {"forms": forms, "cases": cases})
    different = [
        (case["form"], case["answers"], one, other)
        for case, one, other in zip(cases, wanted, found, strict=True)
        if one != other
    ]
    assert not different, f"{len(different)} differ; the first: {different[0]}"
