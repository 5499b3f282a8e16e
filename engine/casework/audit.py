"""The trace of every look and change: who, when, which ids and questions; never a value.

Changes stand in a chain by record, looks in a chain by person, so that no chain is one that everybody waits for.
Each event holds the hash of the one before it; `checkpoints` shows the whole to be what it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.casework import ids
from engine.casework.columns import insert_unless_there
from engine.casework.store import Desk
from engine.casework.tables import audit_event, audit_head
from engine.casework.values import Event


@dataclass(frozen=True, slots=True)
class Pending:
    """An event of this desk, written when its block ends."""

    chain: str
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)


def of_the_record(record: str) -> str:
    return f"record:{record}"


def of_the_person(person: str | None) -> str:
    return f"person:{person or 'system'}"


THE_AUTHORITY = "authority"


def changed(desk: Desk, record: str, action: str, **body: Any) -> None:
    """A change to a record or to something about it. `body` holds ids, question ids, revisions and digests."""
    desk.events.append(Pending(of_the_record(record), action, {"record": record, **said(body)}))


def viewed(desk: Desk, record: str, action: str, **body: Any) -> None:
    """A look, noted before what was looked at leaves the desk. The system's own reading is no look."""
    if desk.system:
        return
    event = Pending(of_the_person(desk.person), action, {"record": record, **said(body)})
    if event not in desk.events:
        desk.events.append(event)


def did(desk: Desk, action: str, *, chain: str = THE_AUTHORITY, **body: Any) -> None:
    """Anything about the authority itself: people, roles, teams, definitions."""
    desk.events.append(Pending(chain, action, said(body)))


def refused(desk: Desk, action: str, record: str) -> None:
    """A look or change that was refused. It is kept although the work around it is undone."""
    chain, body = of_the_person(desk.person), {"record": record, "refused": action}
    desk.if_undone.append(lambda again: again.events.append(Pending(chain, "access.refused", body)))


def digests(desk: Desk, salt: str, values: Mapping[str, Any]) -> dict[str, str]:
    """A keyed digest for each question, bound to the record by its salt: without the salt it is only noise."""
    return {path: desk.store.keys.digest(salt, path, ids.canonical(value)) for path, value in values.items()}


def said(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(value) if isinstance(value, set | frozenset) else value
        for name, value in body.items()
        if value not in (None, (), [], {}, frozenset())
    }


def hashed(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def beginning(authority: str, chain: str) -> str:
    """What the first event of a chain has before it."""
    return hashed(ids.canonical(["trefoil", authority, chain]))


def write(desk: Desk) -> None:
    """Append this desk's events, chain by chain in one fixed order, so that two desks never wait in a ring."""
    ordered = sorted(desk.events, key=lambda event: event.chain)
    desk.events.clear()
    for chain, events in groupby(ordered, key=lambda event: event.chain):
        _append(desk, chain, events)


def _append(desk: Desk, chain: str, events: Iterable[Pending]) -> None:
    mine = {"of": desk.authority, "of_chain": chain}
    head = desk.run(_HEAD, mine).first()
    if head is None:
        # Two that begin one chain at once both come here; who is second waits for the first, and goes on after it.
        first = {"authority": desk.authority, "chain": chain, "number": 0}
        beginnings = insert_unless_there(audit_head, desk.connection.dialect.name)
        desk.run(beginnings, {**first, "hash": beginning(desk.authority, chain)})
        head = desk.run(_HEAD, mine).one()
    number, previous = head.number, head.hash
    rows = []
    for event in events:
        number += 1
        body = ids.canonical(
            {
                **event.body,
                "authority": desk.authority,
                "chain": chain,
                "number": number,
                "at": desk.now.isoformat(),
                "person": desk.person,
                "action": event.action,
                "previous": previous,
            }
        )
        rows.append(
            {
                "authority": desk.authority,
                "id": ids.new(),
                "chain": chain,
                "number": number,
                "body": body,
                "previous": previous,
                "hash": hashed(body),
            }
        )
        previous = rows[-1]["hash"]
    desk.run(audit_event.insert(), rows)
    desk.run(_MOVED, {**mine, "number": number, "hash": previous})


_MINE = (audit_head.c.authority == bindparam("of")) & (audit_head.c.chain == bindparam("of_chain"))
_HEAD = select(audit_head.c.number, audit_head.c.hash).where(_MINE).with_for_update()
_MOVED = update(audit_head).where(_MINE)


def of_chain(desk: Desk, chain: str) -> list[Event]:
    """The events of a chain, oldest first. The caller has decided that this person may read it."""
    found = desk.rows(
        select(audit_event.c.body)
        .where(audit_event.c.authority == desk.authority, audit_event.c.chain == chain)
        .order_by(audit_event.c.number)
    )
    return [_event(json.loads(row.body)) for row in found]


def _event(body: dict[str, Any]) -> Event:

    rest = {key: value for key, value in body.items() if key not in {"number", "at", "person", "action"}}
    return Event(body["number"], datetime.fromisoformat(body["at"]), body["person"], body["action"], rest)
