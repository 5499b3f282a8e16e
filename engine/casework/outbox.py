"""What is to leave the database: written with the change that asks for it, delivered afterwards, at least once.

Each has a key that stays the same however often it is tried, so that whoever receives it can tell a repeat.
Bodies hold ids, never what people wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from engine.casework import access, audit, ids
from engine.casework.columns import insert_unless_there
from engine.casework.errors import NotFound
from engine.casework.store import Desk, Store
from engine.casework.tables import outbox

MAIL = "mail"
AGAIN_AFTER = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to deliver."""

    authority: str
    id: str
    kind: str
    key: str
    body: Mapping[str, Any]
    made_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A letter that could not be delivered so far: what stood in the way, by its kind, and when it is tried again."""

    id: str
    person: str | None
    made_at: datetime
    tries: int
    next_try: datetime
    trouble: str


class Unreachable(Exception):
    """Nothing can be delivered now, whatever the letter: the round ends, and what is left waits for the next."""


Deliverer = Callable[[Letter], None]
"""Carries a letter outside; raises if it could not. It may see a letter again and must know it by its key."""


def put(desk: Desk, kind: str, key: str, body: Mapping[str, Any]) -> None:
    """Ask for a delivery; the same key again asks for nothing more."""
    row = {"authority": desk.authority, "id": ids.new(), "kind": kind, "key": key, "body": dict(body)}
    when = {"made_at": desk.now, "next_try": desk.now, "tries": 0}
    desk.run(insert_unless_there(outbox, desk.connection.dialect.name), {**row, **when})


def pending(store: Store, *, now: datetime, limit: int = 100) -> list[Letter]:
    """What is to be delivered now, the longest waiting first: one that failed stands behind those that came since."""
    wanted = (
        select(outbox)
        .where(outbox.c.delivered_at.is_(None), outbox.c.next_try <= now)
        .order_by(outbox.c.next_try, outbox.c.made_at, outbox.c.id)
        .limit(limit)
    )
    with store.reading() as connection:
        return [
            Letter(row.authority, row.id, row.kind, row.key, row.body, row.made_at, row.tries)
            for row in connection.execute(wanted)
        ]


def deliver(store: Store, deliverer: Deliverer, *, now: datetime, limit: int = 100) -> int:
    """Deliver what is pending; returns how many went. One that fails is tried again later, and stops no other."""
    went = 0
    reachable = True
    for letter in pending(store, now=now, limit=limit):
        if not reachable and letter.kind == MAIL:
            continue
        tries = letter.tries + 1
        values: dict[str, Any]
        try:
            deliverer(letter)
        except Exception as error:
            reachable = reachable and not isinstance(error, Unreachable)
            wait = min(LONGEST_WAIT, AGAIN_AFTER * 2 ** min(letter.tries, 12))
            values = {"tries": tries, "next_try": now + wait, "trouble": type(error).__name__}
        else:
            went += 1
            values = {"tries": tries, "delivered_at": now, "trouble": None}
        with store.writing() as connection:
            this = (outbox.c.authority == letter.authority) & (outbox.c.id == letter.id)
            connection.execute(update(outbox).where(this, outbox.c.delivered_at.is_(None)).values(**values))
    return went


def stuck(desk: Desk) -> list[Stuck]:
    """Letters that could not be delivered so far, the oldest first, for whoever manages people."""
    access.require_job(desk, "people")
    mine = _stuck(desk)
    rows = desk.rows(select(outbox).where(mine).order_by(outbox.c.made_at, outbox.c.id).limit(200))
    return [
        Stuck(row.id, row.body.get("person"), row.made_at, row.tries, row.next_try, row.trouble)
        for row in rows
    ]


def try_again(desk: Desk, letter_id: str) -> None:
    """Have a letter that failed tried again at the next occasion. Raises NotFound."""
    _change(desk, letter_id, update(outbox).values(next_try=desk.now), "letter.tried_again")


def let_go(desk: Desk, letter_id: str) -> None:
    """Do not send a letter that failed; what it told stays on the reader's own page. Raises NotFound."""
    _change(desk, letter_id, delete(outbox), "letter.let_go")


def _change(desk: Desk, letter_id: str, statement: Any, action: str) -> None:
    access.require_job(desk, "people")
    this = outbox.c.id == ids.known(letter_id, "letter")
    if not desk.run(statement.where(_stuck(desk), this)).rowcount:
        raise NotFound("letter")
    audit.did(desk, action, item=letter_id)


def _stuck(desk: Desk) -> ColumnElement[bool]:
    return and_(
        outbox.c.authority == desk.authority,
        outbox.c.kind == MAIL,
        outbox.c.delivered_at.is_(None),
        outbox.c.trouble.is_not(None),
    )


def into_folder(folder: Path) -> Deliverer:
    """A deliverer that writes each letter as a file named by its key: a repeat replaces the same file."""

    def deliver_one(letter: Letter) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = "".join(one if one.isalnum() or one in "-_" else "_" for one in letter.key)
        part = folder / f".{name}.part"
        content = {"key": letter.key, "kind": letter.kind, "authority": letter.authority, **letter.body}
        part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
        part.replace(folder / f"{name}.json")

    return deliver_one
