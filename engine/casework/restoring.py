"""Restoring a backup into an empty database: whole, verified, and without what was destroyed since it was made.

All of it is one transaction: a backup that proves to be cut off or wrong at its last line leaves nothing behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Executable, Table, Uuid, inspect, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.types import Date

from engine.casework import (
    audit,
    backing_up,
    certificates,
    checkpoints,
    destroying,
    ids,
    projecting,
    schema,
    sealing,
)
from engine.casework.backing_up import Manifest
from engine.casework.columns import Moment, metadata
from engine.casework.errors import CaseworkError, SchemaMismatch
from engine.casework.sealing import Damaged
from engine.casework.store import SYSTEM, Desk, Store, begin_in_turn, translated
from engine.casework.tables import authority, destroyed, record

AT_ONCE = 500
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to. `repeated`: records that were destroyed again; `events`: of the audit, all verified."""

    manifest: Manifest
    rows: int
    events: int
    repeated: tuple[str, ...]


def restore(
    path: str | Path, store: Store, *, now: datetime, destroyed_since: Iterable[str | Path] = ()
) -> Restored:
    """Restore a backup into an empty database, then repeat what was destroyed since it was made.

    The list of destructions beside the key is used where it is; `destroyed_since` names further copies of it.
    Raises KeyTrouble, sealing.Damaged, SchemaMismatch or CaseworkError, each in plain words, leaving nothing.
    """
    again = _to_repeat(store, destroyed_since)
    _must_be_empty(store)
    try:
        with open(path, "rb") as file:
            _check_label(sealing.label(file)[0], store)
            file.seek(0)
            lines = sealing.read(file, store.keys)
            manifest = _manifest(next(lines, b""))
            _check_schema(manifest)
            store.upgrade()
            with translated(), store.engine.connect() as connection:
                begin_in_turn(connection)
                _must_hold_nothing(connection)
                if store.embedded:
                    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                _load(connection, lines)
                events = _verify(store, connection, manifest)
                repeated = [one.record for one in again if _repeat(store, connection, one, now)]
                _make_columns(store, connection, now)
                connection.commit()
    except OSError as error:
        raise CaseworkError(f"The backup {path} could not be read: {error.strerror or error}.") from error
    if repeated:
        destroying.overwrite(store)
    certificates.note_down(store)
    return Restored(manifest, sum(manifest.counts.values()), events, tuple(repeated))


def manifest_of(path: str | Path, store: Store) -> Manifest:
    """The manifest of a backup, without restoring it."""
    with open(path, "rb") as file:
        return _manifest(next(sealing.read(file, store.keys), b""))


# --- What it goes into


def _must_be_empty(store: Store) -> None:
    """Before anything is set up: an unrelated or half-known database is not ours to touch."""
    with store.reading() as connection:
        present = set(inspect(connection).get_table_names())
        if not present:
            return
        if authority.name not in present:
            raise CaseworkError("This database holds something else. Restore into an empty one.")
        schema.check(connection, store.keys)
        _must_hold_nothing(connection)


def _must_hold_nothing(connection: Connection) -> None:
    if connection.execute(select(authority.c.id).limit(1)).first() is not None:
        raise CaseworkError(
            "This database is in use: it holds an authority already. Restore into an empty one; nothing was changed."
        )


def _check_label(said: Mapping[str, Any], store: Store) -> None:
    # Told before the key is tried: an older backup is better news than a wrong key.
    if said.get("key") == store.keys.fingerprint and isinstance(said.get("schema"), str):
        _check_schema(Manifest("", said["schema"], {}, "", ""))


def _check_schema(manifest: Manifest) -> None:
    if manifest.schema != schema.newest():
        raise SchemaMismatch(
            f"This backup has schema {manifest.schema}; this Trefoil works with {schema.newest()}. Restore it with "
            "the version that made it, then run: trefoil db upgrade"
        )


# --- What comes out


def _manifest(line: bytes) -> Manifest:
    try:
        return Manifest(**json.loads(line)["manifest"])
    except (ValueError, KeyError, TypeError):
        raise Damaged("This backup does not begin with what it holds. Use another.") from None


def _load(connection: Connection, lines: Iterator[bytes]) -> None:
    tables = {one.name: one for one in metadata.sorted_tables}
    ties: list[Executable] = []
    table: Table | None = None
    columns: list[str] = []
    readers: list[Read] = []
    rows: list[dict[str, Any]] = []
    ended = False
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            values = (read(value) for read, value in zip(readers, said, strict=True))
            rows.append(dict(zip(columns, values, strict=True)))
        if table is not None and rows and (len(rows) >= AT_ONCE or isinstance(said, dict)):
            ties += _insert(connection, table, rows)
            rows = []
        if isinstance(said, dict):
            ended = "end" in said
            if not ended:
                table, columns = tables[said["table"]], said["columns"]
                readers = [_reader(table.c[name]) for name in columns]
    if not ended:
        raise Damaged("This backup is cut off: its end is missing. Use another; nothing was changed.")
    for tie in ties:
        connection.execute(tie)


def _reader(column: Column[Any]) -> Read:
    if isinstance(column.type, Moment):
        return lambda value: value if value is None else datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return lambda value: value if value is None else date.fromisoformat(value)
    if isinstance(column.type, Uuid):
        return lambda value: value if value is None else str(value)
    return lambda value: value


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> Iterator[Executable]:
    """Insert rows, and give what ties them to rows of their own table: one may stand before its forerunner."""
    own = _own_ties(table)
    connection.execute(table.insert(), [{**row, **dict.fromkeys(own)} for row in rows])
    for name in own:
        for row in rows:
            if row[name] is not None:
                mine = (table.c.authority == row["authority"]) & (table.c.id == row["id"])
                yield update(table).where(mine).values({name: row[name]})


def _own_ties(table: Table) -> list[str]:
    return [
        one.parent.name
        for constraint in table.foreign_key_constraints
        for one in constraint.elements
        if one.column.table is table and one.parent.name != "authority"
    ]


def _verify(store: Store, connection: Connection, manifest: Manifest) -> int:
    """Everything that the manifest promised is there, and the audit log is what was signed."""
    for table in metadata.sorted_tables:
        present, promised = backing_up.count(connection, table), manifest.counts.get(table.name)
        if present != promised:
            raise Damaged(f"This backup should hold {promised} rows of {table.name} and holds {present}.")
    if backing_up.digest_of_heads(connection) != manifest.heads:
        raise Damaged("The heads of the audit log are not those that the backup was made with.")
    key = checkpoints.public_key(store)
    has_any = bool(json.loads(manifest.checkpoints)["checkpoints"])
    verdict = checkpoints.verify_within(connection, manifest.checkpoints if has_any else None, key)
    if not verdict.ok:
        first = verdict.findings[0].message
        raise CaseworkError(f"The audit log in this backup does not verify: {first} Nothing was restored.")
    return verdict.events


def _make_columns(store: Store, connection: Connection, now: datetime) -> None:
    """What stands beside the documents is made from them, so no backup carries it."""
    for one in list(connection.execute(select(authority.c.id)).scalars()):
        desk = Desk(store, connection, one, SYSTEM, now)
        projecting.rebuild(desk)
        desk.finish()


# --- What must not come back


def _to_repeat(store: Store, lists: Iterable[str | Path]) -> list[certificates.Certificate]:
    own = certificates.list_file(store)
    paths = [*([own] if own.exists() else []), *map(Path, lists)]
    found = {one.id: one for path in paths for one in certificates.read_file(store.keys, path)}
    return sorted(found.values(), key=lambda one: (one.at, one.id))


def _repeat(store: Store, connection: Connection, one: certificates.Certificate, now: datetime) -> bool:
    """Destroy again what the backup brought back. False where there was nothing left to destroy."""
    mine = (record.c.authority == one.authority) & (record.c.id == one.record)
    there = connection.execute(select(record.c.destroyed_at).where(mine)).first()
    if there is None or there.destroyed_at is not None:
        return False
    desk = Desk(store, connection, one.authority, SYSTEM, now)
    gone = destroying.erase(desk, one.record, one.at)
    kept = {"authority": one.authority, "id": one.id, "record": one.record}
    desk.run(destroyed.insert(), {**kept, "reason": one.reason, "by": one.by, "at": one.at})
    audit.changed(desk, one.record, "record.destroyed_again", certificate=ids.known(one.id), rows=gone)
    desk.finish()
    return True
