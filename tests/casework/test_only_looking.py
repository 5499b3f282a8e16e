"""Whoever only looks waits for no writer and keeps none waiting; what a look leaves behind is written all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.casework import MustWrite, NotFound, auditing, looks, notes, records, stacks
from engine.casework.store import Desk
from tests.support.casework import Town


def looking(town: Town, name: str) -> Any:
    return town.store.desk(town.authority, town.people[name], now=town.now, looks=True)


def traces(town: Town, name: str) -> list[str]:
    with town.desk("olga") as desk:
        found = auditing.of_person(desk, town.people[name])
    return [one.action for one in found]


def test_a_look_leaves_its_trace_and_where_one_was(town: Town) -> None:
    child = town.child()
    before = len(traces(town, "anna"))
    with looking(town, "anna") as desk:
        records.get(desk, child.id)
        looks.note(desk, record=child.id)
    assert "record.viewed" in traces(town, "anna")[before:]
    with town.desk("anna") as desk:
        assert [one.record for one in looks.recent(desk)] == [child.id]


def test_a_refused_look_leaves_its_trace(town: Town) -> None:
    child = town.child()
    with pytest.raises(NotFound), looking(town, "nobody") as desk:
        records.get(desk, child.id)
    assert "access.refused" in traces(town, "nobody")


@pytest.mark.parametrize(
    "write",
    [
        lambda desk, child: notes.add(desk, child, "Seen at the gate"),
        lambda desk, child: desk.connection.execute(text("UPDATE record SET name = 'x'")),
    ],
)
def test_nothing_can_be_written_by_looking(town: Town, write: Callable[[Desk, str], Any]) -> None:
    if not town.store.embedded:
        pytest.skip("PostgreSQL keeps no reader waiting, so that looking there is like any other work")
    child = town.child()
    with pytest.raises((MustWrite, DBAPIError)), looking(town, "anna") as desk:
        write(desk, child.id)
    with town.desk("anna") as desk:
        assert records.get(desk, child.id).name == child.name and notes.of_record(desk, child.id) == []
    # The connection goes back as it came.
    with town.desk("anna") as desk:
        notes.add(desk, child.id, "Seen at the gate")


def test_one_looks_while_another_writes(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        stacks.live(desk)
    seen, begun, over = threading.Event(), threading.Event(), threading.Event()

    def write() -> None:
        with town.store.writing():
            begun.set()
            over.wait(20)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        with looking(town, "anna") as desk:
            assert records.get(desk, child.id).name == child.name
            seen.set()
            over.set()
    finally:
        over.set()
        writer.join(20)
    assert seen.is_set()
