"""Everything one person met at every address, against what they may meet: for each person in a process of their own.

Each goes over a copy of the planted database, so that what one does changes nothing for another.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from engine.casework import Store
from tests.support.canaries import CANARY, ROLES, STRANGER, World, denied, plant
from tests.support.crawling import (
    Address,
    Crawler,
    addresses,
    bodies,
    fresh,
    links_in,
    queries,
    rules,
)
from webapp.app import create_app
from webapp.kept import KeptPosts
from webapp.settings import Settings

EVERYBODY = (*ROLES, STRANGER)
SENT = (
    EVERYBODY
    if os.environ.get("TREFOIL_CRAWL") == "everybody"
    else ("anna", "cara", "dan", "noor", "sam", "tess", "carl", "fay", STRANGER)
)
"""Who goes round with every change: one for each way in which people differ. `make soak` sends everybody."""
MOST_FOLLOWED = 400


@dataclass(frozen=True)
class Planted:
    folder: Path
    world: World


def settings_of(folder: Path) -> Settings:
    return Settings(
        data=folder / "web", database=str(folder / "data" / "quay.db"), key_file=folder / "keys" / "quay.key"
    )


def planted_in(folder: Path) -> Planted:
    settings = settings_of(folder)
    store = Store(settings.database, key_file=settings.key_file)
    store.upgrade()
    world = plant(store)
    kept = KeptPosts(settings.data / "kept", settings.secret("kept"), 60)
    typed = {"text": [world.word("kept.anna")], "purpose": ["Short"]}
    path = f"/records/{world.ids['record']['c1']}/notes"
    token = kept.keep(world.people["anna"], path, typed, world.now)
    assert token
    world.put("kept", "anna", token)
    store.close()
    # Without its store it can be sent to another process.
    return Planted(folder, replace(world, store=None))


@contextmanager
def visited(planted: Planted, to: Path) -> Iterator[tuple[World, Any]]:
    """The application over a copy of the planted database, so that what one person does changes nothing for others."""
    folder = Path(shutil.copytree(planted.folder, to))
    settings = settings_of(folder)
    store = Store(settings.database, key_file=settings.key_file)
    app = create_app(settings, store=store)
    app.config["CLOCK"] = lambda: planted.world.now
    try:
        yield replace(planted.world, store=store), app
    finally:
        store.close()
        shutil.rmtree(folder)


def visits(app: Any, world: World, method: str, who: str | None = None) -> Iterator[Address]:
    """Every address; of a page that is not there for `who`, one for each thing it could be about."""
    tried = set()
    for rule in rules(app, method):
        for one in addresses(rule, world):
            if who is not None and not there_for(world, who, one):
                if (one.endpoint, one.names) in tried:
                    continue
                tried.add((one.endpoint, one.names))
            yield one


def there_for(world: World, who: str, address: Address) -> bool:
    return all(world.may_see(who, kind, thing) for kind, thing, _ in address.names)


def crawl(
    app: Any,
    world: World,
    who: str,
    methods: tuple[str, ...] = ("GET", "POST"),
    enough: Callable[[list[str]], bool] = lambda found: False,
) -> list[str]:
    """Everything that one person met and should not have, in words; no further than to where it is `enough`."""
    crawler, found = Crawler(app, who, world), []

    def look(where: str, reply: Any) -> None:
        found.extend(f"{who} meets {one} at {where}" for one in denied(world, who, reply.raw))
        if reply.status >= 500:
            found.append(f"{who}: {where} gave {reply.status}")

    seen: set[str] = set()
    for address in visits(app, world, "GET", who):
        if enough(found):
            return found
        status = 200
        for query in queries(world):
            if status == 404:
                # Not even the page is there: what it is asked besides is not read.
                break
            url = address.url + query
            seen.add(url)
            reply = crawler.get(url)
            status = reply.status
            look(url, reply)
            if address.url == "/sign-in" or (not query and reply.status == 200):
                seen_links = links_in(reply) - seen
                for link in sorted(seen_links)[:MOST_FOLLOWED]:
                    seen.add(link)
                    if link != "/sign-out":
                        look(f"{link} from {url}", crawler.get(link))
            found += alike_nobody(crawler, world, address, query, reply)
            if not query:
                found += context_shows_children(world, who, address, reply)
    if "POST" in methods:
        for number, body in enumerate(bodies(world)):
            for address in visits(app, world, "POST", who):
                if number == 0 and not there_for(world, who, address):
                    # What is not there for this person is tried with the forged body alone.
                    continue
                reply = crawler.post(address.url, fresh(body))
                look(f"POST {number} {address.url}", reply)
                found += alike_nobody(crawler, world, address, "", reply, body)
                if reply.location.startswith("/") and not reply.location.startswith("/sign-in"):
                    look(f"after POST {number} {address.url}", crawler.get(reply.location))
    return list(dict.fromkeys(found))


def alike_nobody(
    crawler: Crawler, world: World, address: Address, query: str, reply: Any, body: Any = None
) -> list[str]:
    """What may not be seen must answer as what does not exist does."""
    found = []
    for kind, thing, _ in address.names:
        if world.may_see(crawler.who, kind, thing):
            continue
        other = address.of_nobody(kind) + query
        key = (other, body is None)
        if key not in crawler.nothing:
            nothing = crawler.get(other) if body is None else crawler.post(other, fresh(body))
            crawler.nothing[key] = nothing.plainly(*planted_ids(world))
        if reply.plainly(*planted_ids(world)) != crawler.nothing[key]:
            verb = "GET" if body is None else "POST"
            found.append(
                f"{crawler.who} can tell {kind} {thing} from nothing: {verb} {address.url} ({address.endpoint}) "
                f"{reply.status} {crawler.nothing[key][0]}"
            )
    return found


def planted_ids(world: World) -> list[str]:
    """Every id there is: a page that repeats what it was asked for tells nothing."""
    return [id for things in world.ids.values() for id in things.values()]


def context_shows_children(world: World, who: str, address: Address, reply: Any) -> list[str]:
    """A page about a group or place shows nothing of the children linked to it, whoever looks."""
    about = {thing.partition(".")[0] for _, thing, _ in address.names}
    if not about & {"g1", "g2", "p1"} or about & {"c1", "c2", "c3", "c4"} or "/links" in address.url:
        return []
    if "/find/" in address.url or reply.status != 200:
        return []
    words = {world.words.get(one, "") for one in CANARY.findall(reply.raw.lower())}
    names = sorted(one for one in words if one[:2] in ("c1", "c2", "c3"))
    ids = [one for one in ("c1", "c2", "c3") if world.ids["record"][one] in reply.raw]
    return [f"{who}: {address.url}, about {sorted(about)}, shows {one}" for one in (*names, *ids)]


def told(found: list[str]) -> str:
    return f"{len(found)} found:\n" + "\n".join(found[:60])


def survey(planted: Planted, who: str) -> list[str]:
    """What one person met and should not have, the log included, which nobody's words belong in."""
    copy = planted.folder.with_name(f"{planted.folder.name}-{who}")
    with structlog.testing.capture_logs() as logs, visited(planted, copy) as (world, app):
        found = crawl(app, world, who)
    return found + [f"the log holds {one}" for one in logs if CANARY.search(repr(one))]
