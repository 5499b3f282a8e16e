"""A database of the test's own, of either kind, with an invented authority in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from engine.casework import Store, keys, passwords
from tests.support.casework import Town, founded

BOTH = ["embedded", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Nobody signs in here: what an account costs to make is not what is measured."""
    kept = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.HASHER = kept


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "key"
    keys.create(path)
    return path


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "embedded":
        (tmp_path / "data").mkdir()
        yield f"sqlite:///{tmp_path}/data/trefoil.db"
        return
    with request.getfixturevalue("postgres").fresh() as url:
        yield url


@pytest.fixture
def town(empty_url: str, key_file: Path) -> Iterator[Town]:
    store = Store(empty_url, key_file)
    store.upgrade()
    yield founded(store)
    store.close()
