"""How records are read, cut down and written, within casework: the rows behind `records`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select, update

from engine import forms, packs
from engine.casework import access, audit, facts, ids, likeness, merging, pointing, stacks
from engine.casework.errors import CaseworkError, NotFound, NotReady
from engine.casework.store import Desk
from engine.casework.tables import identifier, record, record_revision, restriction
from engine.casework.values import Found, Outside, Record
from engine.language.model import Identifier, RecordType
from engine.questions import Problem


def form_of(pack: packs.Pack, type: str) -> forms.CompiledForm:
    """A record type's fields as a form, to be drawn and evaluated like any other. Raises NotFound."""
    return pack.fields(type_of(pack, type).id)


def type_of(pack: packs.Pack, type: str) -> RecordType:
    found = pack.stack.records.get(type)
    if found is None:
        raise NotFound("record type")
    return found


_ROW = select(record).where(
    record.c.authority == bindparam("of"), record.c.id == bindparam("of_id"), record.c.destroyed_at.is_(None)
)


def row_of(desk: Desk, record_id: str, *, lock: bool = False) -> Any:
    found = desk.row(record, _ROW, record_id, lock=lock)
    if found is None:
        raise NotFound("record")
    return found


def rows_of(desk: Desk, record_ids: Iterable[str]) -> dict[str, Any]:
    """The rows of many records, by id, asked for at once. Raises NotFound where one is missing."""
    wanted = sorted(set(record_ids))
    if not wanted:
        return {}
    here = and_(
        record.c.authority == desk.authority, record.c.id.in_(wanted), record.c.destroyed_at.is_(None)
    )
    found = {row.id: row for row in desk.rows(select(record).where(here))}
    if len(found) < len(wanted):
        raise NotFound("record")
    return found


def visible(desk: Desk) -> Select[Any]:
    columns = (record.c.id, record.c.type, record.c.name, record.c.closed_at, record.c.changed_at)
    return select(*columns).where(access.visible(desk))


def found_of(row: Any) -> Found:
    return Found(row.id, row.type, row.name, row.closed_at, row.changed_at)


def without(fields: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name.split(".")[0] not in hidden}


_NUMBERS = (
    select(identifier.c.system, identifier.c.number)
    .where(identifier.c.authority == bindparam("of"), identifier.c.record == bindparam("about"))
    .order_by(identifier.c.system)
)
_RESTRICTED = select(
    exists().where(
        restriction.c.authority == bindparam("of"),
        restriction.c.record == bindparam("about"),
        restriction.c.ended_at.is_(None),
    )
)


def shown(desk: Desk, row: Any) -> Record:
    found = access.grants(desk, row.id)
    declared = desk.stack.records.get(row.type) or type_of(stacks.pinned(desk, row.stack), row.type)
    # A field that a newer definition no longer has is hidden too: nothing declares who may see it.
    known = {field.id for field in declared.fields}
    hidden = access.hidden_fields(found, declared) | {
        name.split(".")[0] for name in row.fields if name.split(".")[0] not in known
    }
    numbers = desk.about(_NUMBERS, row.id)
    return Record(
        id=row.id,
        type=row.type,
        name=row.name,
        fields=without(row.fields, hidden),
        hidden=hidden,
        identifiers=tuple(Outside(one.system, one.number) for one in numbers) if found.whole else (),
        stack=row.stack,
        revision=row.revision,
        made_at=row.made_at,
        made_by=row.made_by,
        closed_at=row.closed_at,
        restricted=bool(desk.about(_RESTRICTED, row.id)[0][0]),
        may=frozenset(verb for verb in access.VERBS if found.may(verb)),
        reach="whole" if found.whole else "name",
    )


def checked(
    desk: Desk, pack: packs.Pack, type: str, fields: Mapping[str, Any], row: Any = None
) -> dict[str, Any]:
    """The fields as they will be stored. Raises NotReady with what is wrong."""
    form = form_of(pack, type)
    given = {"record": facts.of_record(desk, row, form.reads)} if row is not None else {}
    pointing.check(desk, form.form, row.fields if row is not None else {}, fields)
    evaluation = form.evaluate(merging.stored(fields), today=desk.today, facts=given)
    if evaluation.problems:
        raise NotReady(evaluation.problems, evaluation)
    return merging.stored(dict(evaluation.answers))


def keep_revision(desk: Desk, record_id: str, number: int, fields: Any, *, merged: bool = False) -> None:
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


def write(desk: Desk, row: Any, fields: dict[str, Any], *, merged: bool = False) -> None:
    changed = desk.run(
        update(record)
        .where(record.c.authority == desk.authority, record.c.id == row.id, record.c.revision == row.revision)
        .values(fields=fields, revision=row.revision + 1, changed_at=desk.now)
    )
    if not changed.rowcount:
        raise CaseworkError("This was changed at the same moment. Try again.")
    keep_revision(desk, row.id, row.revision + 1, fields, merged=merged)


def at(desk: Desk, row: Any, revision: int) -> dict[str, Any]:
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


def last_by(desk: Desk, record_id: str) -> str | None:
    kept = record_revision
    wanted = select(kept.c.by).where(kept.c.authority == desk.authority, kept.c.record == record_id)
    return desk.run(wanted.order_by(kept.c.number.desc()).limit(1)).scalar()


def same_revision(row: Any, revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise CaseworkError("This was changed since you opened it. Look at it again, then decide.")


def mark_closed(desk: Desk, record_id: str, at: datetime | None, action: str) -> None:
    here = (record.c.authority == desk.authority) & (record.c.id == record_id)
    desk.run(update(record).where(here).values(closed_at=at, changed_at=desk.now))
    audit.changed(desk, record_id, action)


def _overtaken(one: Identifier, now: str | None) -> Problem:
    made = f"made it ‘{now}’" if now else "took it away"
    return Problem(
        one.id,
        "stale",
        f"{one.label}: somebody else {made} while you were writing. Enter the number that is right and save again.",
    )


def put_identifiers(
    desk: Desk,
    record_id: str,
    declared: RecordType,
    given: Iterable[Outside],
    were: Mapping[str, str] | None = None,
) -> list[str]:
    """Make these the record's outside identifiers; returns the systems whose number changed.

    `were`: the numbers as the person saw them who changes them. Raises NotReady where somebody else changed one.
    """
    wanted = {one.system: likeness.number(one.number) for one in given if one.number.strip()}
    problems = list(likeness.wrong_identifiers(declared, wanted))
    if problems:
        raise NotReady(problems)
    mine = (identifier.c.authority == desk.authority) & (identifier.c.record == record_id)
    present = {row.system: row.number for row in desk.rows(select(identifier).where(mine))}
    changed = sorted(
        system for system in present.keys() | wanted.keys() if present.get(system) != wanted.get(system)
    )
    overtaken = [
        one
        for one in declared.identifiers
        if one.id in changed and were is not None and one.id in were
        if present.get(one.id, "") != likeness.number(were[one.id])
    ]
    if overtaken:
        raise NotReady([_overtaken(one, present.get(one.id)) for one in overtaken])
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
