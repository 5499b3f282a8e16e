"""A server under load: people who read and save at once, through HTTP, as their browsers would.

Ten people, each with a child of their own and a form of forty long answers; of ten requests seven read (the part with
all forty answers three times, the child, the form, a list of work, the search page) and three save all forty. Every
page is judged for access and every look is written to the audit; afterwards what each saved last must stand, and the
audit must hold as many looks as were answered. Counted is what comes once every process that serves has warmed up, and
people come anew every ten requests, as browsers do that were left alone for some seconds.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from engine import packs
from engine.casework import authorities, people, stacks, submissions
from engine.casework.tables import audit_event
from tests.support.casework import PASSWORD, Town, harbour
from tests.support.servers import Server, running

ROOT = Path(__file__).resolve().parents[2]
LONG = 40
WARMING = 10.0
"""Seconds of the same work before anything is counted: definitions are read, templates and statements made."""
WORDS = (
    "met",
    "walked",
    "said",
    "school",
    "park",
    "friend",
    "worried",
    "bus",
    "evening",
    "shop",
    "again",
    "quiet",
)
REVISION = re.compile(r'name="revision" value="(\d+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def pack() -> packs.Pack:
    """The test pack with a form of forty long answers."""
    asked = "\n".join(
        f"      - {{id: long_{n}, type: long_text, label: What happened at {n}}}" for n in range(LONG)
    )
    head = (
        "form: long\ntitle: Long\nabout: child\nsections:\n  - id: whole\n    title: Whole\n    questions:\n"
    )
    form = f"{head}{asked}\n"
    return packs.load_texts({**harbour().texts, "form_definitions/harbour/forms/long.yaml": form}).pack(
        "harbour"
    )


@dataclass
class Found:
    """What came of it; times in seconds."""

    seconds: float = 0.0
    reads: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    looks: int = 0

    @property
    def rate(self) -> float:
        return (len(self.reads) + len(self.saves)) / self.seconds

    def p95(self, times: list[float]) -> float:
        return sorted(times)[int(len(times) * 0.95)] if times else float("inf")

    def words(self) -> str:
        return (
            f"{len(self.reads)} reads and {len(self.saves)} saves in {self.seconds:.0f} s: {self.rate:.0f} requests a "
            f"second, p95 {self.p95(self.reads + self.saves) * 1000:.0f} ms (reads {self.p95(self.reads) * 1000:.0f}, "
            f"saves {self.p95(self.saves) * 1000:.0f}); {len(self.wrong)} not answered as asked, {self.lost} saves "
            f"lost, {self.looks} looks in the audit"
            + (f", for example {self.wrong[0]}" if self.wrong else "")
        )


class Client:
    """One person's browser: a connection that is kept, a cookie, and the last revision it saw."""

    def __init__(self, server: Server, host: str, sign_in: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"Host": host}
        self.cookies: dict[str, str] = {}
        page = self.ask("GET", "/sign-in")
        token = unescape(TOKEN.search(page)[1])  # type: ignore[index]
        self.ask(
            "POST", "/sign-in", {"csrf_token": token, "sign_in": sign_in, "password": PASSWORD}, wants=303
        )

    def ask(self, method: str, path: str, body: dict[str, str] | None = None, wants: int = 200) -> str:
        """The page; raises AssertionError where the answer is another than was meant."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, urlencode(body) if body is not None else None, headers)
        reply = self.line.getresponse()
        said = reply.read().decode()
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update([value.partition(";")[0].split("=", 1)])
                self.headers["Cookie"] = "; ".join("=".join(one) for one in self.cookies.items())
        if reply.status != wants:
            raise AssertionError(f"{method} {path}: {reply.status}")
        return said


@contextmanager
def serving(town: Town, workers: int = 3) -> Iterator[Server]:
    """The real command over this database: so many processes of four threads each."""
    host = f"{town.authority[:8]}.example"
    authorities.set_address(town.store, town.authority, host)
    env = {
        "TREFOIL_DATABASE": town.store.url,
        "TREFOIL_KEY_FILE": str(town.store.key_file),
        "TREFOIL_DATA": str(Path(town.store.key_file).parent / "web"),
    }
    command = [sys.executable, "-m", "webapp.cli", "serve", "--workers", str(workers), "--port", "{port}"]
    with running(command, ready="/health", seconds=90, env={**os.environ, **env}, cwd=ROOT) as server:
        yield server


def load(town: Town, *, clients: int, seconds: float) -> Found:
    """Lets so many people work for so long, and looks at what is left."""
    with town.desk() as desk:
        stacks.publish(desk, pack())
    drafts: dict[str, tuple[str, str]] = {}
    for number in range(clients):
        who = f"load{number}"
        with town.desk() as desk:
            made = people.add(
                desk, f"Load {number}", f"{who}@load.example", password=PASSWORD, roles=("practitioner",)
            )
            town.people[who] = made.id
        child = town.child(by=who)
        with town.desk(who) as desk:
            drafts[who] = (child.id, submissions.open_draft(desk, "long", record=child.id).id)
    found, last = Found(), {}
    before = _looks(town)
    with serving(town) as server:
        browsers = {
            who: Client(server, f"{town.authority[:8]}.example", f"{who}@load.example") for who in drafts
        }
        counted = time.monotonic() + WARMING
        until = counted + seconds
        jobs = [
            threading.Thread(target=_work, args=(browser, *drafts[who], who, (counted, until), found, last))
            for who, browser in browsers.items()
        ]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join(WARMING + seconds + 90)
        found.seconds = time.monotonic() - counted
    for who, said in last.items():
        with town.desk(who) as desk:
            found.lost += submissions.get(desk, drafts[who][1]).answers.get("long_0") != said
    found.looks = _looks(town) - before
    return found


def _work(
    browser: Client,
    child: str,
    draft: str,
    who: str,
    when: tuple[float, float],
    found: Found,
    last: dict[str, str],
) -> None:
    counted, until = when
    warm = Found()
    chance = random.Random(who)
    part = f"/forms/{draft}/whole"
    reads = (part, f"/records/{child}", part, f"/forms/{draft}/check", part, "/", "/search")
    saved = 0
    while (begun := time.monotonic()) < until:
        to = found if begun >= counted else warm
        browser.line.close()
        for place in reads:
            page = _timed(to.reads, found.wrong, browser, "GET", place)
            if place != part or page is None:
                continue
            saved += 1
            said = f"{who} {saved} {' '.join(chance.choices(WORDS, k=50))}"
            token, revision = TOKEN.search(page), REVISION.search(page)
            body = {
                "csrf_token": unescape(token[1]) if token else "",
                "revision": revision[1] if revision else "",
                "a.@section": "whole",
                "action": "later",
                **{f"a.long_{n}": f"{said} {n}" if n else said for n in range(LONG)},
            }
            if _timed(to.saves, found.wrong, browser, "POST", part, body) is not None:
                last[who] = said


def _timed(
    times: list[float],
    wrong: list[str],
    browser: Client,
    method: str,
    path: str,
    body: dict[str, str] | None = None,
) -> str | None:
    begun = time.perf_counter()
    try:
        page = browser.ask(method, path, body, wants=303 if body is not None else 200)
    except (AssertionError, OSError, http.client.HTTPException) as error:
        wrong.append(str(error))
        return None
    times.append(time.perf_counter() - begun)
    return page


def _looks(town: Town) -> int:
    wanted = select(func.count()).select_from(audit_event).where(audit_event.c.authority == town.authority)
    with town.store.reading() as connection:
        return int(connection.execute(wanted.where(audit_event.c.body.like('%.viewed"%'))).scalar_one())
