"""Kills between firing and delivery: what a transition or a passed deadline asked for happened once, and all went out.

Shared by the quick races and the long soak. Every process is our own child, killed by its own id.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from engine.casework import cases, checkpoints, outbox, posting, sharing
from tests.races import work
from tests.races.running import lines, place, started
from tests.support.casework import Town
from tests.support.processes import wait_until


@dataclass(slots=True)
class Delivered:
    """What a number of kills came to. `wrong` are database effects that did not happen exactly once."""

    kills: int = 0
    effects: int = 0
    wrong: int = 0
    letters: int = 0
    missing: int = 0
    strange: int = 0
    repeats: int = 0
    findings: int = 0


def kill_between_firing_and_delivery(
    town: Town, folder: Path, times: int, chance: random.Random, *, marked_first: bool = False
) -> Delivered:
    """New work each round; a process fires it and carries out its letters, and is killed somewhere on the way."""
    acks, late = folder / "outside.acks", (town.now + timedelta(days=20)).isoformat()
    found, checked, asking = Delivered(), [], []
    job = work.fire_and_deliver
    for one in ("mia", "noor"):
        with town.desk(one) as desk:
            posting.choose(desk, email=f"{one}@harbour.example", letters=posting.ONCE)
    for _ in range(times):
        checked.append(town.checked()[1].id)
        child = town.child(by="mia")
        case = town.case(child.id, by="mia", workflow="strategy")
        town.submitted(child.id, case.id, "referral", {"worry": "The park"}, by="mia")
        asking.append(case.id)
        before = len(lines(acks))
        with started(
            [(job, (place(town, "mia"), late, str(acks)), {"marked_first": marked_first})]
        ) as processes:
            # A part of the kills falls before anything went out, the rest while letters go.
            if chance.random() < 0.8:
                wait_until(_more(acks, before), 60, "letters to go out")
                time.sleep(chance.uniform(0, 0.08))
            else:
                time.sleep(chance.uniform(0.02, 0.3))
            processes[0].kill()
        found.kills += 1
    _finish(town, acks, late, found)
    _judge(town, acks, checked, asking, found)
    return found


def _more(acks: Path, before: int) -> Callable[[], bool]:
    return lambda: len(lines(acks)) > before


def _finish(town: Town, acks: Path, late: str, found: Delivered) -> None:
    """One who is not killed does what is left."""
    told = work.Acks(str(acks))
    town.now = town.now.fromisoformat(late)
    work.fire_what_waits(town.store, town.authority, town.people["mia"], town.now)
    while outbox.deliver(town.store, lambda letter: told.add(letter.key), now=town.now):
        pass
    found.findings = len(checkpoints.verify(town.store).findings)


def _judge(town: Town, acks: Path, checked: list[str], asking: list[str], found: Delivered) -> None:
    went = Counter(words[0] for words in lines(acks))
    with town.store.snapshot() as connection:
        letters = set(connection.execute(text("SELECT key FROM outbox")).scalars())
        late = text('SELECT "case" FROM notification WHERE message = :words')
        words = {"words": "A decision is late."}
        told = Counter(str(one).replace("-", "") for one in connection.execute(late, words).scalars())
        passed = Counter(
            one
            for body in connection.execute(
                text("SELECT body FROM audit_event WHERE body LIKE '%deadline.passed%'")
            ).scalars()
            for one in checked
            if one in body and '"what":"checking"' in body
        )
    done: list[int] = []
    for case in checked:
        done += [told[case.replace("-", "")], passed[case]]
    for case in asking:
        with town.desk("mia") as desk:
            about = cases.get(desk, case).record
            begun = [one for one in cases.of_record(desk, about) if one.workflow == "enquiry"]
            steps = [one for one in cases.history(desk, case) if one.transition == "ask"]
            done += [len(begun), len(steps), len(sharing.of_record(desk, about))]
    found.effects, found.wrong = len(done), sum(one != 1 for one in done)
    found.letters, found.missing = len(letters), len(letters - went.keys())
    found.strange = len(went.keys() - letters)
    found.repeats = sum(went.values()) - len(went)
