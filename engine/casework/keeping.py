"""Keeping: how long records are kept, what stops their destruction, and destroying them with a reason.

What is destroyed is gone from the database for good, leaves the audit log verifying, and stays gone when a backup is
restored. Deciding who may is access; finding every trace is `destroying`; writing backups is `backing_up`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, select, update

from engine.casework import access, audit, certificates, destroying, ids, retention, stacks
from engine.casework.backing_up import Backup, backup, before_upgrade, examine
from engine.casework.certificates import Certificate
from engine.casework.destroying import scrub
from engine.casework.errors import CaseworkError, NotFound, NotPermitted
from engine.casework.restoring import Restored, manifest_of, restore
from engine.casework.retention import Until
from engine.casework.store import Desk, Store
from engine.casework.tables import case, destroyed, record, submission
from engine.casework.tables import hold as holds_
from engine.language.saying import say, say_day

__all__ = [
    "Backup",
    "Certificate",
    "Due",
    "Hold",
    "Restored",
    "Until",
    "backup",
    "before_upgrade",
    "certificate",
    "certificates_seen",
    "destroy",
    "due",
    "examine",
    "hold",
    "holds",
    "kept_until",
    "lift",
    "manifest_of",
    "restore",
    "scrub",
    "to_review",
]


@dataclass(frozen=True, slots=True)
class Hold:
    """That a record must be kept for now: why, and when that is looked at again."""

    id: str
    record: str
    reason: str
    review_on: date
    made_by: str | None
    made_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    why_ended: str | None

    @property
    def in_force(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose time of keeping is up, with the rule that says so."""

    record: str
    type: str
    name: str
    since: date
    rule: str


# --- Destroying


def destroy(desk: Desk, record_id: str, reason: str, *, early: bool = False) -> Certificate:
    """Destroy what a record says, everywhere; its id, the audit events and this certificate stay.

    `early` says that the person means it although its time of keeping is not up. The reason stays for good, so it
    should name no one. Raises NotFound, NotPermitted, and CaseworkError under a hold or before its time.
    """
    record_id = ids.known(record_id, "record")
    reason = _reason(reason, "Say why this is destroyed.")
    access.require(desk, "destroy", record_id)
    row = _row(desk, record_id)
    held = [one for one in _holds(desk, record_id) if one.in_force]
    if held:
        raise CaseworkError(
            say(
                "This is on hold since %(since)s and cannot be destroyed. The hold is looked at again on %(day)s; lift "
                "it first if its reason is gone.",
                since=say_day(desk.day_of(held[0].made_at)),
                day=say_day(held[0].review_on),
            )
        )
    until = _until(desk, row)
    if not early and not until.due(desk.today):
        kept = (
            say("This is to be kept until %(day)s.", day=say_day(until.on))
            if until.on
            else say("This is to be kept.")
        )
        early_only = say("Destroy it early only if the law says so.")
        raise CaseworkError(f"{kept} {until.rule} {early_only}")
    made = Certificate(ids.new(), desk.authority, record_id, reason, desk.person, desk.now)
    gone = destroying.erase(desk, record_id, desk.now)
    desk.run(
        destroyed.insert(),
        {
            "authority": made.authority,
            "id": made.id,
            "record": made.record,
            "reason": made.reason,
            "by": made.by,
            "at": made.at,
        },
    )
    audit.changed(
        desk, record_id, "record.destroyed", certificate=made.id, rows=gone, early=not until.due(desk.today)
    )
    desk.afterwards.append(lambda store: _after(store, gone))
    return made


def _after(store: Store, gone: Iterable[str]) -> None:
    destroying.overwrite(store, gone)
    try:
        certificates.note_down(store)
    except CaseworkError as error:
        raise CaseworkError(
            "The record is destroyed, but the list of destructions could not be brought up to date, so that a "
            f"restored backup would bring the record back. Tell whoever runs the service: {error}"
        ) from error


def certificate(desk: Desk, record_id: str) -> Certificate:
    """The certificate of a record that was destroyed, for whoever may destroy such records, and for audit.

    Raises NotFound for everybody else, and where nothing was destroyed.
    """
    wanted = ids.known(record_id, "record")
    found = [one for one in certificates_seen(desk) if one.record == wanted]
    if not found:
        raise NotFound("record")
    audit.did(desk, "certificate.viewed", chain=audit.of_the_person(desk.person), record=wanted)
    return found[0]


def certificates_seen(desk: Desk) -> list[Certificate]:
    """Every certificate of destruction that this person may see, newest first."""
    types = {
        row.type
        for row in desk.rows(
            select(record.c.type)
            .distinct()
            .where(record.c.authority == desk.authority, record.c.destroyed_at.is_not(None))
        )
        if access.manages(desk, "audit") or access.may_ever(desk, "destroy", row.type)
    }
    if not types:
        return []
    gone = and_(record.c.authority == destroyed.c.authority, record.c.id == destroyed.c.record)
    rows = desk.rows(
        select(destroyed)
        .join(record, gone)
        .where(destroyed.c.authority == desk.authority, record.c.type.in_(sorted(types)))
        .order_by(destroyed.c.at.desc(), destroyed.c.id)
    )
    return [Certificate(row.id, row.authority, row.record, row.reason, row.by, row.at) for row in rows]


# --- Holds


def hold(desk: Desk, record_id: str, reason: str, review_on: date) -> Hold:
    """Stop a record's destruction, with a reason and the day on which it is looked at again."""
    record_id = ids.known(record_id, "record")
    reason = _reason(reason, "Say why this must be kept.")
    _require_keeper(desk, record_id)
    if review_on <= desk.today:
        raise CaseworkError("Choose a day to come on which this hold is looked at again.")
    _row(desk, record_id)
    made = Hold(
        ids.new(),
        record_id,
        reason,
        review_on,
        desk.person,
        desk.now,
        ended_at=None,
        ended_by=None,
        why_ended=None,
    )
    row = {"authority": desk.authority, "id": made.id, "record": record_id, "reason": reason}
    desk.run(holds_.insert(), {**row, "review_on": review_on, "made_by": desk.person, "made_at": desk.now})
    audit.changed(desk, record_id, "record.held", item=made.id, review_on=review_on.isoformat())
    return made


def held(desk: Desk, hold_id: str) -> str:
    """The record that a hold is on, for those who may lift it. Raises NotFound, NotPermitted."""
    mine = (holds_.c.authority == desk.authority) & (holds_.c.id == ids.known(hold_id, "hold"))
    found = desk.run(select(holds_.c.record).where(mine)).scalar()
    if found is None:
        raise NotFound("hold")
    _require_keeper(desk, found)
    return str(found)


def lift(desk: Desk, hold_id: str, reason: str) -> Hold:
    """End a hold, with a reason. Raises NotFound, NotPermitted, CaseworkError where it has ended already."""
    reason = _reason(reason, "Say why this hold is no longer needed.")
    mine = (holds_.c.authority == desk.authority) & (holds_.c.id == ids.known(hold_id, "hold"))
    found = desk.run(select(holds_).where(mine)).first()
    if found is None:
        raise NotFound("hold")
    _require_keeper(desk, found.record)
    ended = desk.run(
        update(holds_)
        .where(mine, holds_.c.ended_at.is_(None))
        .values(ended_at=desk.now, ended_by=desk.person, why_ended=reason)
    )
    if not ended.rowcount:
        raise CaseworkError("This hold has been lifted already.")
    audit.changed(desk, found.record, "record.hold_lifted", item=found.id)
    return _hold(desk.run(select(holds_).where(mine)).one())


def holds(desk: Desk, record_id: str) -> list[Hold]:
    """Every hold on a record, newest first, those that ended too. Raises NotFound."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        raise NotPermitted("view")
    audit.viewed(desk, record_id, "holds.viewed")
    return _holds(desk, record_id)


def to_review(desk: Desk) -> list[Hold]:
    """Holds whose day of review has come, for whoever may destroy the record, the oldest first."""
    seen = access.visible(desk, "destroy")
    found = desk.rows(
        select(holds_)
        .join(record, (record.c.authority == holds_.c.authority) & (record.c.id == holds_.c.record))
        .where(seen, holds_.c.ended_at.is_(None), holds_.c.review_on <= desk.today)
        .order_by(holds_.c.review_on, holds_.c.id)
    )
    return [_hold(row) for row in found]


# --- How long


def kept_until(desk: Desk, record_id: str) -> Until:
    """How long a record is kept, and by which rule. Raises NotFound."""
    record_id = access.known_record(desk, record_id)
    return _until(desk, _row(desk, record_id))


def due(desk: Desk, *, limit: int = 500) -> list[Due]:
    """Records whose time is up and that no hold keeps, for whoever may destroy them; longest overdue first."""
    held = exists().where(
        holds_.c.authority == desk.authority, holds_.c.record == record.c.id, holds_.c.ended_at.is_(None)
    )
    closed = desk.rows(
        select(record).where(access.visible(desk, "destroy"), record.c.closed_at.is_not(None), ~held)
    )
    found = []
    for row in closed:
        until = _until(desk, row)
        if until.on is not None and until.due(desk.today):
            found.append(Due(row.id, row.type, row.name, until.on, until.rule))
    found.sort(key=lambda one: (one.since, one.record))
    for one in found[:limit]:
        audit.viewed(desk, one.record, "record.listed")
    return found[:limit]


def _until(desk: Desk, row: Any) -> Until:
    """By the live definitions and by every one that something about the record is pinned to: the longest wins."""
    if row.closed_at is None:
        return Until(None, "It is still open.")
    pinned = {row.stack}
    for table in (case, submission):
        mine = (table.c.authority == desk.authority) & (table.c.record == row.id)
        pinned |= set(desk.run(select(table.c.stack).where(mine).distinct()).scalars())
    under = [desk.stack, *(stacks.pinned(desk, one).stack for one in sorted(pinned - {desk.stack.hash}))]
    rules = [one.records[row.type].keep for one in under if row.type in one.records]
    events = {
        **retention.days(row.fields),
        "made": desk.day_of(row.made_at),
        "closed": desk.day_of(row.closed_at),
    }
    return retention.until(rules, events)


# --- Within


def _require_keeper(desk: Desk, record_id: str) -> None:
    """Holding is for whoever may destroy the record or restrict it."""
    access.grants(desk, record_id)
    if not access.may(desk, "restrict", record_id):
        access.require(desk, "destroy", record_id)


def _row(desk: Desk, record_id: str) -> Any:
    mine = (record.c.authority == desk.authority) & (record.c.id == record_id)
    # Locked: a hold and a destruction that meet are done one after the other.
    found = desk.run(select(record).where(mine, record.c.destroyed_at.is_(None)).with_for_update()).first()
    if found is None:
        raise NotFound("record")
    return found


def _holds(desk: Desk, record_id: str) -> list[Hold]:
    mine = (holds_.c.authority == desk.authority) & (holds_.c.record == record_id)
    return [_hold(row) for row in desk.rows(select(holds_).where(mine).order_by(holds_.c.made_at.desc()))]


def _hold(row: Any) -> Hold:
    return Hold(
        row.id,
        row.record,
        row.reason,
        row.review_on,
        row.made_by,
        row.made_at,
        row.ended_at,
        row.ended_by,
        row.why_ended,
    )


def _reason(text: str, ask: str) -> str:
    if not text.strip():
        raise CaseworkError(ask)
    return text.strip()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
