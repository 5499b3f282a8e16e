"""Statements kept for all who ask alike hold nobody's values; what is read once in a transaction is never stale."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from sqlalchemy import String, select, text, update
from sqlalchemy.exc import StatementError

from engine.casework import Desk, ids, needing, reach, records, standing
from engine.casework.several import among
from engine.casework.tables import record, submission
from tests.support.casework import NOW, Town
from tests.support.sent import sent_by


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


def test_neither_database_need_plan_my_works_statement_anew(town: Town) -> None:
    """Neither a limit nor a submission's state is bound where the embedded one plans by them."""
    with town.desk("anna") as desk, sent_by(town.store) as said:
        _names(desk)
    assert not [one for one in said if re.search(r"(LIMIT|submission\.state =) *[?:%]", one.words)]
    assert [one for one in said if "submission.state = 'draft'" in one.words and "LIMIT 50" in one.words]


@pytest.mark.parametrize("state", ["draft", "dra'ft", "' OR 1=1 --", "%(state)s", ":state", "?"])
def test_a_state_that_is_written_into_a_query_is_quoted_whatever_it_says(town: Town, state: str) -> None:
    child = town.child().id
    town.draft(child, town.case(child).id)
    with town.desk() as desk:
        found = desk.rows(select(submission.c.state).where(submission.c.state == state).limit(5))
        assert [one.state for one in found] == (["draft"] if state == "draft" else [])


def test_a_kept_statement_is_sent_the_same_words_each_time_and_values_by_name_alone(town: Town) -> None:
    for who in ("anna", "ben"):
        child = town.child(by=who).id
        town.draft(child, town.case(child, by=who).id, by=who)
    words = set()
    for who in ("anna", "ben"):
        with town.desk(who) as desk:
            asked = needing.mine(desk)
            with sent_by(town.store) as sent:
                needing.now(desk, asked)
        long = max(sent, key=lambda one: len(one.words))
        words.add(long.words)
        # The viewer's five, whose work, what is kept back, the week and the page: named once each.
        assert len(long.values) == 10
    assert len(words) == 1


def test_what_is_made_of_a_kept_statement_is_refused_and_never_answered_with_it(town: Town) -> None:
    town.child()
    with town.desk("anna") as desk:
        kept = standing.made_once(
            desk,
            ("all",),
            lambda: select(record.c.id).where(record.c.authority == reach.VIEWER.authority),
        )
        assert len(desk.rows(kept)) == len(desk.rows(kept)) > 0
        with pytest.raises(AssertionError, match="is kept"):
            desk.rows(kept.where(record.c.type == "nothing"))


@pytest.mark.parametrize(
    "name", ["O'Hara", 'a "b"', "100 % :so %(x)s", "back\\slash", "plain", ":viewer_person ?"]
)
def test_words_that_stand_in_a_kept_statement_for_good_mean_themselves(town: Town, name: str) -> None:
    one = town.child().id
    town.child()
    with town.desk("anna") as desk:
        desk.run(update(record).where(record.c.id == one).values(name=name))
        kept = standing.made_once(
            desk,
            ("by name", name),
            lambda: select(record.c.id).where(
                record.c.authority == reach.VIEWER.authority, record.c.name.in_([name, "nobody's"])
            ),
        )
        assert [row.id for row in desk.rows(kept)] == [one]


def test_a_statement_of_the_same_shape_is_never_taken_for_a_kept_one(town: Town) -> None:
    """Whoever runs a kept one past its desk leaves it where other statements are looked for."""
    town.child()
    here = select(record.c.id).where(record.c.authority == reach.VIEWER.authority)
    kept = standing.kept_whole(here.where(record.c.type == "nothing"))
    with town.desk("anna") as desk:
        asked = {"viewer_authority": town.authority}
        assert desk.connection.execute(kept, asked).all() == []
        assert len(desk.connection.execute(here.where(record.c.type == "child"), asked).all()) > 0


@pytest.mark.parametrize("many", [0, 1, 3])
def test_a_list_of_values_is_one_value_of_a_statement(town: Town, many: int) -> None:
    children = sorted(town.child().id for _ in range(4))
    here = select(record.c.id).where(record.c.authority == reach.VIEWER.authority).order_by(record.c.id)
    with town.desk("anna") as desk:
        asked = {"wanted": children[:many]}
        with sent_by(town.store) as sent:
            desk.rows(here.where(among(record.c.id, "wanted")), asked)
        assert [row.id for row in desk.rows(here.where(among(record.c.id, "wanted")), asked)] == children[
            :many
        ]
        assert [row.id for row in desk.rows(here.where(~among(record.c.id, "wanted")), asked)] == children[
            many:
        ]
    assert len(sent[-1].values) == 2


def test_a_list_of_words_may_hold_any_words_and_nothing_is_not_among_none(town: Town) -> None:
    one = town.child().id
    odd = ['O\'Hara "x" \\ % :y', ""]
    with town.desk("anna") as desk:
        desk.run(update(record).where(record.c.id == one).values(name=odd[0]))
        mine = select(record.c.id).where(record.c.id == one)
        assert desk.rows(mine.where(among(record.c.name, "odd")), {"odd": odd})
        assert not desk.rows(mine.where(~among(record.c.name, "odd")), {"odd": odd})
        assert desk.rows(mine.where(~among(record.c.closed_at.cast(String), "odd")), {"odd": []})


def test_a_list_without_its_values_is_refused(town: Town) -> None:
    with town.desk("anna") as desk, pytest.raises(StatementError):
        desk.rows(select(record.c.id).where(among(record.c.id, "wanted")))


def test_two_who_run_a_kept_statement_first_and_at_once_are_both_answered(town: Town) -> None:
    """Each works out what it is made of; the two are equal and not the same."""
    town.child()
    with town.desk("anna") as desk:
        kept = standing.made_once(
            desk,
            ("at once",),
            lambda: select(record.c.id).where(record.c.authority == reach.VIEWER.authority),
        )
    many = 8
    ready, found = threading.Barrier(many), []

    def ask() -> None:
        with town.store.desk(town.authority, town.people["anna"], now=town.now, looks=True) as mine:
            ready.wait(20)
            found.append(len(mine.rows(kept)) + len(mine.rows(kept)))

    askers = [threading.Thread(target=ask) for _ in range(many)]
    for one in askers:
        one.start()
    for one in askers:
        one.join(20)
    assert found == [2] * many


def test_a_list_of_values_is_looked_up_by_an_index(town: Town) -> None:
    """Written as though it were a number that is compared, no index would serve it."""
    with town.desk("anna") as desk, sent_by(town.store) as sent:
        desk.by_id(record, [ids.new()])
    assert not re.search(r"\)\s*= 1", sent[-1].words)
    if town.store.embedded:
        with town.store.reading() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1].words}", sent[-1].values)
            assert any("authority=? AND id=?" in row.detail for row in plan)
