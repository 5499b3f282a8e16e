"""An invented authority on a real database, embedded and PostgreSQL alike: every casework test runs on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.casework import Store, keys, passwords
from tests.support.casework import Town, founded, harbour
from tests.support.postgres import Postgres


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """The same algorithm at its smallest: what is tested is never how long it takes, but where that is said."""
    kept = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._nobodys.cache_clear()
    yield
    passwords.HASHER = kept
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key"
    keys.create(path)
    return path


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Path:
    """An embedded database with its schema, to be copied: nothing in it."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    store = Store(str(path), key_file)
    store.upgrade()
    store.close()
    return path


@pytest.fixture(scope="session")
def founded_database(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, key_file: Path
) -> Founded:
    """The same with the invented authority in it, founded once and copied for each test."""
    path = tmp_path_factory.mktemp("founded") / "founded.db"
    shutil.copy(empty_database, path)
    store = Store(str(path), key_file)
    town = founded(store)
    store.close()
    return Founded(str(path), town.authority, town.people)


@pytest.fixture(scope="session")
def founded_postgres(postgres: Postgres, key_file: Path) -> Founded:
    """Two databases to be copied on the server: `casework` with the schema, `town` with the authority too."""

    def build(url: str) -> None:
        store = Store(url, key_file)
        store.upgrade()
        store.close()

    made: list[Town] = []

    def settle(url: str) -> None:
        build(url)
        store = Store(url, key_file)
        made.append(founded(store))
        store.close()

    postgres.prepare("casework", build)
    postgres.prepare("town", settle)
    return Founded("town", made[0].authority, made[0].people)


@dataclass(frozen=True)
class Founded:
    """Where the prepared authority stands, and who is in it."""

    where: str
    authority: str
    people: dict[str, str]


@pytest.fixture(params=["embedded", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own, with its schema; with the authority in it where `town` is asked."""
    settled = "town" in request.fixturenames
    if request.param == "embedded":
        path = tmp_path / "data" / "trefoil.db"
        path.parent.mkdir()
        source = request.getfixturevalue("founded_database").where if settled else None
        shutil.copy(source or request.getfixturevalue("empty_database"), path)
        yield f"sqlite:///{path}"
        return
    request.getfixturevalue("founded_postgres")
    with request.getfixturevalue("postgres").fresh("town" if settled else "casework") as url:
        yield url


@pytest.fixture
def store(database: str, key_file: Path) -> Iterator[Store]:
    opened = Store(database, key_file)
    yield opened
    opened.close()


@pytest.fixture
def town(store: Store, request: pytest.FixtureRequest) -> Town:
    made: Founded = request.getfixturevalue("founded_database" if store.embedded else "founded_postgres")
    # The pack as another test rebuilt it: reading it anew from the database is tested where it is the point.
    store.cache["pack", harbour().hash] = harbour()
    return Town(store, made.authority, dict(made.people))


@pytest.fixture
def people(town: Town) -> Any:
    return town.people
