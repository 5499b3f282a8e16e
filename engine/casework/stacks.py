"""Published definitions: immutable by hash. One is live for new work; others stay for what is pinned to them.

A stack is kept as the texts it was made from and is rebuilt from them by the loader, once a process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from engine import packs
from engine.casework import access, audit, ids
from engine.casework.columns import insert_unless_there
from engine.casework.errors import NoStack
from engine.casework.store import Desk
from engine.casework.tables import live_stack, stack
from engine.casework.tables import trouble as troubles
from engine.casework.values import Trouble

MOST_PACKS = 30


def publish(desk: Desk, pack: packs.Pack) -> str:
    """Make a checked pack (`workspace.pack(id)`) live for new work; returns its hash.

    Work under way stays pinned to what it began with. Publishing what is live already does nothing but clear the
    banner. Raises NotPermitted unless the person's role manages definitions.
    """
    if not desk.system:
        access.require_job(desk, "definitions")
    made = pack.stack
    desk.run(troubles.delete().where(troubles.c.authority == desk.authority))
    # Content by its hash, so it may be kept even if this transaction is undone.
    _remember(desk, pack)
    newest = _newest(desk)
    if newest is not None and newest.hash == made.hash:
        return str(made.hash)
    desk.run(
        insert_unless_there(stack, desk.connection.dialect.name),
        {
            "authority": desk.authority,
            "hash": made.hash,
            "pack": made.manifest.id,
            "version": made.manifest.version,
            "layers": [[layer.pack, layer.version, layer.sha256] for layer in made.layers],
            "texts": dict(pack.texts),
            "made_at": desk.now,
        },
    )
    number = (newest.number if newest else 0) + 1
    desk.run(
        live_stack.insert(),
        {
            "authority": desk.authority,
            "id": ids.new(),
            "hash": made.hash,
            "version": made.manifest.version,
            "published_by": desk.person,
            "published_at": desk.now,
            "number": number,
        },
    )
    audit.did(desk, "stack.published", stack=made.hash, version=made.manifest.version, number=number)
    desk.__dict__.pop("stack", None)
    desk.forget_grants()
    return str(made.hash)


def report_trouble(desk: Desk, report: Mapping[str, Any]) -> None:
    """Remember why the newest change was not published; the last good stack stays live."""
    desk.run(troubles.delete().where(troubles.c.authority == desk.authority))
    row = {"authority": desk.authority, "id": ids.new(), "at": desk.now, "report": dict(report)}
    desk.run(troubles.insert(), row)


def trouble(desk: Desk) -> Trouble | None:
    """Why the newest change was not published, for the banner; None once a publish went well."""
    found = desk.run(select(troubles).where(troubles.c.authority == desk.authority)).first()
    return Trouble(found.at, found.report) if found else None


def live(desk: Desk) -> packs.Pack:
    """The live pack. Raises NoStack where nothing has been published."""
    newest = _newest(desk)
    if newest is None:
        raise NoStack()
    return pinned(desk, newest.hash)


def pinned(desk: Desk, hash: str) -> packs.Pack:
    """The pack that work was pinned to, rebuilt from its texts; cached in the process."""
    # Hashes come from this authority's own rows, never from an address, so the cache may be everybody's.
    cached: packs.Pack | None = desk.store.cache.get(("pack", hash))
    if cached is not None:
        return cached
    found = desk.run(
        select(stack.c.pack, stack.c.texts).where(stack.c.authority == desk.authority, stack.c.hash == hash)
    ).first()
    if found is None:
        raise NoStack()
    pack = packs.load_texts(found.texts).pack(found.pack)
    _remember(desk, pack)
    return pack


def _remember(desk: Desk, pack: packs.Pack) -> None:
    """Keep a rebuilt pack for this process, and let the oldest go: somebody who edits all day publishes often."""
    cache = desk.store.cache
    cache["pack", pack.hash] = pack
    for key in [key for key in list(cache) if key[0] == "pack"][:-MOST_PACKS]:
        cache.pop(key, None)


def _newest(desk: Desk) -> Any:
    mine = live_stack.c.authority == desk.authority
    last = select(func.max(live_stack.c.number)).where(mine).scalar_subquery()
    return desk.run(
        select(live_stack.c.hash, live_stack.c.number).where(mine, live_stack.c.number == last)
    ).first()
