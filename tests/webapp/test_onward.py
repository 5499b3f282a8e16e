"""A case's page says what moves it on: one plain way, what happens by itself, and whom it waits for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import engine
from tests.webapp.conftest import Place
from tests.webapp.reading import Seen
from tests.webapp.test_pages import sent
from webapp.onward import Next, moved_on, still_needed, waited_for

ROOT = Path(__file__).parents[2]


def buttons(page: Seen) -> list[tuple[str, bool]]:
    """Everything in the page's main part that looks like a button, and whether it is the green one."""
    found = []
    for one in [*page.root.all("a"), *page.root.all("button")]:
        look = one.attributes.get("class", "").split()
        if one.inside("main") and "govuk-button" in look:
            found.append((one.text, "govuk-button--secondary" not in look))
    return found


def test_while_a_form_is_to_be_filled_in_it_is_the_way_on(place: Place) -> None:
    record = place.child()
    case = place.case(record)
    browser = place.browser("alice")
    page = browser.get(f"/cases/{case}")
    assert [one for one, green in buttons(page) if green] == ["Start ‘Worry’"]
    assert "When ‘Worry’ is sent, the case moves on to ‘Waiting for a decision’ by itself." in page.text
    page = browser.submit(page, action="/forms/worry")
    page = browser.get(f"/cases/{case}")
    assert [one for one, green in buttons(page) if green] == ["Go on with ‘Worry’"]
    assert "Nothing leads on" not in page.text and "Draft" in page.text


def test_what_has_happened_names_the_form_that_moved_the_case_on(place: Place) -> None:
    _, case, _ = sent(place)
    page = place.browser("mary").get(f"/cases/{case}")
    assert "Moved on when ‘Worry’ was sent" in page.text
    assert "Moved on by itself" not in page.text


@pytest.mark.parametrize(
    ("workflow", "transition", "to", "said"),
    [
        ("child_referral", "send", "deciding", "Moved on when ‘Referral’ was sent"),
        ("child_assessment", "planned", "checking_plan", "Moved on when ‘Plan’ was sent"),
        ("child_assessment", "agree_assessment", "planning", "Moved on by itself"),
    ],
)
def test_only_what_sending_alone_brings_about_is_told_so(workflow, transition, to, said) -> None:
    pack = engine.load(ROOT).pack("core")
    assert moved_on(transition, to, pack.workflow(workflow), pack.stack) == said


def test_starting_something_else_is_never_the_green_button_of_a_record(place: Place) -> None:
    record = place.child()
    looks = buttons(place.browser("alice").get(f"/records/{record}"))
    assert looks and not any(green for _, green in looks)


def test_no_page_has_two_green_buttons(place: Place) -> None:
    record, case, _ = sent(place)
    for person in ("alice", "mary"):
        browser = place.browser(person)
        for path in ("/", f"/records/{record}", f"/cases/{case}"):
            assert sum(green for _, green in buttons(browser.get(path))) <= 1, path


def test_who_is_waited_for_is_said_only_to_those_who_can_do_nothing() -> None:
    line = Next("decide", "Record the decision", False, False, "", "Team manager", "‘Helped’", ())
    by_itself = Next("sent", "By itself", False, True, "", "", "‘Helped’", ())
    assert waited_for([line, line, by_itself], to_fill_in=False) == "Team manager"
    assert waited_for([line], to_fill_in=True) == ""
    assert waited_for([line, replace(line, allowed=True)], to_fill_in=False) == ""
    assert waited_for([by_itself], to_fill_in=False) == ""


def test_each_way_on_says_what_it_is_still_waiting_for() -> None:
    """Two ways that want different things: neither is told as all that is needed."""
    help_ = Next("help", "Give help", False, False, "", "", "‘Helped’", (), ("Send the plan.",))
    close = Next("close", "Close", False, False, "", "", "‘Closed’", (), ("Write why.", "Name a reader."))
    assert still_needed([help_]) == ("Send the plan.",)
    assert still_needed([help_, close]) == (
        "‘Give help’: Send the plan.",
        "‘Close’: Write why. Name a reader.",
    )
    # What wants the same stands once; what nobody presses is called by where it leads.
    alike = replace(close, automatic=True, allowing=help_.allowing)
    assert still_needed([help_, alike]) == ("Send the plan.",)
    assert still_needed([help_, alike, close])[0] == "‘Give help’ or ‘Closed’: Send the plan."
    # A way that waits for somebody, and for nothing else, is not told to want what another wants.
    theirs = replace(help_, allowing=(), who="Team manager")
    assert still_needed([theirs, close]) == ("‘Close’: Write why. Name a reader.",)
    assert still_needed([replace(help_, allowed=True), close]) == () == still_needed([theirs])
