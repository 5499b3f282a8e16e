"""Runs the races and kills at full size on both databases, and prints figures with the day and the commit.

`python -m tests.soak [--kills N] [--writers N] [--seconds N] [--backups N] [--cases N] [--seed N] [--trials NAME …]
[--only embedded|postgresql]`
Exit 0 where nothing was lost, torn, damaged or locked out. It measures; what the figures must be stands in the tests.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from engine.casework import Store, keeping, keys, passwords
from tests.races import work
from tests.races.delivering import kill_between_firing_and_delivery
from tests.races.http_kills import kill_while_saving
from tests.races.running import kill_in_mid_save, place, started, write_at_once
from tests.soak.load import load as under_load
from tests.support.agreement import BODY, MODULE, Found, groups
from tests.support.browser import launch
from tests.support.casework import Town, founded
from tests.support.hostile import attack
from tests.support.javascript import by_node, node
from tests.support.meeting import soak
from tests.support.postgres import running_postgres
from tests.support.service import Service, plant
from tests.support.sql_agreement import agree, prepare

ROOT = Path(__file__).resolve().parents[2]
Trial = Callable[[Town, Path, argparse.Namespace], tuple[str, bool]]


def kills(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    found = kill_in_mid_save(town, folder, (size.kills + 1) // 2, random.Random(time.time_ns()))
    words = (
        f"{found.kills} kills in mid-save, {found.acknowledged} saves acknowledged: {found.lost} lost, "
        f"{found.torn} torn, {found.damaged} damaged, {found.findings} findings in the audit"
    )
    return words, not (found.lost or found.torn or found.damaged or found.findings)


def http_kills(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    """What serves is killed while people save through HTTP; the whole database is looked at after every 25th kill."""
    found = kill_while_saving(town, folder, size.http_kills, random.Random(time.time_ns()), look_every=25)
    return f"R1 {found.words()}", found.good and found.kills == size.http_kills


SOON = 0.25
"""Seconds within which 95 of 100 of those who write at once are to have saved."""


def one_row(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    return _writing(town, folder, size, one_row=True)


def many_rows(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    return _writing(town, folder, size, one_row=False)


def _writing(town: Town, folder: Path, size: argparse.Namespace, *, one_row: bool) -> tuple[str, bool]:
    found = write_at_once(
        town, folder, writers=size.writers, seconds=size.seconds, one_row=one_row, most=1_000_000
    )
    words = (
        f"{found.writers} writers on {'one row' if one_row else 'many rows'} for {size.seconds:g} s: "
        f"{found.saved} saved ({found.saved / size.seconds:.0f}/s), {found.stale} told that others were first, "
        f"{found.lost} lost, {found.busy} busy, {len(found.raw)} raw errors, p95 {found.p95() * 1000:.0f} ms; "
        f"must 0 lost, 0 raw errors and p95 {SOON * 1000:.0f} ms"
    )
    return words, not (found.lost or found.raw) and found.p95() < SOON


def backups(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    """Backups while others write; each is restored and must verify."""
    record = town.child(by="mia").id
    good, began = 0, time.monotonic()
    job = (
        work.edit_often,
        (place(town, "mia"), record, str(folder / "acks")),
        {"seconds": 3600, "most": 10**9},
    )
    with started([job, job]):
        for number in range(size.backups):
            made = keeping.backup(town.store, folder / f"{number}.backup", datetime.now(UTC))
            back = Store(str(folder / f"restored{number}" / "trefoil.db"), town.store.key_file)
            restored = keeping.restore(made.file, back, now=datetime.now(UTC))
            good += restored.manifest == made.manifest
            back.close()
    seconds = time.monotonic() - began
    return f"{good} of {size.backups} backups under load restored and verified, in {seconds:.0f} s", (
        good == size.backups
    )


def agreement(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    """Random expressions in this database and in the browser's module against the closures. One seed gives the same
    cases for both databases."""
    command = node()
    if command is None:
        return "agreement: not tried, it needs Node", False
    prepare(town.store.engine)
    found, began = Found(size.seed), time.monotonic()
    engines = {town.store.engine.dialect.name: town.store.engine}
    agree(
        found,
        groups(size.seed, size.cases, each=10),
        engines,
        lambda data: by_node(command, MODULE, BODY, data, folder),
    )
    thin = f"\nhardly tried: {', '.join(found.thin())}" if found.thin() else ""
    took = f"{found.cases} cases in {time.monotonic() - began:.0f} s"
    words = f"the agreement of the backends\n{found.table()}{thin}\n{took}"
    return words, not found.differing and not thin


def deliveries(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    """Kills between what a workflow asks for and its going out."""
    found = kill_between_firing_and_delivery(town, folder, size.kills, random.Random(size.seed))
    words = (
        f"{found.kills} kills between firing and delivery, {found.effects} effects on the database: {found.wrong} not "
        f"exactly once; {found.letters} letters: {found.missing} missing, {found.strange} under a key of nobody's, "
        f"{found.repeats} repeats under their own; {found.findings} findings in the audit"
    )
    return words, not (found.wrong or found.missing or found.strange or found.findings)


def load(town: Town, folder: Path, size: argparse.Namespace) -> tuple[str, bool]:
    """Ten people at work through a real server."""
    found = under_load(town, clients=10, seconds=size.seconds)
    good = not (found.wrong or found.lost) and found.looks >= len(found.reads) // 2
    p95 = found.p95(found.reads + found.saves)
    quick = found.rate >= LEAST_RATE and p95 <= LONGEST_WAIT
    musts = f"must {LEAST_RATE} a second and p95 {LONGEST_WAIT * 1000:.0f} ms"
    return f"C2 {found.words()}; {musts}: {'met' if quick else 'SHORT'}", good and quick


def conflicts(size: argparse.Namespace) -> tuple[str, bool]:
    """Two people writing one answer at once in two browser windows, on the demonstration with its own database."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="trefoil-soak-pages-") as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        plant(home)
        service = Service(home)
        browser = launch(playwright)
        try:
            return soak(service, browser, size.conflicts)
        finally:
            browser.close()
            service.stop()


def hostile(size: argparse.Namespace) -> tuple[str, bool]:
    """Expressions written to get out or to keep busy; they know no database."""
    came = attack(size.seed, size.hostile)
    return f"seed {size.seed}, {came.words()}", not came.escapes and came.longest <= 5.0


LEAST_RATE, LONGEST_WAIT = 100, 0.3
"""What ten people at once must be given, on two cores that they share: requests a second, and seconds that 95 of 100
answers may take at most."""


TRIALS: tuple[Trial, ...] = (kills, http_kills, deliveries, one_row, many_rows, backups, agreement, load)


@contextmanager
def databases(only: str | None) -> Iterator[list[tuple[str, str, Path]]]:
    """(kind, URL, folder) of an empty database of each kind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trefoil-soak-")))
        found = []
        if only in (None, "embedded"):
            found.append(("embedded", f"sqlite:///{folder}/data/trefoil.db", folder))
        if only in (None, "postgresql"):
            server = stack.enter_context(running_postgres(durable=True))
            found.append(("postgresql", stack.enter_context(server.fresh()), folder))
        yield found


def main() -> int:
    reading = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    reading.add_argument("--kills", type=int, default=100)
    reading.add_argument("--http-kills", type=int, default=500, help="of what serves, on each database")
    reading.add_argument("--writers", type=int, default=16)
    reading.add_argument("--seconds", type=float, default=60)
    reading.add_argument("--backups", type=int, default=100)
    reading.add_argument("--cases", type=int, default=1_000_000, help="expressions with answers to try")
    reading.add_argument("--conflicts", type=int, default=50, help="times that two people write one answer")
    reading.add_argument("--hostile", type=int, default=1_000_000, help="hostile expressions to try")
    reading.add_argument(
        "--seed",
        type=int,
        default=random.SystemRandom().randrange(10**9),
        help="of the expressions and answers",
    )
    reading.add_argument(
        "--trials",
        nargs="+",
        default=["hostile", "conflicts", *(one.__name__ for one in TRIALS)],
        help="these alone",
    )
    reading.add_argument("--only", choices=["embedded", "postgresql"])
    size = reading.parse_args()
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, timeout=30
    ).stdout.strip()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, {os.cpu_count()} processors, "
          f"Python {platform.python_version()}")  # fmt: skip
    # Nobody signs in: what an account costs to make is not what is measured.
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    well = True
    for without_database in (hostile, conflicts):
        if without_database.__name__ in size.trials:
            words, good = without_database(size)
            print(words + ("" if good else "  <-- NOT GOOD"), flush=True)
            well &= good
    with databases(size.only) as found:
        for kind, url, base in found:
            folder = base / kind
            folder.mkdir()
            (base / f"keys-{kind}").mkdir()
            key_file = base / f"keys-{kind}" / "key"
            keys.create(key_file)
            store = Store(url, key_file)
            store.upgrade()
            for trial in (one for one in TRIALS if one.__name__ in size.trials):
                town = founded(store, f"{kind}-{trial.__name__.replace('_', '-')}")
                place_of_trial = folder / trial.__name__
                place_of_trial.mkdir()
                words, good = trial(town, place_of_trial, size)
                print(f"{kind}: {words}" + ("" if good else "  <-- NOT GOOD"), flush=True)
                well &= good
            store.close()
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
