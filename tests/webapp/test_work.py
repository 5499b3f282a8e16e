"""My work: in the order in which things press, leading to the forms themselves; telling read at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.casework import cases, pressing
from tests.webapp.conftest import Place
from tests.webapp.test_pages import sent
from webapp.work_lines import due_words


@pytest.mark.parametrize(
    ("days", "group", "words"),
    [
        (-2, "overdue", "2 days late"),
        (-1, "overdue", "1 day late"),
        (0, "today", "Due today"),
        (1, "week", "Due tomorrow"),
        (4, "week", "Due on Sunday"),
        (5, "later", "Due 12 January 2026"),
        (None, "undated", "No date"),
    ],
)
def test_how_a_day_presses_is_said_in_words(days: int | None, group: str, words: str) -> None:
    today = date(2026, 1, 7)  # a Wednesday
    due = None if days is None else today + timedelta(days)
    assert pressing.of_day(due, today) == group
    assert due_words(due, today) == words
    sunday = date(2026, 1, 11)
    assert pressing.of_day(sunday + timedelta(1), sunday) == "later"


def test_a_line_says_what_about_whom_and_why_and_leads_to_the_form(place: Place) -> None:
    record = place.child()
    case = place.case(record)
    browser = place.browser("alice")
    page = browser.get("/")
    assert "No date 1" in page.text and "You hold the case" in page.text
    assert page.link("Worry: Being written, Cara Cole") == f"/cases/{case}"
    page = browser.submit(page, action="/forms/worry")
    assert page.h1 == "Worry"
    assert browser.get("/").link("Go on with ‘Worry’, Cara Cole").startswith("/forms/")


def test_what_waits_for_a_role_says_so_and_what_i_sent_says_who_has_it(place: Place) -> None:
    sent(place)
    page = place.browser("mary").get("/")
    assert "Write ‘Decision’" in page.text and "Your role: Manager" in page.text
    assert "Ring the family" in page.text
    mine = place.browser("alice").get("/")
    assert "Waiting on others" in mine.text and "With: Manager, since today" in mine.text
    assert "Nothing needs you now." in mine.text
    place.clock.pass_by(days=9)
    assert "days late" in place.browser("mary").get("/").text


def test_what_came_back_is_to_be_written_again_and_says_why(place: Place) -> None:
    _, case, _ = sent(place)
    with place.desk("mary") as desk:
        now = cases.get(desk, case)
        cases.fire(desk, case, "ask_again", revision=now.revision, reason="Please say who was there.")
    page = place.browser("alice").get("/")
    assert "Write ‘Worry’ again" in page.text and "Sent back: Please say who was there." in page.text


def test_the_filter_stands_in_the_address(place: Place) -> None:
    sent(place)
    browser = place.browser("mary")
    every = browser.get("/")
    page = browser.get("/?kind=task&q=cara")
    assert "Shown: Things to do · ‘cara’" in page.text
    assert "Ring the family" in page.text and "Write ‘Decision’" not in page.text
    assert "Ring the family" not in browser.get("/?q=somebody").text
    assert "Nothing waits there." in browser.get("/?overdue=yes").text
    assert page.link("Clear the filter") == "/"
    # What cannot be chosen here is left out.
    strange = browser.get("/?who=nonsense&role=king&kind=crown&page=0&type=x&workflow=y")
    assert "Shown:" not in strange.text and "Ring the family" in every.text and "Ring the family" in strange.text


def test_all_that_was_shown_is_read_at_once_and_nothing_that_came_since(place: Place) -> None:
    for _ in range(2):
        sent(place)
    browser = place.browser("mary")
    page = browser.get("/")
    assert page.text.count("I have read this") == 2
    sent(place)
    page = browser.submit(page, action="/told/read")
    assert page.text.count("I have read this") == 1
    assert browser.post("/told/read", {**page.fields("/told/"), "newest": ["yesterday"]}).status == 200
