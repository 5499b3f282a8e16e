"""The audit trail: every look and change is in it, by whom, and nothing that anybody wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from engine.casework import (
    Desk,
    NotFound,
    NotPermitted,
    actions,
    auditing,
    cases,
    links,
    markers,
    notes,
    records,
    submissions,
    tables,
    tasks,
)
from tests.support.casework import Town

WRITTEN = ("Unmistakable", "Whispered", "Noted", "Planned", "Purposeful", "Decided", "higher", "missing")


def bodies(town: Town) -> list[str]:
    with town.store.reading() as connection:
        ordered = select(tables.audit_event.c.body).order_by(
            tables.audit_event.c.chain, tables.audit_event.c.number
        )
        return list(connection.execute(ordered).scalars())


def actions_of(town: Town, who: str) -> list[str]:
    """What stands in a person's own chain: looks, refusals, signing in."""
    with town.store.reading() as connection:
        chain = tables.audit_event.c.chain == f"person:{town.people[who]}"
        found = connection.execute(
            select(tables.audit_event.c.body).where(chain).order_by(tables.audit_event.c.number)
        )
        return [json.loads(body)["action"] for body in found.scalars()]


def test_nothing_that_people_wrote_is_in_the_trail(town: Town) -> None:
    child = town.child(last_name="Unmistakable")
    case = town.case(child.id)
    town.submitted(
        child.id, case.id, "referral", {"worry": "Whispered", "level": "higher", "markers": ["missing"]}
    )
    group = town.group()
    with town.desk("anna") as desk:
        notes.add(desk, child.id, "Noted")
        actions.open(desk, child.id, "Planned")
        links.add(desk, child.id, group.id, purpose="Purposeful")
        tasks.add(desk, child.id, "Planned too")
        records.find(desk, "Unmistakable")
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        cases.fire(desk, case.id, "send_back", revision=now.revision, reason="Decided")
    trail = "\n".join(bodies(town))
    assert not [word for word in WRITTEN if word.casefold() in trail.casefold()]


def test_a_change_says_who_when_which_questions_and_revision(town: Town) -> None:
    child = town.child()
    with town.desk("mia") as desk:
        records.edit(desk, child.id, {"last_name": "New", "risk_level": "lower"}, revision=1)
    with town.desk("mia") as desk:
        events = records.history(desk, child.id)
    made, edited = events
    assert (made.action, made.person) == ("record.made", town.people["anna"])
    assert (edited.action, edited.person, edited.at) == ("record.edited", town.people["mia"], town.now)
    assert edited.body["questions"] == ["last_name", "risk_level"]
    assert edited.body["revision"] == 2
    assert set(edited.body["digests"]) == {"last_name", "risk_level"}


def test_one_value_has_different_digests_in_two_records(town: Town) -> None:
    one, two = town.child(), town.child()
    with town.desk("anna") as desk:
        digests = [records.history(desk, child.id)[0].body["digests"]["first_name"] for child in (one, two)]
    assert digests[0] != digests[1]


LOOKS: dict[str, Callable[[Desk, str, str, str], Any]] = {
    "record.viewed": lambda desk, child, case, form: records.get(desk, child),
    "record.listed": lambda desk, child, case, form: records.find(desk, "Robin"),
    "history.viewed": lambda desk, child, case, form: records.history(desk, child),
    "case.viewed": lambda desk, child, case, form: cases.get(desk, case),
    "submission.viewed": lambda desk, child, case, form: submissions.get(desk, form),
    "notes.viewed": lambda desk, child, case, form: notes.of_record(desk, child),
    "links.viewed": lambda desk, child, case, form: links.of_record(desk, child),
    "markers.viewed": lambda desk, child, case, form: markers.of_record(desk, child),
    "actions.viewed": lambda desk, child, case, form: actions.of_record(desk, child),
}


def test_every_look_leaves_a_trace(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        form = submissions.of_case(desk, case.id)[0].id
    for action, look in LOOKS.items():
        before = actions_of(town, "noor")
        with town.desk("noor") as desk:
            look(desk, child.id, case.id, form)
        assert action in actions_of(town, "noor")[len(before) :], action


def test_a_look_is_in_the_trail_before_what_was_seen_leaves_the_desk(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        records.get(desk, child.id)
        assert [event.action for event in desk.events] == ["record.viewed"]
    assert actions_of(town, "anna") == ["record.viewed"]


def test_the_systems_own_reading_is_no_look(town: Town) -> None:
    child = town.child()
    before = len(bodies(town))
    with town.desk() as desk:
        records.get(desk, child.id)
    assert len(bodies(town)) == before


def test_a_refused_look_is_kept_although_its_work_is_undone(town: Town) -> None:
    child = town.child()
    with pytest.raises(NotFound), town.desk("ben") as desk:
        records.get(desk, child.id)
    with pytest.raises(NotPermitted), town.desk("noor") as desk:
        desk.forget_grants()
        records.create(desk, "wizard", {})
    assert actions_of(town, "ben") == ["access.refused"]


def test_undone_work_leaves_no_trace_of_having_been_done(town: Town) -> None:
    before = bodies(town)
    with pytest.raises(RuntimeError), town.desk("anna") as desk:
        records.create(desk, "child", {"first_name": "Gone"})
        raise RuntimeError
    assert bodies(town) == before


def test_no_chain_is_everybodys(town: Town) -> None:
    """Changes to two records, and looks by two people, stand in four chains: none waits for another's."""
    one, two = town.child(), town.child(by="ben")
    for who, child in (("anna", one), ("ben", two)):
        with town.desk(who) as desk:
            records.get(desk, child.id)
    with town.store.reading() as connection:
        chains = set(connection.execute(select(tables.audit_head.c.chain)).scalars())
    assert {f"record:{one.id}", f"record:{two.id}"} <= chains
    assert {f"person:{town.people['anna']}", f"person:{town.people['ben']}"} <= chains


def test_an_auditor_reads_trails_only_of_what_they_may_see(town: Town) -> None:
    child = town.child()
    with pytest.raises(NotFound), town.desk("olga") as desk:
        records.history(desk, child.id)


def test_the_trail_is_read_by_auditors_alone_and_its_reading_is_in_it(town: Town) -> None:
    child = town.child()
    with town.desk("olga") as desk:
        assert [event.action for event in auditing.of_record(desk, child.id)] == ["record.made"]
        assert "person.added" in {event.action for event in auditing.of_authority(desk)}
        auditing.of_person(desk, town.people["anna"])
        with pytest.raises(NotFound):
            auditing.of_record(desk, "Robin Example")
    assert actions_of(town, "olga") == ["audit.read"] * 3
    with pytest.raises(NotFound), town.desk("mia") as desk:
        auditing.of_person(desk, town.people["anna"])
    assert actions_of(town, "mia") == ["access.refused"]
