"""Statements kept for all who ask alike hold nobody's values; what is read once in a transaction is never stale."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text, update

from engine.casework import Desk, needing, reach, records, standing
from engine.casework.tables import record, submission
from tests.casework.test_constant_queries import counted
from tests.support.casework import NOW, Town


def _names(desk: Desk) -> list[tuple[str, str]]:
    return [(one.kind, one.record) for one in needing.now(desk, needing.mine(desk)).lines]


def test_two_people_of_one_role_run_one_statement_and_get_each_their_own(town: Town) -> None:
    mine = {}
    for who in ("anna", "ben"):
        child = town.child(by=who)
        mine[who] = child.id
        town.draft(child.id, town.case(child.id, by=who).id, by=who)
    with town.desk("anna") as desk:
        anna = _names(desk)
        kept = len(town.store.conditions)
        roles = desk.roles
    with town.desk("ben") as desk:
        assert desk.roles == roles
        ben = _names(desk)
    assert len(town.store.conditions) == kept, "the second made statements of his own"
    assert {one for _, one in anna} == {mine["anna"]}
    assert {one for _, one in ben} == {mine["ben"]}


@pytest.mark.parametrize("what", ["id", "in a list", "day", "moment"])
def test_a_statement_with_somebodys_own_value_in_it_is_refused_and_not_kept(town: Town, what: str) -> None:
    ours: dict[str, Any] = {
        "id": record.c.authority == town.authority,
        "in a list": record.c.id.in_([town.authority]),
        "day": record.c.made_at > NOW.date(),
        "moment": record.c.made_at > NOW,
    }
    with town.desk("anna") as desk:
        with pytest.raises(standing.SomebodysOwn):
            standing.made_once(desk, ("tried", what), lambda: select(record.c.id).where(ours[what]))
        kept = standing.made_once(
            desk,
            ("tried", what),
            lambda: select(record.c.id).where(record.c.authority == reach.VIEWER.authority),
        )
        assert desk.rows(kept) == []


def test_what_was_read_is_read_again_once_it_was_written(town: Town) -> None:
    child = town.child().id
    with town.desk("anna") as desk:
        before = records.row_of(desk, child)
        assert records.row_of(desk, child) is before
        desk.run(update(record).where(record.c.id == child).values(name="Another"))
        assert records.row_of(desk, child).name == "Another"


@pytest.mark.parametrize("after", ["lock", "undone", "other words"])
def test_what_was_read_is_read_again_after_a_wait_or_what_was_undone(town: Town, after: str) -> None:
    child = town.child().id
    with town.desk("anna") as desk:
        before = records.row_of(desk, child)
        if after == "lock":
            records.row_of(desk, child, lock=True)
        elif after == "other words":
            desk.run(text("UPDATE record SET name = name"))
        else:
            desk.forget_read()
        assert records.row_of(desk, child) is not before


def test_two_desks_of_one_transaction_know_of_each_others_writing(town: Town) -> None:
    child = town.child().id
    with town.desk("anna") as desk:
        beside = Desk(desk.store, desk.connection, desk.authority, desk.person or "", desk.now)
        assert records.row_of(beside, child).name != "Another"
        desk.run(update(record).where(record.c.id == child).values(name="Another"))
        assert records.row_of(beside, child).name == "Another"


def test_the_embedded_database_need_not_plan_my_works_statement_anew(town: Town) -> None:
    """Neither a limit nor a submission's state is bound where it plans by them; PostgreSQL binds them."""
    with town.desk("anna") as desk, counted(town.store) as said:
        _names(desk)
    bound = [one for one in said if "LIMIT ?" in one or "submission.state = ?" in one]
    assert not bound
    written = [one for one in said if "submission.state = 'draft'" in one]
    assert bool(written) == town.store.embedded


@pytest.mark.parametrize("state", ["draft", "dra'ft", "' OR 1=1 --", "%(state)s", ":state", "?"])
def test_a_state_that_is_written_into_a_query_is_quoted_whatever_it_says(town: Town, state: str) -> None:
    child = town.child().id
    town.draft(child, town.case(child).id)
    with town.desk() as desk:
        found = desk.rows(select(submission.c.state).where(submission.c.state == state).limit(5))
        assert [one.state for one in found] == (["draft"] if state == "draft" else [])
