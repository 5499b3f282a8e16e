"""Carried answers on pages: where they come from, a box to say that they are still right, and what waits for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import engine
from engine.casework import cases, records, stacks, submissions
from tests.webapp.conftest import LITTLE, Place
from webapp.carried import how_long_ago

FORM = """
form: later
title: Second look
about: child
sections:
  - id: looked
    title: Looked at
    questions:
      - {id: again, type: long_text, label: What led to this?, carry: {from: worry.story}}
      - {id: when, type: date, label: Since when?, carry: {from: worry.seen_on}}
      - {id: how_many_then, type: number, label: How many were there?, carry: {from: worry.how_many, how: copy}}
"""
FLOW = """
workflow: looking_again
title: Looking again
about: child
start: {by: [worker], label: Look again}
initial: open
states:
  - {id: open, title: Open, forms: [later]}
  - {id: done, title: Done, final: yes}
transitions:
  - id: agree
    label: Agree
    from: open
    to: done
    by: [worker, manager]
    when: later is submitted
    approve: [later]
"""


def texts() -> dict[str, str]:
    found = {str(one.relative_to(LITTLE)): one.read_text(encoding="utf-8") for one in LITTLE.rglob("*.yaml")}
    return {**found, "form_definitions/little/later.yaml": FORM, "workflows/little/later.yaml": FLOW}


@pytest.fixture
def begun(place: Place) -> tuple[str, str]:
    """A case whose form has three answers carried into it, and that form's draft."""
    with place.desk() as desk:
        stacks.publish(desk, engine.load_texts(texts()).pack("little"))
    with place.desk("alice") as desk:
        child = records.create(desk, "child", {"first_name": "Cara", "last_name": "Cole"})
        worry = submissions.open_draft(
            desk, "worry", record=child.id, case=cases.start(desk, "worries", record=child.id).id
        )
        told: dict[str, Any] = {
            "story": "Seen at the park", "danger": False, "seen_on": "2026-01-02", "how_many": "3",
        }  # fmt: skip
        submissions.submit(desk, worry.id, revision=worry.revision, answers=told)
    place.clock.pass_by(days=3)
    with place.desk("alice") as desk:
        case = cases.start(desk, "looking_again", record=child.id)
        return case.id, submissions.open_draft(desk, "later", record=child.id, case=case.id).id


def test_a_section_says_what_was_carried_and_takes_that_it_is_still_right(
    place: Place, begun: tuple[str, str]
) -> None:
    browser = place.browser("alice")
    _, draft = begun
    page = browser.get(f"/forms/{draft}/looked")
    assert page.text.count("Carried from Worry, 3 days ago.") == 3
    boxes = [one.attributes["value"] for one in page.root.all("input", name="still_right")]
    assert boxes == ["again", "when"]
    assert "Incomplete" in browser.get(f"/forms/{draft}").text
    browser.submit(page, still_right="again")
    assert "confirmed" not in place.look(draft).carried["when"]
    assert place.look(draft).carried["again"]["confirmed"]
    check = browser.get(f"/forms/{draft}/check")
    assert [one.attributes["value"] for one in check.root.all("input", name="still_right")] == ["when"]
    check = browser.submit(check, action="still-right", button={"all_still_right": "yes"})
    assert "Still to be confirmed" not in check.text
    assert "Completed" in browser.get(f"/forms/{draft}").text


def test_all_at_once_and_a_changed_answer_is_ones_own(place: Place, begun: tuple[str, str]) -> None:
    browser = place.browser("alice")
    _, draft = begun
    page = browser.get(f"/forms/{draft}/looked")
    browser.submit(page, all_still_right="yes", a__again="Seen at the lake")
    carried = place.look(draft).carried
    assert set(carried) == {"when", "how_many_then"}
    assert carried["when"]["confirmed"]


def test_sent_unconfirmed_the_manager_reads_why_and_confirms(place: Place, begun: tuple[str, str]) -> None:
    case, draft = begun
    browser = place.browser("alice")
    browser.submit(browser.get(f"/forms/{draft}/check"), action="submit")
    manager = place.browser("mary")
    page = manager.get(f"/cases/{case}/do/agree")
    assert "nobody has confirmed: ‘What led to this?’, ‘Since when?’" in page.text
    read = manager.get(page.link("Look at Second look"))
    manager.submit(read, action="still-right", button={"all_still_right": "yes"})
    manager.submit(manager.get(f"/cases/{case}/do/agree"))
    with place.desk("alice") as desk:
        assert cases.get(desk, case).state == "done"


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (date(2026, 3, 31), "today"), (date(2026, 3, 30), "yesterday"), (date(2026, 3, 28), "3 days ago"),
        (date(2026, 3, 1), "4 weeks ago"), (date(2026, 1, 1), "2 months ago"), (date(2024, 1, 1), "2 years ago"),
    ],
)  # fmt: skip
def test_the_age_is_said_in_words(then: date, words: str) -> None:
    assert how_long_ago(then, date(2026, 3, 31)) == words
