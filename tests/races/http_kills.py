"""The processes that serve are killed while people save forms through HTTP; what they were told is saved must be there.

People are threads with connections of their own that save a part with the button, have the page save itself, and send
the form, again and again. Shared by the quick races and the long soak.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from engine import packs
from engine.casework import Busy, Store, checkpoints, keeping, people, stacks, submissions
from tests.races.serving import Serving
from tests.support.casework import PASSWORD, Town, harbour
from tests.support.processes import wait_until

NUMBER = re.compile(r"number (\d+)")
ROUNDS, KEEPS = 4, 3
FORM = """
form: diary
title: Diary
about: child
sections:
  - id: day
    title: The day
    questions:
      - {id: first, type: long_text, label: What happened first}
      - {id: then, type: long_text, label: What happened then}
"""


def pack() -> packs.Pack:
    """The test pack with a form of two long answers."""
    texts = {**harbour().texts, "form_definitions/harbour/forms/diary.yaml": FORM}
    return packs.load_texts(texts).pack("harbour")


@dataclass
class Found:
    """What a number of kills came to. `wrong` are replies that nobody should get, killed or not."""

    kills: int = 0
    saved: int = 0
    kept: int = 0
    sent: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    damaged: int = 0
    findings: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return self.saved + self.kept + self.sent

    @property
    def good(self) -> bool:
        return not (self.lost or self.torn or self.damaged or self.findings or self.wrong)

    def words(self) -> str:
        examples = [*self.lost[:2], *self.torn[:2], *self.wrong[:2]]
        return (
            f"{self.kills} kills of what serves, {self.acknowledged} saves acknowledged through HTTP ({self.saved} by "
            f"the button, {self.kept} by the page itself, {self.sent} forms sent): {len(self.lost)} lost, "
            f"{len(self.torn)} torn, {self.damaged} damaged, {self.findings} findings in the audit, {len(self.wrong)} "
            f"replies that nobody should get{': ' if examples else ''}{'; '.join(examples)}"
        )


class Cut(Exception):
    """No reply came: nobody knows whether it was done."""


class Person(threading.Thread):
    """Somebody who saves through HTTP, one form after another, and writes down what they were told."""

    def __init__(self, town: Town, serving: Serving, who: str, found: Found) -> None:
        super().__init__(daemon=True)
        self.town, self.serving, self.who, self.found = town, serving, who, found
        with town.desk() as desk:
            sign_in = f"{who}@saving.example"
            made = people.add(desk, who.title(), sign_in, password=PASSWORD, roles=("practitioner",))
        town.people[who] = made.id
        self.child = town.child(by=who).id
        self.cookie = ""
        self.line: http.client.HTTPConnection | None = None
        self.number = self.acks = 0
        self.saves: dict[str, set[int]] = {}
        self.last: dict[str, int] = {}
        self.sent: set[str] = set()
        self.over = threading.Event()

    def run(self) -> None:
        try:
            self._sign_in()
            while not self.over.is_set():
                self._one_form()
        except Exception as error:
            self.found.wrong.append(f"{self.who}: {type(error).__name__} {error}")
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None

    def ask(
        self, method: str, path: str, fields: list[tuple[str, str]] | None = None, **headers: str
    ) -> tuple[int, str]:
        """The status and the page. Raises Cut where the line broke."""
        headers |= {"Host": self.serving.host, "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.serving.port, timeout=60)
        try:
            self.line.request(method, path, None if fields is None else urlencode(fields), headers)
            reply = self.line.getresponse()
            said = reply.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            # Whoever runs into a service that is down waits a moment before trying again.
            self.over.wait(0.05)
            raise Cut from error
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        return reply.status, said

    def tried(
        self, wanted: int, method: str, path: str, fields: list[tuple[str, str]] | None = None, **headers: str
    ) -> str:
        """The page, asked for until it comes. Raises Cut where the day is over first."""
        while not self.over.is_set():
            with suppress(Cut):
                status, said = self.ask(method, path, fields, **headers)
                if status == wanted:
                    return said
                if status != 503:
                    raise AssertionError(f"{method} {path}: {status}")
        raise Cut

    def _sign_in(self) -> None:
        with suppress(Cut):
            token = _hidden(self.tried(200, "GET", "/sign-in"), "csrf_token")
            given = [("csrf_token", token), ("sign_in", f"{self.who}@saving.example"), ("password", PASSWORD)]
            self.tried(303, "POST", "/sign-in", given)

    def _one_form(self) -> None:
        draft = self._draft()
        with suppress(Cut):
            for _ in range(ROUNDS):
                self._save(draft)
                self._keep(draft)
            self._send(draft)

    def _draft(self) -> str:
        while True:
            with suppress(Busy), self.town.desk(self.who) as desk:
                return submissions.open_draft(desk, "diary", record=self.child).id

    def _texts(self) -> list[tuple[str, str]]:
        self.number += 1
        words = f"{self.who} number {self.number} {'and so on ' * 60}".strip()
        return [("a.first", words), ("a.then", words)]

    def _save(self, draft: str) -> None:
        address = f"/forms/{draft}/day"
        page = self.tried(200, "GET", address)
        carried = [(name, _hidden(page, name)) for name in ("csrf_token", "revision")]
        fields = [*carried, ("a.@section", "day"), ("action", "later"), *self._texts()]
        number = self.number
        with suppress(Cut):
            status, _said = self.ask("POST", address, fields)
            if status == 303:
                self.saves.setdefault(draft, set()).add(number)
                self.found.saved += 1
                self._told(draft, number)
            elif status != 503:
                raise AssertionError(f"POST {address}: {status}")

    def _keep(self, draft: str) -> None:
        page = self.tried(200, "GET", f"/forms/{draft}/day")
        carried = [(name, _hidden(page, name)) for name in ("csrf_token", "_who")]
        revision = _hidden(page, "revision")
        was = [(f"was.a.{name}", _typed(page, name)) for name in ("first", "then")]
        for _ in range(KEEPS):
            now = self._texts()
            number = self.number
            changed = [("changed", name) for name, _text in now]
            fields = [*carried, ("revision", revision), ("a.@section", "day"), *now, *was, *changed]
            # The page asks the very same again until it is answered; what was kept without a word is no conflict.
            said = self.tried(200, "POST", f"/forms/{draft}/keep-typed", fields, Accept="application/json")
            told = json.loads(said)
            if not told["exact"]:
                raise AssertionError(f"keep-typed: {said[:300]}")
            revision, was = str(told["revision"]), [(f"was.{name}", words) for name, words in now]
            self.found.kept += 1
            self._told(draft, number)

    def _send(self, draft: str) -> None:
        page = self.tried(200, "GET", f"/forms/{draft}/check")
        fields = [(name, _hidden(page, name)) for name in ("csrf_token", "revision", "key")]
        # Pressed again with the same key until a reply comes: it is sent once, and says so each time.
        self.tried(303, "POST", f"/forms/{draft}/submit", fields)
        self.sent.add(draft)
        self.found.sent += 1
        self.acks += 1

    def _told(self, draft: str, number: int) -> None:
        self.last[draft] = number
        self.acks += 1


def kill_while_saving(
    town: Town,
    folder: Path,
    times: int,
    chance: random.Random,
    *,
    too_soon: bool = False,
    look_every: int = 1,
    whole_every: int = 5,
) -> Found:
    """Three people save without a pause; what serves is killed so many times, every `whole_every`th time with what
    stands above it; what is left is looked at after every `look_every`th."""
    with town.desk() as desk:
        stacks.publish(desk, pack())
    found = Found()
    with at_work(town, folder, found, too_soon=too_soon) as (serving, crowd):
        for turn in range(1, times + 1):
            wait_until(_more_from(crowd, found), 90, "saves")
            if found.wrong:
                break
            time.sleep(chance.uniform(0, 0.15))
            if turn % whole_every:
                serving.kill_workers()
            else:
                serving.kill()
            found.kills += 1
            if turn % look_every == 0:
                look(town, crowd, found)
            if not turn % whole_every:
                serving.start()
    look(town, crowd, found)
    return found


def _more_from(crowd: list[Person], found: Found) -> Callable[[], bool]:
    """Whether everybody was told something more by now; one who met a wrong reply will never be told anything."""
    before = {one: one.acks for one in crowd}
    return lambda: bool(found.wrong) or all(one.acks > before[one] for one in crowd)


@contextmanager
def at_work(
    town: Town, folder: Path, found: Found, *, too_soon: bool = False
) -> Iterator[tuple[Serving, list[Person]]]:
    """A service and three people who save in it; both have stopped afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    serving = Serving(town, folder, too_soon=too_soon)
    crowd = [Person(town, serving, who, found) for who in ("first", "second", "third")]
    try:
        for one in crowd:
            one.start()
        yield serving, crowd
    finally:
        for one in crowd:
            one.over.set()
        for one in crowd:
            if one.is_alive():
                one.join(70)
        serving.kill()


def look(town: Town, crowd: list[Person], found: Found) -> None:
    """Open the database anew and hold it against what was promised until now."""
    promised = [
        (draft, set(one.saves.get(draft, ())), number, draft in one.sent)
        for one in crowd
        for draft, number in list(one.last.items())
    ]
    again = Store(town.store.url, town.store.key_file)
    again.check()
    found.damaged += len(keeping.examine(again))
    found.findings += len(checkpoints.verify(again).findings)
    with again.snapshot() as connection:
        for draft, saves, last, sent in promised:
            id = {"submission": draft.replace("-", "") if again.embedded else draft}
            row = connection.execute(_Q["row"], id).one()
            kept = {one.number: _said(one.answers) for one in connection.execute(_Q["revisions"], id)}
            told = {number for number in kept.values() if number is not None}
            found.lost += [f"save {one} of {draft}" for one in saves - told]
            now = _said(row.answers)
            if now is None or now < last or (sent and row.state != "submitted"):
                found.lost.append(f"{draft} holds {now}, told {last}, {row.state}")
            # The revision that a form begins with holds nothing.
            torn = any(number is None for at, number in kept.items() if at > 1)
            if torn or row.revision != max(kept) or kept[row.revision] != now:
                found.torn.append(f"{draft} {row.revision} {now} {kept}")
    again.close()


_Q = {
    "revisions": text("SELECT number, answers FROM submission_revision WHERE submission = :submission"),
    "row": text("SELECT revision, state, answers FROM submission WHERE id = :submission"),
}


def _said(answers: Any) -> int | None:
    """The number in both answers; None where they are not there or are not of one save."""
    found = json.loads(answers) if isinstance(answers, str) else answers
    first, then = found.get("first"), found.get("then")
    if first != then or not first:
        return None
    number = NUMBER.search(first)
    return int(number[1]) if number else None


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def _typed(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="a\.{name}"[^>]*>([^<]*)</textarea>', page)
    assert found, f"no box for {name}"
    return unescape(found[1]).removeprefix("\n")
