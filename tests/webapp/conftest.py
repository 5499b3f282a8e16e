"""A small authority for page tests: one pack, people in every role, a database copied fresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

import engine
from engine.casework import (
    SYSTEM,
    Desk,
    Store,
    authorities,
    cases,
    passwords,
    people,
    records,
    stacks,
    submissions,
)
from tests.support.canaries import World
from tests.support.surveys import Planted, planted_in, visited
from tests.webapp.reading import Browser
from webapp.app import create_app
from webapp.publishing import publish_workspace
from webapp.settings import Settings
from webapp.watching import Watcher

LITTLE = Path(__file__).parent / "little"
PASSWORD = "three quiet herons"
BEGAN = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
PEOPLE = {
    "alice": ("Alice Ames", ["worker"]),
    "bob": ("Bob Bright", ["worker"]),
    "mary": ("Mary Moss", ["manager"]),
    "adam": ("Adam Ash", ["administrator"]),
    "audrey": ("Audrey Ayre", ["auditor"]),
    "dora": ("Dora Dale", ["designer"]),
}


# As slow as passwords are meant to be is what tests/casework holds; here hundreds of people sign in.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Templates(BytecodeCache):
    """Templates as they were compiled for the first application of a run."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


class Clock:
    """The time that the application believes; a test moves it."""

    def __init__(self) -> None:
        self.time = BEGAN

    def __call__(self) -> datetime:
        # Each look is a little later, so that things done in one test have an order.
        self.time += timedelta(milliseconds=10)
        return self.time

    def pass_by(self, **time: float) -> None:
        self.time += timedelta(**time)


def watching(place: Place, workspace: Path) -> Watcher:
    """A watcher that publishes here; that the pages' own one lets a process of its own do it is tested by itself."""
    return Watcher(workspace, lambda: publish_workspace(place.store, workspace, "little"))


@dataclass
class Place:
    """One authority at work: its application and everything a test needs to reach into it."""

    app: Flask
    store: Store
    clock: Clock
    authority: str
    ids: dict[str, str]
    folder: Path

    def desk(self, person: str | None = None, authority: str | None = None) -> Any:
        who: Any = self.ids[person] if person else SYSTEM
        return self.store.desk(authority or self.authority, who, now=self.clock())

    def browser(self, person: str | None = None, host: str = "localhost") -> Browser:
        """A browser of its own, signed in as somebody of PEOPLE or not at all, at an authority's address."""
        found = Browser(self.app, host)
        if person:
            found.sign_in(person, PASSWORD)
        return found

    def child(self, person: str = "alice", first: str = "Cara", last: str = "Cole", **fields: Any) -> str:
        with self.desk(person) as desk:
            made = records.create(desk, "child", {"first_name": first, "last_name": last, **fields})
        return made.id

    def case(self, record: str, person: str = "alice") -> str:
        with self.desk(person) as desk:
            return cases.start(desk, "worries", record=record).id

    def draft(self, record: str, case: str, form: str = "worry", person: str = "alice") -> str:
        with self.desk(person) as desk:
            return submissions.open_draft(desk, form, record=record, case=case).id

    def saved(self, submission: str, answers: dict[str, Any], person: str = "alice") -> None:
        with self.desk(person) as desk:
            at = submissions.get(desk, submission).revision
            submissions.save(desk, submission, answers, revision=at)

    def look(self, submission: str, person: str = "alice") -> Any:
        with self.desk(person) as desk:
            return submissions.get(desk, submission)

    def started(self) -> tuple[str, str, str]:
        """A young person of Alice's with a case and its first form begun: record, case, submission."""
        record = self.child()
        case = self.case(record)
        return record, case, self.draft(record, case)


@dataclass(frozen=True)
class Built:
    """What every test starts from: data to copy, who is in it, and what a process keeps of definitions it has read."""

    folder: Path
    ids: dict[str, str]
    read: dict[Any, Any]
    templates: Templates


def build(folder: Path) -> Built:
    store = Store(str(folder / "data" / "little.db"), key_file=folder / "keys" / "little.key")
    store.upgrade()
    authority = authorities.found(store, "Little Council", now=BEGAN)
    elsewhere = authorities.found(store, "Elsewhere Council", now=BEGAN, address="elsewhere.localhost")
    ids = {"": authority, "elsewhere": elsewhere}
    pack = engine.load(LITTLE).pack("little")
    for place, prefix in ((authority, ""), (elsewhere, "far_")):
        with store.desk(place, SYSTEM, now=BEGAN) as desk:
            stacks.publish(desk, pack)
            for sign_in, (name, roles) in PEOPLE.items():
                if prefix and sign_in not in ("mary",):
                    continue
                ids[prefix + sign_in] = _add(desk, prefix + sign_in, name, roles)
    stacks.foresee(store)
    read = dict(store.cache)
    store.close()
    return Built(folder, ids, read, Templates())


def _add(desk: Desk, sign_in: str, name: str, roles: list[str]) -> str:
    return people.add(desk, name, sign_in, password=PASSWORD, roles=roles).id


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", QUICK)
        return build(tmp_path_factory.mktemp("little"))


@pytest.fixture
def place(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The small authority, as it was before anybody did anything."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    with opened(built, tmp_path / "here") as found:
        yield found


@contextmanager
def opened(built: Built, folder: Path) -> Iterator[Place]:
    """A copy of it in a folder of its own, with its application."""
    shutil.copytree(built.folder, folder)
    key = folder / "keys" / "little.key"
    store = Store(str(folder / "data" / "little.db"), key_file=key)
    store.cache.update(built.read)
    clock = Clock()
    settings = Settings(data=folder / "web", database=store.url, key_file=key)
    app = create_app(settings, store=store)
    app.jinja_env.bytecode_cache = built.templates
    app.config.update(TESTING=False, CLOCK=clock)
    ids = dict(built.ids)
    yield Place(app, store, clock, ids[""], ids, folder)
    store.close()


@pytest.fixture
def signed_in(place: Place) -> Callable[[str], Browser]:
    return place.browser


# --- A larger authority, with a word planted in every place that somebody may not see


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return planted_in(tmp_path_factory.mktemp("quay"))


@pytest.fixture
def visit(planted: Planted, tmp_path: Path) -> Iterator[tuple[World, Flask]]:
    """A copy of it to be changed, and the application over that."""
    with visited(planted, tmp_path / "copy") as found:
        yield found
