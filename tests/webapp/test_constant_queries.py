"""A page asks the database the same number of times however many lines it shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.casework import (
    actions,
    cases,
    commenting,
    ids,
    links,
    notes,
    people,
    records,
    submissions,
    tasks,
    unsaved,
)
from tests.support.sent import sent_by
from tests.webapp.conftest import Place


def queries(place: Place, browser: Any, path: str) -> int:
    with sent_by(place.store) as said:
        browser.get(path)
    assert said
    return len(said)


def children(place: Place, count: int) -> None:
    for number in range(count):
        with place.desk("alice") as desk:
            made = records.create(desk, "child", {"first_name": "Number", "last_name": str(number)})
            case = cases.start(desk, "worries", record=made.id)
            submissions.open_draft(desk, "worry", record=made.id, case=case.id)


def about(place: Place, record: str, case: str, count: int) -> None:
    for number in range(count):
        with place.desk("alice") as desk:
            notes.add(desk, record, f"Note {number}", case=case)
            actions.open(desk, record, f"Do {number}", due=date(2026, 2, 1))
            other = records.create(desk, "child", {"first_name": "Other", "last_name": str(number)})
            links.add(desk, record, other.id, purpose="A friend")
            cases.start(desk, "worries", record=record)
            loose = submissions.open_draft(desk, "worry", record=record)
            submissions.submit(
                desk, loose.id, revision=loose.revision, answers={"story": "Something", "danger": False}
            )
            submissions.open_draft(desk, "worry", record=record, corrects=loose.id)


WORK = {
    "alice": ["/", "/open-cases", "/?kind=form&q=number"],
    "mary": ["/", "/?who=all", "/team", "/open-cases?who=all&part=overdue"],
}


@pytest.mark.ux("fast")
@pytest.mark.parametrize("who", WORK)
def test_work_asks_as_often_for_60_cases_as_for_5(place: Place, who: str) -> None:
    with place.desk("adam") as desk:
        people.add_to_team(desk, place.ids["alice"], people.add_team(desk, "North").id)
    browser = place.browser(who)
    children(place, 5)
    few = [[queries(place, browser, path) for path in WORK[who]] for _ in range(2)][1]
    children(place, 55)
    assert [queries(place, browser, path) for path in WORK[who]] == few


def test_a_record_and_a_case_ask_as_often_for_much_as_for_little(place: Place) -> None:
    browser = place.browser("alice")
    record, case, _ = place.started()
    about(place, record, case, 2)
    pages = (f"/records/{record}", f"/cases/{case}")
    few = [queries(place, browser, one) for one in pages for _ in range(2)][1::2]
    about(place, record, case, 6)
    assert [queries(place, browser, one) for one in pages] == few


def test_a_form_that_was_amended_and_sent_back_asks_as_often_for_many_comments_as_for_few(
    place: Place,
) -> None:
    """Its parts, the whole of it, what was said the time before, its versions and each page of it."""
    record = place.child()
    with place.desk("alice") as desk:
        case = cases.start(desk, "worries", record=record).id
    pages: list[list[int]] = []
    questions = ("story", "danger", "seen_on", "at_time", "how_many", "harms", "setting")
    for count in (1, 2, 7):
        draft = place.draft(record, case)
        with place.desk("alice") as desk:
            at = submissions.get(desk, draft).revision
            submissions.submit(desk, draft, revision=at, answers={"story": "Something", "danger": False})
        with place.desk("mary") as desk:
            ready = commenting.ready(desk, draft, dict.fromkeys(questions[:count], "Say more"))
            assert ready is not None
            cases.fire(desk, case, "ask_again", revision=cases.get(desk, case).revision, reason="More")
            commenting.put(desk, ready)
        again = place.draft(record, case)
        browser = place.browser("alice")
        browser.get(f"/forms/{again}")
        of_draft = [f"/forms/{again}/{one}" for one in ("what", "whole", "check", "read")]
        pages.append([queries(place, browser, one) for one in (f"/forms/{draft}/read", *of_draft)])
    # The third time there are more comments and more versions than the second, and nothing else is new.
    assert all(many <= few + 2 for few, many in zip(*pages[1:], strict=True)), pages


def test_what_is_not_saved_asks_as_often_for_many_texts_as_for_few(place: Place) -> None:
    browser, child = place.browser("alice"), place.child()
    pages = ("/", f"/records/{child}/notes")

    def typed(count: int) -> None:
        for number in range(count):
            for about in (child, place.child(first=f"Child {number}")):
                sheet = unsaved.Sheet(ids.new(), about, f"/records/{about}/notes#typed-form")
                with place.desk("alice") as desk:
                    unsaved.keep(desk, sheet, {"text": ["Seen"]}, 1)

    typed(2)
    few = [queries(place, browser, one) for one in pages for _ in range(2)][1::2]
    typed(6)
    assert [queries(place, browser, one) for one in pages] == few


def test_search_and_what_is_told_ask_as_often_for_15_as_for_3(place: Place) -> None:
    browser = place.browser("alice")
    pages = ("/search?q=number", "/search?q=nummber", "/told", "/start/worries", "/start/worries?q=number")

    def more(count: int) -> None:
        children(place, count)
        with place.desk("mary") as desk:
            for one in records.find(desk, "Number", limit=count):
                tasks.add(desk, one.id, "Ring", person=place.ids["alice"])

    more(3)
    few = [queries(place, browser, one) for one in pages for _ in range(2)][1::2]
    more(12)
    assert [queries(place, browser, one) for one in pages] == few
