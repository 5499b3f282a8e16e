"""Starting processes that may be killed, and judging what is left: shared by the quick races and the long soak.

Every process is our own child, killed by its own id.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import text

from engine.casework import Store, checkpoints, ids, keeping, records
from tests.races import work
from tests.support.casework import Town
from tests.support.processes import wait_until

# A server that has everything loaded and forks: starting a process costs milliseconds, and no thread is copied.
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.races.work", "tests.support.casework"])


@contextmanager
def started(
    jobs: Sequence[tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]],
) -> Iterator[list[BaseProcess]]:
    """Processes at work; those still there at the end are killed."""
    processes = [NURSERY.Process(target=job, args=given, kwargs=named) for job, given, named in jobs]
    try:
        for one in processes:
            one.start()
        yield processes
    finally:
        for one in processes:
            if one.pid is not None:
                one.kill()
                one.join(20)
                one.close()


def place(town: Town, who: str) -> work.Place:
    return work.Place(town.store.url, str(town.store.key_file), town.authority, town.people[who])


def lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


# --- Kills


@dataclass(slots=True)
class Kills:
    """What a number of kills in mid-save came to."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0
    damaged: int = 0
    findings: int = 0


def kill_in_mid_save(
    town: Town, folder: Path, times: int, chance: random.Random, *, too_soon: bool = False
) -> Kills:
    """Two people save drafts of their own without a pause; both are killed, and what is left is looked at; again."""
    drafts = {}
    for who in ("anna", "mia"):
        child = town.child(by=who)
        drafts[who] = town.draft(child.id, town.case(child.id, by=who).id, by=who)
    found = Kills()
    acks = {who: folder / f"{who}.acks" for who in drafts}
    for _ in range(times):
        before = {who: len(lines(path)) for who, path in acks.items()}
        jobs = [
            (work.save_for_ever, (place(town, who), drafts[who].id, str(acks[who])), {"too_soon": too_soon})
            for who in drafts
        ]
        with started(jobs) as processes:
            for who, path in acks.items():
                wait_until(_grown(path, before[who]), 60, f"{who} to save")
            time.sleep(chance.uniform(0, 0.15))
            for one in processes:
                one.kill()
        found.kills += len(processes)
        _look(town.store, {drafts[who].id: lines(path) for who, path in acks.items()}, found)
    found.acknowledged = sum(len(lines(path)) for path in acks.values())
    return found


def _grown(path: Path, before: int) -> Callable[[], bool]:
    return lambda: len(lines(path)) > before + 1


def _look(store: Store, acks: dict[str, list[list[str]]], found: Kills) -> None:
    """Open the database anew and hold it against what was promised."""
    again = Store(store.url, store.key_file)
    again.check()
    found.damaged += len(keeping.examine(again))
    found.findings += len(checkpoints.verify(again).findings)
    with again.snapshot() as connection:
        for submission, promised in acks.items():
            kept = {
                row.number: _worry(row.answers)
                for row in connection.execute(_Q["revisions"], {"submission": _id(store, submission)})
            }
            found.lost += sum(1 for number, words in promised if kept.get(int(number)) != words)
            now = connection.execute(_Q["row"], {"submission": _id(store, submission)}).one()
            events = sum(
                '"action":"submission.saved"' in body and submission in body
                for body in connection.execute(_Q["events"]).scalars()
            )
            whole = now.revision == len(kept) == events + 1 and _worry(now.answers) == kept[now.revision]
            found.torn += not whole
    again.close()


_Q = {
    "revisions": text("SELECT number, answers FROM submission_revision WHERE submission = :submission"),
    "row": text("SELECT revision, answers FROM submission WHERE id = :submission"),
    "events": text("SELECT body FROM audit_event WHERE chain LIKE 'record:%'"),
}


def _id(store: Store, one: str) -> str:
    return one.replace("-", "") if store.embedded else one


def _worry(answers: Any) -> str | None:
    said = json.loads(answers) if isinstance(answers, str) else answers
    return said.get("worry")


# --- Many writers


@dataclass(slots=True)
class Writing:
    """What many writers at once came to."""

    writers: int = 0
    saved: int = 0
    stale: int = 0
    busy: int = 0
    lost: int = 0
    raw: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] if self.seconds else 0.0


def write_at_once(
    town: Town,
    folder: Path,
    *,
    writers: int,
    seconds: float,
    one_row: bool,
    most: int = 10_000,
    deferred: bool = False,
) -> Writing:
    """`writers` processes edit one record, or each its own, as fast as they can."""
    shared = town.child(by="mia").id
    owned = [shared if one_row else town.child(by="mia").id for _ in range(writers)]
    acks = [folder / f"{number}-{ids.new_row()}.acks" for number in range(writers)]
    jobs = [
        (
            work.edit_often,
            (place(town, "mia"), record, str(path)),
            {"seconds": seconds, "most": most, "deferred": deferred},
        )
        for record, path in zip(owned, acks, strict=True)
    ]
    found = Writing(writers=writers)
    with started(jobs) as processes:
        for one in processes:
            one.join(seconds + 60)
    promised: list[tuple[str, int, str]] = []
    for record, path in zip(owned, acks, strict=True):
        for kind, *rest in lines(path):
            if kind == "saved":
                promised.append((record, int(rest[0]), rest[1]))
                found.seconds.append(float(rest[2]))
            elif kind == "raw":
                found.raw.append(" ".join(rest))
            else:
                setattr(found, kind, getattr(found, kind) + 1)
    found.saved = len(promised)
    found.lost = _lost(town, owned, promised)
    return found


def _lost(town: Town, owned: Sequence[str], promised: Sequence[tuple[str, int, str]]) -> int:
    """Promises whose very words are not in that revision, and revisions that nobody was promised."""
    kept: dict[tuple[str, int], str] = {}
    with town.desk("mia") as desk:
        for record in set(owned):
            for one in records.revisions(desk, record):
                kept[record, one.number] = one.content.get("last_name", "")
    missing = sum(kept.get((record, number)) != words for record, number, words in promised)
    unpromised = len(kept) - len(set(owned)) - len(promised)
    return missing + max(0, unpromised)
