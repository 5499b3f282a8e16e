"""An invented authority on a real database, embedded and PostgreSQL alike: every casework test runs on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.casework import Store, keys, passwords
from tests.support.casework import Town, founded


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


@pytest.fixture(params=["embedded", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own, with its schema."""
    if request.param == "embedded":
        path = tmp_path / "data" / "trefoil.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("empty_database"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    key = request.getfixturevalue("key_file")

    def build(url: str) -> None:
        store = Store(url, key)
        store.upgrade()
        store.close()

    server.prepare("casework", build)
    with server.fresh("casework") as url:
        yield url


@pytest.fixture
def store(database: str, key_file: Path) -> Iterator[Store]:
    opened = Store(database, key_file)
    yield opened
    opened.close()


@pytest.fixture
def town(store: Store) -> Town:
    return founded(store)


@pytest.fixture
def people(town: Town) -> Any:
    return town.people
