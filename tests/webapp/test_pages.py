"""Pages about records and cases, and what each role finds there."""

from __future__ import annotations

import pytest

from engine.casework import records, submissions
from tests.webapp.conftest import Place


def sent(place: Place) -> tuple[str, str, str]:
    """A case that waits for the manager: record, case, the form that was sent."""
    record, case, draft = place.started()
    place.saved(draft, {"story": "Seen at the park", "danger": False})
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=submissions.get(desk, draft).revision)
    return record, case, draft


@pytest.mark.ux("script-off")
def test_from_nothing_to_a_case_without_script(place: Place) -> None:
    browser = place.browser("alice")
    page = browser.get(browser.get("/").link("Start something"))
    page = browser.get(page.link("Tell us about a worry"))
    page = browser.get(page.link("Young person"))
    assert page.h1 == "New record: Young person"
    page = browser.submit(page)
    assert page.problems and page.link(page.problems[0]) == "#a.first_name"
    page = browser.submit(page, a__first_name="Cara", a__last_name="Cole", **{"identifier.local_id": "L7"})
    assert page.h1 == "Tell us about a worry"
    page = browser.submit(page)
    assert page.h1 == "Worry" and page.text.count("Not started") == 3
    page = browser.get(page.link("Worry"))
    assert page.h1 == "Worry: Cara Cole" and "Being written" in page.text


def test_a_likely_duplicate_is_shown_first(place: Place) -> None:
    place.child(first="Cara", last="Cole")
    browser = place.browser("alice")
    page = browser.submit(browser.get("/records/new/child"), a__first_name="Cara", a__last_name="Cole")
    assert page.h1 == "There may be a record already" and "Cara Cole" in page.text
    page = browser.submit(page)
    assert page.h1 == "Cara Cole"
    with place.desk("alice") as desk:
        assert len(records.find(desk, "Cara")) == 2


def test_pressing_save_twice_makes_one_record(place: Place) -> None:
    browser = place.browser("alice")
    page = browser.get("/records/new/place")
    fields = page.fields() | {"a.place_name": ["Mill Lane"], "sure": ["yes"]}
    browser.post("/records/new/place", fields)
    browser.post("/records/new/place", fields)
    with place.desk("alice") as desk:
        assert len(records.find(desk, "Mill Lane")) == 1


def test_record_page_and_its_changes(place: Place) -> None:
    record, _, _ = sent(place)
    browser = place.browser("alice")
    page = browser.get(f"/records/{record}")
    assert page.h1 == "Cara Cole"
    for words in ("Worry", "Waiting for a decision", "Chronology"):
        assert words in page.text
    page = browser.submit(
        browser.get(f"/records/{record}/edit"),
        a__last_name="Colefield",
        **{"a.born.day": "3", "a.born.month": "4", "a.born.year": "2011"},
    )
    assert "Colefield" in page.text and "3 April 2011" in page.text
    page = browser.submit(browser.get(f"/records/{record}/edit"), **{"a.born.year": "2099"})
    assert page.problems == ["Enter a date of birth that is today or earlier."]


def test_two_changes_of_one_field_are_both_shown(place: Place) -> None:
    for choice, expected in (("mine", "Hers"), ("theirs", "His"), ("anew", "Ours")):
        record = place.child(first=f"C{choice}", last="Before")
        alice, mary = place.browser("alice"), place.browser("mary")
        page = alice.get(f"/records/{record}/edit")
        mary.submit(mary.get(f"/records/{record}/edit"), a__last_name="His")
        page = alice.submit(page, a__last_name="Hers", status=409)
        assert "His" in page.text and "Hers" in page.text
        page = alice.submit(page, **{"choice.last_name": choice, "anew.last_name": "Ours"})
        with place.desk("alice") as desk:
            assert records.get(desk, record).fields["last_name"] == expected


def test_notes_links_and_search(place: Place) -> None:
    record = place.child()
    browser = place.browser("alice")
    page = browser.submit(
        browser.get(f"/records/{record}/notes"), text="Met at school\n<script>alert(1)</script>"
    )
    assert "Met at school" in page.text and "<script>alert" not in page.html
    assert browser.submit(browser.get(f"/records/{record}/notes"), text="  ").problems == ["Write the note"]
    with place.desk("alice") as desk:
        other = records.create(desk, "place", {"place_name": "Mill Lane"}).id
    page = browser.get(f"/records/{record}/links?q=Mill")
    page = browser.submit(page, other=other, purpose="Spends time there")
    assert "Mill Lane" in page.text and "Spends time there" in page.text
    # The place does not say who is linked to it.
    assert "Cara" not in browser.get(f"/records/{other}").text
    assert "Cara Cole" in browser.get("/search?q=cara").text
    assert "Nothing was found" in browser.get("/search?q=nobody").text


def test_case_page_says_what_can_happen_and_why_not(place: Place) -> None:
    _, case, _ = sent(place)
    mary = place.browser("mary").get(f"/cases/{case}")
    for words in (
        "Waiting for a decision",
        "Record the decision",
        "Can be done by: Manager",
        "Ring the family",
        "Due 7 January 2026",
    ):
        assert words in mary.text, words
    assert mary.root.all("svg") and "The same as a list" in mary.text
    alice = place.browser("alice").get(f"/cases/{case}")
    assert "Send back for more" in alice.text and not [
        one for one in alice.root.all("a") if one.text == "Send back for more"
    ]


def test_manager_decides_and_the_case_ends(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    page = browser.get(f"/cases/{case}/do/decide")
    assert "cannot be done now" in page.text
    page = browser.submit(browser.get(f"/cases/{case}"), action="/forms/decision")
    page = browser.submit(
        browser.get(page.link("The decision")), button={"action": "continue"}, a__outcome="help"
    )
    assert browser.submit(page).h1 == "Decision sent"
    page = browser.submit(browser.get(f"/cases/{case}/do/decide"))
    assert "Helped" in page.text and "Closed" in page.text


def test_sending_back_asks_why_and_says_so_to_the_writer(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    page = browser.get(f"/cases/{case}/do/ask_again")
    page = browser.submit(page, reason=" ")
    assert page.problems == ["Write the reason"] and page.link("Write the reason") == "#reason"
    page = browser.submit(page, reason="Say more about the park")
    assert "Being written" in page.text
    alice = place.browser("alice")
    page = alice.get(f"/cases/{case}")
    assert "Say more about the park" in page.text
    page = alice.submit(page, action="/forms/worry")
    assert page.h1 == "Worry"
    assert place.look(page.url.rpartition("/")[2]).answers["story"] == "Seen at the park"


def test_deciding_on_what_has_moved_on_is_refused_in_words(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    stale = browser.get(f"/cases/{case}/do/ask_again")
    browser.submit(browser.get(f"/cases/{case}/do/ask_again"), reason="Once")
    page = browser.submit(stale, reason="Twice", status=None)
    assert page.status in (200, 409) and "Traceback" not in page.html and page.h1


def test_naming_people_on_a_case(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    page = browser.get(f"/cases/{case}/people")
    page = browser.post(f"/cases/{case}/people", {"csrf_token": page.fields()["csrf_token"], "who": ""})
    assert page.problems == ["Choose a person or a team"]
    token = page.fields()["csrf_token"]
    page = browser.post(
        f"/cases/{case}/people", {"csrf_token": token, "who": f"person:{place.ids['bob']}", "role": "worker"}
    )
    assert "Bob Bright" in page.text
    assert place.browser("bob").get(f"/cases/{case}").h1 == "Worry: Cara Cole"


def test_a_case_that_waits_for_the_managers_role_stands_on_her_page(place: Place) -> None:
    _, case, _ = sent(place)
    page = place.browser("mary").get("/")
    assert "Your role: Manager" in page.text
    assert page.link("Worry: Waiting for a decision, Cara Cole") == f"/cases/{case}"
    assert "Your role:" not in place.browser("alice").get("/").text


def test_tasks_and_what_is_told(place: Place) -> None:
    _, case, _ = sent(place)
    browser = place.browser("mary")
    page = browser.get("/")
    assert "Ring the family" in page.text and "Cara Cole" in page.text
    done = browser.submit(browser.get(f"/cases/{case}"), action="/done")
    assert done.h1 == "My work" and "Ring the family" not in done.text
    page = browser.submit(browser.get("/"), action="/read")
    assert "Nothing new" in page.text
