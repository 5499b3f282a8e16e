"""What is said about answers in Welsh: every message is there, filled with the same words, and reads as it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import Formatter

import pytest

from engine.language.model import Option, OptionList, Question
from engine.questions import BUILT_IN, Context, messages, welsh

TODAY = date(2026, 1, 10)
LISTS = {"kinds": OptionList("kinds", "Kinds", (Option("park", "Parc"),), other=True)}
CONTEXT = Context(LISTS, TODAY)


def fills(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_message_is_there_in_welsh_and_is_filled_with_what_the_english_is() -> None:
    assert sorted(messages.SAID) == sorted(welsh.SAID), "engine/questions/welsh.py has the Welsh"
    own = {"label", "quoted", "subject", "named"}
    for key, said in messages.SAID.items():
        assert fills(welsh.SAID[key]) - own <= fills(said) - own, key
        # What is filled in beside the label is what the person needs to know: the bound, the day, the word typed.
        assert fills(said) - own - fills(welsh.SAID[key]) <= {"row"}, key


@pytest.mark.parametrize(
    ("kind", "settings", "typed", "english", "said"),
    [
        ("date", {}, {"day": "5"}, "Dyddiad must include a month and a year",
         "Rhaid i'r ateb i ‘Dyddiad’ gynnwys mis a blwyddyn"),
        ("date", {}, {"day": "29", "month": "2", "year": "2025"},
         "Dyddiad must be a real date: February 2025 has 28 days",
         "Rhaid i'r ateb i ‘Dyddiad’ fod yn ddyddiad go iawn: mae 28 diwrnod ym mis Chwefror 2025"),
        ("number", {}, {"": "x"}, "Dyddiad must be a number, like 12 or 7.5",
         "Rhaid i'r ateb i ‘Dyddiad’ fod yn rhif, fel 12 neu 7.5"),
    ],
)  # fmt: skip
def test_a_problem_is_told_in_the_language_of_the_question(
    kind: str, settings: dict[str, object], typed: dict[str, str], english: str, said: str
) -> None:
    asked = Question("q", kind, label="Dyddiad", settings=settings)
    posted = {name: [text] for name, text in typed.items()}
    found = [
        BUILT_IN[kind].parse(posted, replace(asked, language=language), CONTEXT).message
        for language in ("en", "cy", "xx")
    ]
    assert found == [english, said, english]


@pytest.mark.parametrize(
    ("kind", "json", "english", "said"),
    [
        ("date", "2026-08-05", "5 August 2026", "5 Awst 2026"),
        ("yes_no", True, "Yes", "Ie"),
        ("yes_no", False, "No", "Na"),
        ("choose_one", "other", "Other", "Arall"),
        ("repeat", [{"_row": "a"}], "1 row", "1 rhes"),
        ("repeat", [{"_row": "a"}, {"_row": "b"}], "2 rows", "2 rhes"),
    ],
)
def test_an_answer_is_shown_in_the_language_of_the_question(
    kind: str, json: object, english: str, said: str
) -> None:
    for language, wanted in (("en", english), ("cy", said)):
        # A list belongs to one stack, and a stack to one language.
        lists = {"kinds": replace(LISTS["kinds"])}
        asked = Question("q", kind, label="Pa?", options="kinds", language=language)
        context = Context(lists, TODAY)
        value = BUILT_IN[kind].load(json, asked, context)
        assert BUILT_IN[kind].display(value, asked, context) == wanted


def test_a_bound_is_told_with_its_month_in_welsh() -> None:
    asked = Question("q", "date", label="Pryd?", settings={"earliest": "2026-08-01"}, language="cy")
    found = list(BUILT_IN["date"].check(date(2026, 7, 1), asked, CONTEXT))
    assert [one.message for one in found] == [
        "Rhaid i'r ateb i ‘Pryd?’ fod yn 1 Awst 2026 neu'n ddiweddarach"
    ]
