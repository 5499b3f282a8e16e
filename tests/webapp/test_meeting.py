"""A meeting on one screen: lines to their places, actions and questions line by line, undone, moved, read out, sent."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import engine
from engine import packs
from engine.casework import cases, queries, stacks, submissions, tasks
from tests.webapp.conftest import LITTLE, Place
from tests.webapp.reading import Browser, Seen

MINUTES = """
form: minutes
title: Minutes
about: child
meeting: {notes: [home_talk, by_field.said, guarded_talk], present: here, actions: agreed, take_away: take_away}
sections:
  - id: meeting
    title: The meeting
    questions:
      - {id: here, type: long_text, label: Who came}
      - {id: home_talk, type: long_text, label: Home, guidance: Who lives there?}
      - id: by_field
        type: grid
        label: Elsewhere
        rows: [{id: school, label: School}, {id: park, label: The park}]
        columns: [{id: said, type: long_text, label: What was said}]
      - {id: guarded_talk, type: long_text, label: Not for workers, sensitive: guarded}
      - id: agreed
        type: repeat
        label: Actions
        questions:
          - {id: what, type: text, label: What will be done?}
          - {id: owner, type: text, label: Who will do it?}
          - {id: due, type: date, label: By when?}
      - id: take_away
        type: repeat
        label: Taken away
        questions:
          - {id: to_ask, type: text, label: What to find out}
          - {id: taken_by, type: staff, label: Who took it?}
"""


@cache
def meeting() -> packs.Pack:
    texts = dict(engine.load(LITTLE).pack("little").texts)
    texts["form_definitions/little/minutes.yaml"] = MINUTES
    flow = next(name for name, text in texts.items() if "workflow: worries" in text)
    texts[flow] = texts[flow].replace("forms: [worry]", "forms: [worry, minutes]", 1)
    return packs.load_texts(texts).pack("little")


@pytest.fixture
def minutes(place: Place) -> str:
    """A draft of the minutes, in a case of Alice's."""
    with place.desk() as desk:
        stacks.publish(desk, meeting())
    record = place.child()
    return place.draft(record, place.case(record), "minutes")


def send(browser: Browser, page: Seen, **fields: str) -> Seen:
    """Presses one of the page's buttons: every form on it posts to the page itself."""
    own = {name: value for name, value in page.fields().items() if name != "line"}
    said = {name.replace("__", "."): value for name, value in fields.items()}
    return browser.post(page.url.partition("#")[0], {**own, **said})


def answers(place: Place, minutes: str) -> Any:
    return place.look(minutes).answers


def test_each_line_goes_to_its_place_and_can_be_moved_and_taken_back(place: Place, minutes: str) -> None:
    browser = place.browser("alice")
    page = browser.get(f"/meetings/{minutes}")
    assert [one.text for one in page.root.all("button", name="to")] == [
        "1 Home", "2 School", "3 The park", "4 Not for workers",
    ]  # fmt: skip
    assert "Who lives there?" in page.text
    # By button; by Enter, which goes on where the last one went; by the number it begins with.
    page = send(browser, page, line=" Lives with  an aunt ", to="by_field.park.said")
    page = send(browser, page, line="5:30 is when they wait", do="line")
    page = send(browser, page, line="2: 3 teachers know", do="line")
    assert answers(place, minutes)["by_field"] == {
        "park": {"said": "Lives with an aunt\n5:30 is when they wait"}, "school": {"said": "3 teachers know"},
    }  # fmt: skip
    assert "Your last line, under School: ‘3 teachers know’" in page.text
    page = send(browser, page, do="move", move_to="home_talk")
    assert answers(place, minutes)["home_talk"] == "3 teachers know"
    page = send(browser, page, do="undo")
    assert "home_talk" not in answers(place, minutes)
    assert "Your last line" not in page.text
    page = send(browser, page, do="undo")
    assert page.problems
    page = send(browser, page, line=" ", to="home_talk")
    assert [one for one in page.problems if "Write a line" in one]
    assert answers(place, minutes)["by_field"]["park"]["said"].count("\n") == 1


def test_two_who_note_at_once_lose_nothing_and_a_line_sent_twice_stands_once(
    place: Place, minutes: str
) -> None:
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, theirs = alice.get(f"/meetings/{minutes}"), mary.get(f"/meetings/{minutes}")
    send(alice, hers, line="First", to="home_talk")
    page = send(mary, theirs, line="Second", to="home_talk")
    send(alice, hers, line="First", to="home_talk")
    assert answers(place, minutes)["home_talk"] == "First\nSecond"
    # Each takes back their own, whatever came behind it.
    assert "‘Second’" in page.text
    page = send(alice, alice.get(hers.url), do="undo")
    assert answers(place, minutes)["home_talk"] == "Second"


def test_what_is_agreed_is_read_out_and_questions_become_tasks_of_who_took_them(
    place: Place, minutes: str
) -> None:
    browser, bob = place.browser("alice"), place.ids["bob"]
    with place.desk("mary") as desk:
        case = submissions.get(desk, minutes).case or ""
        cases.assign(desk, case, person=bob, role="worker")
    page = browser.get(f"/meetings/{minutes}")
    page = send(
        browser, page, do="action", action__what="Meet her at the gate.", action__due="the 9th of never"
    )
    assert "Enter the day" in page.text and answers(place, minutes).get("agreed") is None
    assert page.root.all("input", id="action-what")[0].attributes["value"] == "Meet her at the gate."
    page = send(
        browser, page, do="action", action__what="Meet her at the gate.", action__who="Ms Hill",
        action__due="9 March 2026",
    )  # fmt: skip
    page = send(browser, page, do="action", action__what="Nobody needs this")
    page = send(browser, page, do="ask", ask__what="Who does she travel with?", ask__who=bob)
    page = send(browser, page, do="present", present="Ms Hill, school")
    wanted = answers(place, minutes)
    assert wanted["here"] == "Ms Hill, school"
    out = wanted["agreed"][1]["_row"]
    page = send(browser, page, do="out", row=f"agreed.{out}")
    aloud = browser.get(f"/meetings/{minutes}/read")
    assert "Ms Hill: Meet her at the gate, by 9 March 2026." in aloud.text
    assert "Bob Bright finds out: Who does she travel with?" in aloud.text
    assert "Nobody needs this" not in aloud.text
    check = browser.get(f"/forms/{minutes}/check")
    browser.submit(check, action="/submit")
    seen = place.browser("bob").get("/")
    assert "Who does she travel with?" in seen.text
    with place.desk("bob") as desk:
        [asked] = queries.of_case(desk, case)
        queries.answer(desk, asked.id, "Her cousin", revision=asked.revision)
        assert not [one for one in tasks.mine(desk) if one.kind == "query"]


def test_nothing_but_the_meetings_own_places_can_be_written_to(place: Place, minutes: str) -> None:
    browser = place.browser("alice")
    page = browser.get(f"/meetings/{minutes}")
    own = page.fields()
    for forged in (
        {"line": "x", "to": "agreed"}, {"line": "x", "to": "by_field.nowhere.said"}, {"line": "x", "to": "_row"},
        {"do": "out", "row": f"here.{'0' * 32}"}, {"do": "move", "move_to": "nowhere"},
    ):  # fmt: skip
        browser.post(page.url, {**own, "line": [], **forged}, status=None)
    assert answers(place, minutes) == {}
    # A form that is not held in a meeting, and one that is not this person's, have no such page.
    worry = place.draft(place.look(minutes).record, place.look(minutes).case or "")
    browser.get(f"/meetings/{worry}", status=404)
    place.browser("bob").get(f"/meetings/{minutes}", status=404)


def test_every_press_is_answered_with_an_address_to_go_back_to(place: Place, minutes: str) -> None:
    browser = place.browser("alice")
    url = f"/meetings/{minutes}"
    own = browser.get(url).fields()
    for said in (
        {"line": "Lives with an aunt", "to": "home_talk"}, {"line": " ", "to": "home_talk"},
        {"do": "undo"}, {"do": "undo"}, {"do": "present"}, {"do": "action", "action.due": "soonish"},
    ):  # fmt: skip
        reply = browser.client.post(url, data={**own, "line": [], **said}, base_url=browser.base)
        assert reply.status_code == 303, said
    case = place.look(minutes).case
    begin = browser.client.post(f"/meetings/of/{case}/minutes", data=own, base_url=browser.base)
    assert begin.status_code == 303
    # What was wrong and what was typed stand at the address, for whoever typed it, until it is put right.
    page = send(browser, browser.get(url), do="action", action__due="soonish", action__who="Ada")
    assert len(page.problems) == 2 and 'value="Ada"' in page.html and 'value="soonish"' in page.html
    assert browser.get(page.url).problems == page.problems
    assert "soonish" not in place.browser("mary").get(page.url).html
    again = send(browser, page, do="action", action__what="Ring the school", action__due="7 1 2026")
    assert not again.problems and not browser.get(page.url).problems
    assert [one["what"] for one in answers(place, minutes)["agreed"]] == ["Ring the school"]
