"""A case's page besides moving it on: its clock, tasks that people add, taking back, and where it belongs."""

from __future__ import annotations

from engine.casework import cases
from tests.webapp.conftest import Place
from tests.webapp.test_pages import sent


def test_the_clock_is_stopped_with_a_reason_and_goes_on(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    page = browser.get(browser.get(f"/cases/{case}").link("Stop the clock"))
    page = browser.submit(page)
    assert list(page.problems) == ["Write the reason"]
    page = browser.submit(page, reason="The police asked us to wait")
    assert "The clock has been stopped since 6 January 2026: The police asked us to wait" in page.text
    place.clock.pass_by(days=5)
    browser = place.browser("mary")
    page = browser.submit(browser.get(f"/cases/{case}"), action="/resume")
    assert "The clock was stopped from 6 January 2026 to 11 January 2026" in page.text
    assert "Paused for 4 working days" in page.text
    assert place.browser("bob").get(f"/cases/{case}/pause", status=404).status == 404


def test_a_task_is_added_listed_and_taken_back(place: Place) -> None:
    _, case, _ = sent(place)
    alice = place.browser("alice")
    page = alice.get(alice.get(f"/cases/{case}").link("Add a task"))
    page = alice.submit(page, **{"due.day": "31", "due.month": "2", "due.year": "2026"})
    assert len(page.problems) == 2
    boxes = {"due.day": "9", "due.month": "1", "due.year": "2026"}
    page = alice.submit(page, what="Ring the school", who="role:manager", **boxes)
    assert "Ring the school" in page.text and "Due 9 January 2026" in page.text
    mary = place.browser("mary")
    page = mary.get("/")
    assert "Ring the school" in page.text
    page = mary.get(page.link("Take back"))
    page = mary.submit(page, reason="The school rang us")
    assert "1 task that is done or no longer needed" in page.text and "The school rang us" in page.text


def test_what_was_sent_is_taken_back_and_goes_on_in_a_draft(place: Place) -> None:
    _, _, form = sent(place)
    alice = place.browser("alice")
    page = alice.get(alice.get(f"/forms/{form}/read").link("Take this back"))
    page = alice.submit(page, reason="I named the wrong park")
    assert page.h1 == "Worry" and page.url != f"/forms/{form}"
    page = alice.get(f"/forms/{form}/read")
    assert "Taken back" in page.text and "I named the wrong park" in page.text
    assert "Take this back" not in page.text
    place.browser("mary").get(f"/forms/{form}/withdraw", status=404)


def test_a_case_is_taken_back(place: Place) -> None:
    _, case, _ = sent(place)
    alice = place.browser("alice")
    page = alice.get(alice.get(f"/cases/{case}").link("Take this case back"))
    page = alice.submit(page, reason="It was another young person")
    with place.desk("mary") as desk:
        assert cases.get(desk, case).withdrawn_at is not None
    page = place.browser("mary").get(f"/cases/{case}")
    assert page.text.count("Taken back") == 2 and "It was another young person" in page.text
    assert "Take this case back" not in page.text
