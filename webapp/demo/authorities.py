"""Several invented authorities in one demonstration, each with a pack, an address and people of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import engine
from engine.casework import SYSTEM, Store, authorities, people, stacks
from webapp.demo.people import PASSWORD, PEOPLE, TEAM
from webapp.demo.story import Teller

AUTHORITIES = Path(__file__).with_name("authorities.yaml")
WEEKS = timedelta(days=21)


def invented() -> list[dict[str, Any]]:
    """Name, pack, address and story of each."""
    found: list[dict[str, Any]] = yaml.safe_load(AUTHORITIES.read_text(encoding="utf-8"))
    return found


def add_authorities(store: Store, root: Path, now: datetime) -> None:
    """Founds those that are not there yet, and tells each one's story."""
    there = set(authorities.names(store).values())
    for one in invented():
        if one["name"] not in there:
            _add(store, one, engine.load_pack(root, one["pack"], store.kept), now)


def _add(store: Store, one: dict[str, Any], pack: engine.Pack, now: datetime) -> None:
    began = now - WEEKS
    authority = authorities.found(store, one["name"], now=began, address=one["address"])
    ids: dict[str, str] = {}
    with store.desk(authority, SYSTEM, now=began) as desk:
        stacks.publish(desk, pack)
        team = people.add_team(desk, TEAM)
        for person in PEOPLE:
            roles = [role for role in person.roles if role in pack.stack.access.roles]
            made = people.add(desk, person.name, person.sign_in, password=PASSWORD, roles=roles)
            ids[person.sign_in] = made.id
            if person.in_team:
                people.add_to_team(desk, made.id, team.id)
    Teller(store, authority, ids, team.id, now).tell(one["story"])
