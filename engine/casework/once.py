"""Doing a thing once, however often its button was pressed or its reply was lost."""

from __future__ import annotations

from sqlalchemy import select

from engine.casework import ids, texts
from engine.casework.columns import insert_unless_there
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import once


def before(desk: Desk, key: str | None, what: str) -> str | None:
    """The id of what this key made already, or None: then it is to be made now.

    A second press while the first is still at work waits for it here, and then gets the first one's result.
    """
    if key is None:
        return None
    mine = (once.c.authority == desk.authority) & (once.c.key == _key(desk, key))
    claim = {
        "authority": desk.authority,
        "id": ids.new(),
        "person": desk.person,
        "key": _key(desk, key),
        "what": what,
        "result": None,
        "at": desk.now,
    }
    desk.run(insert_unless_there(once, desk.connection.dialect.name), claim)
    found = desk.run(select(once).where(mine).with_for_update()).one()
    if found.what != what:
        raise CaseworkError("This page was sent twice for two different things. Open it again.")
    return found.result


def already(desk: Desk, key: str | None, what: str) -> bool:
    """Whether this key made its thing before, asked without claiming it."""
    here = (once.c.authority == desk.authority) & (once.c.what == what)
    found = select(once.c.id).where(here, once.c.key == _key(desk, key or ""), once.c.result.is_not(None))
    return key is not None and desk.run(found).first() is not None


def after(desk: Desk, key: str | None, what: str, result: str) -> None:
    """Remember what the key made."""
    if key is None:
        return
    mine = (once.c.authority == desk.authority) & (once.c.key == _key(desk, key))
    desk.run(once.update().where(mine).values(result=result))


def _key(desk: Desk, key: str) -> str:
    return texts.fit(f"{desk.person or 'system'}:{key}")[:200]
