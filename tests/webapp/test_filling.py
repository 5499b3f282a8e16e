"""A form from its first section to being sent, with script off; nothing typed is ever lost."""

from __future__ import annotations

from datetime import date

import pytest

from engine.casework import notes, restricting
from tests.webapp.conftest import PASSWORD, Place


@pytest.mark.ux("task-list")
def test_sections_say_how_far_they_are(place: Place) -> None:
    _, _, draft = place.started()
    page = place.browser("alice").get(f"/forms/{draft}")
    assert page.h1 == "Worry"
    assert page.text.count("Not started") == 3
    place.saved(draft, {"story": "Seen at the park"})
    page = place.browser("alice").get(f"/forms/{draft}")
    assert "Incomplete" in page.text
    place.saved(draft, {"story": "Seen at the park", "danger": False, "harms": ["violence"]})
    page = place.browser("alice").get(f"/forms/{draft}")
    assert page.text.count("Completed") == 2


def test_saves_and_goes_on_section_by_section_to_the_check_page(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    page = browser.submit(
        page, button={"action": "continue"}, a__story="Seen at the park\nwith others", a__danger="no",
        **{"a__seen_on.day": "5", "a__seen_on.month": "Jan", "a__seen_on.year": "2026"}, a__how_many="3",
    )  # fmt: skip
    assert page.h1 == "Kinds of harm"
    page = browser.submit(
        page, button={"action": "continue"}, a__harms=["violence", "other"], **{"a__harms.other": "Debt"}
    )
    assert page.h1 == "Places and people"
    page = browser.submit(page, button={"action": "continue"})
    assert page.h1 == "Check your answers"
    assert "Seen at the park" in page.text and "5 January 2026" in page.text and "Debt" in page.text
    answers = place.look(draft).answers
    assert answers["story"] == "Seen at the park\nwith others"
    assert answers["seen_on"] == "2026-01-05"
    assert answers["harms"] == ["violence", "other"] and answers["harms.other"] == "Debt"


@pytest.mark.ux("errors")
def test_what_was_typed_wrongly_stays_and_is_named(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    page = browser.submit(
        page, button={"action": "continue"}, a__story="Kept", a__how_many="a few",
        **{"a__seen_on.day": "31", "a__seen_on.month": "2", "a__seen_on.year": "2026"},
    )  # fmt: skip
    assert page.h1 == "What you are worried about"
    assert len(page.problems) == 2
    fields = page.fields()
    assert (
        fields["a.how_many"] == ["a few"]
        and fields["a.seen_on.day"] == ["31"]
        and fields["a.story"] == ["Kept"]
    )
    assert page.link(page.problems[0]) == "#a.seen_on.day"
    again = browser.get(f"/forms/{draft}/what")
    assert again.fields()["a.how_many"] == ["a few"]
    # Sent all the same, each is named once, and leads to its question.
    sent = browser.submit(browser.get(f"/forms/{draft}/check"))
    assert len(sent.problems) == len(set(sent.problems)) and all(sent.link(one) for one in sent.problems)


def test_save_and_come_back_later_never_complains(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.submit(
        browser.get(f"/forms/{draft}/what"), button={"action": "later"}, a__how_many="a few"
    )
    assert page.h1 == "Worry" and not page.problems


@pytest.mark.ux("errors")
def test_missing_answers_wait_for_the_end_and_then_lead_to_their_question(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/what"), button={"action": "continue"})
    assert page.h1 == "Kinds of harm"
    before = browser.get(f"/forms/{draft}/check")
    # What stands in the way of sending is said before anybody tries, and once when they have.
    assert "have to be answered before" in before.text
    assert f"/forms/{draft}/what?back=check&check=yes#a.story" in [
        one.attributes.get("href") for one in before.root.all("a")
    ]
    page = browser.submit(before)
    assert "have to be answered before" not in page.text
    assert page.h1 == "Check your answers" and len(page.problems) == 2
    assert page.link(page.problems[0]) == f"/forms/{draft}/what?back=check&check=yes#a.story"


def test_more_questions_appear_after_saving_when_script_is_off(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    hidden = page.root.all("div", data_path="danger_detail") or [
        one for one in page.root.all("div") if one.attributes.get("data-path") == "danger_detail"
    ]
    assert "hidden" in hidden[0].attributes
    page = browser.submit(page, button={"action": "continue"}, a__story="x", a__danger="yes")
    assert page.h1 == "What you are worried about" and "more questions" in page.text
    shown = [one for one in page.root.all("div") if one.attributes.get("data-path") == "danger_detail"]
    assert "hidden" not in shown[0].attributes
    page = browser.submit(page, button={"action": "continue"}, a__danger_detail="Police told")
    assert page.h1 == "Kinds of harm"


def test_script_that_showed_them_already_goes_straight_on(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.submit(
        browser.get(f"/forms/{draft}/what"),
        button={"action": "continue"},
        script="on",
        a__story="x",
        a__danger="yes",
    )
    assert page.h1 == "Kinds of harm"


@pytest.mark.ux("script-off")
def test_rows_are_added_and_removed_without_script(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/places_known"), button={"row.add": "places"})
    [row] = place.look(draft).answers["places"]
    name = f"a.places.{row['_row']}.place_text"
    page = browser.submit(page, button={"row.add": "places"}, **{name: "The car park"})
    rows = place.look(draft).answers["places"]
    assert [one.get("place_text") for one in rows] == ["The car park", None]
    page = browser.submit(page, button={"row.remove": f"places.{rows[1]['_row']}"})
    assert [one.get("place_text") for one in place.look(draft).answers["places"]] == ["The car park"]
    assert "Place 1" in page.text and "Place 2" not in page.text


def test_grid_cells_are_kept(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/places_known")
    browser.submit(page, button={"action": "later"}, **{"a.framework.peers.worried": "Older friends"})
    assert place.look(draft).answers["framework"] == {"peers": {"worried": "Older friends"}}


def test_an_answer_can_be_taken_back(place: Place) -> None:
    _, _, draft = place.started()
    place.saved(draft, {"setting": "inside"})
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/kinds"), button={"clear": "setting"})
    assert "setting" not in place.look(draft).answers
    assert page.h1 == "Kinds of harm"


@pytest.mark.ux("check-answers")
def test_change_from_the_check_page_leads_back_to_it(place: Place) -> None:
    _, _, draft = place.started()
    place.saved(draft, {"story": "First words"})
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/check")
    link = next(one for one in page.root.all("a") if one.text == "Change What are you worried about?")
    section = browser.get(link.attributes["href"].partition("#")[0])
    assert (
        browser.submit(section, button={"action": "continue"}, a__story="Other words").h1
        == "Check your answers"
    )


def test_sends_and_the_case_moves_on(place: Place) -> None:
    _, case, draft = place.started()
    place.saved(draft, {"story": "Seen at the park", "danger": False})
    browser = place.browser("alice")
    check = browser.get(f"/forms/{draft}/check")
    page = browser.submit(check)
    assert page.h1 == "Worry sent"
    # Pressing twice sends once.
    assert browser.post(f"/forms/{draft}/submit", check.fields()).h1 == "Worry sent"
    assert "Waiting for a decision" in browser.get(f"/cases/{case}").text
    read = browser.get(f"/forms/{draft}/read")
    assert "Seen at the park" in read.text and "Sent 6 January 2026" in read.text
    # A form that was sent is read, not filled in.
    assert browser.get(f"/forms/{draft}").url == f"/forms/{draft}/read"
    browser.get(f"/forms/{draft}/what", status=404)


def test_earlier_saves_can_be_read(place: Place) -> None:
    _, _, draft = place.started()
    place.saved(draft, {"story": "First words"})
    place.saved(draft, {"story": "Later words"})
    browser = place.browser("alice")
    newest = place.look(draft).revision
    assert "Later words" in browser.get(f"/forms/{draft}/read").text
    page = browser.get(f"/forms/{draft}/read?revision={newest - 1}")
    assert "First words" in page.text and "Later words" not in page.text


def test_forged_and_foreign_fields_change_nothing_and_are_logged(place: Place, capsys: object) -> None:
    from structlog.testing import capture_logs

    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    with capture_logs() as logs:
        browser.submit(
            page, button={"action": "later"}, a__story="Mine", a__setting="inside", a__place_count="99",
            **{"a.nothing_such": "x", "a.places.1.place_text": "x"},
        )  # fmt: skip
    assert place.look(draft).answers == {"story": "Mine"} | {
        name: value for name, value in place.look(draft).answers.items() if name not in ("story",)
    }
    assert not {"setting", "nothing_such", "places"} & set(place.look(draft).answers)
    [found] = [one for one in logs if one["event"] == "forged_fields"]
    assert {"a.setting", "a.nothing_such"} <= set(found["names"])
    assert "x" not in str(found["names"]).replace("nothing_such", "").split("'")


def test_guidance_folds_shows_and_goes(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    folded = browser.get(f"/forms/{draft}/what")
    assert folded.root.all("details") and not [
        one for one in folded.root.all("details") if "open" in one.attributes
    ]
    shown = browser.get(f"/forms/{draft}/what?guidance=show")
    assert all("open" in one.attributes for one in shown.root.all("details"))
    assert not browser.get(f"/forms/{draft}/what?guidance=hide").root.all("details")


def test_finds_a_record_for_a_link_without_script(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/places_known"), button={"row.add": "places"})
    row = place.look(draft).answers["places"][0]["_row"]
    page = browser.submit(page, button={"find": f"places.{row}.place"})
    assert page.h1.startswith("Find: The place")
    new = browser.get(page.link("Make a new record"))
    page = browser.submit(new, a__place_name="Mill Lane car park")
    assert page.h1.startswith("Find:") and "Mill Lane car park" in page.text
    page = browser.submit(page)
    assert page.h1 == "Places and people"
    assert place.look(draft).answers["places"][0]["place"]
    assert "Mill Lane car park" in browser.get(f"/forms/{draft}/check").text


def test_typed_into_a_dead_session_comes_back_to_the_same_person_only(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    fields = page.fields() | {"a.story": ["Long hours of writing"]}
    place.clock.pass_by(hours=30)
    page = browser.post(f"/forms/{draft}/what", fields)
    assert page.h1 == "Sign in" and "kept for an hour" in page.text
    assert "story" not in place.look(draft).answers
    token = page.url.partition("kept=")[2].partition("&")[0]

    other = place.browser("bob")
    other.get(f"/kept/{token}", status=404)

    page = browser.submit(page, sign_in="alice", password=PASSWORD)
    assert page.h1 == "What you are worried about" and "not saved yet" in page.text
    assert page.fields()["a.story"] == ["Long hours of writing"]
    assert "story" not in place.look(draft).answers
    browser.submit(page, button={"action": "continue"})
    assert place.look(draft).answers["story"] == "Long hours of writing"
    browser.get(f"/kept/{token}", status=404)


def test_what_is_kept_is_encrypted_and_gone_after_an_hour(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    fields = browser.get(f"/forms/{draft}/what").fields() | {"a.story": ["Unmistakable canary"]}
    place.clock.pass_by(hours=30)
    page = browser.post(f"/forms/{draft}/what", fields)
    files = list((place.folder / "web" / "kept").iterdir())
    assert len(files) == 1 and b"canary" not in files[0].read_bytes()
    place.clock.pass_by(minutes=61)
    page = browser.submit(page, sign_in="alice", password=PASSWORD)
    assert page.h1 == "My work"


def test_a_post_that_names_nobody_is_not_kept(place: Place) -> None:
    _, _, draft = place.started()
    stranger = place.browser()
    page = stranger.post(f"/forms/{draft}/what", {"a.story": "x", "_who": "forged"})
    assert page.h1 == "Sign in" and not (place.folder / "web" / "kept").exists()


def test_an_older_sign_ins_page_is_kept_not_refused(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    fields = browser.get(f"/forms/{draft}/what").fields() | {"a.story": ["Before lunch"]}
    browser.post("/sign-out", {"csrf_token": fields["csrf_token"]})
    browser.sign_in("alice", PASSWORD)
    page = browser.post(f"/forms/{draft}/what", fields)
    assert page.fields()["a.story"] == ["Before lunch"] and "not saved yet" in page.text


def test_two_people_saving_different_answers_are_joined(place: Place) -> None:
    _, _, draft = place.started()
    alice, mary = place.browser("alice"), place.browser("mary")
    hers = mary.get(f"/forms/{draft}/what")
    alice.submit(alice.get(f"/forms/{draft}/what"), button={"action": "later"}, a__story="Alice's words")
    mary.submit(hers, button={"action": "later"}, a__how_many="4")
    answers = place.look(draft).answers
    assert (answers["story"], answers["how_many"]) == ("Alice's words", "4")


def test_a_stale_save_shows_both_texts_and_loses_neither(place: Place) -> None:
    for choice, expected in (("mine", "Mary's"), ("theirs", "Alice's"), ("anew", "Together")):
        record = place.child(first=choice.capitalize())
        draft = place.draft(record, place.case(record))
        alice, mary = place.browser("alice"), place.browser("mary")
        hers = mary.get(f"/forms/{draft}/what")
        alice.submit(
            alice.get(f"/forms/{draft}/what"), button={"action": "later"}, a__story="Alice's", a__how_many="1"
        )
        page = mary.submit(hers, button={"action": "later"}, a__story="Mary's", status=409)
        assert page.h1 == "Two people changed the same answers"
        assert "Alice's" in page.text and "Mary's" in page.text
        assert "choose" in mary.get(f"/forms/{draft}").text.lower()
        mary.submit(page, **{"choice.story": choice, "anew.story": "Together"})
        answers = place.look(draft).answers
        assert answers["story"] == expected and answers["how_many"] == "1"


def test_a_note_that_cannot_be_saved_is_kept_for_its_writer(place: Place) -> None:
    record = place.child()
    browser = place.browser("alice")
    page = browser.get(f"/records/{record}/notes")
    with place.desk() as desk:
        restricting.restrict(
            desk, record, reason="A colleague's family.", review_on=date(2026, 6, 1), only=[place.ids["mary"]]
        )
    lost = browser.submit(page, text="Rang the school", status=404)
    assert "It is kept for you for an hour" in lost.text
    kept = browser.get(browser.get("/").link("What you typed at"))
    assert "Rang the school" in kept.text and "copy it" in kept.text
    # Nobody is told whether there is such a record: an address of none keeps it just as well.
    fields = page.fields() | {"text": ["Rang the school"]}
    nowhere = browser.post(f"/records/{'0' * 8}-0000-4000-8000-{'0' * 12}/notes", fields, status=404)
    assert nowhere.text == lost.text
    # A press that carries no words keeps nothing and says nothing of it.
    assert "kept for you" not in browser.post(page.url, page.fields() | {"text": ["x"]}, status=404).text


def test_other_words_under_a_key_that_was_pressed_are_another_note(place: Place) -> None:
    record = place.child()
    browser = place.browser("alice")
    page = browser.get(f"/records/{record}/notes")
    for text in ("Rang the school", "Rang the school", "Rang the school, no answer"):
        browser.submit(page, text=text)
    with place.desk("alice") as desk:
        assert sorted(one.text for one in notes.of_record(desk, record)) == [
            "Rang the school", "Rang the school, no answer",
        ]  # fmt: skip


def test_a_note_typed_into_a_dead_session_is_shown_to_be_saved(place: Place) -> None:
    record = place.child()
    browser = place.browser("alice")
    fields = browser.get(f"/records/{record}/notes").fields() | {"text": ["Met at school,\nwith the teacher"]}
    place.clock.pass_by(hours=30)
    page = browser.post(f"/records/{record}/notes", fields)
    page = browser.submit(page, sign_in="alice", password=PASSWORD)
    assert page.h1 == "What you typed is still here"
    assert "Met at school" not in place.browser("mary").get(f"/records/{record}").text
    page = browser.submit(page)
    assert page.h1 == "Cara Cole" and "Met at school" in page.text
