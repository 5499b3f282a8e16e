"""Cases that wait for others, that are begun once, opened again, taken back; clocks that stand; tellings decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.casework import (
    CaseworkError,
    NotFound,
    NotPermitted,
    Refused,
    awaiting,
    cases,
    deadlines,
    lineage,
    outbox,
    pausing,
    records,
    sharing,
    stacks,
    submissions,
    tasks,
    waits,
    withdrawing,
)
from engine.casework.values import Case, Record
from engine.packs import load_texts
from tests.support.casework import Town, harbour


def asked(town: Town, child: Record | None = None) -> tuple[Record, Case]:
    """A child about whom a strategy discussion waits for an enquiry."""
    child = child or town.child(by="mia")
    case = town.case(child.id, by="mia", workflow="strategy")
    town.submitted(child.id, case.id, "referral", {"worry": "The park", "level": "higher"}, by="mia")
    return child, fire(town, case.id, "ask", reason="Agreed with the chair")


def fire(town: Town, case: str, transition: str, reason: str | None = None, by: str = "mia") -> Case:
    with town.desk(by) as desk:
        now = cases.get(desk, case)
        return cases.fire(desk, case, transition, revision=now.revision, reason=reason)


def of_workflow(town: Town, record: str, workflow: str) -> list[Case]:
    with town.desk("mia") as desk:
        return [one for one in cases.of_record(desk, record) if one.workflow == workflow]


def state(town: Town, case: str) -> str:
    with town.desk("mia") as desk:
        return cases.get(desk, case).state


def due(town: Town, case: str) -> dict[str, date]:
    with town.desk("mia") as desk:
        return {one.what: one.due for one in deadlines.of_case(desk, case) if one.met_at is None}


def declare(town: Town, *days: tuple[str, str]) -> None:
    """Publish the same definitions with these days declared off."""
    texts = dict(harbour().texts)
    (path,) = (one for one in texts if one.endswith("/pack.yaml"))
    listed = "".join(f"  - {{on: {day}, name: {name}}}\n" for day, name in days)
    texts[path] += f"holidays:\n{listed}"
    with town.desk() as desk:
        stacks.publish(desk, load_texts(texts).pack("harbour"))


@pytest.mark.parametrize(("how", "to"), [("find", "agreed"), ("find_nothing", "no_harm")])
def test_a_case_waits_and_goes_on_by_how_the_other_ended(town: Town, how: str, to: str) -> None:
    child, case = asked(town)
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    assert case.state == "asking"
    with town.desk("mia") as desk:
        (line,) = waits.of_case(desk, case.id)
        assert line.refusals[0].message == "Waiting for ‘Enquiry’ (now at ‘Looking into it’)."
        told = lineage.of_case(desk, case.id)
        assert [one.id for one in told.waits_for] == [one.id for one in told.began] == [enquiry.id]
        began_from = lineage.of_case(desk, enquiry.id).began_from
        assert began_from is not None and began_from.id == case.id
        cases.settle(desk, case.id)
    assert state(town, case.id) == "asking"
    fire(town, enquiry.id, how)
    assert state(town, case.id) == to
    with town.desk("mia") as desk:
        assert cases.history(desk, case.id)[-1].person is None
        assert lineage.of_case(desk, case.id).waits_for == ()


def test_what_never_comes_stops_nobody(town: Town) -> None:
    child, case = asked(town)
    assert fire(town, case.id, "without_it", "The enquiry was not needed").state == "agreed"
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    fire(town, enquiry.id, "find_nothing")
    assert state(town, case.id) == "agreed"


def test_a_wake_up_that_was_missed_comes_with_the_clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    child, case = asked(town)
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    with monkeypatch.context() as missed:
        missed.setattr(awaiting, "wake", lambda desk, case: None)
        fire(town, enquiry.id, "find")
    assert state(town, case.id) == "asking"
    with town.desk() as desk:
        deadlines.settle_due(desk)
    assert state(town, case.id) == "agreed"


def test_two_who_ask_wait_for_one_enquiry(town: Town) -> None:
    """Several cases at once on one record: what is begun twice is joined, and each goes on."""
    child, first = asked(town)
    _, second = asked(town, child)
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    assert {first.state, second.state} == {"asking"}
    fire(town, enquiry.id, "find")
    assert {state(town, first.id), state(town, second.id)} == {"agreed"}
    with town.desk("mia") as desk:
        done = [event.action for event in records.history(desk, child.id)]
    assert done.count("case.joined") == 1


def test_a_decision_to_tell_is_kept_and_noticed_but_not_sent(town: Town) -> None:
    child, case = asked(town)
    with town.desk("mia") as desk:
        (found,) = sharing.of_record(desk, child.id)
        (referral,) = submissions.of_case(desk, case.id)
    assert replace(found, id="", consent=None) == replace(
        found,
        id="",
        case=case.id,
        agency="Police",
        what=None,
        submissions=(referral.id,),
        ground="A child may be in danger",
        consent=None,
        reason="Agreed with the chair",
        by=town.people["mia"],
        at=town.now,
    )
    assert found.consent is not None and found.consent.endswith(" Higher")
    letters = [one for one in outbox.pending(town.store, now=town.now) if one.kind == "share"]
    assert [(one.key, dict(one.body)) for one in letters] == [(f"share:{found.id}", {"share": found.id})]
    with pytest.raises(NotFound), town.desk("carl") as desk:
        sharing.of_record(desk, child.id)


def test_a_case_opened_again_keeps_its_past_and_gets_new_dates(town: Town) -> None:
    child, case = asked(town)
    assert due(town, case.id) == {"asking": date(2026, 1, 26)}
    fire(town, case.id, "without_it", "Not needed")
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    fire(town, enquiry.id, "find")
    with town.desk("mia") as desk:
        records.close(desk, child.id)
    town.later(days=100)
    again = fire(town, case.id, "take_up_again", "More has come to light")
    assert (again.state, again.started, again.reopened) == ("held", case.started, town.now)
    assert fire(town, case.id, "ask").state == "asking"
    # Fifteen working days from 15 April, with the bank holiday of 4 May.
    assert due(town, case.id) == {"asking": date(2026, 5, 7)}
    with town.desk("mia") as desk:
        told = lineage.of_case(desk, case.id)
        assert (told.times_reopened, len(told.began)) == (1, 2)
        assert records.get(desk, child.id).open
        assert len(cases.history(desk, case.id)) == 5
        running = [one for one in deadlines.of_case(desk, case.id) if one.met_at is None]
    assert "the day the case was opened again" in running[0].because
    with town.desk() as desk:
        assert deadlines.settle_due(desk) == 0
    town.later(days=30)
    with town.desk() as desk:
        # The enquiry's state, its task, and the case's own deadline, counted anew.
        assert deadlines.settle_due(desk) == 3


def test_nothing_is_begun_by_hand_on_a_closed_record(town: Town) -> None:
    child = town.child(by="mia")
    with town.desk("mia") as desk:
        records.close(desk, child.id)
    with pytest.raises(CaseworkError, match="record is closed"):
        town.case(child.id, by="mia", workflow="strategy")


def test_a_pause_moves_what_runs_and_says_why(town: Town) -> None:
    child, _ = asked(town)
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    assert due(town, enquiry.id) == {"looking": date(2026, 1, 19), "looking.speak": date(2026, 1, 7)}
    town.later(days=2)  # Wednesday 7 January
    with pytest.raises(CaseworkError, match="Say why"), town.desk("mia") as desk:
        pausing.pause(desk, enquiry.id, " ")
    with pytest.raises(NotFound), town.desk("carl") as desk:
        pausing.pause(desk, enquiry.id, "No")
    with town.desk("mia") as desk:
        pausing.pause(desk, enquiry.id, "The police asked us to wait")
        with pytest.raises(CaseworkError, match="stopped already"):
            pausing.pause(desk, enquiry.id, "Again")
    town.later(days=9)  # Friday 16 January: what was due on the 7th has not passed, for the clock stood
    with town.desk() as desk:
        assert deadlines.settle_due(desk) == 0
    with town.desk("mia") as desk:
        assert not [one for one in deadlines.of_case(desk, enquiry.id) if one.overdue]
        pausing.resume(desk, enquiry.id)
        (pause,) = pausing.of_case(desk, enquiry.id)
        assert (pause.reason, pause.ended) == ("The police asked us to wait", town.now)
        with pytest.raises(CaseworkError, match="is running"):
            pausing.resume(desk, enquiry.id)
        found = {one.what: one for one in deadlines.of_case(desk, enquiry.id)}
    # Seven working days, from 7 January to 15 January.
    assert due(town, enquiry.id) == {"looking": date(2026, 1, 28), "looking.speak": date(2026, 1, 16)}
    assert "Paused for 7 working days" in found["looking"].because
    assert found["looking"].rule["pauses"] == [["2026-01-07", "2026-01-16"]]
    with town.desk("mia") as desk:
        done = [event.action for event in records.history(desk, child.id)]
        assert {task.due for task in tasks.of_case(desk, enquiry.id)} == {date(2026, 1, 16)}
    assert (done.count("case.paused"), done.count("case.resumed")) == (1, 1)


def test_a_holiday_declared_late_moves_what_runs_over_it(town: Town) -> None:
    child, case = asked(town)
    (enquiry,) = of_workflow(town, child.id, "enquiry")
    before = due(town, enquiry.id) | due(town, case.id)
    assert before == {
        "looking": date(2026, 1, 19),
        "looking.speak": date(2026, 1, 7),
        "asking": date(2026, 1, 26),
    }
    town.later(days=1)
    declare(town, ("2026-01-09", "Day of rest"), ("2026-01-24", "A Saturday"))
    after = due(town, enquiry.id) | due(town, case.id)
    assert after == {
        "looking": date(2026, 1, 20),
        "looking.speak": date(2026, 1, 7),
        "asking": date(2026, 1, 27),
    }
    with town.desk("mia") as desk:
        found = {one.what: one for one in deadlines.of_case(desk, enquiry.id)}
        done = [event.action for event in records.history(desk, child.id)]
    assert found["looking"].rule["holidays"] == [["2026-01-09", "Declared holiday"]]
    assert "9 January 2026" in found["looking"].because
    assert found["looking.speak"].rule["holidays"] == []
    assert done.count("deadline.moved") == 2


def test_a_form_is_taken_back_by_whoever_sent_it_until_it_is_decided(town: Town) -> None:
    child, case = town.checked()
    with town.desk("anna") as desk:
        (sent,) = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        assert withdrawing.may_take_back_form(desk, sent.id)
        with pytest.raises(CaseworkError, match="Say why"):
            withdrawing.form(desk, sent.id, "")
    with pytest.raises(NotPermitted), town.desk("mia") as desk:
        withdrawing.form(desk, sent.id, "Not mine")
    with town.desk("anna") as desk:
        draft = withdrawing.form(desk, sent.id, "The wrong park")
    assert draft is not None
    with town.desk("anna") as desk:
        old, new = submissions.get(desk, sent.id), submissions.get(desk, draft)
        assert (old.state, old.reason, new.state) == ("withdrawn", "The wrong park", "draft")
        assert new.answers == old.answers
        assert draft in [one.submission for one in tasks.mine(desk)]
        with pytest.raises(Refused):
            withdrawing.form(desk, sent.id, "Twice")
    town.submitted(child.id, case.id, "decision", {"outcome": "accept"}, by="noor")
    with pytest.raises(Refused) as raised:
        fire(town, case.id, "decide")
    assert {one.kind for one in raised.value.refusals} == {"form"}
    with town.desk("anna") as desk:
        submissions.submit(desk, draft, revision=new.revision)
    assert fire(town, case.id, "decide").state == "planning"
    with pytest.raises(Refused), town.desk("anna") as desk:
        withdrawing.form(desk, draft, "Too late")


def test_a_form_outside_a_case_is_taken_back_into_a_draft_of_ones_own(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        begun = submissions.open_draft(desk, "referral", record=child.id)
        answers = {"worry": "Something at the park"}
        sent = submissions.submit(desk, begun.id, revision=begun.revision, answers=answers)
        draft = withdrawing.form(desk, sent.id, "The wrong park")
        assert draft is not None
        assert submissions.get(desk, draft).answers["worry"] == "Something at the park"
        again = submissions.submit(desk, draft, revision=1)
        # On a closed record nothing is begun: it is taken back and that is all.
        records.close(desk, child.id)
        assert withdrawing.form(desk, again.id, "Not needed") is None


def test_a_case_is_taken_back_by_whoever_began_it_until_somebody_decides(town: Town) -> None:
    _child, case = town.checked()
    assert not may_take_back(town, case.id, "mia")
    with pytest.raises(Refused) as raised, town.desk("mia") as desk:
        withdrawing.a_case(desk, case.id, "Not mine", revision=case.revision)
    assert {one.kind for one in raised.value.refusals} == {"role"}
    assert may_take_back(town, case.id, "anna")
    with town.desk("anna") as desk:
        withdrawing.a_case(desk, case.id, "The wrong young person", revision=case.revision)
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        last = cases.history(desk, case.id)[-1]
        assert (now.open, now.withdrawn_at, now.state) == (False, town.now, "checking")
        assert (last.transition, last.reason) == (withdrawing.WITHDRAWN, "The wrong young person")
        assert (tasks.of_case(desk, case.id), cases.choices(desk, case.id)) == ([], [])
        with pytest.raises(Refused):
            cases.fire(desk, case.id, "send_back", revision=now.revision, reason="Why")
    assert due(town, case.id) == {}
    _, second = town.checked()
    fire(town, second.id, "send_back", "Say more")
    assert not may_take_back(town, second.id, "anna")


def may_take_back(town: Town, case: str, who: str) -> bool:
    with town.desk(who) as desk:
        return withdrawing.may_take_back_case(desk, case)


def test_a_case_that_was_awaited_and_is_taken_back_holds_nobody(town: Town) -> None:
    child = town.child(by="mia")
    with town.desk() as desk:
        texts: dict[str, Any] = dict(harbour().texts)
        (path,) = (one for one in texts if one.endswith("/asking.yaml"))
        texts[path] = texts[path].replace(
            "title: Enquiry\nabout: child\n",
            "title: Enquiry\nabout: child\nstart: {by: [manager], label: Enquire}\n",
        )
        stacks.publish(desk, load_texts(texts).pack("harbour"))
    enquiry = town.case(child.id, by="mia", workflow="enquiry")
    _, case = asked(town, child)
    assert case.state == "asking"
    with town.desk("mia") as desk:
        withdrawing.a_case(desk, enquiry.id, "Begun by mistake", revision=enquiry.revision)
    assert state(town, case.id) == "agreed"


def test_a_task_that_somebody_added_is_done_or_taken_back_with_a_reason(town: Town) -> None:
    child, case = town.checked()
    with town.desk("anna") as desk:
        ring = tasks.add(
            desk, child.id, "Ring the school", case=case.id, role="manager", due=date(2026, 1, 9)
        )
        visit = tasks.add(desk, child.id, "Visit", case=case.id)
        with pytest.raises(CaseworkError, match="role"):
            tasks.add(desk, child.id, "Visit", case=case.id, role="wizard")
    with town.desk("mia") as desk:
        assert ring.id in [one.id for one in tasks.mine(desk)]
        tasks.done(desk, ring.id)
        with pytest.raises(CaseworkError, match="Say why"):
            tasks.withdraw(desk, visit.id, "  ")
        tasks.withdraw(desk, visit.id, "They have moved away")
        (own,) = [one for one in tasks.of_case(desk, case.id) if one.kind == "rule"]
        with pytest.raises(CaseworkError, match="the way of the case"):
            tasks.withdraw(desk, own.id, "No")
        ended = {one.label: one.why_withdrawn for one in tasks.ended(desk, case.id)}
        assert ended == {"Ring the school": None, "Visit": "They have moved away"}
    with town.desk("mia") as desk:
        done = [event.action for event in records.history(desk, child.id)]
    assert done.count("task.withdrawn") == done.count("task.done") == 1


def test_what_a_task_says_is_not_for_those_who_see_one_form_alone(town: Town) -> None:
    child, case = town.checked()
    with town.desk("anna") as desk:
        ring = tasks.add(desk, child.id, "Ring the clinic", case=case.id)
        over = tasks.add(desk, child.id, "Read the letter", case=case.id)
        asked = tasks.add(desk, child.id, "Say how school is", case=case.id, role="teacher")
        tasks.done(desk, over.id)
    with town.desk("tess") as desk:
        # The teacher may see that the child is known, by one form; not what others write about it.
        assert [one.id for one in tasks.of_case(desk, case.id) if one.kind == "own"] == [asked.id]
        assert tasks.ended(desk, case.id) == []
        for act in (tasks.get, tasks.done):
            with pytest.raises(NotFound):
                act(desk, ring.id)
        tasks.done(desk, asked.id)
    with town.desk("mia") as desk:
        assert {one.label for one in tasks.ended(desk, case.id)} == {"Read the letter", "Say how school is"}
        assert ring.id in [one.id for one in tasks.of_case(desk, case.id)]


def test_a_task_of_a_state_that_was_left_is_not_told_as_done(town: Town) -> None:
    _, case = town.checked()
    with town.desk("mia") as desk:
        open_now = [one for one in tasks.of_case(desk, case.id) if one.kind == "rule"]
        assert open_now and not any(one.lapsed for one in open_now)
    fire(town, case.id, "send_back", "Say more")
    with town.desk("mia") as desk:
        over = tasks.ended(desk, case.id)
        assert {one.label for one in over} == {one.label for one in open_now} and all(
            one.lapsed for one in over
        )


def test_a_task_of_a_state_that_was_done_stays_told_as_done(town: Town) -> None:
    _, case = town.checked()
    with town.desk("mia") as desk:
        (own,) = [one for one in tasks.of_case(desk, case.id) if one.kind == "rule"]
        tasks.done(desk, own.id)
    fire(town, case.id, "send_back", "Say more")
    with town.desk("mia") as desk:
        assert [one.lapsed for one in tasks.ended(desk, case.id)] == [False]
