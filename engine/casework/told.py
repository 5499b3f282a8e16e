"""What a person is told: notices to them or to a role of theirs, on records that they may see, read or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from engine.casework import access, ids, notices, reach, standing
from engine.casework.columns import insert_unless_there
from engine.casework.errors import NotFound
from engine.casework.store import Desk
from engine.casework.tables import notification, notification_read, record
from engine.casework.values import Notification

A_PAGE = 50
MOST_COUNTED = 100
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what somebody is told, the newest first, and how much there is in all."""

    notices: tuple[Notification, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


def listed(desk: Desk, *, unread: bool = True, page: int = 1) -> Page:
    """What I am told, the newest first."""
    wanted = _mine(desk, unread)
    total = desk.run(select(func.count()).select_from(wanted.subquery())).scalar_one()
    page = max(1, min(page, -(-total // A_PAGE)))
    ordered = wanted.order_by(notification.c.at.desc(), notification.c.id)
    rows = desk.rows(ordered.limit(A_PAGE).offset((page - 1) * A_PAGE))
    return Page(tuple(_notice(row) for row in rows), total, page)


def newest(desk: Desk, *, unread: bool = True, limit: int = 100) -> list[Notification]:
    """As much of it as is asked for."""

    def made() -> Select[Any]:
        ordered = _mine(desk, unread).order_by(notification.c.at.desc(), notification.c.id)
        return ordered.limit(limit)

    wanted = standing.made_once(desk, ("told", unread, limit), made)
    return [_notice(row) for row in desk.rows(wanted, reach.values(desk))]


def one(desk: Desk, notification_id: str) -> Notification:
    """One thing that I was told. Raises NotFound."""
    known = ids.known(notification_id, "notification")
    found = desk.run(_mine(desk, unread=False).where(notification.c.id == known)).first()
    if found is None:
        raise NotFound("notification")
    return _notice(found)


def unread(desk: Desk) -> int:
    """How much I have not read; counted up to MOST_COUNTED."""
    wanted = standing.made_once(desk, ("unread",), lambda: _counted(desk))
    return int(desk.run(wanted, reach.values(desk)).scalar_one())


def _counted(desk: Desk) -> Select[Any]:
    few = _mine(desk, unread=True).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(few)


def read(desk: Desk, notification_id: str) -> None:
    """I have read this; others with the role have not."""
    _mark_read(desk, [one(desk, notification_id).id])


def read_until(desk: Desk, moment: datetime) -> None:
    """I have read all that I was told up to this moment; what came since I have not seen yet."""
    wanted = _mine(desk, unread=True).where(notification.c.at <= moment).limit(AT_ONCE)
    _mark_read(desk, [row.id for row in desk.rows(wanted)])


def _mark_read(desk: Desk, known: list[str]) -> None:
    rows = [
        {
            "authority": desk.authority,
            "id": ids.new(),
            "notification": one,
            "person": desk.person,
            "at": desk.now,
        }
        for one in known
    ]
    if rows:
        desk.run(insert_unless_there(notification_read, desk.connection.dialect.name), rows)


def _mine(desk: Desk, unread: bool) -> Select[Any]:
    """Notices to me or a role of mine, not of my own doing, about records I may see or about my own work."""
    seen = notification_read.alias()
    join = and_(
        seen.c.authority == notification.c.authority,
        seen.c.notification == notification.c.id,
        seen.c.person == reach.VIEWER.person,
    )
    wanted = (
        select(notification, seen.c.at.label("read_at"))
        .outerjoin(seen, join)
        .where(
            notification.c.authority == reach.VIEWER.authority,
            or_(notification.c.person == reach.VIEWER.person, notification.c.role.in_(sorted(desk.roles))),
            or_(notification.c.by.is_(None), notification.c.by != reach.VIEWER.person),
            or_(
                notification.c.record.is_(None),
                exists().where(record.c.id == notification.c.record, access.visible(desk)),
            ),
        )
    )
    return wanted.where(seen.c.at.is_(None)) if unread else wanted


def _notice(row: Any) -> Notification:
    thing = notices.thing_of(row.kind, row.once)
    return Notification(row.id, row.record, row.case, row.message, row.at, row.read_at, row.kind, thing)
