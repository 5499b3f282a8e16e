"""Signing in and staying signed in. Sessions live in the database, so that signing out ends them everywhere.

The database keeps only a hash of a session's token. Tries are counted here too, by name and by address, before
any password is looked at, and every refusal takes the same time and says the same.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.engine import Connection

from engine.casework import audit, ids, passwords
from engine.casework.columns import insert_unless_there
from engine.casework.errors import NotYours, SignInRefused
from engine.casework.people import normal
from engine.casework.store import SYSTEM, Desk, Store
from engine.casework.tables import person, throttle
from engine.casework.tables import session as sessions
from engine.casework.values import Session

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How stale `seen` may be: a page need not wait for a write only to say that it was there."""

FORGET_AFTER = timedelta(hours=1)
FREE_TRIES = {"name": 5, "address": 100}
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)


def begin(
    store: Store,
    authority: str,
    sign_in: str,
    password: str,
    *,
    address: str,
    now: datetime,
    replaces: str | None = None,
    only: str | None = None,
) -> Session:
    """Check name and password and begin a session with a new token; `replaces` is the token held before.

    `only` is the id of the one person who may sign in here, to go on where they were; all others are refused.

    `authority` is that of the page's own address: a name of another authority is a name that nobody has.

    Raises SignInRefused, the same for unknown names, wrong passwords and closed accounts; its `wait` is in
    seconds where there were too many tries.
    """
    name = normal(sign_in)
    keys = {
        kind: store.keys.digest("throttle", authority, kind, what)
        for kind, what in (("name", name), ("address", address))
    }
    with store.writing() as connection:
        wait = max(_counted(connection, kind, key, now) for kind, key in sorted(keys.items()))
    if wait:
        raise SignInRefused(wait)
    with store.reading() as connection:
        found = connection.execute(
            select(person.c.id, person.c.password, person.c.active).where(
                person.c.authority == authority, person.c.sign_in == name
            )
        ).first()
    # The slow part happens outside any transaction, and in full whether or not somebody has the name.
    if not passwords.right(password, found.password if found and found.active else None) or found is None:
        # A try at a name that nobody has leaves a line too: it is worth knowing, and it takes the same time.
        chain = audit.of_the_person(found.id) if found is not None else "sign_in"
        with store.desk(authority, SYSTEM, now=now) as desk:
            audit.did(desk, "sign_in.refused", chain=chain)
        raise SignInRefused()
    if only is not None and found.id != only:
        raise NotYours()
    token = secrets.token_urlsafe(32)
    with store.desk(authority, found.id, now=now) as desk:
        desk.run(throttle.delete().where(throttle.c.key == keys["name"]))
        if replaces:
            _end(desk, replaces)
        desk.run(
            sessions.insert(),
            {
                "authority": authority,
                "id": ids.new(),
                "person": found.id,
                "token_hash": _hash(token),
                "began": now,
                "seen": now,
                "ends": now + LONGEST,
            },
        )
        audit.did(desk, "sign_in", chain=audit.of_the_person(found.id))
    return Session(authority, found.id, token, now, now + LONGEST)


def session(store: Store, authority: str, token: str, *, now: datetime) -> Session | None:
    """Whose session a token is at this authority, or None if ended, idle too long, expired, unknown or another's.

    Marks it as seen.
    """
    with store.reading() as connection:
        asked = {"of": authority, "hash": _hash(token), "now": now, "not_before": now - IDLE}
        found = connection.execute(_SESSION, asked).first()
    if found is None:
        return None
    if now - found.seen > SEEN_EVERY:
        with store.writing() as connection:
            seen = update(sessions).where(_is(found), sessions.c.ended.is_(None)).values(seen=now)
            if not connection.execute(seen).rowcount:
                return None
    return Session(found.authority, found.person, None, found.began, found.ends)


_SESSION = (
    select(sessions)
    .join(person, (person.c.authority == sessions.c.authority) & (person.c.id == sessions.c.person))
    .where(
        sessions.c.authority == bindparam("of"),
        sessions.c.token_hash == bindparam("hash"),
        sessions.c.ended.is_(None),
        sessions.c.ends > bindparam("now"),
        sessions.c.seen > bindparam("not_before"),
        person.c.active,
    )
)


def left(store: Store, authority: str, token: str, *, now: datetime) -> tuple[str, timedelta] | None:
    """Whose session a token is and how long it lasts if nothing more is done; asking does not prolong it."""
    with store.reading() as connection:
        found = connection.execute(
            select(sessions.c.person, sessions.c.ends, sessions.c.seen)
            .join(person, (person.c.authority == sessions.c.authority) & (person.c.id == sessions.c.person))
            .where(
                sessions.c.authority == authority,
                sessions.c.token_hash == _hash(token),
                sessions.c.ended.is_(None),
                person.c.active,
            )
        ).first()
    if found is None:
        return None
    over = min(found.ends, found.seen + IDLE)
    return (found.person, over - now) if over > now else None


def end(store: Store, authority: str, token: str, *, now: datetime) -> None:
    """Sign out: the token is worth nothing from now on, in whatever cookie it still stands."""
    present = session(store, authority, token, now=now)
    if present is None:
        return
    with store.desk(present.authority, present.person, now=now) as desk:
        _end(desk, token)
        audit.did(desk, "sign_out", chain=audit.of_the_person(present.person))


def confirm(store: Store, authority: str, token: str, password: str, *, address: str, now: datetime) -> bool:
    """Whether the password is the signed-in person's own, for steps that ask again. Tries count as at sign-in,
    and the right one forgets them."""
    present = session(store, authority, token, now=now)
    if present is None:
        return False
    with store.reading() as connection:
        mine = (person.c.authority == present.authority) & (person.c.id == present.person)
        found = connection.execute(select(person.c.sign_in, person.c.password).where(mine)).one()
    key = store.keys.digest("throttle", authority, "name", found.sign_in)
    with store.writing() as connection:
        if _counted(connection, "name", key, now):
            return False
    if passwords.right(password, found.password):
        with store.writing() as connection:
            connection.execute(throttle.delete().where(throttle.c.key == key))
        return True
    with store.desk(authority, SYSTEM, now=now) as desk:
        audit.did(desk, "sign_in.refused", chain=audit.of_the_person(present.person))
    return False


def tidy(store: Store, *, now: datetime) -> None:
    """Remove sessions and counters that are over."""
    with store.writing() as connection:
        connection.execute(
            sessions.delete().where(or_(sessions.c.ends < now - LONGEST, sessions.c.ended < now))
        )
        old = throttle.c.since < now - FORGET_AFTER
        connection.execute(
            throttle.delete().where(old, or_(throttle.c.until.is_(None), throttle.c.until < now))
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is(found: Any) -> Any:
    return (sessions.c.authority == found.authority) & (sessions.c.id == found.id)


def _end(desk: Desk, token: str) -> None:
    mine = (sessions.c.authority == desk.authority) & (sessions.c.token_hash == _hash(token))
    desk.run(update(sessions).where(mine, sessions.c.ended.is_(None)).values(ended=desk.now))


def _counted(connection: Connection, kind: str, key: str, now: datetime) -> int:
    """Count a try; the seconds to wait if there were too many. Counting first leaves no gap to slip through."""
    fresh = {"key": key, "tries": 0, "since": now}
    connection.execute(insert_unless_there(throttle, connection.dialect.name), fresh)
    row = connection.execute(select(throttle).where(throttle.c.key == key).with_for_update()).one()
    if row.until is not None and row.until > now:
        return int((row.until - now).total_seconds()) + 1
    tries = 1 if now - row.since > FORGET_AFTER else row.tries + 1
    over = tries - FREE_TRIES[kind]
    until = None
    if over >= 0:
        until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(over, 10))
    since = now if tries == 1 else row.since
    connection.execute(
        update(throttle).where(throttle.c.key == key).values(tries=tries, since=since, until=until)
    )
    return 0
