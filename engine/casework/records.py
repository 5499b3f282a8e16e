"""Records: what forms and cases are about. Made by declared type, named by its pattern, read through access."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import exists, select

from engine.casework import (
    access,
    audit,
    holding,
    ids,
    indexing,
    likeness,
    merging,
    naming,
    once,
    pointing,
    stacks,
)
from engine.casework.errors import CaseworkError, NotPermitted, Stale
from engine.casework.store import Desk
from engine.casework.tables import allocation, case, identifier, link, record, record_revision
from engine.casework.values import Event, Found, Likeness, Outside, Record, Revision

form_of = holding.form_of
row_of = holding.row_of
rows_of = holding.rows_of
names = pointing.names
people_there = pointing.people_there


def create(
    desk: Desk,
    type: str,
    fields: Mapping[str, Any],
    *,
    identifiers: Iterable[Outside] = (),
    key: str | None = None,
) -> Record:
    """Make a record of a declared type and name it by its pattern. The maker is allocated to it.

    `key`: an idempotency key; the same key from the same person gives the record already made.
    Raises NotPermitted (no rule lets the roles create this type), NotReady (fields with problems).
    """
    if not access.may_create(desk, type):
        raise NotPermitted("create")
    done = once.before(desk, key, "record")
    if done is not None:
        return get(desk, done)
    pack = stacks.live(desk)
    declared = holding.type_of(pack, type)
    answers = holding.checked(desk, pack, type, fields)
    made = ids.new()
    name = naming.given(desk, declared, answers)
    salt = secrets.token_hex(16)
    row = {
        "authority": desk.authority,
        "id": made,
        "type": type,
        "name": name,
        "name_words": likeness.plain(name),
        "fields": answers,
        "stack": pack.stack.hash,
        "salt": salt,
        "made_by": desk.person,
        "made_at": desk.now,
        "changed_at": desk.now,
        "revision": 1,
    }
    desk.run(record.insert(), row)
    holding.keep_revision(desk, made, 1, answers)
    numbers = holding.put_identifiers(desk, made, declared, identifiers)
    if desk.person is not None:
        holder = {"record": made, "person": desk.person, "since": desk.now, "made_by": desk.person}
        desk.run(allocation.insert(), {"authority": desk.authority, "id": ids.new(), **holder})
    indexing.of_record(desk, made)
    desk.forget_grants()
    audit.changed(
        desk,
        made,
        "record.made",
        questions=merging.questions(answers),
        revision=1,
        systems=numbers,
        digests=audit.digests(desk, salt, dict(merging.leaves(answers))),
    )
    once.after(desk, key, "record", made)
    return holding.shown(desk, holding.row_of(desk, made))


def made_with(desk: Desk, key: str | None) -> bool:
    """Whether this key of this person made its record already: what looks like it is then that one."""
    return once.already(desk, key, "record")


def edit(
    desk: Desk,
    record_id: str,
    fields: Mapping[str, Any],
    *,
    revision: int,
    identifiers: Iterable[Outside] | None = None,
    were: Mapping[str, str] | None = None,
) -> Record:
    """Save the fields as this person has them, based on `revision`; fields not given stay as they are.

    `were`: the outside numbers that this person changed, as they had been shown.

    What others changed meanwhile is merged field by field. Raises Stale, NotFound, NotPermitted, NotReady.
    """
    record_id = ids.known(record_id, "record")
    found = access.require(desk, "edit", record_id)
    row = holding.row_of(desk, record_id, lock=True)
    pack = stacks.live(desk)
    declared = holding.type_of(pack, row.type)
    base = holding.at(desk, row, revision)
    writable = {field.id for field in declared.fields if found.sees(field) and found.sees(field, verb="edit")}
    mine = dict(base) | {name: value for name, value in fields.items() if name.split(".")[0] in writable}
    mine = {name: value for name, value in merging.stored(mine).items() if value not in (None, "", [])}
    merged = merging.merge(base, mine, row.fields)
    if merged.conflicts:
        hidden = access.hidden_fields(found, declared)
        audit.viewed(desk, record_id, "record.viewed")
        raise Stale(
            base=holding.without(base, hidden),
            mine=holding.without(mine, hidden),
            theirs=holding.without(row.fields, hidden),
            merged=holding.without(merged.answers, hidden),
            conflicts=merged.conflicts,
            revision=row.revision,
            by=holding.last_by(desk, record_id),
        )
    answers = holding.checked(desk, pack, row.type, merged.answers, row)
    changed = merging.changes(row.fields, answers)
    numbers = None
    if identifiers is not None:
        numbers = holding.put_identifiers(desk, record_id, declared, identifiers, were)
    if changed:
        holding.write(desk, row, answers, merged=row.revision != revision)
    if changed or numbers:
        indexing.of_record(desk, record_id)
        audit.changed(
            desk,
            record_id,
            "record.edited",
            questions=merging.questions(changed),
            revision=row.revision + bool(changed),
            systems=numbers,
            digests=audit.digests(desk, row.salt, changed),
        )
    return holding.shown(desk, holding.row_of(desk, record_id))


def put_field(desk: Desk, record_id: str, field: str, value: Any) -> None:
    """Set one field for a workflow's effect: decided by the definition, whoever fires it."""
    row = holding.row_of(desk, record_id, lock=True)
    answers = {name: one for name, one in row.fields.items() if name != field}
    if value is not None:
        answers[field] = merging.stored(value)
    changed = merging.changes(row.fields, answers)
    if changed:
        holding.write(desk, row, answers)
        indexing.of_record(desk, record_id)
        digests = audit.digests(desk, row.salt, changed)
        body = {"questions": [field], "revision": row.revision + 1, "digests": digests}
        audit.changed(desk, record_id, "record.edited", **body)


def get(desk: Desk, record_id: str) -> Record:
    """One record, as this person may see it. The look is written to the audit. Raises NotFound."""
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    audit.viewed(desk, record_id, "record.viewed", glass=found.glass)
    return holding.shown(desk, holding.row_of(desk, record_id))


def find(
    desk: Desk, words: str = "", *, types: Iterable[str] = (), closed: bool | None = None, limit: int = 50
) -> list[Found]:
    """Records this person may see whose name or outside identifier has all the words; newest change first."""
    wanted = holding.visible(desk)
    for word in likeness.sought(words):
        number = likeness.number(word)
        known = exists().where(
            identifier.c.authority == desk.authority,
            identifier.c.record == record.c.id,
            identifier.c.number == number,
        )
        wanted = wanted.where(record.c.name_words.contains(word, autoescape=True) | known)
    listed = sorted(set(types))
    if listed:
        wanted = wanted.where(record.c.type.in_(listed))
    if closed is not None:
        wanted = wanted.where(record.c.closed_at.is_not(None) if closed else record.c.closed_at.is_(None))
    rows = desk.rows(wanted.order_by(record.c.changed_at.desc(), record.c.id).limit(limit))
    access.foresee(desk, [row.id for row in rows if not _named(row, words)])
    rows = [row for row in rows if _named(row, words) or access.grants(desk, row.id).whole]
    for row in rows:
        audit.viewed(desk, row.id, "record.listed")
    return [holding.found_of(row) for row in rows]


def _named(row: Any, words: str) -> bool:
    """Whether the name alone has all the words: whoever may not see a record's numbers does not find it by them."""
    name = likeness.plain(row.name)
    return all(word in name for word in likeness.sought(words))


def alike(desk: Desk, type: str, fields: Mapping[str, Any], *, limit: int = 5) -> list[Likeness]:
    """Records of the type that may be the same, closed ones included, by the fields the type declares.

    Only records whose own fields this person may see are compared: a likeness must not tell what is hidden.
    """
    declared = holding.type_of(stacks.live(desk), type)
    candidates = desk.rows(holding.visible(desk).add_columns(record.c.fields).where(record.c.type == type))
    by_id = {row.id: row for row in candidates}
    offered: list[Likeness] = []
    for found, score in likeness.closest(
        declared, desk.stack, fields, {row.id: row.fields for row in candidates}
    ):
        if len(offered) == limit:
            break
        grants = access.grants(desk, found)
        # By a field that is hidden from this person nothing may be found.
        if grants.whole and not access.hidden_fields(grants, declared) & set(declared.alike):
            audit.viewed(desk, found, "record.listed")
            offered.append(Likeness(holding.found_of(by_id[found]), score))
    return offered


def name_preview(desk: Desk, type: str, fields: Mapping[str, Any]) -> str:
    """The name a record would get, with `…` where a number will stand. Writes nothing."""
    declared = holding.type_of(stacks.live(desk), type)
    return naming.compose(declared, fields, desk.stack, desk.today).replace(naming.NUMBER, "…")


def close(desk: Desk, record_id: str, *, revision: int | None = None) -> Record:
    """Close a record: its keeping starts. Raises CaseworkError while cases on it are open."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "decide", record_id)
    row = holding.row_of(desk, record_id, lock=True)
    running = (case.c.authority == desk.authority) & (case.c.record == record_id) & case.c.closed_at.is_(None)
    if desk.run(select(case.c.id).where(running)).first() is not None:
        raise CaseworkError("There is work under way about this. Close the open cases first.")
    holding.same_revision(row, revision)
    shut(desk, record_id)
    return holding.shown(desk, holding.row_of(desk, record_id))


def shut(desk: Desk, record_id: str) -> None:
    """Close a record for a workflow's effect."""
    holding.mark_closed(desk, record_id, desk.now, "record.closed")


def reopen(desk: Desk, record_id: str, *, revision: int | None = None) -> Record:
    record_id = ids.known(record_id, "record")
    access.require(desk, "decide", record_id)
    holding.same_revision(holding.row_of(desk, record_id, lock=True), revision)
    holding.mark_closed(desk, record_id, None, "record.reopened")
    return holding.shown(desk, holding.row_of(desk, record_id))


def history(desk: Desk, record_id: str) -> list[Event]:
    """What was done to a record, oldest first: who, when, which questions; never a value.

    That a link was made or ended is told to whoever may see its far end; a context's history tells of its links to
    other contexts alone, so that nobody can count there who is linked to it.
    """
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole and not access.manages(desk, "audit"):
        raise NotPermitted("view")
    audit.viewed(desk, record_id, "history.viewed")
    events = audit.of_chain(desk, audit.of_the_record(record_id))
    told = _links_told(desk, record_id, [one for one in events if one.action.startswith("link.")])
    return [one for one in events if not one.action.startswith("link.") or one.body.get("item") in told]


def _links_told(desk: Desk, record_id: str, events: Iterable[Event]) -> set[str]:
    """Of these events' links, those whose far end this person may see and this record may show."""
    items = sorted({str(one.body.get("item")) for one in events})
    if not items:
        return set()
    rows = desk.rows(select(link).where(link.c.authority == desk.authority, link.c.id.in_(items)))
    far = {row.id: row.two if row.one == record_id else row.one for row in rows}
    wanted = select(record.c.id, record.c.type).where(record.c.id.in_(sorted(far.values())))
    types = {row.id: row.type for row in desk.rows(wanted.where(access.visible(desk)))}
    contexts = {one.id for one in desk.stack.records.values() if one.context}
    about_context = holding.row_of(desk, record_id).type in contexts
    return {
        one
        for one, other in far.items()
        if other in types and (not about_context or types[other] in contexts)
    }


def revisions(desk: Desk, record_id: str) -> list[Revision]:
    """Every saved state of the fields this person may see, oldest first."""
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    hidden = access.hidden_fields(
        found, holding.type_of(stacks.live(desk), holding.row_of(desk, record_id).type)
    )
    audit.viewed(desk, record_id, "record.viewed", item="revisions")
    kept = record_revision
    rows = desk.rows(
        select(kept)
        .where(kept.c.authority == desk.authority, kept.c.record == record_id)
        .order_by(kept.c.number)
    )
    return [
        Revision(row.number, holding.without(row.fields, hidden), row.by, row.at, row.merged) for row in rows
    ]
