"""Which answers a hidden part still waits for; a part that is simply not asked waits for nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.forms import form_of

TODAY = date(2026, 1, 5)

FORM = """
form: steps
title: Steps
about: child
sections:
  - id: first
    title: First
    questions:
      - {id: held, type: yes_no, label: Was it held?}
      - {id: who, type: text, label: Who came?, show_if: held}
  - id: told
    title: Told
    show_if: held
    questions: [{id: words, type: text, label: What was said?}]
  - id: inside
    title: Only what is inside has a condition
    questions: [{id: guests, type: text, label: Guests?, show_if: who is answered}]
"""


@pytest.mark.parametrize(
    ("answers", "path", "waits"),
    [
        ({}, "told", ("held",)),
        ({}, "who", ("held",)),
        ({"held": False}, "told", ()),
        ({"held": True}, "told", ()),
        ({"held": True}, "inside", ("who",)),
        ({"held": True, "who": "All"}, "inside", ()),
    ],
)
def test_what_a_hidden_part_waits_for(answers: dict[str, Any], path: str, waits: tuple[str, ...]) -> None:
    found = form_of(FORM).evaluate(answers, today=TODAY)
    assert found.awaited(path) == waits


def test_what_may_not_be_told_is_waited_for_in_silence() -> None:
    found = form_of(FORM).evaluate({}, today=TODAY)
    assert found.awaited("told", lambda name: name != "held") == ()
    with pytest.raises(KeyError):
        found.awaited("nothing_such")
