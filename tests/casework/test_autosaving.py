"""What saves itself while somebody types: merged by question, one revision for a while, nothing set aside unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from engine.casework import CaseworkError, NotFound, auditing, autosaving, submissions
from engine.casework.autosaving import RUN, Kept, Typed
from engine.casework.values import Submission
from tests.support.casework import Town


@pytest.fixture
def draft(town: Town) -> Submission:
    child = town.child()
    return town.draft(child.id, town.case(child.id).id)


def keep(
    town: Town, by: str, draft: Submission, was: dict[str, Any], now: dict[str, Any], revision: int
) -> Kept:
    with town.desk(by) as desk:
        return autosaving.keep(desk, draft.id, Typed(was, {}), Typed(now, {}), revision=revision)


def numbers(town: Town, draft: Submission) -> list[tuple[int, Any]]:
    with town.desk("anna") as desk:
        return [(one.number, one.content.get("worry")) for one in submissions.revisions(desk, draft.id)]


def test_one_page_typing_makes_one_revision_whose_number_grows(town: Town, draft: Submission) -> None:
    was: dict[str, Any] = {}
    for turn, text in enumerate(("H", "He", "He s", "He said"), 1):
        kept = keep(town, "anna", draft, was, {"worry": text}, turn)
        assert (kept.submission.revision, kept.exact, kept.conflicts, kept.others) == (turn + 1, True, (), ())
        was = {"worry": text}
    assert numbers(town, draft) == [(1, None), (5, "He said")]


def test_who_looks_in_between_keeps_what_they_saw(town: Town, draft: Submission) -> None:
    keep(town, "anna", draft, {}, {"worry": "Anna one"}, 1)
    with town.desk("mia") as desk:
        seen = submissions.get(desk, draft.id)
    assert seen.revision == 2
    keep(town, "anna", draft, {"worry": "Anna one"}, {"worry": "Anna two"}, 2)
    assert numbers(town, draft) == [(1, None), (2, "Anna one"), (3, "Anna two")]
    with town.desk("mia") as desk:
        saved = submissions.save(desk, draft.id, {**seen.answers, "good": "Mia"}, revision=2)
    assert saved.answers == {"worry": "Anna two", "good": "Mia"}


def test_a_number_that_went_on_stands_for_what_went_on_from_it(town: Town, draft: Submission) -> None:
    """The page that typed it may still hold an earlier number, when a reply was lost."""
    keep(town, "anna", draft, {}, {"worry": "One"}, 1)
    keep(town, "anna", draft, {"worry": "One"}, {"worry": "Two"}, 2)
    with town.desk("anna") as desk:
        saved = submissions.save(desk, draft.id, {"worry": "Three"}, revision=2)
    assert (saved.answers, saved.revision) == ({"worry": "Three"}, 4)
    for number in (0, -1, 5, 999):
        with town.desk("anna") as desk, pytest.raises(NotFound):
            submissions.save(desk, draft.id, {"worry": "Forged"}, revision=number)


@pytest.mark.parametrize("why", ["another page", "another person", "too long", "saved by hand"])
def test_a_revision_is_gone_on_with_by_its_own_page_alone(town: Town, draft: Submission, why: str) -> None:
    keep(town, "anna", draft, {}, {"worry": "One"}, 1)
    by, revision = "anna", 2
    if why == "another page":
        revision = 1
    elif why == "another person":
        by = "mia"
    elif why == "too long":
        town.later(seconds=RUN.total_seconds() + 1)
    else:
        with town.desk("anna") as desk:
            submissions.save(desk, draft.id, {"worry": "One", "good": "By hand"}, revision=2)
        revision = 3
    keep(town, by, draft, {}, {"why_higher": "More"}, revision)
    assert (2, "One") in numbers(town, draft)


def test_two_pages_are_merged_by_question_from_what_each_held(town: Town, draft: Submission) -> None:
    keep(town, "anna", draft, {}, {"worry": "Anna"}, 1)
    kept = keep(town, "mia", draft, {}, {"good": "Mia"}, 1)
    assert kept.submission.answers == {"worry": "Anna", "good": "Mia"}
    assert (kept.exact, kept.others, kept.conflicts) == (False, ("worry",), ())
    kept = keep(town, "mia", draft, {"good": "Mia"}, {"good": "Mia twice"}, 1)
    assert kept.submission.answers == {"worry": "Anna", "good": "Mia twice"}, (
        "her page never held Anna's answer"
    )


def test_what_both_changed_stays_as_it_is_and_is_named_and_nothing_is_set_aside(
    town: Town, draft: Submission
) -> None:
    keep(town, "anna", draft, {}, {"worry": "Anna"}, 1)
    kept = keep(town, "mia", draft, {}, {"worry": "Mia", "good": "Mia too"}, 1)
    (conflict,) = kept.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == ("worry", "Mia", "Anna")
    assert kept.submission.answers == {"worry": "Anna", "good": "Mia too"} and kept.others == ()
    with town.desk("mia") as desk:
        assert submissions.asides(desk, draft.id) == []


def test_the_same_again_after_a_lost_reply_changes_nothing(town: Town, draft: Submission) -> None:
    first = keep(town, "anna", draft, {}, {"worry": "Once"}, 1)
    again = keep(town, "anna", draft, {}, {"worry": "Once"}, 1)
    assert again == first
    assert numbers(town, draft) == [(1, None), (2, "Once")]


def test_what_could_not_be_read_is_kept_beside_what_another_part_holds(town: Town, draft: Submission) -> None:
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"seen": "x"}, revision=1, raw={"a.seen.day": ["x"]})
        typed = Typed({"seen": "x", "born": "31/2"}, {"a.born.day": ["31"]})
        kept = autosaving.keep(desk, draft.id, Typed({"seen": "x"}, {}), typed, revision=2)
        assert kept.submission.raw == {"a.seen.day": ["x"], "a.born.day": ["31"]}
        kept = autosaving.keep(desk, draft.id, typed, Typed({"seen": "x"}, {}), revision=3)
        assert kept.submission.raw == {"a.seen.day": ["x"]}


def test_a_draft_is_written_without_being_looked_at(town: Town, draft: Submission) -> None:
    with town.desk("anna") as desk:
        found, form = autosaving.present(desk, draft.id)
        assert (found.id, form.form.id) == (draft.id, "referral")
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"worry": "x"}, revision=1)
    looked = sum(one.action == "submission.viewed" for one in trail(town, draft))
    keep(town, "anna", draft, {"worry": "x"}, {"worry": "xy"}, 2)
    assert sum(one.action == "submission.viewed" for one in trail(town, draft)) == looked


def test_what_was_sent_saves_itself_no_more(town: Town, draft: Submission) -> None:
    with town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=1, answers={"worry": "As sent"})
    with pytest.raises(CaseworkError, match="handed in already"):
        keep(town, "anna", draft, {"worry": "As sent"}, {"worry": "Later"}, 3)


def trail(town: Town, draft: Submission) -> list[Any]:
    with town.desk() as desk:
        return auditing.of_record(desk, draft.record)
