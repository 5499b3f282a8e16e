"""What was typed while somebody else moved things on is shown to be copied, never lost."""

from __future__ import annotations

from typing import Any

from engine.casework import cases, submissions
from tests.webapp.conftest import PASSWORD, Place

WORDS = "He said <b>no</b> & left.\nThen he came back."


def send(place: Place, draft: str) -> None:
    place.saved(draft, {"story": "As Mary sent it", "danger": False}, person="mary")
    with place.desk("mary") as desk:
        submissions.submit(desk, draft, revision=submissions.get(desk, draft).revision)


def copied(page: object) -> dict[str, str]:
    root = page.root  # type: ignore[attr-defined]
    labels = {one.attributes["for"]: one.text for one in root.all("label")}
    found = root.all("textarea")
    return {labels[one.attributes["id"]]: "".join(one._texts()).removeprefix("\n") for one in found}


def test_a_section_typed_while_the_form_was_sent_is_shown_to_copy(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/what")
    send(place, draft)
    page = alice.submit(
        page, button={"action": "continue"}, status=409, a__story=WORDS, a__danger="yes",
        **{"a__seen_on.day": "5", "a__seen_on.month": "Jan", "a__seen_on.year": "2026"},
    )  # fmt: skip
    assert page.h1 == "This form was sent meanwhile"
    shown = copied(page)
    assert shown["What are you worried about?"] == WORDS and "<b>no</b>" not in page.html
    assert shown["When was it seen?"] == "5 Jan 2026"
    assert place.look(draft).answers["story"] == "As Mary sent it"
    assert "As Mary sent it" in alice.get(page.link("Read the form as it was sent")).text


def test_rows_and_choices_are_shown_in_words(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    rows = alice.submit(alice.get(f"/forms/{draft}/places_known"), button={"row.add": "places"})
    row = place.look(draft).answers["places"][0]["_row"]
    kinds = alice.get(f"/forms/{draft}/kinds")
    send(place, draft)
    page = alice.submit(
        rows, button={"action": "later"}, status=409,
        **{f"a.places.{row}.place_text": "The car park", "a.framework.peers.worried": "Older friends"},
    )  # fmt: skip
    assert {"The car park", "Older friends"} <= set(copied(page).values())
    page = alice.submit(kinds, button={"action": "later"}, status=409, a__setting="inside")
    assert copied(page)["Where does it come from?"] == "Inside the family"


def test_a_form_sent_meanwhile_stays_hidden_from_whoever_may_not_see_it(place: Place) -> None:
    _, _, draft = place.started()
    record = place.child("bob")
    bob = place.browser("bob")
    mine = bob.get(f"/forms/{place.draft(record, place.case(record, 'bob'), person='bob')}/what")
    send(place, draft)
    page = bob.post(f"/forms/{draft}/what", mine.fields() | {"a.story": [WORDS]}, status=404)
    assert page.h1 == "Page not found"


def test_a_section_typed_into_a_dead_session_is_shown_though_the_form_was_sent(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    fields = alice.get(f"/forms/{draft}/what").fields() | {"a.story": [WORDS]}
    place.clock.pass_by(hours=30)
    page = alice.post(f"/forms/{draft}/what", fields)
    send(place, draft)
    page = alice.submit(page, sign_in="alice", password=PASSWORD, status=409)
    assert copied(page)["What are you worried about?"] == WORDS


def test_a_reason_typed_while_the_case_moved_on_is_shown_to_copy(place: Place) -> None:
    _, case, draft = place.started()
    alice = place.browser("alice")
    page = alice.get(f"/cases/{case}/do/withdraw")
    send(place, draft)
    page = alice.submit(page, status=409, reason=WORDS)
    assert page.h1 == "This step is no longer open"
    assert copied(page)["Reason"] == WORDS and "<b>no</b>" not in page.html
    assert "The case is now at: Waiting for a decision." in page.text
    assert page.link("Go to the case") == f"/cases/{case}"
    with place.desk("mary") as desk:
        assert cases.get(desk, case).state == "deciding"


def test_a_choice_no_longer_to_be_had_is_named_and_nothing_typed_is_lost(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.submit(alice.get(f"/forms/{draft}/places_known"), button={"row.add": "places"})
    row = place.look(draft).answers["places"][0]["_row"]
    typed: dict[str, Any] = {
        f"a.places.{row}.place": place.child("bob"),
        f"a.places.{row}.place_text": "The car park",
        "a.framework.peers.worried": "Older friends",
    }
    page = alice.submit(page, button={"action": "continue"}, **typed)
    assert page.h1 == "Places and people" and page.problems == ["Choose one that is listed."]
    fields = page.fields()
    assert fields[f"a.places.{row}.place_text"] == ["The car park"]
    assert fields["a.framework.peers.worried"] == ["Older friends"]
