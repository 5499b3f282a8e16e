"""Pages lead on: to the step that sending does not take, to what a new form answers, from a slip to a name."""

from __future__ import annotations

import re

import engine
from engine import packs
from engine.casework import cases, records, stacks, submissions
from tests.webapp.conftest import LITTLE, Place
from tests.webapp.test_reviewing import hearing


def test_what_was_sent_is_read_before_a_decision_and_the_step_left_is_named(place: Place) -> None:
    record, case, draft = place.started()
    place.saved(draft, {"story": "Seen at the park", "danger": False})
    alice, mary = place.browser("alice"), place.browser("mary")
    assert "To read with it" not in alice.get(f"/forms/{draft}").text
    sent = alice.submit(alice.get(f"/forms/{draft}/check"))
    assert sent.h1 == "Worry sent" and "The case now stands at ‘Waiting for a decision’." in sent.text
    assert "The next step is yours" not in sent.text

    decision = place.draft(record, case, form="decision", person="mary")
    page = mary.get(f"/forms/{decision}")
    assert "Cara Cole" in page.text
    assert "To read with it: Worry" in page.text and f"/forms/{draft}/read" in page.html
    with place.desk("mary") as desk:
        at = submissions.get(desk, decision).revision
        submissions.submit(desk, decision, revision=at, answers={"outcome": "help"})
    left = mary.get(f"/forms/{decision}/sent")
    assert "The next step is yours" in left.text and f"/cases/{case}/do/decide" in left.html
    # Whoever may not take the step is not told that it is theirs.
    assert "The next step is yours" not in alice.get(f"/forms/{draft}/sent").text


def test_a_mistyped_name_is_not_made_twice(place: Place) -> None:
    record = place.child(last="Marlowe")
    browser = place.browser("alice")
    page = browser.get("/start/worries?q=Marlwoe")
    assert "Is it one of these?" in page.text and f"/start/worries/{record}" in page.html
    assert "Nothing was found" in browser.get("/start/worries?q=Zebra").text


def looking_on() -> packs.Pack:
    """Every worker sees everybody, and only whoever holds a record begins something about it."""
    texts = dict(engine.load(LITTLE).pack("little").texts)
    rules = next(name for name, text in texts.items() if "worker_made" in text)
    texts[rules] = re.sub(r"(worker_made, .*)when: made, may: \[.*\]", r"\1may: [view]", texts[rules])
    return packs.load_texts(texts).pack("little")


def test_nobody_is_offered_that_one_may_only_look_at_but_a_search_says_that_they_are_there(
    place: Place,
) -> None:
    """Each of them was a link to a page that was not found."""
    theirs, own = place.child("mary", "Ivo", "Lorne"), place.child("alice", "Pia", "Marlowe")
    with place.desk() as desk:
        stacks.publish(desk, looking_on())
    browser = place.browser("alice")
    assert browser.get("/start/worries").link("Pia Marlowe") == f"/start/worries/{own}"
    assert "Ivo Lorne" not in browser.get("/start/worries").text
    for words in ("Lorne", "Lonre"):
        found = browser.get(f"/start/worries?q={words}")
        assert found.link("Ivo Lorne") == f"/records/{theirs}" and "begin nothing about it" in found.text
    assert "begin nothing about it" in browser.get(f"/start/worries/{theirs}", status=403).text
    with place.desk("mary") as desk:
        records.close(desk, theirs)
    assert "This record is closed" in browser.get(f"/start/worries/{theirs}", status=409).text


def test_starting_leads_straight_into_the_one_form_that_is_to_be_written(place: Place) -> None:
    record = place.child()
    browser = place.browser("alice")
    page = browser.get(f"/start/worries/{record}")
    form = browser.submit(page)
    assert form.h1 == "Worry" and form.url.startswith("/forms/")
    # Pressed again, as after going back: the same case and the same form.
    assert browser.submit(page).url == form.url
    with place.desk("alice") as desk:
        (case,) = cases.of_record(desk, record)
    assert f"/cases/{case.id}" in form.html
    # Once it is sent the same press leads to the case: there is nothing more to write.
    draft = form.url.split("/")[2]
    place.saved(draft, {"story": "Seen at the park", "danger": False})
    browser.submit(browser.get(f"/forms/{draft}/check"))
    assert browser.submit(page).url == f"/cases/{case.id}"


def test_two_forms_to_write_are_chosen_on_the_page_of_the_case(place: Place) -> None:
    with place.desk() as desk:
        stacks.publish(desk, hearing())
    browser = place.browser("alice")
    started = browser.submit(browser.get(f"/start/worries/{place.child()}"))
    assert started.url.startswith("/cases/") and "What she says" in started.text and "Worry" in started.text
