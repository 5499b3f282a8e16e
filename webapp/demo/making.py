"""Makes the demonstration: a database, the published pack, invented people, and the story told through casework.

Made in a folder beside and moved into place when whole, so that one that was interrupted is begun again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import engine
from engine.casework import SYSTEM, Store, authorities, people, projecting, stacks
from webapp.demo.people import AUTHORITY, PASSWORD, TEAM, for_pack
from webapp.demo.story import Teller
from webapp.settings import Settings

STORY = Path(__file__).with_name("story.yaml")
LONG_AGO = timedelta(days=120)


def make_demo(settings: Settings, *, tell: Callable[[str], None] = print) -> None:
    """Makes the demonstration unless it is there; brings an older one's database up to date."""
    found = Path(settings.database)
    if found.exists():
        store = Store(settings.database, key_file=settings.key_file)
        store.upgrade()
        projecting.catch_up(store, datetime.now(UTC))
        store.close()
        return
    tell("Making invented people and cases …")
    building = settings.data.with_name(settings.data.name + ".making")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    aside = replace(settings, data=building, database=str(building / found.name))
    store = Store(aside.database, key_file=settings.key_file)
    store.upgrade()
    root = settings.workspace or Path.cwd()
    pack = engine.load(root).pack(settings.pack)
    fill(store, pack, now=datetime.now(UTC))
    store.close()
    shutil.rmtree(settings.data, ignore_errors=True)
    building.rename(settings.data)


def fill(
    store: Store,
    pack: engine.Pack,
    *,
    now: datetime,
    story: list[dict[str, Any]] | None = None,
    left_out: list[str] | None = None,
) -> str:
    """Founds the invented council in an empty database and tells its story; returns the authority's id.

    Where `left_out` is given, steps that the pack does not allow are left out and named in it.
    """
    began = now - LONG_AGO
    authority = authorities.found(store, AUTHORITY, now=began)
    ids: dict[str, str] = {}
    with store.desk(authority, SYSTEM, now=began) as desk:
        stacks.publish(desk, pack)
        team = people.add_team(desk, TEAM)
        for one in for_pack(pack.stack):
            roles = [role for role in one.roles if role in pack.stack.access.roles]
            ids[one.sign_in] = people.add(desk, one.name, one.sign_in, password=PASSWORD, roles=roles).id
            if one.in_team:
                people.add_to_team(desk, ids[one.sign_in], team.id)
    told = story if story is not None else yaml.safe_load(STORY.read_text(encoding="utf-8"))
    Teller(store, authority, ids, team.id, now, left_out).tell(told)
    return authority
