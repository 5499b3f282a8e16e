"""Dated connections between records. They are the most telling thing there is, so both ends are asked for.

A context never shows who is linked to it to somebody who sees it only through a link, not even by a count.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from engine.casework import access, audit, ids, people, reach, records, texts
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import allocation, link, record
from engine.casework.values import Link, Person

LONGEST = 20_000
"""Characters in which it is said why a link ends."""


def add(desk: Desk, record_id: str, other: str, *, purpose: str, since: date | None = None) -> Link:
    """Link two records from a day on. Linking asks for `link` on the first and at least a look at the other."""
    record_id = ids.known(record_id, "record")
    other = ids.known(other, "record")
    access.require(desk, "link", record_id)
    access.grants(desk, other)
    if record_id == other:
        raise CaseworkError("A record cannot be linked to itself.")
    if not texts.line(purpose):
        raise CaseworkError("Say what the link is for.")
    made = put(desk, record_id, other, texts.line(purpose), since=since)
    return _seen_from(desk, record_id, _row(desk, made))


def put(
    desk: Desk,
    record_id: str,
    other: str,
    purpose: str,
    *,
    since: date | None = None,
    case_id: str | None = None,
) -> str:
    """Make the link unless the same is in force; returns its id. For a workflow's effect access is the caller's."""
    records.row_of(desk, other)
    present = desk.run(
        select(link.c.id).where(
            link.c.authority == desk.authority,
            or_(
                and_(link.c.one == record_id, link.c.two == other),
                and_(link.c.one == other, link.c.two == record_id),
            ),
            link.c.purpose == purpose,
            or_(link.c.until.is_(None), link.c.until > desk.today),
        )
    ).scalar()
    if present is not None:
        return str(present)
    made = ids.new()
    ends = {"one": record_id, "two": other, "purpose": purpose, "since": since or desk.today, "case": case_id}
    who = {"authority": desk.authority, "id": made, "made_by": desk.person, "made_at": desk.now}
    desk.run(link.insert(), {**who, **ends})
    desk.forget_grants()
    for end_ in (record_id, other):
        # Neither chain names the other end: a context's history must not tell who is linked to it.
        audit.changed(desk, end_, "link.added", item=made)
    return made


def end(desk: Desk, link_id: str, *, why: str, until: date | None = None) -> None:
    """End a link from a day on, saying why. Raises NotFound unless the person may see both ends."""
    row = _row(desk, link_id)
    if not all(access.may(desk, "view", one) for one in (row.one, row.two)):
        raise NotFound("link")
    if not any(access.may(desk, "link", one) for one in (row.one, row.two)):
        access.require(desk, "link", row.one)
    why = texts.within(why, LONGEST)
    if not why:
        raise CaseworkError("Say why the link ends.")
    this = (link.c.authority == desk.authority) & (link.c.id == row.id)
    desk.run(update(link).where(this).values(until=until or desk.today, why_ended=why))
    desk.forget_grants()
    for one in (row.one, row.two):
        audit.changed(desk, one, "link.ended", item=row.id)


_OF_RECORD = (
    select(link)
    .where(
        link.c.authority == bindparam("of"),
        or_(link.c.one == bindparam("about"), link.c.two == bindparam("about")),
    )
    .order_by(link.c.since.desc(), link.c.id)
)


def of_record(desk: Desk, record_id: str, *, ended: bool = False) -> list[Link]:
    """Links of a record whose far end this person may see too, the newest first.

    Seen from a context, links to people are shown only to those who see the context by more than a link.
    """
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    if not found.whole:
        return []
    audit.viewed(desk, record_id, "links.viewed")
    here = records.row_of(desk, record_id)
    every = desk.about(_OF_RECORD, record_id)
    rows = [row for row in every if ended or row.until is None or row.until > desk.today]
    far = {row.id: row.two if row.one == record_id else row.one for row in rows}
    may_see = records.names(desk, far.values())
    rows = [row for row in rows if far[row.id] in may_see]
    ends = records.rows_of(desk, [far[row.id] for row in rows])
    if found.linked_only and _is_context(desk, here.type):
        rows = [row for row in rows if _is_context(desk, ends[far[row.id]].type)]
    return [_link(row, ends[far[row.id]]) for row in rows]


def workers(desk: Desk, context: str) -> list[Person]:
    """Who works with somebody linked to this context today; never with whom, and not how many are linked."""
    context = access.known_record(desk, context)
    audit.viewed(desk, context, "workers.viewed")
    held, tie, other = allocation.alias(), link.alias(), record.alias()
    wanted = (
        select(held.c.person)
        .distinct()
        .join(other, and_(other.c.authority == held.c.authority, other.c.id == held.c.record))
        .join(
            tie,
            and_(
                tie.c.authority == other.c.authority,
                or_(
                    and_(tie.c.one == context, tie.c.two == other.c.id),
                    and_(tie.c.two == context, tie.c.one == other.c.id),
                ),
            ),
        )
        .where(
            reach.in_force(reach.viewer(desk), held),
            held.c.person.is_not(None),
            tie.c.since <= desk.today,
            or_(tie.c.until.is_(None), tie.c.until > desk.today),
            reach.unrestricted(reach.viewer(desk), other),
        )
    )
    found = {row.person for row in desk.rows(wanted)}
    return [one for one in people.colleagues(desk) if one.id in found]


def _is_context(desk: Desk, type: str) -> bool:
    declared = desk.stack.records.get(type)
    return declared is not None and declared.context


def _row(desk: Desk, link_id: str) -> Any:
    this = (link.c.authority == desk.authority) & (link.c.id == ids.known(link_id, "link"))
    found = desk.run(select(link).where(this)).first()
    if found is None:
        raise NotFound("link")
    return found


def _seen_from(desk: Desk, record_id: str, row: Any) -> Link:
    return _link(row, records.row_of(desk, row.two if row.one == record_id else row.one))


def _link(row: Any, far: Any) -> Link:
    return Link(
        id=row.id,
        other=far.id,
        other_type=far.type,
        other_name=far.name,
        purpose=row.purpose,
        since=row.since,
        until=row.until,
        why_ended=row.why_ended,
    )
