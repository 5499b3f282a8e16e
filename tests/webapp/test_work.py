"""My work: in the order in which things press, leading to the forms themselves; telling read at once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from engine.casework import actions, cases, people, restricting, urgency, workload
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
    assert urgency.of_day(due, today) == group
    assert urgency.of_day(due, today, back=True) == ("overdue" if group == "overdue" else "back")
    assert due_words(due, today) == words
    sunday = date(2026, 1, 11)
    assert urgency.of_day(sunday + timedelta(1), sunday) == "later"


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
    # It came back where there is work for another day too, dated or not: it stands before all that is not late.
    place.case(place.child(last="Dale"))
    browser = place.browser("alice")
    page = browser.get("/")
    said = "Sent back on 6 January 2026: Please say who was there."
    assert "Write ‘Worry’ again" in page.text and said in page.text
    assert page.text.index("Sent back 1") < page.text.index(said) < page.text.index("No date 1")
    # Begun anew it is still what was sent back, until it is sent again.
    browser.submit(page, action="/forms/worry")
    again = browser.get("/")
    assert "Go on with ‘Worry’" in again.text and "Sent back 1" in again.text and said in again.text
    # Whose work it is in the list of all of it says so too.
    assert said in place.browser("mary").get("/?who=all").text


def test_an_action_agreed_reaches_its_owner_by_its_day_and_is_marked_done(place: Place) -> None:
    record, case, _ = place.started()
    with place.desk("mary") as desk:
        cases.assign(desk, case, person=place.ids["bob"], role="worker")
        for owner, what in ((" bob bright", "Ring the school"), ("Youth service", "Walk the park")):
            actions.open(desk, record, what, case=case, owner=owner, due=date(2026, 1, 7))
    browser = place.browser("bob")
    page = browser.get("/")
    assert "Due tomorrow" in page.text and "Asked by name" in page.text and "Walk the park" not in page.text
    assert page.link("Ring the school, Cara Cole") == f"/records/{record}#actions"
    assert "Something was agreed that you are to do." in browser.get("/told").text
    assert "Ring the school" in browser.get("/?kind=action").text
    assert "Ring the school" not in browser.get("/?kind=task").text
    # Alice works on the case too, and is not the owner; who looks at all the work sees whose names are known here.
    assert "Ring the school" not in place.browser("alice").get("/").text
    assert "Ring the school" in place.browser("mary").get("/?who=all").text
    place.clock.pass_by(days=2)
    browser = place.browser("bob")
    page = browser.get("/")
    assert "1 day late" in page.text
    assert (
        "Ring the school"
        in browser.get(f"/records/{record}/review").text.partition("Actions that slipped")[2]
    )
    fields = page.fields("/actions/")
    again = browser.submit(page, action="/actions/")
    assert "Ring the school" not in again.text.partition("Told to you")[0]
    assert browser.post(page.form("/actions/").attributes["action"], fields).status == 200
    with place.desk("bob") as desk:
        ended = {one.what: one.ended_at is not None for one in actions.of_record(desk, record, ended=True)}
    assert ended == {"Ring the school": True, "Walk the park": False}


def test_an_action_is_no_line_of_who_may_not_see_the_record(place: Place) -> None:
    record = place.child()
    with place.desk("alice") as desk:
        made = actions.open(desk, record, "Ring the school", owner="Bob Bright", due=date(2026, 1, 7))
    browser = place.browser("bob")
    assert "Ring the school" not in browser.get("/").text and "agreed" not in browser.get("/told").text
    token = browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    forged = {"csrf_token": token, "revision": "1"}
    assert browser.post(f"/actions/{made.id}/done", forged, status=None).status in (403, 404)
    with place.desk("alice") as desk:
        assert [one.ended_at for one in actions.of_record(desk, record)] == [None]


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
    assert (
        "Shown:" not in strange.text and "Ring the family" in every.text and "Ring the family" in strange.text
    )


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


def a_team(place: Place) -> str:
    """Mary's team, with Alice and Bob in it."""
    with place.desk("adam") as desk:
        team = people.add_team(desk, "North team")
        for who in ("alice", "bob", "mary"):
            people.add_to_team(desk, place.ids[who], team.id)
    return team.id


def test_each_number_of_the_team_opens_the_list_that_it_counts(place: Place) -> None:
    a_team(place)
    sent(place)
    _, case, _ = sent(place)
    with place.desk("mary") as desk:
        now = cases.get(desk, case)
        cases.fire(desk, case, "ask_again", revision=now.revision, reason="Please say who was there.")
    place.clock.pass_by(days=5)
    browser = place.browser("mary")
    page = browser.get(browser.get("/").link("Team"))
    numbers = {
        words: page.link(f"{count} {words}, Alice Ames")
        for words, count in (("Open", 2), ("Overdue", 1), ("Sent back", 1))
    }
    for words, count in (("Open", 2), ("Overdue", 1), ("Sent back", 1)):
        opened = browser.get(numbers[words])
        assert f"{count} open case" in opened.text
        assert len(opened.root.all("tr")) == count + 1
    assert "Alice Ames" in browser.get(numbers["Open"]).text
    assert browser.get(page.link("Hand over the work of Alice Ames")).h1 == "Hand over the work of Alice Ames"


def test_a_restricted_record_is_in_no_number_of_who_may_not_see_it(place: Place) -> None:
    team = a_team(place)
    hidden = place.child()
    place.case(hidden)
    place.case(place.child())
    with place.desk() as desk:
        restricting.restrict(
            desk,
            hidden,
            reason="A colleague's family.",
            review_on=date(2026, 6, 1),
            only=[place.ids["alice"]],
        )
    with place.desk("mary") as desk:
        loads = {one.person: one.counts["open"] for one in workload.by_holder(desk, team)}
        assert loads[place.ids["alice"]] == 1
        assert workload.listed(desk, workload.Wanted(people=(place.ids["alice"],))).total == 1
    page = place.browser("mary").get("/team")
    assert page.link("1 Open, Alice Ames")


def test_a_team_is_for_who_steers_work(place: Place) -> None:
    a_team(place)
    assert place.browser("alice").get("/team", status=404).status == 404
    assert "Team" not in place.browser("alice").get("/").text.replace("Team: ", "")


def test_what_nobody_at_work_holds_stands_first_to_be_allocated(place: Place) -> None:
    a_team(place)
    case = place.case(place.child("bob"), "bob")
    with place.desk("adam") as desk:
        people.deactivate(desk, place.ids["bob"])
    browser = place.browser("mary")
    page = browser.get("/team")
    assert page.link("Allocate: Cara Cole, Worry") == f"/cases/{case}/people"
    assert "1 open case" in browser.get("/open-cases?who=nobody").text


def test_work_is_handed_over_seen_first_and_comes_back(place: Place) -> None:
    a_team(place)
    record = place.child()
    case = place.case(record)
    browser = place.browser("alice")
    page = browser.get(browser.get("/").link("Away or leaving? Hand over your work"))
    page = browser.get("/handing-over?to=&how=until")
    assert page.problems == [
        "Choose to whom it goes",
        "Enter the day it comes back, after today, as numbers such as 27 3 2027",
    ]
    bob = place.ids["bob"]
    page = browser.get(f"/handing-over?to={bob}&how=until&until.day=12&until.month=1&until.year=2026")
    assert (
        "To Bob Bright until 12 January 2026." in page.text and "Cara Cole: Worry: Being written" in page.text
    )
    page = browser.submit(page, action="/handing-over")
    assert "Handed over to Bob Bright." in page.text
    assert "Bob Bright holds work of Alice Ames until 12 January 2026." in page.text
    theirs = place.browser("bob").get(f"/cases/{case}")
    assert theirs.h1 == "Worry: Cara Cole"
    assert "Bob Bright holds this for Alice Ames until 12 January 2026" in theirs.text
    page = browser.submit(page, action="/handing-over/back")
    assert "It has come back." in page.text and browser.get(f"/cases/{case}").h1 == "Worry: Cara Cole"
    assert place.browser("alice").get(f"/handing-over?of={bob}", status=404).status == 404
    assert place.browser("mary").get(f"/handing-over?of={bob}").h1 == "Hand over the work of Bob Bright"


def test_a_forged_handing_over_moves_nothing(place: Place) -> None:
    case = place.case(place.child())
    browser = place.browser("bob")
    token = browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    forged = {"csrf_token": token, "of": place.ids["alice"], "to": place.ids["bob"], "thing": case}
    assert browser.post("/handing-over", forged, status=None).status in (403, 404)
    with place.desk("alice") as desk:
        assert {one.person for one in cases.get(desk, case).allocated} == {place.ids["alice"]}


def test_a_task_that_nobody_did_is_said_to_be_no_longer_needed(place: Place) -> None:
    """The case left the state that asked for it: it is neither done nor taken back, and nobody's work now."""
    _, case, _ = sent(place)
    with place.desk("mary") as desk:
        now = cases.get(desk, case)
        cases.fire(desk, case, "ask_again", revision=now.revision, reason="Please say who was there.")
    browser = place.browser("mary")
    told = browser.get(f"/cases/{case}").text
    assert re.search(r"Ring the family\s*No longer needed \d+ January 2026", told)
    assert not re.search(r"Ring the family\s*Done", told)
    assert "Ring the family" not in browser.get("/").text
