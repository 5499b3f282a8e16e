"""The end of a record through the pages: closed, held, destroyed with its name typed, and gone with a certificate."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import engine
from engine.casework import keeping, markers, notes, people, records, stacks
from tests.webapp.conftest import LITTLE, PASSWORD, Place

KEPT = "zqkeptxq"


@pytest.fixture
def officer(place: Place) -> str:
    """A records officer, in definitions that have one; returns a closed record whose words are a canary."""
    found = {str(one.relative_to(LITTLE)): one.read_text(encoding="utf-8") for one in LITTLE.rglob("*.yaml")}
    access = "form_definitions/little/access.yaml"
    found[access] = (
        found[access].replace("  designer: Designer\n", "  designer: Designer\n  officer: Records officer\n")
        + "  - {id: officer_keeps, role: officer, record: any, may: [view, destroy]}\n"
    )
    with place.desk() as desk:
        stacks.publish(desk, engine.load_texts(found).pack("little"))
        place.ids["otto"] = people.add(desk, "Otto Orr", "otto", password=PASSWORD, roles=["officer"]).id
    child = place.child(last=KEPT)
    with place.desk("mary") as desk:
        notes.add(desk, child, f"About {KEPT}")
    return child


def test_closing_starts_the_keeping(place: Place, officer: str) -> None:
    browser = place.browser("mary")
    page = browser.get(f"/records/{officer}/keeping")
    assert "It is still open." in page.text
    seen = browser.submit(browser.get(page.link("Close this record")))
    assert "Closed 6 January 2026" in seen.text
    assert "Kept for 35 years after it was closed" in browser.get(f"/records/{officer}/keeping").text
    browser.get(f"/records/{officer}/close", status=404)


def test_a_hold_is_put_with_a_reason_and_a_day_and_lifted(place: Place, officer: str) -> None:
    browser = place.browser("otto")
    page = browser.get(f"/records/{officer}/keeping")
    assert "Enter the day" in browser.submit(page, action="/hold", reason="An inquiry").text
    day = {"review__day": "1", "review__month": "3", "review__year": "2026"}
    page = browser.submit(page, action="/hold", reason="An inquiry", **day)
    assert "to be looked at again on 1 March 2026" in page.text
    gone = browser.submit(
        browser.get(f"/records/{officer}/destroy"), reason="Asked for", name=f"Cara {KEPT}", early="yes"
    )
    assert "on hold" in gone.text
    refused = browser.submit(page, action="/lift", why=" ")
    assert refused.problems == ["Say why this hold is no longer needed."] and "lifted" not in refused.text
    assert "lifted" in browser.submit(page, action="/lift", why="The inquiry is over").text


def test_destroyed_with_its_name_typed_and_calmly_gone(place: Place, officer: str) -> None:
    with place.desk("mary") as desk:
        records.close(desk, officer)
    place.clock.time = datetime(2062, 1, 6, 9, 30, tzinfo=UTC)
    browser = place.browser("otto")
    assert KEPT in browser.get("/keeping").text
    page = browser.get(f"/records/{officer}/destroy")
    refused = browser.submit(page, reason="Its time is up", name="Somebody else")
    assert "Type the name of the record" in refused.text
    seen = browser.submit(page, reason="Its time is up", name=f"Cara {KEPT}")
    assert seen.title.startswith("This record is gone")
    assert "Records officer" in seen.text and "Its time is up" in seen.text and "Otto Orr" in seen.text
    for path in ("/keeping", f"/keeping/gone/{officer}"):
        assert KEPT not in browser.get(path).html
    for path in (f"/records/{officer}", f"/records/{officer}/keeping", f"/records/{officer}/destroy"):
        assert KEPT not in browser.get(path, status=404).html
    manager = place.browser("mary")
    manager.get(f"/keeping/gone/{officer}", status=404)
    manager.get("/keeping", status=404)
    assert "Its time is up" in place.browser("audrey").get(f"/keeping/gone/{officer}").text
    with place.desk("otto") as desk:
        assert [one.record for one in keeping.certificates_seen(desk)] == [officer]


def test_who_may_not_end_a_record_finds_no_such_page(place: Place, officer: str) -> None:
    for who in ("bob", "adam", "audrey"):
        browser = place.browser(who)
        for path in ("keeping", "close", "destroy"):
            assert KEPT not in browser.get(f"/records/{officer}/{path}", status=404).html
    place.browser("mary").get(f"/records/{officer}/destroy", status=404)


def test_ones_own_note_is_changed_and_the_old_is_kept(place: Place, officer: str) -> None:
    browser = place.browser("mary")
    page = browser.get(browser.get(f"/records/{officer}").link("Change your note"))
    assert "Words set right" in browser.submit(page, text="Words set right").text
    with place.desk("mary") as desk:
        [note] = notes.of_record(desk, officer)
        assert note.revision == 2
    assert "Look at both" in browser.submit(page, text="Again").text
    place.browser("alice").get(f"/records/notes/{note.id}", status=404)


def test_a_marker_is_ended_with_why(place: Place, officer: str) -> None:
    with place.desk() as desk:
        marker = markers.put(desk, officer, "harms", "violence")
    browser = place.browser("alice")
    page = browser.get(browser.get(f"/records/{officer}").link("End Violence"))
    assert "Choose why it ends" in browser.submit(page).text
    assert "never an issue" in browser.submit(page, why="never_an_issue").text
    browser.get(f"/records/markers/{marker}/end", status=404)
    place.browser("bob").get(f"/records/markers/{marker}/end", status=404)
