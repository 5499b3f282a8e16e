"""What the processes of the race tests do: real stores in real processes, which may be killed at any moment.

Each writes down what was acknowledged, one line at a time, only after the desk's block has ended: what stands there
was promised to somebody. Must not know what is expected of the database afterwards.
"""

from __future__ import annotations

import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from engine.casework import (
    SYSTEM,
    Busy,
    Stale,
    Store,
    cases,
    deadlines,
    outbox,
    posting,
    records,
    schema,
    signing_in,
    submissions,
)
from engine.casework.errors import SignInRefused
from tests.support.casework import harbour

harbour()


@dataclass(frozen=True)
class Place:
    """A database, and who writes in it."""

    url: str
    key_file: str
    authority: str
    person: str

    def open(self) -> Store:
        store = Store(self.url, self.key_file)
        # Read once, where processes are made from: what is raced for is the database.
        store.cache["pack", harbour().stack.hash] = harbour()
        return store


class Acks:
    """A file of acknowledged writes; a line is in it whole or not at all, whenever the writer dies."""

    def __init__(self, path: str) -> None:
        self.handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def add(self, *words: object) -> None:
        os.write(self.handle, (" ".join(map(str, words)) + "\n").encode())


def save_for_ever(place: Place, submission: str, acks: str, *, too_soon: bool = False) -> None:
    """Save one's own draft again and again, until killed. `too_soon`: say that it is saved before it is."""
    store, told = place.open(), Acks(acks)
    revision = 0
    while not revision:
        with suppress(Busy), store.desk(place.authority, place.person, now=_now()) as desk:
            revision = submissions.get(desk, submission).revision
    number = 0
    while True:
        number += 1
        words = f"{os.getpid()}-{number}"
        try:
            with store.desk(place.authority, place.person, now=_now()) as desk:
                answers = {"worry": words, "good": "g" * 2000}
                revision = submissions.save(desk, submission, answers, revision=revision).revision
                if too_soon:
                    told.add(revision, words)
                    time.sleep(0.2)
        except Busy:
            continue
        if not too_soon:
            told.add(revision, words)


def guess(place: Place, tries: int, acks: str, *, apart: bool = False) -> None:
    """Try wrong passwords for one name. `apart`: tries are counted under a name of this process's own."""
    store, told = place.open(), Acks(acks)
    if apart:
        mine, real = f" {os.getpid()}", signing_in._counted
        signing_in._counted = lambda connection, kind, key, now: real(
            connection, kind, store.keys.digest("throttle", key, mine), now
        )
    for number in range(tries):
        refused = None
        while refused is None:
            with suppress(Busy):
                refused = _refused(store, place.authority, f"wrong {number}")
        told.add("waited" if refused.wait else "looked")
    store.close()


def _refused(store: Store, authority: str, password: str) -> SignInRefused:
    try:
        signing_in.begin(store, authority, "anna@harbour.example", password, address="10.0.0.1", now=_now())
    except SignInRefused as refused:
        return refused
    raise AssertionError("a wrong password was taken")


def edit_often(
    place: Place, record: str, acks: str, *, seconds: float, most: int, deferred: bool = False
) -> None:
    """Edit a record, always from what one last saw of it, taking a look again where somebody was quicker."""
    store, told = place.open(), Acks(acks)
    if deferred:
        begin_deferred(store)
    looked = False
    while not looked:
        # Reading the definitions takes a while the first time; that is no part of the race.
        with suppress(Busy), store.desk(place.authority, place.person, now=_now()) as desk:
            looked = bool(records.get(desk, record))
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end and done < most:
        words = f"{os.getpid()}-{done}"
        try:
            # As pages do: whoever looks takes no turn among those who write.
            with store.desk(place.authority, place.person, now=_now(), looks=True) as desk:
                seen = records.get(desk, record).revision
            began = time.perf_counter()
            with store.desk(place.authority, place.person, now=_now()) as desk:
                kept = records.edit(desk, record, {"last_name": words}, revision=seen)
        except Stale:
            told.add("stale", 0, 0)
        except Busy:
            told.add("busy", 0, 0)
        except Exception as error:
            told.add("raw", type(error).__name__, str(error).replace(" ", "_")[:200])
        else:
            told.add("saved", kept.revision, words, f"{time.perf_counter() - began:.4f}")
            done += 1
    store.close()


def begin_deferred(store: Store) -> None:
    """Take the cure away: begin as SQLite does when nobody says otherwise."""
    for listener in list(store.engine.dispatch.begin):
        event.remove(store.engine, "begin", listener)

    @event.listens_for(store.engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def upgrade(url: str, key_file: str, start: float, acks: str) -> None:
    """Set the database up, at the same moment as others do."""
    store = Store(url, key_file)
    time.sleep(max(0.0, start - time.time()))
    try:
        store.upgrade()
        store.check()
    except Exception as error:
        Acks(acks).add("raw", type(error).__name__, str(error).replace("\n", " ")[:300])
    else:
        Acks(acks).add("done")
    store.close()


def upgrade_and_hang(url: str, key_file: str, folder: str, transactional: bool) -> None:
    """Upgrade along `folder`, whose last step stops half way, for somebody to kill it there."""
    store = Store(url, key_file)
    if not transactional:
        for listener in list(store.engine.dispatch.begin):
            event.remove(store.engine, "begin", listener)
    schema.upgrade(store.engine, store.keys, Path(folder))


def tables(store: Store) -> set[str]:
    names = {
        True: "SELECT name FROM sqlite_schema WHERE type = 'table'",
        False: "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }
    with store.reading() as connection:
        return set(connection.execute(text(names[store.embedded])).scalars())


def _now() -> datetime:
    return datetime.now(UTC)


def fire_and_deliver(place: Place, at: str, acks: str, *, marked_first: bool = False) -> None:
    """Act on what is late, fire what waits to be fired, carry letters outside; again and again, until killed.

    What has gone outside is a line in `acks`. `marked_first`: say of a letter that it went before it has gone.
    """
    store, told, chance = place.open(), Acks(acks), random.Random()
    now = datetime.fromisoformat(at)
    carry, way = (deliver_marked_first, 0.1) if marked_first else (outbox.deliver, 0.01)

    def outside(letter: outbox.Letter) -> None:
        time.sleep(chance.uniform(0, way))
        told.add(letter.key)
        time.sleep(chance.uniform(0, 0.01))

    while True:
        with suppress(Busy):
            fire_what_waits(store, place.authority, place.person, now)
            carry(store, outside, now=now)


def fire_what_waits(store: Store, authority: str, person: str, now: datetime) -> None:
    """What time brings, letters about it, and each strategy discussion's question, once."""
    with store.desk(authority, SYSTEM, now=now) as desk:
        deadlines.settle_due(desk)
    with store.desk(authority, SYSTEM, now=now) as desk:
        posting.post(desk)
    with store.desk(authority, person, now=now) as desk:
        waiting = [one for one in cases.open_cases(desk, workflow="strategy") if one.state == "held"]
    for one in waiting:
        with store.desk(authority, person, now=now) as desk:
            cases.fire(desk, one.id, "ask", revision=one.revision, key=f"ask {one.id}")


def deliver_marked_first(store: Store, deliverer: outbox.Deliverer, *, now: datetime) -> None:
    """Delivering done wrongly: each letter is noted as gone, and then goes."""
    for letter in outbox.pending(store, now=now):
        with store.writing() as connection:
            values = {"authority": letter.authority.replace("-", "") if store.embedded else letter.authority}
            values["id"] = letter.id.replace("-", "") if store.embedded else letter.id
            done = text("UPDATE outbox SET delivered_at = made_at WHERE authority = :authority AND id = :id")
            connection.execute(done, values)
        deliverer(letter)
