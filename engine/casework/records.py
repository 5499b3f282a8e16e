"""Records: what forms and cases are about. Made by declared type, named by its pattern, read through access."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, select, update

from engine import forms, packs
from engine.casework import access, audit, facts, ids, likeness, merging, naming, once, stacks
from engine.casework.errors import CaseworkError, NotFound, NotPermitted, NotReady, Stale
from engine.casework.store import Desk
from engine.casework.tables import allocation, case, identifier, person, record, record_revision, restriction
from engine.casework.values import Event, Found, Likeness, Outside, Record, Revision
from engine.language.model import Form, RecordType, Section


def form_of(pack: packs.Pack, type: str) -> forms.CompiledForm:
    """A record type's fields as a form, to be drawn and evaluated like any other. Raises NotFound."""
    declared = type_of(pack, type)
    section = Section(id="fields", title=declared.title, questions=declared.fields)
    made = Form(id=declared.id, title=declared.title, about=(declared.id,), sections=(section,))
    return forms.compile(made, pack.stack)


def type_of(pack: packs.Pack, type: str) -> RecordType:
    found = pack.stack.records.get(type)
    if found is None:
        raise NotFound("record type")
    return found


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
    declared = type_of(pack, type)
    answers = _checked(desk, pack, type, fields)
    made = ids.new()
    name = naming.given(desk, declared, answers)
    row = {
        "authority": desk.authority,
        "id": made,
        "type": type,
        "name": name,
        "name_words": likeness.plain(name),
        "fields": answers,
        "stack": pack.stack.hash,
        "salt": secrets.token_hex(16),
        "made_by": desk.person,
        "made_at": desk.now,
        "changed_at": desk.now,
        "revision": 1,
    }
    desk.run(record.insert(), row)
    _keep_revision(desk, made, 1, answers)
    numbers = _put_identifiers(desk, made, declared, identifiers)
    if desk.person is not None:
        holder = {"record": made, "person": desk.person, "since": desk.now, "made_by": desk.person}
        desk.run(allocation.insert(), {"authority": desk.authority, "id": ids.new(), **holder})
    desk.forget_grants()
    audit.changed(
        desk,
        made,
        "record.made",
        questions=merging.questions(answers),
        revision=1,
        systems=numbers,
        digests=audit.digests(desk, row["salt"], dict(merging.leaves(answers))),
    )
    once.after(desk, key, "record", made)
    return _record(desk, _row(desk, made))


def edit(
    desk: Desk,
    record_id: str,
    fields: Mapping[str, Any],
    *,
    revision: int,
    identifiers: Iterable[Outside] | None = None,
) -> Record:
    """Save the fields as this person has them, based on `revision`; fields not given stay as they are.

    What others changed meanwhile is merged field by field. Raises Stale, NotFound, NotPermitted, NotReady.
    """
    record_id = ids.known(record_id, "record")
    found = access.require(desk, "edit", record_id)
    row = _row(desk, record_id, lock=True)
    pack = stacks.live(desk)
    declared = type_of(pack, row.type)
    base = _at(desk, row, revision)
    writable = {field.id for field in declared.fields if found.sees(field) and found.sees(field, verb="edit")}
    mine = dict(base) | {name: value for name, value in fields.items() if name.split(".")[0] in writable}
    mine = {name: value for name, value in merging.stored(mine).items() if value not in (None, "", [])}
    merged = merging.merge(base, mine, row.fields)
    if merged.conflicts:
        hidden = access.hidden_fields(found, declared)
        audit.viewed(desk, record_id, "record.viewed")
        raise Stale(
            base=_without(base, hidden),
            mine=_without(mine, hidden),
            theirs=_without(row.fields, hidden),
            merged=_without(merged.answers, hidden),
            conflicts=merged.conflicts,
            revision=row.revision,
            by=_last_by(desk, record_id),
        )
    answers = _checked(desk, pack, row.type, merged.answers, row)
    changed = merging.changes(row.fields, answers)
    numbers = None if identifiers is None else _put_identifiers(desk, record_id, declared, identifiers)
    if changed:
        _write(desk, row, answers, merged=row.revision != revision)
    if changed or numbers:
        audit.changed(
            desk,
            record_id,
            "record.edited",
            questions=merging.questions(changed),
            revision=row.revision + bool(changed),
            systems=numbers,
            digests=audit.digests(desk, row.salt, changed),
        )
    return _record(desk, _row(desk, record_id))


def put_field(desk: Desk, record_id: str, field: str, value: Any) -> None:
    """Set one field for a workflow's effect: decided by the definition, whoever fires it."""
    row = _row(desk, record_id, lock=True)
    answers = {name: one for name, one in row.fields.items() if name != field}
    if value is not None:
        answers[field] = merging.stored(value)
    changed = merging.changes(row.fields, answers)
    if changed:
        _write(desk, row, answers)
        digests = audit.digests(desk, row.salt, changed)
        body = {"questions": [field], "revision": row.revision + 1, "digests": digests}
        audit.changed(desk, record_id, "record.edited", **body)


def get(desk: Desk, record_id: str) -> Record:
    """One record, as this person may see it. The look is written to the audit. Raises NotFound."""
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    audit.viewed(desk, record_id, "record.viewed", glass=found.glass)
    return _record(desk, _row(desk, record_id))


def find(
    desk: Desk, words: str = "", *, types: Iterable[str] = (), closed: bool | None = None, limit: int = 50
) -> list[Found]:
    """Records this person may see whose name or outside identifier has all the words; newest change first."""
    wanted = _visible(desk)
    for word in likeness.plain(words).split():
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
    for row in rows:
        audit.viewed(desk, row.id, "record.listed")
    return [_found(row) for row in rows]


def alike(desk: Desk, type: str, fields: Mapping[str, Any], *, limit: int = 5) -> list[Likeness]:
    """Records of the type that may be the same, closed ones included, by the fields the type declares.

    Only records whose own fields this person may see are compared: a likeness must not tell what is hidden.
    """
    declared = type_of(stacks.live(desk), type)
    candidates = desk.rows(_visible(desk).add_columns(record.c.fields).where(record.c.type == type))
    seen = [row for row in candidates if access.grants(desk, row.id).whole] if candidates else []
    scored = likeness.closest(declared, desk.stack, fields, {row.id: row.fields for row in seen}, limit)
    by_id = {row.id: row for row in seen}
    for found, _ in scored:
        audit.viewed(desk, found, "record.listed")
    return [Likeness(_found(by_id[found]), score) for found, score in scored]


def name_preview(desk: Desk, type: str, fields: Mapping[str, Any]) -> str:
    """The name a record would get, with `…` where a number will stand. Writes nothing."""
    declared = type_of(stacks.live(desk), type)
    return naming.compose(declared, fields, desk.stack, desk.today).replace(naming.NUMBER, "…")


def close(desk: Desk, record_id: str, *, revision: int | None = None) -> Record:
    """Close a record: its keeping starts. Raises CaseworkError while cases on it are open."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "decide", record_id)
    row = _row(desk, record_id, lock=True)
    running = (case.c.authority == desk.authority) & (case.c.record == record_id) & case.c.closed_at.is_(None)
    if desk.run(select(case.c.id).where(running)).first() is not None:
        raise CaseworkError("There is work under way about this. Close the open cases first.")
    _same_revision(row, revision)
    shut(desk, record_id)
    return _record(desk, _row(desk, record_id))


def shut(desk: Desk, record_id: str) -> None:
    """Close a record for a workflow's effect."""
    _mark_closed(desk, record_id, desk.now, "record.closed")


def reopen(desk: Desk, record_id: str, *, revision: int | None = None) -> Record:
    record_id = ids.known(record_id, "record")
    access.require(desk, "decide", record_id)
    _same_revision(_row(desk, record_id, lock=True), revision)
    _mark_closed(desk, record_id, None, "record.reopened")
    return _record(desk, _row(desk, record_id))


def history(desk: Desk, record_id: str) -> list[Event]:
    """What was done to a record, oldest first: who, when, which questions; never a value, and never the far end
    of a link, so that a context's history does not tell who is linked to it."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole and not access.manages(desk, "audit"):
        raise NotPermitted("view")
    audit.viewed(desk, record_id, "history.viewed")
    return audit.of_chain(desk, audit.of_the_record(record_id))


def revisions(desk: Desk, record_id: str) -> list[Revision]:
    """Every saved state of the fields this person may see, oldest first."""
    record_id = access.known_record(desk, record_id)
    found = access.grants(desk, record_id)
    hidden = access.hidden_fields(found, type_of(stacks.live(desk), _row(desk, record_id).type))
    audit.viewed(desk, record_id, "record.viewed", item="revisions")
    kept = record_revision
    rows = desk.rows(
        select(kept)
        .where(kept.c.authority == desk.authority, kept.c.record == record_id)
        .order_by(kept.c.number)
    )
    return [Revision(row.number, _without(row.fields, hidden), row.by, row.at, row.merged) for row in rows]


# --- Within casework


def names(desk: Desk, wanted: Iterable[str]) -> dict[str, str]:
    """Names of those of these records that this person may see, for showing what an answer points at."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    found = desk.rows(select(record.c.id, record.c.name).where(record.c.id.in_(asked), access.visible(desk)))
    return {row.id: row.name for row in found}


def people_there(desk: Desk, wanted: Iterable[str]) -> set[str]:
    """Those of these ids that are people with an account here."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    here = (person.c.authority == desk.authority) & person.c.id.in_(asked) & person.c.active
    return set(desk.run(select(person.c.id).where(here)).scalars())


def row_of(desk: Desk, record_id: str, *, lock: bool = False) -> Any:
    """The record's row, whoever asks. Raises NotFound."""
    return _row(desk, record_id, lock=lock)


def _row(desk: Desk, record_id: str, *, lock: bool = False) -> Any:
    here = and_(
        record.c.authority == desk.authority, record.c.id == record_id, record.c.destroyed_at.is_(None)
    )
    wanted = select(record).where(here)
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("record")
    return found


def _visible(desk: Desk) -> Select[Any]:
    columns = (record.c.id, record.c.type, record.c.name, record.c.closed_at, record.c.changed_at)
    return select(*columns).where(access.visible(desk))


def _found(row: Any) -> Found:
    return Found(row.id, row.type, row.name, row.closed_at, row.changed_at)


def _without(fields: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name.split(".")[0] not in hidden}


def _record(desk: Desk, row: Any) -> Record:
    found = access.grants(desk, row.id)
    declared = desk.stack.records.get(row.type) or type_of(stacks.pinned(desk, row.stack), row.type)
    # A field that a newer definition no longer has is hidden too: nothing declares who may see it.
    known = {field.id for field in declared.fields}
    hidden = access.hidden_fields(found, declared) | {
        name.split(".")[0] for name in row.fields if name.split(".")[0] not in known
    }
    numbers = desk.rows(
        select(identifier.c.system, identifier.c.number)
        .where(identifier.c.authority == desk.authority, identifier.c.record == row.id)
        .order_by(identifier.c.system)
    )
    closed = restriction.c
    restricted = exists().where(
        closed.authority == desk.authority, closed.record == row.id, closed.ended_at.is_(None)
    )
    return Record(
        id=row.id,
        type=row.type,
        name=row.name,
        fields=_without(row.fields, hidden),
        hidden=hidden,
        identifiers=tuple(Outside(one.system, one.number) for one in numbers) if found.whole else (),
        stack=row.stack,
        revision=row.revision,
        made_at=row.made_at,
        made_by=row.made_by,
        closed_at=row.closed_at,
        restricted=bool(desk.run(select(restricted)).scalar()),
        may=frozenset(verb for verb in access.VERBS if found.may(verb)),
        reach="whole" if found.whole else "name",
    )


def _checked(
    desk: Desk, pack: packs.Pack, type: str, fields: Mapping[str, Any], row: Any = None
) -> dict[str, Any]:
    """The fields as they will be stored. Raises NotReady with what is wrong."""
    given = {"record": facts.of_record(desk, row)} if row is not None else {}
    evaluation = form_of(pack, type).evaluate(merging.stored(fields), today=desk.today, facts=given)
    if evaluation.problems:
        raise NotReady(evaluation.problems, evaluation)
    return merging.stored(dict(evaluation.answers))


def _keep_revision(desk: Desk, record_id: str, number: int, fields: Any, *, merged: bool = False) -> None:
    desk.run(
        record_revision.insert(),
        {
            "authority": desk.authority,
            "id": ids.new(),
            "record": record_id,
            "number": number,
            "fields": fields,
            "by": desk.person,
            "at": desk.now,
            "merged": merged,
        },
    )


def _write(desk: Desk, row: Any, fields: dict[str, Any], *, merged: bool = False) -> None:
    changed = desk.run(
        update(record)
        .where(record.c.authority == desk.authority, record.c.id == row.id, record.c.revision == row.revision)
        .values(fields=fields, revision=row.revision + 1, changed_at=desk.now)
    )
    if not changed.rowcount:
        raise CaseworkError("This was changed at the same moment. Try again.")
    _keep_revision(desk, row.id, row.revision + 1, fields, merged=merged)


def _at(desk: Desk, row: Any, revision: int) -> dict[str, Any]:
    if revision == row.revision:
        return dict(row.fields)
    kept = record_revision
    found = desk.run(
        select(kept.c.fields).where(
            kept.c.authority == desk.authority, kept.c.record == row.id, kept.c.number == revision
        )
    ).first()
    if found is None:
        raise NotFound("revision")
    return dict(found.fields)


def _last_by(desk: Desk, record_id: str) -> str | None:
    kept = record_revision
    wanted = select(kept.c.by).where(kept.c.authority == desk.authority, kept.c.record == record_id)
    return desk.run(wanted.order_by(kept.c.number.desc()).limit(1)).scalar()


def _same_revision(row: Any, revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise CaseworkError("This was changed since you opened it. Look at it again, then decide.")


def _mark_closed(desk: Desk, record_id: str, at: datetime | None, action: str) -> None:
    here = (record.c.authority == desk.authority) & (record.c.id == record_id)
    desk.run(update(record).where(here).values(closed_at=at, changed_at=desk.now))
    audit.changed(desk, record_id, action)


def _put_identifiers(desk: Desk, record_id: str, declared: RecordType, given: Iterable[Outside]) -> list[str]:
    """Make these the record's outside identifiers; returns the systems whose number changed."""
    wanted = {one.system: likeness.number(one.number) for one in given if one.number.strip()}
    problems = list(likeness.wrong_identifiers(declared, wanted))
    if problems:
        raise NotReady(problems)
    mine = (identifier.c.authority == desk.authority) & (identifier.c.record == record_id)
    present = {row.system: row.number for row in desk.rows(select(identifier).where(mine))}
    changed = sorted(
        system for system in present.keys() | wanted.keys() if present.get(system) != wanted.get(system)
    )
    if changed:
        desk.run(identifier.delete().where(mine, identifier.c.system.in_(changed)))
        rows = [
            {
                "authority": desk.authority,
                "id": ids.new(),
                "record": record_id,
                "system": system,
                "number": wanted[system],
            }
            for system in changed
            if system in wanted
        ]
        if rows:
            desk.run(identifier.insert(), rows)
    return changed
