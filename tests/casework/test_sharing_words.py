"""What a decision to share says of consent: the question with its answer, unless the answer is guarded."""

from __future__ import annotations

import pytest

from engine.casework import sharing
from engine.workflow import effects as fx
from tests.support.workflows import pack

FORM = """
form: telling
title: Telling others
about: child
sections:
  - id: main
    title: Telling
    questions:
      - {{id: agreed, type: yes_no, label: Do they agree?{more}}}
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "Do they agree? No"),
        (", sensitive: guarded", "Do they agree? The answer is guarded and stands on the form."),
    ],
)
def test_a_guarded_answer_is_not_told_to_all_who_see_the_record(more: str, said: str) -> None:
    stack = pack(FORM.format(more=more)).stack
    effect = fx.Share(
        agency="School", what="Concern", forms=(), ground="Consent", asked="telling.agreed", consent=False
    )
    assert sharing.consent_in_words(effect, stack) == said
