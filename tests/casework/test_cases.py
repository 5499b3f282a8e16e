"""Cases: pinned to their definitions, moved by the machine, with every effect in the same transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.casework import (
    CaseworkError,
    Desk,
    NotFound,
    NotPermitted,
    NotReady,
    Refused,
    actions,
    cases,
    deadlines,
    markers,
    outbox,
    performing,
    posting,
    records,
    submissions,
    tasks,
)
from tests.support.casework import Town


def decided(town: Town, outcome: str = "accept", **answers: object) -> tuple[str, str]:
    """A child whose referral mia has decided on; ids of record and case."""
    child, case = town.checked(**answers)
    town.submitted(child.id, case.id, "decision", {"outcome": outcome}, by="mia")
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        cases.fire(desk, case.id, "decide", revision=now.revision)
    return child.id, case.id


def kinds(raised: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.kind for refusal in raised.value.refusals}


def test_only_who_the_workflow_names_may_begin_a_case(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        assert [one.id for one in cases.startable(desk, child.id)] == ["referral_flow"]
    with pytest.raises(NotFound):
        town.case(child.id, by="ben")
    with pytest.raises(NotPermitted), town.desk("anna") as desk:
        cases.start(desk, "watching", record=child.id)


def test_submitting_moves_the_case_on_by_itself(town: Town) -> None:
    _child, case = town.checked()
    assert case.state == "checking"
    with town.desk("mia") as desk:
        steps = cases.history(desk, case.id)
        assert [(one.transition, one.came_from, one.to) for one in steps] == [
            (None, None, "writing"),
            ("sent", "writing", "checking"),
        ]
        assert [one.person for one in steps] == [town.people["anna"], None]
        assert [one.label for one in tasks.mine(desk)] == ["Ring the referrer"]
        assert len(tasks.notifications(desk)) == 1


def test_a_refused_transition_says_every_reason_and_changes_nothing(town: Town) -> None:
    _child, case = town.checked()
    with pytest.raises(Refused) as raised, town.desk("mia") as desk:
        cases.fire(desk, case.id, "send_back", revision=case.revision + 1)
    assert kinds(raised) == {"revision", "reason"}
    with pytest.raises(Refused) as raised, town.desk("mia") as desk:
        cases.fire(desk, case.id, "decide", revision=case.revision)
    assert "guard" in kinds(raised) or "unknown" in kinds(raised)
    with pytest.raises(Refused) as raised, town.desk("anna") as desk:
        cases.fire(desk, case.id, "send_back", revision=case.revision, reason="No")
    assert kinds(raised) == {"role"}
    with town.desk("mia") as desk:
        assert cases.get(desk, case.id).revision == case.revision


def test_effects_happen_with_the_decision(town: Town) -> None:
    record, case = decided(town, level="higher", markers=["missing", "exploited"])
    with town.desk("mia") as desk:
        moved = cases.get(desk, case)
        assert moved.state == "planning"
        assert {(one.role, one.person) for one in moved.allocated} >= {("manager", town.people["mia"])}
        assert sorted(one.option for one in markers.of_record(desk, record)) == ["exploited", "missing"]
        assert records.get(desk, record).fields["risk_level"] == "higher"
        assert {one.workflow for one in cases.of_record(desk, record)} == {"referral_flow", "watching"}
        referral = next(one for one in submissions.of_case(desk, case) if one.form == "referral")
        assert (referral.state, referral.decided_by) == ("approved", town.people["mia"])
    with town.desk("anna") as desk:
        assert [one.message for one in tasks.notifications(desk)] == ["Your referral has been decided."]
    with town.desk("tess") as desk:
        (task,) = tasks.mine(desk)
        assert (task.form, task.role, task.label) == ("school_view", "teacher", "Complete The school's view")
    with town.desk("anna") as desk:
        posting.choose(desk, email="anna@harbour.example", letters=posting.ONCE)
    with town.desk() as desk:
        assert posting.post(desk) == 1
    letters = outbox.pending(town.store, now=town.now)
    assert {letter.kind for letter in letters} == {"mail"}
    assert "Robin" not in str([letter.body for letter in letters])


def test_plan_items_become_actions_once_and_markers_end(town: Town) -> None:
    record, case = decided(town, markers=["missing"])
    rows = [{"what": "Meet at school", "social_field": "peers", "owner": "Anna", "due": "2026-02-01"}]
    town.submitted(record, case, "plan", {"actions": rows}, by="mia")
    with town.desk("mia") as desk:
        cases.fire(desk, case, "finish", revision=cases.get(desk, case).revision)
        (action,) = actions.of_record(desk, record)
        assert (action.what, action.social_field, action.due) == ("Meet at school", "peers", date(2026, 2, 1))
        assert markers.of_record(desk, record) == []
        (ended,) = markers.of_record(desk, record, ended=True)
        assert ended.why_ended == "Found"
        assert cases.get(desk, case).closed_at == town.now
    with town.desk("mia") as desk:
        now = cases.get(desk, case)
        cases.fire(desk, case, "take_up_again", revision=now.revision, reason="New worry")
        again = cases.get(desk, case)
        assert (again.state, again.closed_at) == ("planning", None)
        cases.fire(desk, case, "finish", revision=again.revision)
        assert len(actions.of_record(desk, record)) == 1


def test_the_worker_whose_case_closed_holds_it_no_more_but_who_made_the_record_does(town: Town) -> None:
    _record, case = decided(town, outcome="refuse")
    with town.desk("anna") as desk:
        assert cases.get(desk, case).state == "closed"


def test_sent_back_begins_again_with_what_was_written(town: Town) -> None:
    child, case = town.checked(good="Football")
    with town.desk("mia") as desk:
        cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Say where")
    with town.desk("anna") as desk:
        assert "come back" in tasks.notifications(desk)[0].message
        assert cases.get(desk, case.id).state == "writing"
        draft = submissions.open_draft(desk, "referral", record=child.id, case=case.id)
        assert draft.answers["good"] == "Football"
        submissions.submit(desk, draft.id, revision=draft.revision)
        states = {one.id: one.state for one in submissions.of_case(desk, case.id)}
        assert sorted(states.values()) == ["submitted", "superseded"]
        assert cases.get(desk, case.id).state == "checking"


def test_nobody_decides_on_their_own_work(town: Town) -> None:
    child, case = town.checked(by="mia")
    town.submitted(child.id, case.id, "decision", {"outcome": "accept"}, by="noor")
    with pytest.raises(Refused) as raised, town.desk("mia") as desk:
        cases.fire(desk, case.id, "decide", revision=case.revision)
    assert kinds(raised) == {"four_eyes"}
    with town.desk("noor") as desk:
        assert cases.fire(desk, case.id, "decide", revision=case.revision).state == "planning"


def test_a_press_sent_twice_fires_once(town: Town) -> None:
    _child, case = town.checked()
    with town.desk("mia") as desk:
        first = cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Why", key="k")
    with town.desk("mia") as desk:
        again = cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Why", key="k")
    assert first.revision == again.revision


def test_deadlines_run_pass_and_are_met(town: Town) -> None:
    _child, case = town.checked()
    with town.desk("mia") as desk:
        running = {one.what: one for one in deadlines.of_case(desk, case.id)}
        assert {what: one.due for what, one in running.items()} == {
            "checking": date(2026, 1, 8),
            "checking.ring": date(2026, 1, 6),
        }
        assert running["checking"].rule["unit"] == "working days"
        assert running["checking"].because
    town.later(days=3)
    with town.desk() as desk:
        assert deadlines.settle_due(desk) == 1  # the task's; the state's is due at the end of this day
    town.later(days=1)
    with town.desk() as desk:
        assert deadlines.settle_due(desk) == 1
        assert deadlines.settle_due(desk) == 0
    with town.desk("noor") as desk:
        assert "A decision is late." in [one.message for one in tasks.notifications(desk)]
        assert [one.overdue for one in deadlines.of_case(desk, case.id)] == [True, True]
        cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Late")
        assert [one.overdue for one in deadlines.of_case(desk, case.id)] == [False, False]


def test_only_the_clock_settles_deadlines(town: Town) -> None:
    with pytest.raises(NotPermitted), town.desk("mia") as desk:
        deadlines.settle_due(desk)


def test_the_record_closes_by_effect(town: Town) -> None:
    record, _case = decided(town)
    with town.desk("mia") as desk:
        watching = next(one for one in cases.of_record(desk, record) if one.workflow == "watching")
    town.submitted(record, watching.id, "school_view", {"seen": "Friends wait at the gate"}, by="tess")
    with town.desk("mia") as desk:
        now = cases.get(desk, watching.id)
        cases.fire(desk, watching.id, "end_watch", revision=now.revision)
        assert records.get(desk, record).closed_at == town.now
        assert cases.startable(desk, record) == []


def test_a_form_that_is_not_asked_for_is_not_opened(town: Town) -> None:
    child = town.child()
    case = town.case(child.id)
    with pytest.raises(Exception, match="not asked for"), town.desk("anna") as desk:
        submissions.open_draft(desk, "plan", record=child.id, case=case.id)


def test_a_declared_task_stays_done(town: Town) -> None:
    _child, case = town.checked()
    with town.desk("mia") as desk:
        (task,) = tasks.mine(desk)
        tasks.done(desk, task.id)
        cases.settle(desk, case.id)
        assert tasks.mine(desk) == []


def test_an_incomplete_form_is_not_handed_in(town: Town) -> None:
    child = town.child()
    case = town.case(child.id)
    with pytest.raises(NotReady) as raised:
        town.submitted(child.id, case.id, "referral", {"good": "Football"})
    assert [problem.question for problem in raised.value.problems] == ["worry"]
    with town.desk("anna") as desk:
        assert cases.get(desk, case.id).state == "writing"


def test_one_deadline_that_cannot_be_acted_on_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = town.checked()
    _, second = town.checked()
    town.later(days=10)
    real = performing.passed

    def stumbling(desk: Desk, row: Any, what: str) -> None:
        real(desk, row, what)
        if row.id == first.id:
            raise CaseworkError("The person named has no active account here.")

    monkeypatch.setattr(performing, "passed", stumbling)
    with town.desk() as desk:
        assert deadlines.settle_due(desk) == 2
        assert deadlines.settle_due(desk) == 0
    with town.desk("mia") as desk:
        late = [one.case for one in tasks.notifications(desk) if one.message == "A decision is late."]
        assert late == [second.id]
        done = [event.action for event in records.history(desk, first.record)]
        assert done.count("deadline.not_acted_on") == 2
        assert "deadline.passed" not in done
