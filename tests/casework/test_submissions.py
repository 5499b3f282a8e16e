"""Submissions: drafts that lose nothing, answers pinned to their form, hidden answers kept from view and from harm."""

from __future__ import annotations

import pytest

from engine.casework import CaseworkError, NotFound, NotReady, Stale, cases, records, stacks, submissions
from engine.casework.values import Submission
from tests.support.casework import Town


@pytest.fixture
def draft(town: Town) -> Submission:
    child = town.child()
    return town.draft(child.id, town.case(child.id).id)


def save(town: Town, by: str, draft: Submission, revision: int, **answers: object) -> Submission:
    with town.desk(by) as desk:
        return submissions.save(desk, draft.id, answers, revision=revision)


def test_one_draft_a_form_and_case_whoever_opens_it(town: Town, draft: Submission) -> None:
    assert draft.case
    assert town.draft(draft.record, draft.case, by="mia").id == draft.id


def test_saving_keeps_every_revision(town: Town, draft: Submission) -> None:
    save(town, "anna", draft, 1, worry="One")
    second = save(town, "anna", draft, 2, worry="Two")
    assert (second.answers, second.revision) == ({"worry": "Two"}, 3)
    with town.desk("anna") as desk:
        kept = submissions.revisions(desk, draft.id)
        assert [one.content for one in kept] == [{}, {"worry": "One"}, {"worry": "Two"}]
        assert submissions.get(desk, draft.id, revision=2).answers == {"worry": "One"}


def test_saving_the_same_makes_no_revision(town: Town, draft: Submission) -> None:
    save(town, "anna", draft, 1, worry="One")
    assert save(town, "anna", draft, 2, worry="One").revision == 2


def test_two_who_answer_different_questions_are_merged(town: Town, draft: Submission) -> None:
    save(town, "anna", draft, 1, worry="Mine", framework={"home": {"worried": "a"}})
    both = save(town, "mia", draft, 1, good="Theirs", framework={"home": {"working": "b"}})
    assert both.answers == {
        "worry": "Mine",
        "good": "Theirs",
        "framework": {"home": {"worried": "a", "working": "b"}},
    }


def test_two_who_answer_one_question_are_shown_both_and_nothing_is_lost(
    town: Town, draft: Submission
) -> None:
    save(town, "anna", draft, 1, worry="Mine")
    with pytest.raises(Stale) as raised:
        save(town, "mia", draft, 1, worry="Theirs", good="Football")
    stale = raised.value
    (conflict,) = stale.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == ("worry", "Theirs", "Mine")
    assert stale.merged == {"worry": "Mine", "good": "Football"}
    assert (stale.revision, stale.by) == (2, town.people["anna"])
    with town.desk("mia") as desk:
        (aside,) = submissions.asides(desk, draft.id)
        assert aside.id == stale.aside
        assert aside.answers == {"worry": "Theirs", "good": "Football"}
    with town.desk("anna") as desk:
        assert submissions.asides(desk, draft.id) == []
        with pytest.raises(NotFound):
            submissions.resolve(desk, draft.id, aside.id, keep={"worry": "mine"}, revision=2)
    with town.desk("mia") as desk:
        settled = submissions.resolve(desk, draft.id, aside.id, keep={"worry": "mine"}, revision=2)
        assert settled.answers == {"worry": "Theirs", "good": "Football"}
        assert submissions.asides(desk, draft.id) == []


def test_a_choice_made_on_an_older_text_is_asked_again(town: Town, draft: Submission) -> None:
    save(town, "anna", draft, 1, worry="Mine")
    with pytest.raises(Stale) as raised:
        save(town, "mia", draft, 1, worry="Theirs")
    save(town, "anna", draft, 2, worry="Mine, longer")
    with pytest.raises(Stale) as again, town.desk("mia") as desk:
        submissions.resolve(desk, draft.id, str(raised.value.aside), keep={"worry": "mine"}, revision=2)
    assert again.value.conflicts[0].theirs == "Mine, longer"


def test_rows_get_ids_and_are_merged_by_them(town: Town, draft: Submission) -> None:
    first = save(town, "anna", draft, 1, places=[{"detail": "a"}, {"detail": "b"}])
    one, two = first.answers["places"]
    assert len(one["_row"]) == 32
    save(town, "anna", draft, 2, places=[{**one, "detail": "A"}, two])
    both = save(town, "mia", draft, 2, places=[one, {**two, "detail": "B"}, {"detail": "c"}])
    assert [row["detail"] for row in both.answers["places"]] == ["A", "B", "c"]


def test_a_row_removed_while_another_writes_in_it_is_a_conflict(town: Town, draft: Submission) -> None:
    (row,) = save(town, "anna", draft, 1, places=[{"detail": "a"}]).answers["places"]
    save(town, "anna", draft, 2, worry="w", places=[{**row, "detail": "more"}])
    with pytest.raises(Stale) as raised:
        save(town, "mia", draft, 2, worry="w", places=[])
    assert {one.path.split(".")[0] for one in raised.value.conflicts} == {"places"}


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_a_choice_for_a_question_settles_what_was_written_in_its_rows_and_cells(
    town: Town, draft: Submission, keep: str
) -> None:
    (row,) = save(town, "anna", draft, 1, places=[{"detail": "a"}]).answers["places"]

    def answers(text: str) -> dict[str, object]:
        return {"places": [{**row, "detail": text}], "framework": {"home": {"worried": text}}}

    save(town, "anna", draft, 2, **answers("theirs"))
    with pytest.raises(Stale) as raised:
        save(town, "mia", draft, 2, **answers("mine"))
    with town.desk("mia") as desk:
        chosen = dict.fromkeys(("places", "framework"), keep)
        settled = submissions.resolve(desk, draft.id, str(raised.value.aside), keep=chosen, revision=3)
        assert settled.answers == answers(keep)
        assert submissions.asides(desk, draft.id) == []


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_text_that_could_not_be_understood_follows_the_choice_for_its_question(
    town: Town, draft: Submission, keep: str
) -> None:
    typed = {"mine": {"a.worry.day": "31 Feb"}, "theirs": {"a.worry.month": "Febtober"}}
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"worry": "theirs"}, revision=1, raw=typed["theirs"])
    with pytest.raises(Stale) as raised, town.desk("mia") as desk:
        submissions.save(desk, draft.id, {"worry": "mine"}, revision=1, raw=typed["mine"])
    with town.desk("mia") as desk:
        aside = str(raised.value.aside)
        settled = submissions.resolve(desk, draft.id, aside, keep={"worry": keep}, revision=2)
    assert (settled.answers, settled.raw) == ({"worry": keep}, typed[keep])


def test_handing_in_drops_what_is_not_shown_and_adds_what_is_calculated(
    town: Town, draft: Submission
) -> None:
    saved = save(town, "anna", draft, 1, worry="w", level="higher", why_higher="x", places=[{"detail": "a"}])
    saved = save(town, "anna", draft, saved.revision, **{**saved.answers, "level": "lower"})
    with town.desk("anna") as desk:
        done = submissions.submit(desk, draft.id, revision=saved.revision)
        assert "why_higher" not in done.answers
        assert done.answers["place_count"] == "1"
        assert done.submitted_by == town.people["anna"]
        assert submissions.revisions(desk, draft.id)[2].content["why_higher"] == "x"
    with pytest.raises(CaseworkError, match="handed in already"):
        save(town, "anna", draft, done.revision, worry="later")


def test_what_is_handed_in_is_what_was_seen(town: Town, draft: Submission) -> None:
    save(town, "anna", draft, 1, worry="Mine")
    save(town, "mia", draft, 2, worry="Changed behind my back")
    with pytest.raises(Stale) as raised, town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=2)
    assert raised.value.conflicts[0].theirs == "Changed behind my back"


def test_a_lost_reply_hands_in_once(town: Town, draft: Submission) -> None:
    with town.desk("anna") as desk:
        first = submissions.submit(desk, draft.id, revision=1, answers={"worry": "w"}, key="press")
    with town.desk("anna") as desk:
        again = submissions.submit(desk, draft.id, revision=1, answers={"worry": "w"}, key="press")
    assert (first.id, first.revision) == (again.id, again.revision)


def test_text_that_could_not_be_understood_stays_and_is_not_left_behind(
    town: Town, draft: Submission
) -> None:
    with town.desk("anna") as desk:
        saved = submissions.save(desk, draft.id, {"worry": "w"}, revision=1, raw={"received": "31 Feb"})
    assert saved.raw == {"received": "31 Feb"}
    with pytest.raises(NotReady) as raised, town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=saved.revision)
    assert [problem.question for problem in raised.value.problems] == ["received"]


def test_guarded_answers_are_neither_seen_nor_changed_by_who_may_not(town: Town) -> None:
    _child, case = town.checked(secret="Whisper", places=[{"detail": "a", "hidden_detail": "Hush"}])
    with town.desk("sam") as desk:
        seen = next(one for one in submissions.of_case(desk, case.id) if one.form == "referral")
        assert "Whisper" not in str(seen)
        assert "Hush" not in str(seen)
        assert seen.hidden == {"secret", "places.hidden_detail"}
        assert "Whisper" not in str(submissions.revisions(desk, seen.id))


def test_saving_leaves_hidden_answers_as_they_were(town: Town, draft: Submission) -> None:
    saved = save(
        town, "anna", draft, 1, worry="w", secret="Whisper", places=[{"detail": "a", "hidden_detail": "Hush"}]
    )
    with town.desk() as desk:
        row = submissions.get(desk, draft.id)
    from engine.casework import paths

    hidden = {"secret", "places.hidden_detail"}
    seen = paths.cut(row.answers, hidden)
    sent = {**seen, "worry": "changed", "secret": "forged"}
    restored = paths.restore(sent, saved.answers, hidden)
    assert restored["worry"] == "changed"
    assert restored["secret"] == "Whisper"
    assert restored["places"][0]["hidden_detail"] == "Hush"


def test_a_record_one_may_not_see_cannot_be_named(town: Town, draft: Submission) -> None:
    group = town.group(by="ben")
    with pytest.raises(NotReady), town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"places": [{"spot": group.id}]}, revision=1)
    mine = town.group(by="anna")
    assert save(town, "anna", draft, 1, places=[{"spot": mine.id}]).revision == 2
    with town.desk("anna") as desk:
        assert records.names(desk, [mine.id, group.id]) == {mine.id: mine.name}


def test_what_was_written_stays_with_its_form_as_it_was_asked(town: Town, draft: Submission) -> None:
    with town.desk("anna") as desk:
        assert submissions.form_of(desk, draft.id).id == "referral"
        assert submissions.evaluate(desk, draft.id).required == ("worry",)


def test_whoever_sends_too_late_is_told_of_no_row_answer_kept_from_them(town: Town) -> None:
    child, case = town.checked()
    with town.desk() as desk:
        row = cases.row_of(desk, case.id)
        draft = submissions.begin(
            desk, "referral", records.row_of(desk, child.id), row, stacks.pinned(desk, row.stack)
        )
    places = [{"_row": "r1", "detail": "seen", "hidden_detail": "guarded"}]
    with town.desk("mia") as desk:
        saved = submissions.save(desk, draft, {"worry": "x", "places": places}, revision=1)
    with pytest.raises(Stale) as met, town.desk("sam") as desk:
        submissions.submit(desk, draft, revision=1)
    assert "guarded" not in str(met.value.conflicts) and "hidden_detail" not in str(met.value.conflicts)
    assert "places.r1.detail" in [one.path for one in met.value.conflicts]
    # A whole row that one took away and another changed holds no cell that is kept from the reader either.
    with town.desk("mia") as desk:
        submissions.save(
            desk, draft, {"worry": "x", "places": [{**places[0], "detail": "more"}]}, revision=saved.revision
        )
    with pytest.raises(Stale) as met, town.desk("sam") as desk:
        submissions.save(desk, draft, {"worry": "x"}, revision=saved.revision)
    assert [one.path for one in met.value.conflicts][:1] != [] and "guarded" not in str(met.value.conflicts)
