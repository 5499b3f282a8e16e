"""Connections that are kept: one that ended meanwhile is never handed out, and one that reads asks for nothing else."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.casework import engines, records
from tests.support.casework import Town


def end_all_connections(town: Town) -> None:
    """As when the database is started anew: what is kept open here leads nowhere."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with town.store.reading() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        end = time.monotonic() + 20
        while connection.execute(text(f"SELECT count(*) {others}")).scalar():
            assert time.monotonic() < end
            time.sleep(0.02)


def open_some(town: Town, count: int) -> None:
    """So many at once, each asked something."""
    with ExitStack() as held:
        opened = [held.enter_context(town.store.engine.connect()) for _ in range(count)]
        for one in opened:
            one.execute(text("SELECT 1"))


@pytest.mark.parametrize("after", [0.0, 3600.0])
def test_a_connection_that_ended_meanwhile_is_never_handed_out(
    town: Town, monkeypatch: pytest.MonkeyPatch, after: float
) -> None:
    """Seen by what came of itself, however lately it was used, and by asking what has lain for long."""
    if town.store.embedded:
        pytest.skip("the embedded database is in no other process")
    monkeypatch.setattr(engines, "ASKED_AFTER", after)
    open_some(town, 4)
    end_all_connections(town)
    open_some(town, 4)
    with town.desk("anna") as desk:
        records.find(desk)


def test_without_looking_a_connection_that_ended_is_handed_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    if town.store.embedded:
        pytest.skip("the embedded database is in no other process")
    monkeypatch.setattr(engines, "_may_be_over", lambda *_: False)
    open_some(town, 4)
    end_all_connections(town)
    with pytest.raises(DBAPIError):
        open_some(town, 4)


def test_a_statement_that_reads_asks_the_database_for_nothing_else(town: Town) -> None:
    """PostgreSQL is neither asked to begin nor to end; the embedded database begins: a look is of one moment."""
    with town.store.reading() as connection:
        raw = connection.connection.driver_connection
        connection.execute(text("SELECT 1"))
        if town.store.embedded:
            assert raw.in_transaction
        else:
            assert raw.info.transaction_status.name == "IDLE"
