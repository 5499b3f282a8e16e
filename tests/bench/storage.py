"""C3, C4 and C5: one submission handed in beside the bare statements, counting by harm and month beside the same
statement on tables written by hand, and the room that columns take beside the documents. On both databases.

`TREFOIL_BENCH_ROWS=1000000` asks for as many submissions as the bars speak of. Saves are timed by the clock, with
every commit on the disk, since waiting for it is most of the work.

C3's bare statements are those by which handing in wrote, noted as it ran and replayed with their values on a copy of
the same database: the same rows of document, revisions, columns, options, counts and audit, a transaction each. They
read nothing, decide nothing and find every value ready, so the ratio holds all that handing in does besides.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Engine, event, func, select, text

from engine import packs
from engine.casework import (
    Store,
    destroying,
    ids,
    indexing,
    keys,
    passwords,
    projecting,
    shapes,
    stacks,
    submissions,
)
from engine.casework.tables import submission
from tests.bench.bars import Figure
from tests.support.casework import NOW, Town, founded, harbour
from tests.support.postgres import running_postgres

ROWS = int(os.environ.get("TREFOIL_BENCH_ROWS", "20000"))
CHUNKS, SAVES = 5, 40
HARMS = tuple(f"harm_{number}" for number in range(1, 21))
THEMES = tuple(f"theme_{number}" for number in range(1, 9))
LEVELS = ("low", "some", "high", "unclear")
TEXTS, LONG = 24, 12
LETTERS = "etaoinsrhldcumfpgwybvk"


def form() -> str:
    """A form of sixty questions, nine of them reportable."""
    one = "      - {{id: {0}, type: {1}, label: {0}{2}}}"
    reported = ", reportable: yes"
    lines = [
        one.format("harms", "choose_many", f", options: harms{reported}"),
        one.format("themes", "choose_many", f", options: themes{reported}"),
        *(one.format(f"level_{n}", "choose_one", f", options: degrees{reported}") for n in range(3)),
        one.format("danger", "yes_no", reported),
        one.format("family_knows", "yes_no", reported),
        one.format("happened_on", "date", reported),
        one.format("people_met", "number", reported),
        *(one.format(f"text_{n}", "text", "") for n in range(TEXTS)),
        *(one.format(f"long_{n}", "long_text", "") for n in range(LONG)),
        *(one.format(f"told_{n}", "yes_no", "") for n in range(15)),
    ]
    lists = {"harms": HARMS, "themes": THEMES, "degrees": LEVELS}
    written = "".join(
        f"---\nlist: {name}\ntitle: {name}\noptions: [{', '.join(f'{{id: {o}, label: {o}}}' for o in options)}]\n"
        for name, options in lists.items()
    )
    head = "form: counted\ntitle: Counted\nabout: child\nsections:\n  - id: main\n    title: Main\n    questions:\n"
    return f"{head}{chr(10).join(lines)}\n{written}"


def pack() -> packs.Pack:
    return packs.load_texts({**harbour().texts, "form_definitions/harbour/forms/counted.yaml": form()}).pack(
        "harbour"
    )


@cache
def words() -> tuple[str, ...]:
    """Two thousand words as common letters make them, so that texts take the room that real ones take."""
    chance = random.Random(7)
    weights = range(len(LETTERS), 0, -1)
    return tuple("".join(chance.choices(LETTERS, weights, k=chance.randint(2, 9))) for _ in range(2000))


def said(chance: random.Random, many: int) -> str:
    return " ".join(chance.choices(words(), k=many))


def answers(chance: random.Random) -> dict[str, Any]:
    """What somebody in a hurry writes: about half of the texts, two harms, one theme."""
    found: dict[str, Any] = {
        "harms": sorted(chance.sample(HARMS, chance.choice([1, 2, 3])), key=HARMS.index),
        "themes": sorted(chance.sample(THEMES, chance.choice([0, 1, 2])), key=THEMES.index),
        **{f"level_{n}": chance.choice(LEVELS) for n in range(3)},
        "danger": chance.random() < 0.3,
        "family_knows": chance.random() < 0.6,
        "happened_on": f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "people_met": str(chance.randint(0, 12)),
        **{f"text_{n}": said(chance, 4) for n in range(TEXTS) if chance.random() < 0.5},
        **{
            f"long_{n}": said(chance, chance.choice([10, 25, 60]))
            for n in range(LONG)
            if chance.random() < 0.5
        },
        **{f"told_{n}": chance.random() < 0.5 for n in range(15)},
    }
    return {name: value for name, value in found.items() if value != []}


@dataclass(frozen=True)
class Place:
    """A database of one kind: how to make another, empty or as a copy."""

    kind: str
    fresh: Callable[[], str]
    copy: Callable[[str], str]
    key_file: Path

    def open(self, url: str) -> Store:
        return Store(url, self.key_file)


@contextmanager
def places() -> Iterator[list[Place]]:
    """Both databases, on the disk, writing as they do for real."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trefoil-bench-")))
        (folder / "keys").mkdir()
        key_file = folder / "keys" / "key"
        keys.create(key_file)
        server = stack.enter_context(running_postgres(durable=True))
        names = iter(range(10**6))

        def file() -> str:
            return f"sqlite:///{folder}/d{next(names)}/trefoil.db"

        def file_copy(url: str) -> str:
            made = file()
            target = Path(made.removeprefix("sqlite:///"))
            target.parent.mkdir()
            shutil.copy(url.removeprefix("sqlite:///"), target)
            return made

        def database() -> str:
            return stack.enter_context(server.fresh())

        def database_copy(url: str) -> str:
            name = url.rpartition("/")[2]
            server._templates.setdefault(name, name)
            return stack.enter_context(server.fresh(name))

        yield [
            Place("embedded", file, file_copy, key_file),
            Place("PostgreSQL", database, database_copy, key_file),
        ]


def figures() -> Iterator[Figure]:
    """C3 for both databases, then C4 and C5 at ROWS submissions."""
    kept = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        with places() as both:
            for place in both:
                yield saving(place)
            for place in both:
                yield from counting(place)
    finally:
        passwords.HASHER = kept


# --- C3


def saving(place: Place) -> Figure:
    """Submissions a second through everything that handing in does, beside its own rows written by bare statements."""
    source = place.fresh()
    store = place.open(source)
    store.upgrade()
    town = founded(store)
    with town.desk() as desk:
        stacks.publish(desk, pack())
    child = town.child().id
    drafts = []
    for _ in range(CHUNKS * SAVES):
        with town.desk("anna") as desk:
            drafts.append(submissions.open_draft(desk, "counted", record=child).id)
            # A second of the same person is a second draft only once the first is out of the way.
            desk.run(submission.update().where(submission.c.id == drafts[-1]).values(state="waiting"))
    with store.engine.begin() as connection:
        connection.execute(submission.update().where(submission.c.id.in_(drafts)).values(state="draft"))
    store.close()
    chance = random.Random(20261122)
    given = [answers(chance) for _ in drafts]
    noted = _noted(place, place.copy(source), town, drafts, given)
    ours_at, theirs_at = place.open(place.copy(source)), place.open(place.copy(source))
    ours, theirs = [], []
    for start in range(0, len(drafts), SAVES):
        chunk = range(start, start + SAVES)
        begun = time.perf_counter()
        for n in chunk:
            _hand_in(ours_at, town, drafts[n], given[n])
        ours.append(time.perf_counter() - begun)
        theirs.append(_replayed(theirs_at.engine, [noted[n] for n in chunk]))
    ours_at.close()
    theirs_at.close()
    mine, bare = SAVES / median(ours), SAVES / median(theirs)
    return Figure(
        "C3", f"one handed in ÷ its rows by bare statements, {place.kind}", mine, bare, "a second", mine / bare,
        0.4, 0.7, more=True,
    )  # fmt: skip


def _hand_in(store: Store, town: Town, draft: str, given: Mapping[str, Any]) -> None:
    store.cache.setdefault(("pack", harbour().hash), harbour())
    with replace(town, store=store).desk("anna") as desk:
        submissions.submit(desk, draft, revision=1, answers=given)


Noted = list[tuple[str, Any, bool]]


def _noted(place: Place, url: str, town: Town, drafts: list[str], given: list[Any]) -> list[Noted]:
    """The statements that write, submission by submission."""
    store = place.open(url)
    found: list[Noted] = []

    def note(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            found[-1].append((statement, values, many))

    event.listen(store.engine, "before_cursor_execute", note)
    for draft, one in zip(drafts, given, strict=True):
        found.append([])
        _hand_in(store, town, draft, one)
    store.close()
    return found


def _replayed(engine: Engine, noted: list[Noted]) -> float:
    """Seconds for the bare statements, a transaction a submission."""
    held = engine.raw_connection()
    raw: Any = held.driver_connection
    embedded = engine.dialect.name == "sqlite"
    cursor = raw.cursor()

    def run() -> None:
        for statements in noted:
            if embedded:
                cursor.execute("BEGIN IMMEDIATE")
            for statement, values, many in statements:
                (cursor.executemany if many else cursor.execute)(statement, values)
            raw.commit()

    taken = _clock(run)
    held.close()
    return taken


def _clock(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


# --- C4 and C5


def counting(place: Place, rows: int = ROWS) -> Iterator[Figure]:
    """Many submissions, their columns made from the documents; then counted, and weighed."""
    store = place.open(place.fresh())
    store.upgrade()
    town = founded(store)
    with town.desk() as desk:
        stacks.publish(desk, pack())
    empty = _room(store)
    _documents(store, town, rows)
    documents = _room(store) - empty
    with _anew(rows) as columns, town.desk() as desk:
        assert projecting.columns_anew(desk) == rows
    whole = _room(store) - empty
    with _anew(rows) as index, town.desk() as desk:
        assert indexing.rebuild(desk) >= rows
    found = _room(store) - empty - whole
    _by_hand(store, town)
    options, rollup = shapes.chosen, shapes.rollup
    mine = (options.c.authority == town.authority) & (options.c.form == "counted")
    ours = (
        select(options.c.option, options.c.month, func.count())
        .where(mine, options.c.question == "harms")
        .group_by(options.c.option, options.c.month)
    )
    bare = text(
        "SELECT harm, month, count(*) FROM by_hand_harm JOIN by_hand ON by_hand.id = by_hand_harm.id"
        " GROUP BY harm, month"
    )
    rolled = select(rollup.c.option, rollup.c.month, rollup.c.number).where(
        rollup.c.authority == town.authority, rollup.c.form == "counted", rollup.c.question == "harms"
    )
    at = f"{rows:,}, {place.kind}"
    taken = {name: _asked(store, one) for name, one in (("ours", ours), ("bare", bare), ("rolled", rolled))}
    assert taken["ours"][1] == taken["bare"][1] == taken["rolled"][1], "the three do not count alike"
    ms = {name: one[0] * 1000 for name, one in taken.items()}
    yield Figure("C4", f"count by harm and month ÷ bare tables, {at}", ms["ours"], ms["bare"], "ms",
                 ms["ours"] / ms["bare"], 1.5, 1.1)  # fmt: skip
    yield Figure("C4", f"the same by roll-up, {at}", ms["rolled"], ms["bare"], "ms",
                 ms["rolled"] / ms["bare"], 1.5, 0.1)  # fmt: skip
    mb = 1 / 1_000_000
    yield Figure("C5", f"room with columns ÷ documents, {at}", whole * mb, documents * mb, "MB",
                 whole / documents, 1.3, 1.15)  # fmt: skip
    print(
        f"    from {rows:,} documents, {place.kind}, made anew: columns {columns[0]:,.0f} a second; what is found"
        f" {index[0]:,.0f} a second, which takes {found * mb:,.1f} MB ({found / documents:.2f} of the documents)"
    )
    store.close()


@contextmanager
def _anew(rows: int) -> Iterator[list[float]]:
    """How many documents a second were gone through within."""
    pace: list[float] = []
    begun = time.perf_counter()
    yield pace
    pace.append(rows / (time.perf_counter() - begun))


def _documents(store: Store, town: Town, rows: int) -> None:
    """Submissions as handing in leaves them, of one child, over two years."""
    child, chance, stack = town.child().id, random.Random(20261122), pack().hash
    made = 0
    while made < rows:
        part = min(2000, rows - made)
        at = [NOW - timedelta(minutes=chance.randrange(2 * 365 * 24 * 60)) for _ in range(part)]
        with store.engine.begin() as connection:
            connection.execute(
                submission.insert(),
                [
                    {
                        "authority": town.authority, "id": ids.new(), "record": child, "case": None,
                        "form": "counted", "stack": stack, "state": "submitted", "answers": answers(chance),
                        "raw": {}, "begun_by": town.people["anna"], "begun_at": one,
                        "changed_by": town.people["anna"], "changed_at": one,
                        "submitted_by": town.people["anna"], "submitted_at": one, "carried": {}, "revision": 2,
                    }
                    for one in at
                ],
            )  # fmt: skip
        made += part


def _by_hand(store: Store, town: Town) -> None:
    """The same facts in the plainest typed tables: one of submissions, one of harms."""
    statements = (
        "CREATE TABLE by_hand (id INTEGER PRIMARY KEY, month VARCHAR(7) NOT NULL, key CHAR(36))",
        "CREATE TABLE by_hand_harm (id INTEGER NOT NULL, harm VARCHAR(40) NOT NULL)",
        "INSERT INTO by_hand SELECT row_number() OVER (ORDER BY id), month, CAST(id AS CHAR(36))"
        ' FROM "answers_harbour__counted"',
        'INSERT INTO by_hand_harm SELECT by_hand.id, "option" FROM projection_chosen'
        " JOIN by_hand ON by_hand.key = CAST(projection_chosen.id AS CHAR(36)) WHERE question = 'harms'",
    )
    with store.engine.begin() as connection:
        connection.execute(text(statements[0]))
        connection.execute(text(statements[1]))
        connection.execute(text(statements[2]))
        connection.execute(text("CREATE INDEX ix_by_hand_key ON by_hand (key)"))
        connection.execute(text(statements[3]))
        connection.execute(text("CREATE INDEX ix_by_hand_harm ON by_hand_harm (harm, id)"))
    destroying._run(store, ["ANALYZE" if store.embedded else "VACUUM (ANALYZE)"])


def _asked(store: Store, statement: Any) -> tuple[float, dict[tuple[str, str], int]]:
    """The median of seven, and what was counted."""
    found: dict[tuple[str, str], int] = {}

    def run() -> None:
        with store.reading() as connection:
            found.update({(row[0], row[1]): row[2] for row in connection.execute(statement)})

    run()
    return median(_clock(run) for _ in range(7)), found


def _room(store: Store) -> int:
    """Bytes on the disk, the write-ahead log emptied into the database first."""
    if store.data_file is not None:
        destroying.overwrite(store)
        return store.data_file.stat().st_size
    with store.engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
