"""Amending what was sent: a new version, what differs told side by side, every version read in its own definitions."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.casework import amending, cases, earlier, stacks, submissions
from engine.casework.errors import CaseworkError
from tests.webapp.conftest import LITTLE, Place

TOLD: dict[str, Any] = {"story": "Seen at the park", "danger": False, "how_many": "3"}


def sent(place: Place) -> tuple[str, str, str]:
    record, case, draft = place.started()
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=1, answers=TOLD)
    return record, case, draft


def test_a_new_version_takes_the_place_of_the_old_and_shows_what_changed(place: Place) -> None:
    record, case, first = sent(place)
    alice = place.browser("alice")
    begun = alice.submit(alice.get(f"/forms/{first}/read"), action="/amend")
    second = begun.url.split("/")[-1]
    assert second != first and place.look(second).answers["story"] == "Seen at the park"
    # Pressed again it goes on with the same; the first stands meanwhile.
    again = alice.submit(alice.get(f"/forms/{first}/read"), action="/amend")
    assert again.url == begun.url and place.look(first).state == "submitted"
    alice.submit(alice.get(f"/forms/{second}/what"), a__story="Seen at the lake", a__how_many="")
    check = alice.get(f"/forms/{second}/check")
    draft = alice.get(check.link("See what you have changed"))
    assert "not sent yet" in draft.text and "Seen at the lake" in draft.text
    alice.submit(check, action="submit")
    assert (place.look(first).state, place.look(second).state) == ("superseded", "submitted")
    read = place.browser("mary").get(f"/forms/{second}/read")
    assert "Version 2, this one" in read.text and "sent 6 January 2026" in read.text
    changed = place.browser("mary").get(read.link("what changed"))
    rows = [[cell.text for cell in row.children] for row in changed.root.all("tr")][1:]
    assert rows == [
        ["What are you worried about?", "Before: Seen at the park", "After: Seen at the lake"],
        ["How many people were there?", "Before: 3", "After: Not answered"],
    ]
    assert "What you are worried about" in changed.text and "by Alice Ames" in changed.text
    assert place.browser("mary").get(f"/forms/{second}/changes?than={record}", status=404).status == 404
    assert place.browser("mary").get(f"/forms/{first}/changes", status=404).status == 404
    with place.desk("mary") as desk:
        assert cases.get(desk, case).state == "deciding"


def test_an_old_version_keeps_the_words_it_was_asked_in(place: Place) -> None:
    _, _, first = sent(place)
    texts = {str(one.relative_to(LITTLE)): one.read_text(encoding="utf-8") for one in LITTLE.rglob("*.yaml")}
    forms = "form_definitions/little/forms.yaml"
    texts[forms] = texts[forms].replace("What are you worried about?", "What troubles you?")
    with place.desk() as desk:
        stacks.publish(desk, engine.load_texts(texts).pack("little"))
    read = place.browser("mary").get(f"/forms/{first}/read").text
    assert "What are you worried about?" in read and "What troubles you?" not in read


def test_what_was_approved_and_is_not_asked_for_is_not_amended(place: Place) -> None:
    record, case, first = sent(place)
    with place.desk("mary") as desk:
        made = submissions.open_draft(desk, "decision", record=record, case=case)
        submissions.submit(desk, made.id, revision=made.revision, answers={"outcome": "help"})
        cases.fire(desk, case, "decide", revision=cases.get(desk, case).revision)
    assert place.look(first).state == "approved"
    assert "Amend this form" not in place.browser("alice").get(f"/forms/{first}/read").text
    with place.desk("alice") as desk, pytest.raises(CaseworkError, match="closed"):
        amending.begin(desk, first)
    alice = place.browser("alice")
    token = alice.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    refused = alice.post(f"/forms/{first}/amend", {"csrf_token": token}, status=None)
    assert refused.status in (400, 403, 409) and place.look(first).state == "approved"


def test_outside_a_case_a_new_version_replaces_the_one_it_corrects_and_no_other(place: Place) -> None:
    record = place.child()
    with place.desk("alice") as desk:
        ids = []
        for _ in range(2):
            made = submissions.open_draft(desk, "worry", record=record)
            ids.append(submissions.submit(desk, made.id, revision=made.revision, answers=TOLD).id)
        second = amending.begin(desk, ids[0])
        submissions.submit(desk, second, revision=1, answers={**TOLD, "story": "Corrected"})
        assert [submissions.get(desk, one).state for one in (*ids, second)] == [
            "superseded",
            "submitted",
            "submitted",
        ]
        assert [one.id for one in amending.versions(desk, second)] == [ids[0], second]


def test_last_time_stands_beside_the_questions_and_folds_away(place: Place) -> None:
    record, _, first = sent(place)
    place.clock.pass_by(days=65)
    with place.desk("alice") as desk:
        case = cases.start(desk, "worries", record=record).id
        again = submissions.open_draft(desk, "worry", record=record, case=case)
        submissions.save(desk, again.id, {"story": "Now at the lake"}, revision=again.revision)
    alice = place.browser("alice")
    page = alice.get(f"/forms/{again.id}/what")
    beside = [one for one in page.root.all("details") if "trefoil-earlier" in one.attributes["class"]]
    assert beside[0].text == ("Last time (6 January 2026) – What are you worried about?Seen at the park")
    assert all("open" in one.attributes for one in beside)
    folded = alice.get(f"/forms/{again.id}/what?earlier=fold")
    beside = [one for one in folded.root.all("details") if "trefoil-earlier" in one.attributes["class"]]
    assert beside and not any("open" in one.attributes for one in beside)
    hidden = alice.get(f"/forms/{again.id}/whole?earlier=hide")
    assert "trefoil-earlier" not in hidden.html and "Seen at the park" not in hidden.text
    assert "trefoil-earlier" not in alice.get(f"/forms/{again.id}/what").html
    # What goes on from another is the same time, and has no last time of its own.
    with place.desk("alice") as desk:
        second = amending.begin(desk, first)
        assert earlier.last_time(desk, second) is None
