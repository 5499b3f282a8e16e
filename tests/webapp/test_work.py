"""My work: in the order in which things press, leading to the forms themselves; telling read at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.webapp.conftest import Place
from tests.webapp.test_pages import sent
from webapp.naming import TaskLine
from webapp.views.work import by_date


def test_my_work_is_grouped_by_when_and_leads_to_the_form(place: Place) -> None:
    days = {"Overdue": -1, "Today": 0, "This week": 1, "Later": 9, "No date": None}
    today = date(2026, 1, 7)
    line = TaskLine("t", "own", "Ring", "Cara", "r", None, None, None, "", None)
    lines = [replace(line, due=None if one is None else today + timedelta(one)) for one in days.values()]
    assert [name for name, _ in by_date(reversed(lines), today)] == list(days)
    sunday = date(2026, 1, 11)
    assert [name for name, _ in by_date([replace(line, due=sunday + timedelta(1))], sunday)] == ["Later"]
    record = place.child()
    case = place.case(record)
    browser = place.browser("alice")
    page = browser.get("/")
    assert page.link("See the case") == f"/cases/{case}"
    assert browser.submit(page, action="/forms/worry").h1 == "Worry"


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
