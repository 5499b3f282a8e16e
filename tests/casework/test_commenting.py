"""Comments at the questions of a returned form: who reads them, what the writer says of each, and what goes."""

from __future__ import annotations

from typing import Any

import pytest

from engine.casework import (
    CaseworkError,
    auditing,
    cases,
    commenting,
    keeping,
    stacks,
    submissions,
    together,
    withdrawing,
)
from engine.casework.values import Case, Submission
from tests.support.casework import Town, family

PLACE = "0" * 31 + "1"


def returned(town: Town, **comments: str) -> tuple[Case, Submission]:
    """A referral that Mia sends back with comments, by question. Returns the case and what was returned."""
    child, case = town.checked(secret="Kept apart", places=[{"_row": PLACE, "detail": "By the lake"}])
    with town.desk("mia") as desk:
        [sent] = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        send_back(desk, case, sent, comments)
    assert child.id == sent.record
    return case, sent


def send_back(desk: Any, case: Case, sent: Submission, comments: dict[str, str]) -> None:
    ready = commenting.ready(
        desk, sent.id, {name.replace("__", "."): text for name, text in comments.items()}
    )
    assert ready is not None
    cases.fire(
        desk, case.id, "send_back", revision=cases.get(desk, case.id).revision, reason="More is needed"
    )
    commenting.put(desk, ready)


def draft_of(town: Town, case: Case, by: str = "anna") -> Submission:
    with town.desk(by) as desk:
        return submissions.open_draft(desk, "referral", record=case.record, case=case.id)


def test_the_writer_reads_what_was_asked_in_the_order_of_the_form_and_answers(town: Town) -> None:
    asked = {
        f"places__{PLACE}__detail": "Which lake?",
        "worry": "Who saw it?",
        "": "Nearly there",
        "good": " ",
    }
    case, sent = returned(town, **asked)
    draft = draft_of(town, case)
    assert draft.id != sent.id
    with town.desk("anna") as desk:
        found = commenting.asked(desk, draft.id)
        assert [one.question for one in found] == ["", "worry", f"places.{PLACE}.detail"]
        assert found[1].text == "Who saw it?" and found[1].made_by == town.people["mia"]
        commenting.answer(desk, draft.id, {found[1].id: ("His sister did", True), "none": ("x", True)})
    with town.desk("mia") as desk:
        now = {one.question: one for one in commenting.asked(desk, draft.id)}
        assert now["worry"].answer == "His sister did" and now["worry"].dealt_by == town.people["anna"]
        assert now[""].dealt_at is None and now[""].answer is None
        assert [one.text for one in commenting.of_submission(desk, sent.id)][1] == "Who saw it?"
        # Taken back and begun again, it goes on from the same.
    with town.desk("anna") as desk:
        again = submissions.submit(desk, draft.id, revision=draft.revision)
        withdrawing.form(desk, again.id, "Too soon")
    later = draft_of(town, case)
    assert later.id != draft.id
    with town.desk("anna") as desk:
        assert len(commenting.asked(desk, later.id)) == 3
        commenting.answer(desk, later.id, {found[1].id: ("His sister did", False)})
        assert commenting.asked(desk, later.id)[1].dealt_at is None


def test_a_comment_is_kept_from_whoever_may_not_see_the_question(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, sent = returned(town, secret="This is too much", worry="Who?")
    draft = draft_of(town, case)
    with town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=draft.revision)
    with town.desk("sam") as desk:
        assert [one.question for one in commenting.asked(desk, draft.id)] == ["worry"]
        assert [one.question for one in commenting.of_submission(desk, sent.id)] == ["worry"]
        with pytest.raises(CaseworkError, match="do not see"):
            commenting.ready(desk, draft.id, {"secret": "What is this?"})
        # The control: without the filter it would be told.
        monkeypatch.setattr(commenting.paths, "hides", lambda *_: False)
        assert "secret" in [one.question for one in commenting.asked(desk, draft.id)]


def test_only_whoever_just_returned_it_comments_and_only_once(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        [sent] = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        early = commenting.ready(desk, sent.id, {"worry": "Who?"})
        assert early is not None
        commenting.put(desk, early)
        assert commenting.of_submission(desk, sent.id) == []
        with pytest.raises(CaseworkError):
            commenting.ready(desk, sent.id, {"nothing_such": "Who?"})
        send_back(desk, case, sent, {"worry": "Who?"})
    town.later(minutes=1)
    with town.desk("mia") as desk:
        assert commenting.ready(desk, sent.id, {"worry": "Once more"}) is None
        commenting.put(desk, early)
        assert len(commenting.of_submission(desk, sent.id)) == 1
    with town.desk("noor") as desk:
        commenting.put(desk, early)
        assert len(commenting.of_submission(desk, sent.id)) == 1
    assert child.id == case.record


def test_comments_are_answered_only_in_the_draft_and_leave_ids_in_the_trace(town: Town) -> None:
    case, _ = returned(town, worry="Who saw it at the lake?")
    draft = draft_of(town, case)
    with town.desk("anna") as desk:
        [one] = commenting.asked(desk, draft.id)
        commenting.answer(desk, draft.id, {one.id: ("Only his sister", True)})
        commenting.answer(desk, draft.id, {one.id: ("Only his sister", True)})
        submissions.submit(desk, draft.id, revision=draft.revision)
        with pytest.raises(CaseworkError):
            commenting.answer(desk, draft.id, {one.id: ("No, his aunt", True)})
    with town.desk("olga") as desk:
        trace = auditing.of_record(desk, case.record)
        said = [event for event in trace if event.action in ("submission.commented", "comment.answered")]
        assert [event.body["questions"] for event in said] == [["worry"], ["worry"]]
        assert "lake" not in str(said) and "sister" not in str(said)


def test_in_a_form_about_several_a_comment_goes_with_the_part_it_is_about(town: Town) -> None:
    with town.desk() as desk:
        stacks.publish(desk, family())
    ava, bo = town.child(first_name="Ava"), town.child(first_name="Bo")
    case = town.case(ava.id, workflow="family_flow")
    with town.desk("anna") as desk:
        draft = submissions.open_draft(
            desk, "brothers_and_sisters", record=ava.id, case=case.id, others=[bo.id]
        )
        parts = [{"_row": one.id, "wishes": "A dog"} for one in (ava, bo)]
        answers = {"home_life": "Lively", "part": parts}
        sent = submissions.submit(desk, draft.id, revision=draft.revision, answers=answers)
    with town.desk("mia") as desk:
        ready = commenting.ready(
            desk, sent.id, {f"part.{bo.id}.wishes": "Which dog?", f"part.{ava.id}.wishes": "And a cat?"}
        )
        assert ready is not None
        cases.fire(desk, case.id, "back", revision=cases.get(desk, case.id).revision, reason="More")
        commenting.put(desk, ready)
        assert len(commenting.of_submission(desk, sent.id)) == 2
        row = commenting.answering.row_of(desk, sent.id)
        assert together.records_of(desk, row) == (ava.id, bo.id)
    with town.desk("kit") as desk:
        keeping.destroy(desk, bo.id, "Its time is up", early=True)
    with town.desk("mia") as desk:
        assert [one.text for one in commenting.of_submission(desk, sent.id)] == ["And a cat?"]


def test_what_is_too_long_to_keep_is_refused_and_never_cut(town: Town) -> None:
    long = "y" * (commenting.LONGEST + 1)
    child, _ = town.checked()
    with town.desk("mia") as desk:
        [sent] = submissions.of_record(desk, child.id)
        with pytest.raises(CaseworkError, match="20001 characters is too long: at most 20000"):
            commenting.ready(desk, sent.id, {"worry": long})
        ready = commenting.ready(desk, sent.id, {"worry": long[1:]})
        assert ready is not None and ready.texts == (("worry", long[1:]),)


def test_an_answer_is_kept_whole_however_long(town: Town) -> None:
    case, _ = returned(town, worry="Who saw it?")
    draft, long = draft_of(town, case), "y" * 100_000
    with town.desk("anna") as desk:
        [asked] = commenting.asked(desk, draft.id)
        commenting.answer(desk, draft.id, {asked.id: (long, False)})
        assert [one.answer for one in commenting.asked(desk, draft.id)] == [long]


def test_a_comment_at_no_question_is_refused_whatever_its_path(town: Town) -> None:
    child, _ = town.checked()
    with town.desk("mia") as desk:
        [sent] = submissions.of_record(desk, child.id)
        with pytest.raises(CaseworkError, match="do not see"):
            commenting.ready(desk, sent.id, {"worry." + "x" * 300: "Why?"})
