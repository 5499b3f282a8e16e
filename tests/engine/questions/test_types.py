"""What holds for every question type, those added by a deployment included."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.model import Option, OptionList, Question
from engine.questions import BUILT_IN, Context, Fault, Problem, Registry, messages, numbers
from engine.questions.types.text import Text
from tests.support.answers import ANY_JSON

LISTED = OptionList("listed", title="Listed", options=(Option("a", label="Ay"), Option("b", label="Bee")))
CONTEXT = Context(lists={"listed": LISTED}, today=date(2026, 1, 5))
TYPES = [pytest.param(type_, id=name) for name, type_ in BUILT_IN.items()]


def question(type_: str, **settings: Any) -> Question:
    return Question("asked", type_, "Asked", options="listed", settings=settings)


@pytest.mark.parametrize("type_", TYPES)
@given(json=ANY_JSON)
def test_no_json_is_too_much(type_: Any, json: Any) -> None:
    """Whatever is stored or posted as JSON is a value, nothing, or a fault; and a value is stored again alike."""
    asked = question(type_.name)
    value = type_.load(json, asked, CONTEXT)
    if isinstance(value, Fault):
        assert value.message and value.code in ("type", "option", "range", "pattern")
    elif value is not None and not type_.container:
        stored = type_.dump(value, asked, CONTEXT)
        assert type_.load(stored, asked, CONTEXT) == value
        assert isinstance(type_.display(value, asked, CONTEXT), str)
        list(type_.check(value, asked, CONTEXT))
    type_.boxes(json)


@pytest.mark.parametrize("type_", TYPES)
@given(
    typed=st.dictionaries(
        st.sampled_from(["", "day", "month", "year", "other"]), st.lists(st.text(), max_size=2)
    )
)
def test_nothing_typed_is_too_much(type_: Any, typed: dict[str, list[str]]) -> None:
    """Whatever is typed is a value, nothing, or a problem at the question; what cannot be read can be kept."""
    asked = question(type_.name)
    value = type_.parse(typed, asked, CONTEXT)
    if isinstance(value, Problem):
        assert value.question == "asked" and value.message
        kept = type_.load(type_.unread(typed), asked, CONTEXT)
        assert kept is None or isinstance(kept, Fault)
    elif value is not None:
        again = type_.load(type_.dump(value, asked, CONTEXT), asked, CONTEXT)
        assert again == value


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_date_shown_can_be_typed_again(day: date) -> None:
    asked, type_ = question("date"), BUILT_IN["date"]
    shown = type_.display(day, asked, CONTEXT)
    for text in (
        shown,
        day.isoformat(),
        day.strftime("%d/%m/%Y"),
        day.strftime("%d %b %Y"),
        day.strftime("%A %d %B %Y"),
    ):
        assert day == type_.parse({"day": [text]}, asked, CONTEXT), text
    assert day == type_.parse(type_.boxes(day.isoformat()), asked, CONTEXT)


@given(st.decimals(-(10**12) + 1, 10**12 - 1, places=6))
def test_a_number_shown_can_be_typed_again(number: Decimal) -> None:
    asked, type_ = question("number"), BUILT_IN["number"]
    assert number == type_.parse({"": [type_.display(number, asked, CONTEXT)]}, asked, CONTEXT)
    assert numbers.plain(number) == type_.dump(number, asked)
    assert "e" not in numbers.plain(number).lower()


@given(st.times())
def test_a_time_shown_can_be_typed_again(time: Any) -> None:
    asked, type_ = question("time"), BUILT_IN["time"]
    assert time.strftime("%H:%M") == type_.parse({"": [time.strftime("%I:%M%p")]}, asked, CONTEXT)


def test_dates_around_years_of_two_digits() -> None:
    asked, type_ = question("date"), BUILT_IN["date"]
    found = [
        type_.parse({"day": [f"1/2/{year}"]}, asked, CONTEXT).year for year in ("00", "26", "49", "50", "99")
    ]
    assert found == [2000, 2026, 2049, 1950, 1999]
    assert CONTEXT.today is not None
    assert CONTEXT.today + timedelta(days=1) == type_.parse({"day": ["tomorrow"]}, asked, CONTEXT)


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_describes_itself(type_: Any) -> None:
    assert type_.summary.endswith(".")
    for name, schema in type_.settings_schema.items():
        assert str(schema["description"]).endswith("."), f"{type_.name}.{name}"
        assert "type" in schema
    if type_.answered and not type_.container:
        value = type_.load(type_.example, Question("asked", type_.name, "A"), Context())
        assert type_.takes_options or not isinstance(value, Fault)


def test_types_can_be_added_and_none_can_be_taken() -> None:
    class Colour(Text):
        name = "colour"

    assert "colour" in BUILT_IN.with_(Colour()) and "colour" not in BUILT_IN
    with pytest.raises(ValueError, match="Two question types are named ‘text’"):
        Registry([*BUILT_IN.values(), Text()])


def test_every_message_of_the_catalogue_can_be_said() -> None:
    words = dict.fromkeys(
        ("row", "least", "most", "count", "step", "parts", "typed", "month", "days", "option", "path"), "x"
    )
    for key in messages.SAID:
        said = messages.say(key, question("text"), **words)
        assert said and "{" not in said and not said.endswith("."), key


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Date of birth", "date of birth"),
        ("NHS number", "NHS number"),
        ("A place", "a place"),
        ("GP’s name", "GP’s name"),
    ],
)
def test_labels_inside_sentences(label: str, inside: str) -> None:
    assert inside == messages.lowered(label)
