"""Handing work over: what goes and what cannot, all or nothing, back by the clock, told to both."""

from __future__ import annotations

from datetime import date

import pytest

from engine.casework import (
    CaseworkError,
    NotFound,
    NotPermitted,
    actions,
    auditing,
    cases,
    handing_over,
    noticing,
    people,
    portable,
    queries,
    records,
    restricting,
    submissions,
    tasks,
)
from engine.casework.values import Case, Record
from tests.support.casework import Town

BACK = date(2026, 1, 12)


def held(town: Town, by: str = "anna") -> tuple[Record, Case]:
    """A child whose case is held by name, with a task, a plan item and an own draft."""
    child = town.child(by)
    case = town.case(child.id, by)
    with town.desk("mia") as desk:
        tasks.add(desk, child.id, "Ring the school", case=case.id, person=town.people[by])
        actions.open(desk, child.id, "Walk home together", owner=by.title())
    return child, case


def hands(town: Town, case: str) -> set[str]:
    with town.desk("mia") as desk:
        names = people.names(desk, [one.person for one in cases.get(desk, case).allocated])
    return set(names.values())


def given(town: Town, by: str = "mia", giver: str = "anna", taker: str = "ben", **how: object) -> str:
    with town.desk(by) as desk:
        return handing_over.hand_over(desk, town.people[giver], town.people[taker], **how).id  # type: ignore[arg-type]


def told(town: Town, who: str) -> list[tuple[str, str, str, date | None]]:
    with town.desk(who) as desk:
        found = [one for one in tasks.notifications(desk) if one.record is None]
        facts = noticing.handed(desk, found)
        names = {id_: name for name, id_ in town.people.items()}
        return [
            (one.kind, names[facts[one.thing].giver], names[facts[one.thing].taker], facts[one.thing].until)
            for one in found
            if one.thing
        ]


def test_everything_goes_and_comes_back_by_the_clock(town: Town) -> None:
    child, case = held(town)
    with town.desk("mia") as desk:
        plan = handing_over.plan(desk, town.people["anna"], town.people["ben"])
    assert sorted(one.kind for one in plan.goes) == ["action", "allocation", "allocation", "own"]
    assert not plan.stays
    given(town, until=BACK)
    assert hands(town, case.id) == {"Ben"}
    with town.desk("ben") as desk:
        assert cases.get(desk, case.id).id == case.id
        assert [one.label for one in tasks.mine(desk) if one.kind == "own"] == ["Ring the school"]
        assert [one.owner for one in actions.of_record(desk, child.id)] == ["Ben"]
        (one,) = handing_over.of_cases(desk, [cases.get(desk, case.id)])[case.id]
        assert (one.giver, one.taker, one.until) == (town.people["anna"], town.people["ben"], BACK)
    with pytest.raises(NotFound), town.desk("anna") as desk:
        cases.get(desk, case.id)
    assert told(town, "anna") == [("gave", "anna", "ben", BACK)]
    assert told(town, "ben") == [("took", "anna", "ben", BACK)]
    assert told(town, "mia") == []
    town.later(days=6)
    with town.desk() as desk:
        assert handing_over.settle_due(desk) == 0
    town.later(days=1)
    with town.desk() as desk:
        assert handing_over.settle_due(desk) == 1
        assert handing_over.settle_due(desk) == 0
    assert hands(town, case.id) == {"Anna"}
    with town.desk("anna") as desk:
        assert [one.label for one in tasks.mine(desk) if one.kind == "own"] == ["Ring the school"]
        assert [one.owner for one in actions.of_record(desk, child.id)] == ["Anna"]
        assert handing_over.of_cases(desk, [cases.get(desk, case.id)]) == {case.id: []}
    with pytest.raises(NotFound), town.desk("ben") as desk:
        cases.get(desk, case.id)
    assert [one[0] for one in told(town, "anna")] == ["came_back", "gave"]
    assert [one[0] for one in told(town, "ben")] == ["went_back", "took"]


def test_for_good_stays_and_the_trail_holds_ids_alone(town: Town) -> None:
    child, case = held(town)
    made = given(town)
    town.later(days=400)
    with town.desk() as desk:
        assert handing_over.settle_due(desk) == 0
    assert hands(town, case.id) == {"Ben"}
    with town.desk("mia") as desk:
        events = [one for one in records.history(desk, child.id) if one.action == "handed_over"]
        assert {one.body["item"] for one in events} == {made}
        assert all(set(one.body) <= set(auditing_fields()) for one in events)
    with pytest.raises(CaseworkError, match="for good"), town.desk("mia") as desk:
        handing_over.take_back(desk, made)


def auditing_fields() -> tuple[str, ...]:
    return ("authority", "chain", "previous", "record", "item", "thing", "kind", "of", "to")


def test_what_is_chosen_goes_and_the_rest_stays(town: Town) -> None:
    child, case = held(town)
    with town.desk("mia") as desk:
        plan = handing_over.plan(desk, town.people["anna"], town.people["ben"])
    chosen = [one.id for one in plan.goes if one.kind == "allocation"]
    given(town, chosen=chosen)
    assert hands(town, case.id) == {"Ben"}
    with town.desk("mia") as desk:
        assert [one.owner for one in actions.of_record(desk, child.id)] == ["Anna"]
    # A task alone does not go to somebody who would not see what it is about.
    other, _ = held(town)
    with town.desk("mia") as desk:
        goes = handing_over.plan(desk, town.people["anna"], town.people["cara"]).goes
        alone = [one.id for one in goes if one.kind == "own" and one.record == other.id]
    with pytest.raises(CaseworkError, match="cannot be handed over"):
        given(town, taker="cara", chosen=alone)


def test_the_same_press_hands_over_once(town: Town) -> None:
    _, case = held(town)
    first = given(town, key="one press", until=BACK)
    assert given(town, key="one press", until=BACK) == first
    assert len(told(town, "ben")) == 1
    assert hands(town, case.id) == {"Ben"}


def test_one_hands_over_ones_own_and_nobody_elses(town: Town) -> None:
    _, case = held(town)
    with pytest.raises(NotPermitted):
        given(town, by="cara")
    with town.desk("cara") as desk:
        assert handing_over.current(desk, town.people["anna"]) == []
    made = given(town, by="anna", until=BACK)
    assert hands(town, case.id) == {"Ben"}
    with pytest.raises(NotFound), town.desk("cara") as desk:
        handing_over.take_back(desk, made)
    with town.desk("anna") as desk:
        assert [one.id for one in handing_over.current(desk, town.people["anna"])] == [made]
        handing_over.take_back(desk, made)
        handing_over.take_back(desk, made)
    assert hands(town, case.id) == {"Anna"}


def test_an_own_draft_goes_by_its_writers_hand_alone(town: Town) -> None:
    child, _ = held(town)
    with town.desk("anna") as desk:
        draft = submissions.open_draft(desk, "referral", record=child.id)
    with town.desk("mia") as desk:
        kinds = {one.kind for one in handing_over.plan(desk, town.people["anna"], town.people["ben"]).goes}
    assert "draft" not in kinds
    given(town, by="anna", until=BACK)
    with town.desk("ben") as desk:
        assert submissions.get(desk, draft.id).begun_by == town.people["ben"]
    town.later(days=8)
    with town.desk() as desk:
        handing_over.settle_due(desk)
    with town.desk("anna") as desk:
        assert submissions.get(desk, draft.id).begun_by == town.people["anna"]


def test_what_the_taker_may_not_see_stays_and_says_why(town: Town) -> None:
    child, case = held(town)
    with town.desk("mia") as desk:
        named = [town.people["anna"], town.people["mia"]]
        restricting.restrict(
            desk, child.id, reason="The worker is kin to the family.", review_on=date(2026, 6, 1), only=named
        )
        plan = handing_over.plan(desk, town.people["anna"], town.people["ben"])
    assert not plan.goes and {one.why for one in plan.stays} == {"view"}
    with pytest.raises(CaseworkError, match="at least one"):
        given(town)
    # Who may not see the record is shown nothing of it, and cannot count it.
    with town.desk("noor") as desk:
        assert handing_over.plan(desk, town.people["anna"], town.people["ben"]) == handing_over.Plan((), ())
    assert hands(town, case.id) == {"Anna"}


def test_a_role_the_taker_has_not_stays(town: Town) -> None:
    _, case = held(town)
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["anna"], role="practitioner")
        plan = handing_over.plan(desk, town.people["anna"], town.people["noor"])
    assert [one.role for one in plan.stays] == ["practitioner"]
    assert plan.stays[0].why == "role"


@pytest.mark.parametrize(
    ("taker", "until", "says"),
    [
        ("anna", None, "somebody else"),
        ("ben", date(2026, 1, 5), "after today"),
        ("cara", None, "no active account"),
    ],
)
def test_what_makes_no_sense_is_refused(town: Town, taker: str, until: date | None, says: str) -> None:
    _, case = held(town)
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["cara"])
    with pytest.raises(CaseworkError, match=says):
        given(town, taker=taker, until=until)
    assert hands(town, case.id) == {"Anna"}


def test_nothing_has_gone_where_one_thing_fails(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, case = held(town)

    def broken(*_: object) -> None:
        raise CaseworkError("No.")

    monkeypatch.setattr(actions, "hand_on", broken)
    with pytest.raises(CaseworkError, match="No"):
        given(town)
    assert hands(town, case.id) == {"Anna"} and told(town, "ben") == []


def test_what_others_have_meanwhile_stays_with_them(town: Town) -> None:
    _, case = held(town)
    given(town, until=BACK)
    with town.desk("mia") as desk:
        for one in cases.get(desk, case.id).allocated:
            cases.unassign(desk, one.id)
        cases.assign(desk, case.id, person=town.people["cara"])
    town.later(days=8)
    with town.desk() as desk:
        handing_over.settle_due(desk)
    assert hands(town, case.id) == {"Cara"}


def test_a_giver_who_left_meanwhile_gets_nothing_back(town: Town) -> None:
    _, case = held(town)
    given(town, until=BACK)
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["anna"])
    town.later(days=8)
    with town.desk() as desk:
        assert handing_over.settle_due(desk) == 1
    assert hands(town, case.id) == {"Ben"}


def test_a_question_goes_with_its_task_to_who_may_read_it(town: Town) -> None:
    child, case = held(town)
    with town.desk("mia") as desk:
        queries.ask(desk, child.id, "Who is the older one?", case=case.id, person=town.people["anna"])
    given(town, until=BACK)
    with town.desk("ben") as desk:
        (one,) = queries.of_record(desk, child.id)
        assert one.person == town.people["ben"] and "answer" in one.may


def test_asking_as_the_taker_leaves_nothing_behind(town: Town) -> None:
    child, case = held(town)
    with town.desk("mia") as desk:
        portable.found(desk, town.people["anna"], town.people["ben"])
    assert hands(town, case.id) == {"Anna"}
    with town.desk("mia") as desk:
        assert [
            one for one in records.history(desk, child.id) if one.body.get("to") == town.people["ben"]
        ] == []


def test_bringing_back_is_for_who_may_decide_on_each_thing(town: Town) -> None:
    _, case = held(town)
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["tess"])
    made = given(town, giver="tess", until=BACK)
    assert hands(town, case.id) == {"Anna", "Ben"}
    # A teacher decides who holds nothing, and so brings back nothing that a manager gave to another.
    with pytest.raises(NotPermitted), town.desk("tess") as desk:
        handing_over.take_back(desk, made)
    assert hands(town, case.id) == {"Anna", "Ben"}
    second = given(town, giver="anna", taker="cara", until=BACK)
    with town.desk("anna") as desk:
        handing_over.take_back(desk, second)
    assert hands(town, case.id) == {"Anna", "Ben"}


def test_nobody_brings_back_what_they_may_not_see(town: Town) -> None:
    child, case = held(town)
    made = given(town, until=BACK)
    with town.desk("mia") as desk:
        barred = [town.people["noor"]]
        restricting.restrict(
            desk, child.id, reason="The worker is kin to the family.", review_on=BACK, bar=barred
        )
    with pytest.raises(NotPermitted), town.desk("noor") as desk:
        handing_over.take_back(desk, made)
    assert hands(town, case.id) == {"Ben"}


def test_looking_at_what_would_go_leaves_a_trace(town: Town) -> None:
    child, _ = held(town)
    with town.desk("mia") as desk:
        handing_over.plan(desk, town.people["anna"], town.people["ben"])
    with town.desk("olga") as desk:
        seen = {
            one.action
            for one in auditing.of_person(desk, town.people["mia"])
            if one.body.get("record") == child.id
        }
    assert {"record.listed", "actions.viewed"} <= seen
