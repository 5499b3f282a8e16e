"""The PostgreSQL that tests run on: real, cheap to copy, and gone afterwards."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from tests.support.postgres import Postgres, running_postgres

pytestmark = pytest.mark.postgres


def test_it_is_a_recent_postgresql(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.info.server_version >= 180000


def test_sqlalchemy_reads_the_same_url(fresh_postgres_url: str) -> None:
    engine = sqlalchemy.create_engine(fresh_postgres_url)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select 1")).scalar() == 1
    engine.dispose()
    assert engine.driver == "psycopg"


def test_databases_are_apart(postgres: Postgres) -> None:
    with postgres.fresh() as one, postgres.fresh() as other:
        with psycopg.connect(one) as connection:
            connection.execute("create table mine (id int)")
        with psycopg.connect(other) as connection:
            assert connection.execute("select to_regclass('mine')").fetchone() == (None,)


def test_a_prepared_database_is_built_once_and_copied(postgres: Postgres) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("create table ready as select 7 as seven")

    for _ in range(3):
        postgres.prepare("ready", build)
        with postgres.fresh("ready") as url, psycopg.connect(url) as connection:
            assert connection.execute("select seven from ready").fetchone() == (7,)
    assert len(built) == 1


def test_a_dropped_database_takes_its_sessions_along(postgres: Postgres) -> None:
    with postgres.fresh() as url:
        left_open = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("select 1")
    left_open.close()


def test_nothing_is_left_of_a_server() -> None:
    with running_postgres(durable=True) as server:
        with psycopg.connect(server.url()) as connection:
            row = connection.execute("show data_directory").fetchone()
            assert connection.execute("show fsync").fetchone() == ("on",)
        assert row is not None
        folder = Path(row[0])
        assert folder.is_dir()
    assert not folder.parent.exists()
    assert server.process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(server.process.pid, 0)


def test_a_copy_is_cheap(postgres: Postgres) -> None:
    start = time.monotonic()
    for _ in range(5):
        with postgres.fresh():
            pass
    assert time.monotonic() - start < 10
