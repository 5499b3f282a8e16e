"""A form sent back with comments at its questions: offered where it is returned, answered where it is mended."""

from __future__ import annotations

from engine.casework import cases, commenting, submissions
from tests.webapp.conftest import PASSWORD, Place


def sent(place: Place) -> tuple[str, str, str]:
    """A worry of Alice's that waits for a decision: record, case, submission."""
    record, case, draft = place.started()
    answers = {"story": "Seen at the park", "danger": False, "harms": ["violence"], "how_many": "3"}
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=1, answers=answers)
    return record, case, draft


def sent_back(place: Place, **comments: str) -> tuple[str, str, str]:
    """The same, sent back by Mary through the page, and opened again by Alice. Returns case, what was sent, draft."""
    record, case, was = sent(place)
    mary = place.browser("mary")
    page = mary.get(f"/cases/{case}/do/ask_again")
    said = {f"comment__{was}__{name}": text for name, text in comments.items()}
    mary.submit(page, reason="Say more about both", **said)
    return case, was, place.draft(record, case)


def test_whoever_returns_it_can_comment_at_each_question_and_keeps_what_they_typed(place: Place) -> None:
    _, case, was = sent(place)
    mary = place.browser("mary")
    page = mary.get(f"/cases/{case}/do/ask_again")
    assert "Comments on Worry" in page.text and "Seen at the park" in page.text
    refused = mary.submit(page, reason="", **{f"comment__{was}__story": "Who saw it?"})
    assert refused.problems == ["Write the reason"] and "Who saw it?" in refused.text
    assert place.look(was).state == "submitted"
    with place.desk("mary") as desk:
        assert commenting.of_submission(desk, was) == []
    mary.submit(refused, reason="More, please")
    with place.desk("mary") as desk:
        assert [one.text for one in commenting.of_submission(desk, was)] == ["Who saw it?"]
    # A step that returns nothing offers no comments.
    assert "Comments on" not in mary.get(f"/cases/{case}/do/withdraw").text


def test_the_writer_meets_each_comment_where_it_belongs_and_says_what_was_done(place: Place) -> None:
    case, was, draft = sent_back(place, story="Who saw it?", how_many="Three of what?", harms="And online?")
    alice = place.browser("alice")
    tasks = alice.get(f"/forms/{draft}")
    assert (
        "Mary Moss sent this back to you on 6 January 2026" in tasks.text
        and "Say more about both" in tasks.text
    )
    assert "2 comments" in tasks.text and "1 comment" in tasks.text and "Incomplete" in tasks.text
    section = alice.get(f"/forms/{draft}/what")
    [box] = [one for one in section.root.all("textarea") if one.attributes["name"] == "a.story"]
    told = [
        one
        for one in section.root.all()
        if one.attributes.get("id") in box.attributes["aria-describedby"].split()
    ]
    assert "Who saw it?" in " ".join(one.text for one in told)
    with place.desk("alice") as desk:
        first, second = commenting.asked(desk, draft)[:2]
    alice.submit(
        section, a__story="Her aunt saw her at the park",
        **{f"comment__{first.id}__answer": "Said who", f"comment__{first.id}__dealt": "yes"},
    )  # fmt: skip
    tasks = alice.get(f"/forms/{draft}")
    assert "2 comments" not in tasks.text and "Said who" in tasks.text and "Dealt with" in tasks.text
    whole = alice.get(f"/forms/{draft}/whole")
    assert whole.text.count("Comment from Mary Moss") == 3
    alice.submit(whole, **{f"comment__{second.id}__answer": "People"})
    check = alice.get(f"/forms/{draft}/check")
    assert "2 comments are not marked as dealt with" in check.text
    alice.submit(check, action="submit")
    read = place.browser("mary").get(f"/forms/{draft}/read").text
    assert "What was asked when it was sent back, and what was done" in read
    assert "Before: Seen at the park" in read and "Now: Her aunt saw her at the park" in read
    assert "Said who" in read and "What was done: People" in read
    assert "Comments when it was sent back" in place.browser("mary").get(f"/forms/{was}/read").text
    assert case


def test_a_reply_to_a_comment_outlives_the_session_and_somebody_elses_save(place: Place) -> None:
    _, _, draft = sent_back(place, story="Who saw it?")
    with place.desk("alice") as desk:
        (one,) = [found for found in commenting.asked(desk, draft) if found.question]
    answer = f"comment.{one.id}.answer"
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/what")
    # Somebody else saves the same answer meanwhile: the answers wait to be compared, the reply is there.
    place.saved(draft, {"story": "Another text"})
    alice.post(page.url, page.fields() | {"a.story": ["Mine"], answer: ["Her aunt did"]}, status=409)
    with place.desk("alice") as desk:
        assert [found.answer for found in commenting.asked(desk, draft) if found.id == one.id] == [
            "Her aunt did"
        ]
    # The session ends while a reply stands in its box.
    page = alice.get(f"/forms/{draft}/what")
    place.clock.pass_by(hours=30)
    asked = alice.post(page.url, page.fields() | {answer: ["Her aunt and her teacher"]})
    again = alice.submit(asked, sign_in="alice", password=PASSWORD)
    assert "Her aunt and her teacher" in again.html


def test_a_comment_that_is_not_there_is_left_alone(place: Place) -> None:
    _, _, draft = sent_back(place, story="Who saw it?")
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/what")
    alice.submit(page, comment__none__answer="x", **{f"comment__{'0' * 36}__dealt": "yes"})
    with place.desk("alice") as desk:
        assert commenting.asked(desk, draft)[0].answer is None


def test_what_was_done_without_the_question_is_found_through_the_list(place: Place) -> None:
    """A comment at a question that is no longer asked is still told, with no way to a question that is not there."""
    record, case, was = sent(place)
    with place.desk("mary") as desk:
        said = {"danger_detail": "What of it?", "framework.home.worried": "And this?", "": "Well written"}
        ready = commenting.ready(desk, was, said)
        assert ready is not None
        cases.fire(desk, case, "ask_again", revision=cases.get(desk, case).revision, reason="More")
        commenting.put(desk, ready)
    draft = place.draft(record, case)
    tasks = place.browser("alice").get(f"/forms/{draft}").text
    assert "What is being done about it?" in tasks and "Well written" in tasks
    assert "The form as a whole" in tasks
    assert "Framework, Home: What are we worried about? To do And this?" in tasks
