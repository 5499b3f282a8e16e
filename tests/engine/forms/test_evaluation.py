"""What holds for every evaluation: nothing is too much, nothing hidden leaves, one form is compiled once."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.forms.order import settle
from tests.engine.forms.test_specs import SPECIMEN
from tests.support.answers import ANY_JSON, FACTS, SPECIMEN_ANSWERS
from tests.support.forms import form_of

TODAY = date(2026, 1, 5)
CODES = {"required", "type", "option", "range", "pattern", "valid_if", "unknown_question", "read_only"}


def paths(answers: dict[str, Any]) -> set[str]:
    """Every path that carries an answer."""
    found: set[str] = set()
    for key, value in answers.items():
        if key == "places":
            found |= {f"places[{i}].{cell}" for i, row in enumerate(value) for cell in row if cell != "_row"}
        elif key == "framework":
            found |= {f"framework.{row}.{cell}" for row, cells in value.items() for cell in cells}
        else:
            found.add(key.removesuffix(".other"))
    return found


@given(SPECIMEN_ANSWERS | ANY_JSON, FACTS | ANY_JSON)
def test_no_answers_are_too_much(answers: Any, facts: Any) -> None:
    form = form_of(SPECIMEN)
    found = form.evaluate(answers, today=TODAY, facts=facts if isinstance(facts, dict) else None)
    shown = set(found.shown)
    assert len(shown) == len(found.shown)
    assert paths(found.answers) <= shown
    assert set(found.required) <= shown and set(found.advised) <= shown and set(found.calculated) <= shown
    assert not set(found.required) & set(found.advised)
    assert not set(found.dropped) & paths(found.answers)
    assert {one.code for one in found.problems} <= CODES
    assert all(
        one.question in shown for one in found.problems if one.code not in ("type", "unknown_question")
    )
    assert found.json()["problems"] == [one.json() for one in found.problems]
    for path in found.shown:
        assert found.why(path).shown


@given(SPECIMEN_ANSWERS)
def test_hidden_answers_never_leave_and_never_decide(answers: dict[str, Any]) -> None:
    """Taking the hidden answers out by hand changes nothing."""
    form = form_of(SPECIMEN)
    found = form.evaluate(answers, today=TODAY)
    top = {key: value for key, value in answers.items() if key not in found.dropped}
    again = form.evaluate(top, today=TODAY)
    assert found.answers == again.answers and found.shown == again.shown and found.problems == again.problems


def test_a_form_has_everything_that_pages_need() -> None:
    form = form_of(SPECIMEN)
    lines = form.summary(
        {"harm_setting": "both", "places": [{"_row": "a", "place": "Park", "cost": "1500"}]}, today=TODAY
    )
    told = [(one.path, one.label, one.text) for section in lines for one in section.items]
    assert [section.title for section in lines] == ["Harm outside the home", "Harm at home", "What we see"]
    assert ("harm_setting", "Where does the harm come from?", "Both") in told
    assert ("places[0].cost", "Place 1: Cost to make it safe", "1,500") in told
    assert ("framework.peers.worried", "Peer group: What are we worried about?", "") in told
    assert "home_words" not in {path for path, _, _ in told}
    [types] = [one for section in lines for one in section.items if one.path == "harm_types"]
    assert types.empty and types.required and not types.advised and types.sensitive is None


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9), max_size=3)))
def test_order_puts_everything_after_what_it_needs(needs: dict[int, set[int]]) -> None:
    named = {str(node): {str(one) for one in wanted} for node, wanted in needs.items()}
    ordered, circles = settle(named)
    for index, node in enumerate(ordered):
        assert not {one for one in named[node] if one in named} - set(ordered[:index])
    assert bool(circles) == (len(ordered) < len(named))
    for circle in circles:
        for one, other in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert other in named[one]


DEFAULTS = """
form: defaults
title: Defaults
about: child
sections:
  - id: one
    title: One
    questions:
      - {id: met_on, type: date, label: Met on, default: today()}
      - {id: asked, type: yes_no, label: Asked?}
      - {id: hidden, type: text, label: Hidden, show_if: asked is yes, default: '"x"'}
      - id: places
        type: repeat
        label: Places
        questions:
          - {id: place, type: text, label: Place}
          - {id: seen, type: yes_no, label: Seen?, default: no}
      - id: table
        type: grid
        label: Table
        rows: [{id: home, label: Home}]
        columns: [{id: level, type: number, label: Level, default: 3}]
"""


def test_a_page_shows_defaults_until_somebody_answers() -> None:
    form = form_of(DEFAULTS)

    def filled(answers: dict[str, Any]) -> dict[str, Any]:
        return form.evaluate(answers, today=TODAY).with_defaults(answers)

    assert filled({}) == {"met_on": "2026-01-05", "table": {"home": {"level": "3"}}}
    given = {
        "met_on": None,
        "places": [{"_row": "a"}, {"_row": "b", "seen": True}],
        "table": {"home": {"level": "x"}},
    }
    assert filled(given) == {
        "met_on": None,
        "places": [{"_row": "a", "seen": False}, {"_row": "b", "seen": True}],
        "table": {"home": {"level": "x"}},
    }
    assert filled({"asked": True})["hidden"] == "x"
