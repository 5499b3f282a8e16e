"""What a page posts becomes answers; nothing typed is lost and nothing forged counts."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import Entry
from tests.engine.forms.test_specs import SPECIMEN
from tests.support.forms import form_of

TODAY = date(2026, 1, 5)


def entered(posted: dict[str, Any], before: dict[str, Any] | None = None) -> Entry:
    fields = {name: texts if isinstance(texts, list) else [texts] for name, texts in posted.items()}
    numbers = count(1)
    return form_of(SPECIMEN).entry(fields, before, today=TODAY, mint=lambda: f"new{next(numbers)}")


def test_boxes_become_answers() -> None:
    found = entered(
        {
            "a.@section": "harm",
            "a.harm_setting": "both",
            "a.harm_types": ["cce", "cse", "other"],
            "a.harm_types.other": " Something ",
            "a.why_cse": "",
            "csrf_token": "x",
        }
    )
    assert found.answers == {
        "harm_setting": "both",
        "harm_types": ["cse", "cce", "other"],
        "harm_types.other": "Something",
    }
    assert found.ignored == () and found.problems == () and found.raw == {}


def test_what_is_ticked_off_is_gone_and_other_sections_stay() -> None:
    before = {"harm_setting": "both", "harm_types": ["cse"], "home_detail": "x", "hours": "3"}
    assert entered({"a.@section": "harm"}, before).answers == {"home_detail": "x", "hours": "3"}


def test_a_box_that_was_not_on_the_page_keeps_its_answer() -> None:
    before = {"why_cse": "typed earlier", "places": [{"_row": "a", "place": "Park", "cost": "1"}]}
    found = entered({"a.@section": "harm", "a.places.a.place": "Pond"}, before)
    assert found.answers["why_cse"] == "typed earlier"
    assert found.answers["places"] == [{"_row": "a", "place": "Pond", "cost": "1"}]


def test_forged_names_are_put_aside() -> None:
    found = entered(
        {
            "a.@section": "harm",
            "a.home_detail": "from another section",
            "a.place_count": "7",
            "a.places.a.cost_vat": "7",
            "a.places.<script>.place": "x",
            "a.unheard_of": "x",
            "a.harm_setting.day": "x",
        }
    )
    assert set(found.ignored) == {
        "a.home_detail", "a.place_count", "a.places.a.cost_vat", "a.places.<script>.place", "a.unheard_of",
        "a.harm_setting.day",
    }  # fmt: skip
    assert found.answers == {}


def test_calculated_answers_are_never_kept() -> None:
    before = {"place_count": "3", "places": [{"_row": "a", "place": "Park", "cost_vat": "9"}]}
    assert entered({"a.@section": "harm"}, before).answers == {"places": [{"_row": "a", "place": "Park"}]}


def test_what_cannot_be_read_is_kept_and_refused() -> None:
    form = form_of(SPECIMEN)
    found = entered(
        {
            "a.@section": "harm",
            "a.places.a.place": "Park",
            "a.places.a.unsafe_since.day": "31",
            "a.places.a.unsafe_since.month": "2",
            "a.places.a.unsafe_since.year": "2026",
            "a.places.a.cost": "a lot",
        }
    )
    said = "The answer to ‘Since when?’ must be a real date: February 2026 has 28 days"
    assert ("places[0].unsafe_since", said) in {(one.question, one.message) for one in found.problems}
    assert found.raw["a.places.a.unsafe_since.month"] == ["2"] and found.raw["a.places.a.cost"] == ["a lot"]
    assert found.answers["places"] == [
        {"_row": "a", "place": "Park", "unsafe_since": "31/2/2026", "cost": "a lot"}
    ]
    evaluation = form.evaluate(found.answers, today=TODAY)
    assert [one for one in evaluation.problems if one.code == "type"] == list(found.problems)
    lines = {
        item.path: item for section in form.summary(found.answers, today=TODAY) for item in section.items
    }
    assert lines["places[0].cost"].text == "a lot" and lines["places[0].cost"].unread


def test_rows_are_added_and_removed_without_script() -> None:
    before = {"places": [{"_row": "a", "place": "Park"}, {"_row": "b", "place": "Pond"}]}
    added = entered({"a.@section": "harm", "a.places.b.place": "Lake", "row.add": "places"}, before)
    assert added.answers["places"] == [
        {"_row": "a", "place": "Park"}, {"_row": "b", "place": "Lake"}, {"_row": "new1"},
    ]  # fmt: skip
    removed = entered(
        {"a.@section": "harm", "a.places.a.place": "x", "a.places.b.place": "Lake", "row.remove": "places.a"},
        before,
    )
    assert removed.answers["places"] == [{"_row": "b", "place": "Lake"}] and removed.ignored == ()


def test_rows_need_ids_made_elsewhere() -> None:
    with pytest.raises(ValueError, match="mint"):
        form_of(SPECIMEN).entry({"row.add": ["places"]})


def test_a_button_for_another_sections_rows_does_nothing() -> None:
    assert entered({"a.@section": "view", "row.add": "places"}).answers == {}


def test_cells() -> None:
    posted = {"a.@section": "view", "a.framework.peers.worried": "x", "a.framework.home.worried": " "}
    assert entered(posted).answers == {"framework": {"peers": {"worried": "x"}}}
    cleared = entered({**posted, "a.framework.peers.worried": ""}, {"framework": {"peers": {"worried": "y"}}})
    assert "framework" not in cleared.answers


def test_an_answer_taken_from_a_question_with_a_default_stays_away() -> None:
    found = entered({"a.@section": "view", "a.hours": ""})
    assert found.answers == {"hours": None}
    assert "hours" not in form_of(SPECIMEN).evaluate(found.answers, today=TODAY).answers


def test_without_a_section_the_whole_form_was_posted() -> None:
    assert entered({"a.harm_setting": "family", "a.home_detail": "x"}).answers == {
        "harm_setting": "family",
        "home_detail": "x",
    }


NAMES = [
    "a.harm_setting", "a.harm_types", "a.harm_types.other", "a.places", "a.places.r1", "a.places.r1.place",
    "a.places.r1.cost", "a.places.r1.unsafe_since.day", "a.framework.home.worried", "a.framework.nowhere.worried",
    "a.hours", "a.@section", "row.add", "row.remove", "a.", "a..", "a.place_count",
]  # fmt: skip
TEXTS = (
    st.sampled_from(["", "family", "both", "harm", "view", "places", "places.r1", "7", "x", "\x00"])
    | st.text()
)


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, max_size=2)),
    st.dictionaries(
        st.sampled_from(["harm_setting", "places", "framework", "hours"]),
        st.none() | st.text() | st.lists(st.text() | st.dictionaries(st.just("_row"), st.text()), max_size=2),
    ),
)
def test_any_post_can_be_read(posted: dict[str, list[str]], before: dict[str, Any]) -> None:
    """Nothing that can be posted over anything that can be stored is too much; read again, it stays alike."""
    found = entered(posted, before)
    form_of(SPECIMEN).evaluate(found.answers, today=TODAY)
    known = set(found.answers) <= {
        *before,
        *(one.split(".")[1] for one in NAMES if "." in one),
        "harm_types.other",
    }
    assert known
    assert set(found.ignored) <= set(posted)
