"""Published definitions: immutable by hash. One is live for new work; others stay for what is pinned to them.

A stack is kept as the texts it was made from and is rebuilt from them by the loader, once a process; the loader takes
it from what was kept of it, if the store keeps any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, select

from engine import packs
from engine.casework import access, audit, ids, schedule, widening
from engine.casework.columns import insert_unless_there
from engine.casework.errors import NoStack
from engine.casework.store import Desk, Store
from engine.casework.tables import live_stack, stack
from engine.casework.tables import trouble as troubles
from engine.casework.values import Trouble

MOST_PACKS = 30


def publish(desk: Desk, pack: packs.Pack) -> str:
    """Make a checked pack (`workspace.pack(id)`) live for new work; returns its hash.

    Work under way stays pinned to what it began with. Publishing what is live already does nothing but clear the
    banner. Raises NotPermitted unless the person's role manages definitions, NeedsWidening in a process that may not
    make the columns for its reportable answers.
    """
    if not desk.system:
        access.require_job(desk, "definitions")
    made = pack.stack
    desk.run(troubles.delete().where(troubles.c.authority == desk.authority))
    # Content by its hash, so it may be kept even if this transaction is undone.
    _remember(desk.store, pack)
    newest = _newest(desk)
    if newest is not None and newest.hash == made.hash:
        return str(made.hash)
    widening.for_publishing(desk, made)
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
    before = pinned(desk, newest.hash).stack.manifest.holidays if newest is not None else ()
    audit.did(desk, "stack.published", stack=made.hash, version=made.manifest.version, number=number)
    desk.forget_stack()
    if before != made.manifest.holidays:
        schedule.recompute(desk)
    return str(made.hash)


def report_trouble(desk: Desk, report: Mapping[str, Any]) -> None:
    """Remember why the newest change was not published; the last good stack stays live."""
    desk.run(troubles.delete().where(troubles.c.authority == desk.authority))
    row = {"authority": desk.authority, "id": ids.new(), "at": desk.now, "report": dict(report)}
    desk.run(troubles.insert(), row)


def trouble(desk: Desk) -> Trouble | None:
    """Why the newest change was not published, for the banner; None once a publish went well."""
    found = desk.run(_TROUBLE, {"of": desk.authority}).first()
    return Trouble(found.at, found.report) if found else None


_TROUBLE = select(troubles).where(troubles.c.authority == bindparam("of"))


def live(desk: Desk) -> packs.Pack:
    """The live pack, one and the same for a whole desk. Raises NoStack where nothing has been published."""
    if desk.live is None:
        newest = _newest(desk)
        if newest is None:
            raise NoStack()
        desk.live = newest.hash
    return pinned(desk, desk.live)


def foresee(store: Store) -> None:
    """Read every authority's live definitions for this process before anybody asks for them: who asks first would
    keep others from writing meanwhile."""
    newest = (
        select(live_stack.c.authority, func.max(live_stack.c.number).label("number"))
        .group_by(live_stack.c.authority)
        .subquery()
    )
    here = (stack.c.authority == live_stack.c.authority) & (stack.c.hash == live_stack.c.hash)
    last = (newest.c.authority == live_stack.c.authority) & (newest.c.number == live_stack.c.number)
    with store.reading() as connection:
        found = connection.execute(
            select(stack.c.hash, stack.c.pack, stack.c.texts).select_from(
                live_stack.join(newest, last).join(stack, here)
            )
        ).all()
    for row in found:
        if ("pack", row.hash) not in store.cache:
            _remember(store, packs.load_texts(row.texts, store.kept).pack(row.pack))


def languages_of(store: Store, authority: str) -> tuple[str, ...]:
    """The languages of an authority's live pack, its own first; none where nothing is live. Without a desk: for the
    pages that are shown before anybody has signed in."""
    newest = select(live_stack.c.hash).where(live_stack.c.authority == authority)
    with store.reading() as connection:
        hash = connection.execute(newest.order_by(live_stack.c.number.desc()).limit(1)).scalar()
    if hash is None:
        return ()
    if ("pack", hash) not in store.cache:
        foresee(store)
    found: tuple[str, ...] = store.cache["pack", hash].languages
    return found


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
    pack = packs.load_texts(found.texts, desk.store.kept).pack(found.pack)
    _remember(desk.store, pack)
    return pack


def _remember(store: Store, pack: packs.Pack) -> None:
    """Keep a rebuilt pack for this process, and let the oldest go: somebody who edits all day publishes often."""
    cache = store.cache
    cache["pack", pack.hash] = pack
    for key in [key for key in list(cache) if key[0] == "pack"][:-MOST_PACKS]:
        cache.pop(key, None)


def _newest(desk: Desk) -> Any:
    mine = live_stack.c.authority == desk.authority
    last = select(func.max(live_stack.c.number)).where(mine).scalar_subquery()
    return desk.run(
        select(live_stack.c.hash, live_stack.c.number).where(mine, live_stack.c.number == last)
    ).first()
