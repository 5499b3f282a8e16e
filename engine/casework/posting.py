"""From what people are told to letters: who is written to about it, when, and what goes into one letter.

A letter names a person and notices by id alone; what it says and in which language is whoever sends it. Done by the
clock, in small steps that can each be repeated: what was posted is posted no more. Must not know mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import blake2b
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select, update

from engine.casework import access, audit, ids, outbox
from engine.casework.columns import insert_unless_there
from engine.casework.errors import CaseworkError, NotPermitted
from engine.casework.store import Desk, Store
from engine.casework.tables import notification, notification_post, notification_read, person, person_role

ONCE, DAILY, NONE = "once", "daily", "none"
CHOICES = (ONCE, DAILY, NONE)
TOGETHER: Final = timedelta(hours=1)
"""Edits of one case within this time of the first are one letter."""
DIGEST: Final = time(7)
"""When a day's letter is written, on the authority's clock."""
AT_ONCE = 500
ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
"""Addresses that are written to: plain letters alone, so that none can break out of the line it stands in."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where and how often somebody wants to be written to."""

    email: str | None
    letters: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter goes to: `language` as they read, None for the authority's own."""

    email: str
    language: str | None


# --- What each person chooses


def wishes(desk: Desk) -> Wishes:
    """The wishes of the person at this desk."""
    row = desk.run(select(person.c.email, person.c.letters).where(_me(desk))).one()
    return Wishes(row.email, row.letters)


def choose(desk: Desk, *, email: str, letters: str) -> Wishes:
    """Keep where and how often this person wants to be written to; what waits to be posted follows it.

    Raises CaseworkError for an address that cannot be written to, and for letters without one.
    """
    address = email.strip()
    if letters not in CHOICES:
        raise CaseworkError("Choose how often Trefoil writes to you.")
    if address and not ADDRESS.fullmatch(address):
        raise CaseworkError("Enter an e-mail address in the right form, like name@example.org.")
    if not address and letters != NONE:
        raise CaseworkError("Enter the e-mail address that Trefoil is to write to, or choose no e-mail.")
    desk.run(update(person).where(_me(desk)).values(email=address or None, letters=letters))
    waiting = and_(
        notification_post.c.authority == desk.authority,
        notification_post.c.person == desk.person,
        notification_post.c.letter.is_(None),
    )
    if letters == NONE:
        desk.run(notification_post.delete().where(waiting))
    else:
        due = desk.now if letters == ONCE else next_digest(desk)
        desk.run(update(notification_post).where(waiting).values(due=due))
    audit.did(desk, "person.letters", item=desk.person)
    return Wishes(address or None, letters)


def reader(store: Store, authority: str, person_id: str) -> Reader | None:
    """Whom to write to, as it stands now; None for who has left, gave no address, or wants none."""
    here = (person.c.authority == authority) & (person.c.id == person_id)
    with store.reading() as connection:
        row = connection.execute(select(person).where(here)).first()
    if row is None or not row.active or row.letters == NONE or not ADDRESS.fullmatch(row.email or ""):
        return None
    return Reader(row.email, row.language)


# --- By the clock


def post(desk: Desk) -> int:
    """Note who is to be written to about what is new, and put the letters that are due into the outbox; returns how
    many. For the clock's own desk."""
    if not desk.system:
        raise NotPermitted("post")
    _sort(desk)
    return _write(desk)


def next_digest(desk: Desk) -> datetime:
    zone = ZoneInfo(desk.stack.manifest.zone)
    here = desk.now.astimezone(zone)
    day = here.date() if here.time() < DIGEST else here.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST, zone)


def _sort(desk: Desk) -> None:
    fresh = select(notification).where(
        notification.c.authority == desk.authority, notification.c.posted_at.is_(None)
    )
    rows = desk.rows(fresh.order_by(notification.c.at, notification.c.id).limit(AT_ONCE))
    if not rows:
        return
    wanting = {row.id: row for row in desk.rows(select(person).where(_wants(desk)))}
    by_role: dict[str, list[str]] = {}
    for row in desk.rows(select(person_role).where(person_role.c.authority == desk.authority)):
        by_role.setdefault(row.role, []).append(row.person)
    made = []
    for row in rows:
        told = [row.person] if row.person else by_role.get(row.role, [])
        for one in sorted(wanting.keys() & set(told) - {row.by}):
            if _may_see(desk, one, row.record):
                due = _due(desk, wanting[one].letters, row)
                what = {"notification": row.id, "person": one, "due": due}
                made.append({"authority": desk.authority, "id": ids.new(), **what})
    if made:
        desk.run(insert_unless_there(notification_post, desk.connection.dialect.name), made)
    done = (notification.c.authority == desk.authority) & notification.c.id.in_([row.id for row in rows])
    desk.run(update(notification).where(done).values(posted_at=desk.now))


def _due(desk: Desk, letters: str, row: Any) -> datetime:
    if letters == DAILY:
        return next_digest(desk)
    return max(desk.now, row.at + TOGETHER) if row.kind == "changed" else desk.now


def _may_see(desk: Desk, who: str, record: str | None) -> bool:
    """Whether this person may see the record: nobody is written to about what they would not be shown."""
    if record is None:
        return True
    theirs = Desk(desk.store, desk.connection, desk.authority, who, desk.now)
    return access.may(theirs, "view", record)


def _write(desk: Desk) -> int:
    waiting = notification_post.c.letter.is_(None)
    mine = notification_post.c.authority == desk.authority
    late = select(notification_post.c.person).where(mine, waiting, notification_post.c.due <= desk.now)
    people = sorted(set(desk.run(late.limit(AT_ONCE)).scalars()))
    if not people:
        return 0
    seen = notification_read.alias()
    joined = notification_post.join(
        notification,
        and_(
            notification.c.authority == notification_post.c.authority,
            notification.c.id == notification_post.c.notification,
        ),
    ).outerjoin(
        seen,
        and_(
            seen.c.authority == notification_post.c.authority,
            seen.c.notification == notification_post.c.notification,
            seen.c.person == notification_post.c.person,
        ),
    )
    columns = (
        notification_post.c.id, notification_post.c.person, notification_post.c.due, notification_post.c.notification,
        notification.c.record, notification.c.case, seen.c.at.label("read_at"), person.c.letters,
    )  # fmt: skip
    found = desk.rows(
        select(*columns)
        .select_from(
            joined.join(
                person,
                and_(
                    person.c.authority == notification_post.c.authority,
                    person.c.id == notification_post.c.person,
                ),
            )
        )
        .where(mine, waiting, notification_post.c.person.in_(people))
        .order_by(notification.c.at, notification.c.id)
    )
    # What was read on the page meanwhile needs no letter.
    _posted(desk, [row for row in found if row.read_at is not None], "read")
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in found:
        if row.read_at is None:
            about = "" if row.letters == DAILY else row.case or row.record or ""
            groups.setdefault((row.person, about), []).append(row)
    letters = 0
    for (who, _), rows in sorted(groups.items()):
        if any(row.due <= desk.now for row in rows):
            key = f"mail:{_digest(row.id for row in rows)}"
            told = [row.notification for row in rows]
            language = desk.stack.manifest.language
            outbox.put(desk, outbox.MAIL, key, {"person": who, "notices": told, "language": language})
            _posted(desk, rows, key)
            letters += 1
    return letters


def _posted(desk: Desk, rows: Sequence[Any], letter: str) -> None:
    if rows:
        these = notification_post.c.id.in_([row.id for row in rows])
        here = (notification_post.c.authority == desk.authority) & these
        desk.run(update(notification_post).where(here).values(letter=letter))


def _digest(wanted: Iterable[str]) -> str:
    return blake2b("".join(sorted(wanted)).encode(), digest_size=16).hexdigest()


def _wants(desk: Desk) -> Any:
    return and_(
        person.c.authority == desk.authority,
        person.c.active,
        person.c.email.is_not(None),
        or_(person.c.letters == ONCE, person.c.letters == DAILY),
    )


def _me(desk: Desk) -> Any:
    return (person.c.authority == desk.authority) & (person.c.id == desk.person)
