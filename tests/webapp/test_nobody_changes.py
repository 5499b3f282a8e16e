"""Nobody changes what is not theirs: everything that can be posted, with every id, and not one planted row differs.

The other side of `test_canaries`: there it is what people meet, here what they write. Those sent round may see next to
nothing of what was planted, and so may touch nothing of it, by whatever page and whatever they forge into it.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.casework.columns import metadata
from tests.support.canaries import World
from tests.support.crawling import Crawler, bodies, fresh
from tests.support.surveys import visits
from tests.webapp.test_canaries import everything

OWN = {"session", "throttle", "once", "notification_read", "audit_event", "audit_head"}
"""Tables of what everybody leaves behind them wherever they go."""
THINGS = (
    "record", "case", "submission", "note", "link", "marker", "task", "query", "proposal", "team", "hold", "file",
)  # fmt: skip
SAYS: tuple[dict[str, str], ...] = (
    {
        "do": "answer",
        "revision": "1",
        "reason": "A reason that is long enough",
        "line": "Forged",
        "to": "story",
    },
    {"do": "withdraw", "revision": "2", "why": "A reason that is long enough", "at": "story", "sure": "yes"},
)
"""What the newest pages ask for beside what every page is sent."""


def rows(world: World) -> dict[tuple[str, ...], str]:
    """Every row there is but traces, by table and key."""
    found = {}
    with world.store.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in OWN:
                continue
            keys = [one.name for one in table.primary_key.columns]
            for row in connection.execute(select(table)).mappings():
                found[(table.name, *(str(row[key]) for key in keys))] = repr(dict(row))
    return found


def touched(world: World, app: Any, who: str, most: int | None = None) -> list[str]:
    """What differs once somebody has posted everything everywhere: rows changed, gone, or added to what was planted."""
    crawler, before = Crawler(app, who, world), rows(world)
    for address in islice(visits(app, world, "POST", who), most):
        for body, says in zip(bodies(world), SAYS, strict=True):
            crawler.post(address.url, fresh({**body, **says}))
    after = rows(world)
    me = world.people[who]
    changed = [
        f"{key} changed" for key, row in before.items() if after.get(key, row) != row and me not in key
    ]
    gone = [f"{key} gone" for key in before.keys() - after.keys()]
    theirs = {
        id
        for kind in THINGS
        for thing, id in world.ids.get(kind, {}).items()
        # What somebody may see they may perhaps write of, too.
        if not world.may_see(who, "record", thing.partition(".")[0])
    }
    added = [
        f"{key} added: {row[:200]}"
        for key, row in after.items()
        if key not in before and theirs & ids_in(row)
    ]
    return changed + gone + added


def ids_in(row: str) -> set[str]:
    return {part for part in row.replace('"', "'").split("'") if len(part) == 36}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nobody_changes_what_is_not_theirs(visit: tuple[World, Flask]) -> None:
    world, app = visit
    assert touched(world, app, "dan") == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_door_that_stands_open_is_noticed(
    visit: tuple[World, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where access says yes to everything, rows change."""
    world, app = visit
    everything(monkeypatch)
    assert touched(world, app, "dan", most=80)
