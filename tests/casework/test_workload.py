"""What needs somebody, what others have, how work is spread: whose it is, in what order, no more than is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import and_, select

from engine.casework import (
    Desk,
    access,
    cases,
    elsewhere,
    hands,
    narrowing,
    needing,
    people,
    restricting,
    submissions,
    tasks,
    workload,
)
from engine.casework.errors import NotFound, NotPermitted
from engine.casework.tables import case as cases_
from engine.casework.tables import record, submission
from engine.casework.whose import Asked
from tests.casework.test_constant_queries import more
from tests.support.casework import ROLES, Town
from tests.support.sent import sent_by


def needs(town: Town, who: str, **asked: Any) -> list[tuple[str, str, str | None]]:
    with town.desk(who) as desk:
        return [(one.kind, one.why, one.form) for one in needing.now(desk, needing.mine(desk, **asked)).lines]


def test_a_form_is_for_whom_its_decision_waits(town: Town) -> None:
    """The decision is the manager's to write although Anna holds the case; the referral was Anna's."""
    child = town.child()
    case = town.case(child.id)
    assert needs(town, "anna") == [("form", "holder", "referral")]
    assert needs(town, "mia") == []
    town.submitted(child.id, case.id, "referral", {"worry": "Something at the park"})
    assert needs(town, "anna") == []
    assert sorted(needs(town, "mia")) == [("form", "role", "decision"), ("task", "role", None)]
    with town.desk("mia") as desk:
        stands = {one.place[2]: one for one in hands.stands(desk)}
    assert stands["checking"].movers == {"manager"}
    assert dict(stands["checking"].forms) == {"decision": frozenset({"manager"})}


def test_what_somebody_in_the_role_holds_is_theirs(town: Town) -> None:
    _, case = town.checked()
    assert needs(town, "noor") and needs(town, "mia")
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["mia"], role="manager")
    assert needs(town, "noor") == []
    assert {why for _, why, _ in needs(town, "mia")} == {"holder"}
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["mia"])
    assert needs(town, "noor")


def test_a_decision_is_asked_for_once_its_form_is_in(town: Town) -> None:
    child, case = town.checked()
    town.submitted(child.id, case.id, "decision", {"outcome": "accept"}, by="mia")
    with town.desk("mia") as desk:
        for one in tasks.of_case(desk, case.id):
            tasks.done(desk, one.id)
        (line,) = needing.now(desk, needing.mine(desk)).lines
    assert (line.kind, line.why, line.ways) == ("decision", "role", ("send_back", "decide"))
    assert needs(town, "anna") == []


def test_what_came_back_is_its_writers_and_says_why(town: Town) -> None:
    _, case = town.checked()
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        cases.fire(desk, case.id, "send_back", revision=now.revision, reason="Who was there?")
    with town.desk("anna") as desk:
        (line,) = needing.now(desk, needing.mine(desk)).lines
    assert (line.kind, line.form, line.sent_back, line.submission) == (
        "form",
        "referral",
        "Who was there?",
        None,
    )


def test_a_draft_outside_a_case_is_its_writers_alone(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        submissions.open_draft(desk, "referral", record=child.id)
    assert needs(town, "anna") == [("draft", "begun", "referral")]
    with town.desk("mia") as desk:
        assert needing.now(desk, Asked(everyone=True)).total == 0
        assert needing.now(desk, Asked(people=(town.people["anna"],))).total == 0


def test_the_words_of_a_task_are_for_whom_they_are(town: Town) -> None:
    """Tess sees of a child its name and a form: she is not told what somebody wrote for Anna."""
    child = town.child()
    with town.desk("mia") as desk:
        tasks.add(desk, child.id, "Ask about the uncle", person=town.people["anna"])
    for who, sees in (("anna", True), ("noor", True), ("tess", False)):
        with town.desk(who) as desk:
            lines = needing.now(desk, Asked(everyone=True)).lines
        assert ("Ask about the uncle" in {one.label for one in lines}) is sees, who


def test_lines_stand_as_they_press_and_no_page_misses_one(town: Town) -> None:
    child = town.child()
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 11), date(2026, 1, 12), None]
    with town.desk("anna") as desk:
        for number, due in enumerate(days * 3):
            tasks.add(desk, child.id, f"Task {number}", due=due)
        every = needing.now(desk, needing.mine(desk))
        assert every.totals == {"overdue": 3, "back": 0, "today": 3, "week": 3, "later": 3, "undated": 3}
        pages = [needing.now(desk, needing.mine(desk), page=page, size=4) for page in (1, 2, 3, 4)]
        assert [one.label for page in pages for one in page.lines] == [one.label for one in every.lines]
        assert {page.pages for page in pages} == {4} and {page.total for page in pages} == {15}
        assert needing.now(desk, needing.mine(desk), page=99, size=4).page == 4
        assert needing.now(desk, needing.mine(desk, overdue=True)).total == 3
        assert needing.now(desk, needing.mine(desk, words="robin")).total == 15
        assert needing.now(desk, needing.mine(desk, words="nobody")).total == 0
        assert needing.now(desk, needing.mine(desk, kind="form")).total == 0


def test_what_others_have_of_mine_says_who_and_since_when(town: Town) -> None:
    child, case = town.checked()
    with town.desk("anna") as desk:
        tasks.add(desk, child.id, "Ring me", person=town.people["ben"])
        found, total = elsewhere.awaited(desk)
    assert total == 2
    form, task = sorted(found, key=lambda one: one.kind)
    assert (form.form, form.case, form.roles, form.people) == ("referral", case.id, ("manager",), ())
    assert (task.label, task.people) == ("Ring me", (town.people["ben"],))
    with town.desk("mia") as desk:
        assert elsewhere.awaited(desk) == ([], 0)
        cases.assign(desk, case.id, person=town.people["mia"])
    with town.desk("anna") as desk:
        assert [one.people for one in elsewhere.awaited(desk)[0] if one.kind == "form"] == [
            (town.people["mia"],)
        ]


def team_of(town: Town) -> str:
    with town.desk("adam") as desk:
        team = people.add_team(desk, "North").id
        for who in ("anna", "ben", "mia"):
            people.add_to_team(desk, town.people[who], team)
    return team


def test_a_number_is_the_length_of_its_list_whoever_looks(town: Town) -> None:
    team = team_of(town)
    for by in ("anna", "ben", "anna"):
        town.checked(by)
    hidden, case = town.checked("ben")
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        cases.fire(desk, case.id, "send_back", revision=now.revision, reason="More")
        named = [town.people["mia"], town.people["ben"]]
        restricting.restrict(
            desk, hidden.id, reason="The worker is kin to the family.", review_on=date(2026, 6, 1), only=named
        )
    town.later(days=6)
    seen = {}
    for who in ("mia", "noor"):
        with town.desk(who) as desk:
            for load in workload.by_holder(desk, team):
                for part in workload.PARTS:
                    wanted = workload.Wanted(people=(load.person or "",), part=part)
                    assert workload.listed(desk, wanted).total == load.counts[part], (who, load, part)
                seen[who, load.person] = dict(load.counts)
    ben = town.people["ben"]
    assert seen["mia", ben] == {"open": 2, "overdue": 1, "week": 0, "returned": 1}
    assert seen["noor", ben] == {"open": 1, "overdue": 1, "week": 0, "returned": 0}
    with pytest.raises(NotPermitted), town.desk("anna") as desk:
        workload.by_holder(desk, team)
    with pytest.raises(NotFound), town.desk("mia") as desk:
        workload.by_holder(desk, town.people["anna"])


def test_what_is_left_by_who_is_gone_is_held_by_nobody(town: Town) -> None:
    _, case = town.checked("ben")
    with town.desk("mia") as desk:
        assert workload.count(desk, workload.Wanted(nobody=True)) == 0
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["ben"])
    with town.desk("mia") as desk:
        assert [one.id for one in workload.listed(desk, workload.Wanted(nobody=True)).cases] == [case.id]
        cases.assign(desk, case.id, person=town.people["anna"])
        assert workload.count(desk, workload.Wanted(nobody=True)) == 0


def test_the_filters_leave_what_is_let_through_one_by_one(town: Town) -> None:
    """Each filter of `narrowing` against `Grants.may`, for everybody; the control: they differ between people."""
    for by in ("anna", "ben"):
        town.checked(by)
        town.case(town.child(by).id, by)
    found: dict[str, set[str]] = {}
    for who in ROLES:
        with town.desk(who) as desk:
            joined = and_(record.c.authority == cases_.c.authority, record.c.id == cases_.c.record)
            for verb in ("view", "decide"):
                every = desk.rows(select(cases_.c.id, cases_.c.record, cases_.c.state))
                wanted = select(cases_.c.id).join(record, joined).where(narrowing.cases(desk, verb))
                left = {row.id for row in desk.rows(wanted)}
                may = {
                    row.id
                    for row in every
                    if access.grants(desk, row.record, closed_book=False).may(verb, state=row.state)
                }
                assert left == may, (who, verb)
                found[f"{who} {verb}"] = left
            rows = desk.rows(
                select(submission, cases_.c.state.label("stands")).outerjoin(
                    cases_,
                    and_(cases_.c.authority == submission.c.authority, cases_.c.id == submission.c.case),
                )
            )
            forms = desk.rows(
                select(submission.c.id)
                .join(
                    record,
                    and_(record.c.authority == submission.c.authority, record.c.id == submission.c.record),
                )
                .outerjoin(
                    cases_,
                    and_(cases_.c.authority == submission.c.authority, cases_.c.id == submission.c.case),
                )
                .where(narrowing.forms(desk))
            )
            assert {row.id for row in forms} == {
                row.id
                for row in rows
                if access.grants(desk, row.record, closed_book=False).may(
                    "view", form=row.form, state=row.stands
                )
            }, who
            whole = desk.rows(select(record.c.id).where(narrowing.whole(desk)))
            assert {row.id for row in whole} == {
                row.id
                for row in desk.rows(select(record.c.id))
                if access.grants(desk, row.id, closed_book=False).whole
            }, who
    assert len({frozenset(one) for one in found.values()}) > 3


def test_it_is_asked_as_often_for_60_cases_as_for_5(town: Town) -> None:
    team = team_of(town)
    reads: dict[str, tuple[str, Callable[[Desk], object]]] = {
        "needs": ("mia", lambda desk: needing.now(desk, needing.mine(desk))),
        "awaited": ("anna", elsewhere.awaited),
        "cases": ("mia", lambda desk: workload.listed(desk, workload.Wanted())),
        "team": ("mia", lambda desk: workload.by_holder(desk, team)),
    }

    def asks(read: str) -> int:
        who, look = reads[read]
        with town.desk(who) as desk, sent_by(town.store) as said:
            assert desk.stack and desk.roles and desk.teams is not None
            said.clear()
            look(desk)
            return len(said)

    more(town, 3)
    few = [[asks(one) for one in reads] for _ in range(2)][1]
    more(town, 27)
    assert [asks(one) for one in reads] == few
