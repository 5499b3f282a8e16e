"""One form about several children: written once, each child's part its own, whoever reads and whatever goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine import packs
from engine.casework import (
    NotFound,
    NotPermitted,
    NotReady,
    Stale,
    access,
    actions,
    allocations,
    auditing,
    cases,
    choosing,
    keeping,
    links,
    markers,
    records,
    restricting,
    stacks,
    submissions,
    uploads,
    withdrawing,
)
from engine.casework.errors import CaseworkError
from engine.casework.found_tables import near
from engine.casework.tables import submission_revision, upload
from engine.casework.values import Submission
from tests.support.casework import Town, family

FORM = "brothers_and_sisters"


@dataclass
class Family:
    """Ava and Bo are Anna's; Cal is Ben's. The form is begun in Ava's case."""

    town: Town
    ava: str
    bo: str
    cal: str
    case: str

    def begin(self, *others: str, by: str = "anna") -> Submission:
        with self.town.desk(by) as desk:
            return submissions.open_draft(desk, FORM, record=self.ava, case=self.case, others=others)

    def save(self, draft: Submission, answers: Mapping[str, Any], by: str = "anna") -> Submission:
        with self.town.desk(by) as desk:
            return submissions.save(desk, draft.id, answers, revision=draft.revision)

    def send(self, draft: Submission, answers: Mapping[str, Any], by: str = "anna") -> Submission:
        with self.town.desk(by) as desk:
            return submissions.submit(desk, draft.id, revision=draft.revision, answers=answers)

    def full(self, *about: str, **more: Any) -> dict[str, Any]:
        rows = [{"_row": one, "wishes": f"wish of {number}", **more} for number, one in enumerate(about)]
        return {"home_life": "calm", "part": rows}


@pytest.fixture
def home(town: Town) -> Family:
    with town.desk() as desk:
        stacks.publish(desk, family())
    ava = town.child(first_name="Ava", date_of_birth="2010-01-01").id
    bo = town.child(first_name="Bo", date_of_birth="2020-01-01").id
    cal = town.child("ben", first_name="Cal").id
    return Family(town, ava, bo, cal, town.case(ava, workflow="family_flow").id)


def part_of(found: Submission, record: str) -> Mapping[str, Any]:
    return next(row for row in found.answers["part"] if row["_row"] == record)


def test_each_child_has_a_part_and_is_judged_by_its_own_record(home: Family) -> None:
    draft = home.begin(home.bo)
    assert draft.records == (home.ava, home.bo)
    assert draft.answers["part"] == [{"_row": home.ava}, {"_row": home.bo}]
    with home.town.desk("anna") as desk:
        shown = submissions.evaluate(desk, draft.id).shown
    assert "part[0].teenage" in shown and "part[1].teenage" not in shown
    with pytest.raises(NotReady) as refused, home.town.desk("anna") as desk:
        submissions.submit(
            desk,
            draft.id,
            revision=1,
            answers={"home_life": "calm", "part": [{"_row": home.ava, "wishes": "x"}]},
        )
    assert [one.question for one in refused.value.problems] == ["part[1].wishes"]
    sent = home.send(draft, home.full(home.ava, home.bo))
    assert sent.state == "submitted" and sent.answers["asked"] == "2"


def test_only_records_that_one_may_write_about_can_be_chosen(home: Family) -> None:
    place = home.town.group().id
    for one in (home.cal, place, "11111111-1111-4111-8111-111111111111"):
        with pytest.raises(NotFound):
            home.begin(one)
    draft = home.begin(home.bo)
    with home.town.desk("anna") as desk:
        links.add(desk, home.ava, home.bo, purpose="brother")
        assert choosing.offered(desk, draft.id) == [home.bo]
        with pytest.raises(NotFound):
            choosing.choose(desk, draft.id, [home.cal], revision=draft.revision)


def test_more_than_a_form_can_be_about_is_said_and_changes_nothing(home: Family) -> None:
    draft = home.begin(home.bo)
    many = [home.bo, *(str(uuid4()) for _ in range(choosing.MOST_CHOSEN))]
    with home.town.desk("anna") as desk, pytest.raises(CaseworkError, match="at most 40 people, and 41"):
        choosing.choose(desk, draft.id, many, revision=draft.revision)
    with home.town.desk("anna") as desk:
        assert submissions.get(desk, draft.id).revision == draft.revision


def test_a_child_taken_out_goes_with_its_part_and_comes_back_with_nothing_lost(home: Family) -> None:
    draft = home.save(home.begin(home.bo), home.full(home.ava, home.bo))
    with home.town.desk("anna") as desk:
        alone = choosing.choose(desk, draft.id, [], revision=draft.revision)
        assert alone.records == (home.ava,)
        assert [row["_row"] for row in alone.answers["part"]] == [home.ava]
        earlier = submissions.get(desk, draft.id, revision=draft.revision)
        assert part_of(earlier, home.ava)["wishes"] == "wish of 0"
        with pytest.raises(Stale):
            choosing.choose(desk, draft.id, [home.bo], revision=draft.revision)
        both = choosing.choose(desk, draft.id, [home.bo], revision=alone.revision)
    assert both.records == (home.ava, home.bo) and both.answers["part"][1] == {"_row": home.bo}
    # A row of a child that the form is not about is not stored, whoever sends it.
    forged = home.save(both, {**both.answers, "part": [{"_row": home.cal, "wishes": "forged"}]})
    assert "forged" not in str(forged.answers)


def test_two_write_at_once_in_two_childrens_parts(home: Family) -> None:
    draft = home.begin(home.bo)
    home.save(draft, {"part": [{"_row": home.ava, "wishes": "hers"}]})
    merged = home.save(draft, {"part": [{"_row": home.bo, "wishes": "his"}]}, by="mia")
    assert [row["wishes"] for row in merged.answers["part"]] == ["hers", "his"]
    with pytest.raises(Stale) as met:
        home.save(draft, {"part": [{"_row": home.ava, "wishes": "other"}]}, by="mia")
    assert [one.path for one in met.value.conflicts] == [f"part.{home.ava}.wishes"]


def test_a_reader_of_one_child_sees_what_is_shared_and_that_childs_part(home: Family) -> None:
    sent = home.send(home.begin(home.bo), home.full(home.ava, home.bo, guarded_note="guarded"))
    with home.town.desk() as desk:
        case = cases.start(desk, "referral_flow", record=home.bo)
        allocations.add(desk, cases.row_of(desk, case.id), person=home.town.people["cara"])
    with home.town.desk("cara") as desk:
        [found] = submissions.of_record(desk, home.bo)
        assert (found.record, found.records, found.case) == (home.bo, (home.bo,), None)
        assert found.answers["home_life"] == "calm" and part_of(found, home.bo)["wishes"] == "wish of 1"
        whole = submissions.get(desk, found.id)
        judged = submissions.judge(desk, found.id)
        told = judged.evaluate()
        told_all: list[Any] = [
            str(whole),
            str(submissions.revisions(desk, found.id)),
            str(told.answers),
            told.shown,
        ]
        told_all += [judged.summary(), submissions.facts_of(desk, found.id), told.problems, told.advice]
        assert home.ava not in str(told_all) and "wish of 0" not in str(told_all)
        assert [one for one in told.shown if one.startswith("part[1]")] == []
        assert not found.may & {"submit", "edit", "decide"}
        for refused in (
            lambda: submissions.save(desk, found.id, {}, revision=found.revision),
            lambda: submissions.confirm(desk, found.id, ["part"]),
        ):
            with pytest.raises(NotPermitted):
                refused()
        with pytest.raises(NotFound):
            submissions.of_record(desk, home.ava)
        with pytest.raises(NotFound):
            submissions.get(desk, found.id, about=home.ava)
    with home.town.desk("anna") as desk:
        # Whoever sees both sees on each child's record that child's part alone.
        [on_bo] = [one for one in submissions.of_record(desk, home.bo) if one.id == sent.id]
        assert "wish of 0" not in str(on_bo.answers)
        assert len(submissions.get(desk, sent.id).answers["part"]) == 2
    with pytest.raises(NotFound), home.town.desk("ben") as desk:
        submissions.get(desk, sent.id)


def test_a_child_that_is_restricted_is_not_in_the_form_for_those_kept_out(home: Family) -> None:
    sent = home.send(home.begin(home.bo), home.full(home.ava, home.bo))
    with home.town.desk("mia") as desk:
        restricting.restrict(
            desk, home.bo, only=[home.town.people["mia"]], reason="Kept apart", review_on=date(2026, 3, 1)
        )
    with home.town.desk("anna") as desk:
        found = submissions.get(desk, sent.id)
        told = submissions.judge(desk, sent.id)
        assert found.records == (home.ava,) and home.bo not in str(found) + str(told.evaluate().answers)
        assert told.evaluate().answers["asked"] == "2"  # decided by all, as it was sent


def test_each_part_s_effects_go_to_its_own_child(home: Family) -> None:
    draft = home.begin(home.bo)
    answers = home.full(home.ava, home.bo)
    answers["part"][0] |= {"concerns": ["missing"], "what": "A talk", "due": "2026-02-01"}
    answers["part"][1] |= {"concerns": ["exploited"], "what": "A visit"}
    home.send(draft, answers)
    with home.town.desk("mia") as desk:
        case = cases.get(desk, home.case)
        cases.fire(desk, case.id, "agree", revision=case.revision)
        for child, option, what in ((home.ava, "missing", "A talk"), (home.bo, "exploited", "A visit")):
            assert [one.option for one in markers.of_record(desk, child)] == [option]
            assert [one.what for one in actions.of_record(desk, child)] == [what]
        [on_bo] = actions.of_record(desk, home.bo)
        assert on_bo.case is None
        [form] = submissions.of_record(desk, home.bo)
        assert form.state == "approved" and form.decided_by == home.town.people["mia"]


def test_what_is_carried_comes_from_each_child_s_own_forms_and_goes_there(home: Family) -> None:
    for child, worry in ((home.ava, "about Ava"), (home.bo, "about Bo")):
        referral = home.town.case(child)
        home.town.submitted(child, referral.id, "referral", {"worry": worry})
    draft = home.begin()
    assert part_of(draft, home.ava)["worry"] == "about Ava"
    with home.town.desk("anna") as desk:
        draft = choosing.choose(desk, draft.id, [home.bo], revision=draft.revision)
    assert part_of(draft, home.bo)["worry"] == "about Bo"
    carried = {f"part.{home.ava}.worry", f"part.{home.bo}.worry"}
    assert set(draft.carried) == carried
    answers = home.full(home.ava, home.bo)
    for row in answers["part"]:
        row["worry"] = part_of(draft, row["_row"])["worry"]
    sent = home.send(draft, answers)
    with home.town.desk("mia") as desk:
        case = cases.get(desk, home.case)
        [choice] = [one for one in cases.choices(desk, case.id) if one.transition == "agree"]
        assert not choice.allowed and "The first worry" in str(choice.refusals)
        submissions.confirm(desk, sent.id, carried)
        cases.fire(desk, case.id, "agree", revision=case.revision)
    talk = home.town.draft(home.ava, home.case, "next_talk")
    assert talk.answers == {"wishes_before": "wish of 0", "home_before": "calm"}
    other = home.town.case(home.bo, workflow="family_flow")
    home.town.later(minutes=1)
    home.town.submitted(home.bo, other.id, FORM, home.full(home.bo))
    with home.town.desk("mia") as desk:
        cases.fire(desk, other.id, "agree", revision=cases.get(desk, other.id).revision)
    assert home.town.draft(home.bo, other.id, "next_talk").answers["wishes_before"] == "wish of 0"


def test_each_record_s_trace_holds_what_was_done_to_its_own_part(home: Family) -> None:
    draft = home.begin(home.bo)
    home.save(draft, {"home_life": "calm", "part": [{"_row": home.bo, "wishes": "his"}]})
    with home.town.desk("olga") as desk:
        events = {one: auditing.of_record(desk, one) for one in (home.ava, home.bo)}
    saved = {
        one: next(event for event in found if event.action == "submission.saved")
        for one, found in events.items()
    }
    assert saved[home.ava].body["questions"] == ["home_life"]
    assert saved[home.bo].body["questions"] == ["home_life", "part"]
    assert home.ava not in str(events[home.bo]) and home.bo not in str(events[home.ava])
    assert home.case not in str(events[home.bo])


PDF = b"%PDF-1.7 A letter home."


def attached(home: Family, draft: Submission, path: str, by: str = "anna") -> str:
    with home.town.desk(by) as desk:
        return uploads.add(desk, draft.id, path, "Letter.pdf", PDF).id


def test_a_file_in_one_childs_part_is_read_by_whoever_sees_that_child(home: Family) -> None:
    draft = home.begin(home.bo)
    avas, bos = (attached(home, draft, f"part.{one}.drawing") for one in (home.ava, home.bo))
    rows = [{"_row": home.ava, "drawing": [avas]}, {"_row": home.bo, "drawing": [bos]}]
    home.save(draft, {"part": rows})
    with home.town.desk("anna") as desk:
        assert uploads.read(desk, draft.id, avas)[1] == uploads.read(desk, draft.id, bos)[1] == PDF
    with home.town.desk() as desk:
        case = cases.start(desk, "referral_flow", record=home.bo)
        allocations.add(desk, cases.row_of(desk, case.id), person=home.town.people["cara"])
    with home.town.desk("cara") as desk:
        assert uploads.read(desk, draft.id, bos)[1] == PDF
    with pytest.raises(NotFound), home.town.desk("cara") as desk:
        uploads.read(desk, draft.id, avas)


def test_a_part_names_only_files_added_to_it_and_records_one_may_see(home: Family) -> None:
    other = home.town.draft(home.cal, None, FORM, by="ben")
    theirs = attached(home, other, "letters", by="ben")
    draft = home.begin(home.bo)
    beside = attached(home, draft, "letters")
    for forged in ({"drawing": [theirs]}, {"drawing": [beside]}, {"friend": home.cal}):
        with pytest.raises(NotReady) as refused:
            home.save(draft, {"part": [{"_row": home.bo, **forged}]})
        assert [one.question for one in refused.value.problems] == [f"part[0].{next(iter(forged))}"]
    home.save(draft, {"letters": [beside], "part": [{"_row": home.bo, "friend": home.ava}]})


def test_no_file_is_added_to_a_question_in_a_part_that_one_may_not_answer(home: Family) -> None:
    child, _ = home.town.checked()
    draft = home.town.draft(child.id, None, FORM, by="sam")
    attached(home, draft, f"part.{child.id}.drawing", by="sam")
    with pytest.raises(NotFound):
        attached(home, draft, f"part.{child.id}.guarded_file", by="sam")


def test_taking_it_back_stands_in_the_trace_of_each_and_names_no_other(home: Family) -> None:
    sent = home.send(home.begin(home.bo), home.full(home.ava, home.bo))
    with home.town.desk("anna") as desk:
        draft = withdrawing.form(desk, sent.id, "Too early")
        assert draft is not None and submissions.get(desk, draft).records == (home.ava, home.bo)
    with home.town.desk("olga") as desk:
        for child, other in ((home.ava, home.bo), (home.bo, home.ava)):
            found = auditing.of_record(desk, child)
            assert [one.body["item"] for one in found if one.action == "submission.withdrawn"] == [sent.id]
            assert other not in str(found)
        assert home.case not in str(auditing.of_record(desk, home.bo))


@pytest.mark.parametrize("gone", ["ava", "bo"])
def test_files_that_all_share_outlive_one_of_them(home: Family, gone: str) -> None:
    left = "bo" if gone == "ava" else "ava"
    going, staying = getattr(home, gone), getattr(home, left)
    draft = home.begin(home.bo)
    letter = attached(home, draft, "letters")
    its, others = (attached(home, draft, f"part.{one}.drawing") for one in (going, staying))
    rows = [
        {"_row": going, "wishes": "x", "drawing": [its]},
        {"_row": staying, "wishes": "y", "drawing": [others]},
    ]
    home.send(draft, {"home_life": "calm", "letters": [letter], "part": rows})
    with home.town.desk("mia") as desk:
        for transition in ("agree", "finish"):
            cases.fire(desk, home.case, transition, revision=cases.get(desk, home.case).revision)
        records.close(desk, going)
    home.town.later(days=366 * 40)
    with home.town.desk("kit") as desk:
        keeping.destroy(desk, going, "The time is up")
    with home.town.desk("kit") as desk:
        assert uploads.read(desk, draft.id, letter)[1] == uploads.read(desk, draft.id, others)[1] == PDF
        assert its not in {one.id for one in desk.rows(upload.select())}


@pytest.mark.parametrize("gone", ["ava", "bo"])
def test_destroying_one_child_takes_its_part_and_leaves_the_others(home: Family, gone: str) -> None:
    left = "bo" if gone == "ava" else "ava"
    going, staying = getattr(home, gone), getattr(home, left)
    draft = home.begin(home.bo)
    answers = home.full(home.ava, home.bo)
    for row in answers["part"]:
        whose = "ava" if row["_row"] == home.ava else "bo"
        row["wishes"] = f"wish of {whose} {whose}word"
    sent = home.send(home.save(draft, answers), answers)
    with home.town.desk("mia") as desk:
        for transition in ("agree", "finish"):
            cases.fire(desk, home.case, transition, revision=cases.get(desk, home.case).revision)
        records.close(desk, going)
    home.town.later(days=366 * 40)
    with home.town.desk("kit") as desk:
        keeping.destroy(desk, going, "The time is up")
    with home.town.desk("kit") as desk:
        [found] = submissions.of_record(desk, staying)
        assert (found.id, found.record, found.records) == (sent.id, staying, (staying,))
        assert found.answers["home_life"] == "calm" and f"wish of {left}" in str(found.answers)
        kept = desk.rows(submission_revision.select())
        assert f"wish of {gone}" not in str([found, kept]) and going not in str([found, kept])
        assert submissions.evaluate(desk, found.id).shown
        assert access.may(desk, "view", staying)
        spelt = set(desk.run(select(near.c.word)).scalars())
        assert {name for name in ("avaword", "boword") if name in spelt} == {f"{left}word"}


def test_what_approves_by_itself_is_nobody_s_decision(town: Town) -> None:
    by_hand = "    label: Agree\n    from: looking\n    to: seen\n    by: [manager]\n"
    texts = dict(family().texts)
    path = "workflows/harbour/family.yaml"
    texts[path] = texts[path].replace(by_hand, "    from: looking\n    to: seen\n    automatic: yes\n")
    with town.desk() as desk:
        stacks.publish(desk, packs.load_texts(texts).pack("harbour"))
    ava = town.child().id
    case = town.case(ava, workflow="family_flow").id
    sent = town.submitted(ava, case, FORM, {"home_life": "calm", "part": [{"_row": ava, "wishes": "x"}]})
    with town.desk("anna") as desk:
        found = submissions.get(desk, sent.id)
        assert (found.state, found.decided_by) == ("approved", None) and found.decided_at is not None
    with town.desk("olga") as desk:
        [event] = [one for one in auditing.of_record(desk, ava) if one.action == "submission.approved"]
    assert event.body["automatic"] is True


def test_cases_that_wait_for_a_role_are_found_whatever_waits_longer(town: Town) -> None:
    for number in range(3):
        town.case(town.child(first_name=f"Old{number}").id)
    town.later(days=1)
    _, checked = town.checked()
    with town.desk("mia") as desk:
        places = cases.places(desk)
        assert {one[2] for one in places} == {"writing", "checking"}
        wanted = [one for one in places if one[2] == "checking"]
        assert [one.id for one in cases.open_cases(desk, standing=wanted, limit=1)] == [checked.id]
        assert cases.open_cases(desk, standing=wanted, besides={checked.id}) == []
        # The control: by age alone it would not be among the first.
        assert checked.id not in [one.id for one in cases.open_cases(desk, limit=1)]
