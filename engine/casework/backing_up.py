"""Backups: every table as of one moment, while others write, in one encrypted file that never holds the key.

The file is the same whichever database it came from, so that it can be restored into either. What stands first in
it is the manifest: the schema, how many rows each table has, and signed heads of the audit log. Columns and counts
that stand beside the documents are not copied: restoring makes them anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from engine.casework import certificates, checkpoints, engines, files, ids, schema, sealing
from engine.casework.columns import metadata
from engine.casework.errors import Busy, CaseworkError
from engine.casework.store import Store
from engine.casework.tables import audit_head, setting

# The restored database is set up with its own; the rest of `setting` is data like any other.
NOT_COPIED = "key"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `heads` is one digest over every chain's length and hash."""

    made_at: str
    schema: str
    counts: Mapping[str, int]
    heads: str
    checkpoints: str


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    file: Path
    manifest: Manifest

    @property
    def rows(self) -> int:
        return sum(self.manifest.counts.values())


def backup(store: Store, target: str | Path, now: datetime) -> Backup:
    """Write a backup to a new file, or under a dated name in a folder. Others may go on writing.

    Raises CaseworkError where the database is damaged, the file is there already, or there is no room.
    """
    certificates.note_down(store)
    _unless_damaged(store)
    path = Path(target)
    if path.is_dir():
        path = path / f"trefoil-{now.astimezone(UTC):%Y%m%d-%H%M%S}.backup"
    with store.snapshot() as connection:
        schema.check(connection, store.keys)
        _unless_lacking(connection)
        return _write(store, connection, path, now, schema.newest())


def before_upgrade(store: Store, folder: Path, now: datetime) -> Backup | None:
    """A backup of a database that an older version set up, for that version to restore; None where nothing changes.

    Raises CaseworkError where the database is damaged or there is no room: it is then not upgraded either.
    """
    present = schema.older(store.engine)
    if present is None:
        return None
    _unless_damaged(store)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"before-upgrade-{now.astimezone(UTC):%Y%m%d-%H%M%S-%f}.backup"
    with store.snapshot() as connection:
        return _write(store, connection, path, now, present)


def _write(store: Store, connection: Connection, path: Path, now: datetime, version: str) -> Backup:
    tables = _tables(connection)
    manifest = _manifest(store, connection, now, tables, version)
    told = {"made_at": manifest.made_at, "schema": manifest.schema}
    with files.new_file(path) as file:
        sealing.write(file, store.keys, told, _lines(connection, manifest, tables))
    return Backup(path, manifest)


def _tables(connection: Connection) -> dict[Table, list[Any]]:
    """The tables that the database has, with those of their columns that it has: an older one has fewer."""
    found = inspect(connection)
    names = set(found.get_table_names())
    return {
        table: [column for column in table.columns if column.name in there]
        for table in metadata.sorted_tables
        if table.name in names
        for there in [{one["name"] for one in found.get_columns(table.name)}]
    }


def _unless_lacking(connection: Connection) -> None:
    """A database of this version has every table: a backup without one would be found wanting when it is needed."""
    there = set(inspect(connection).get_table_names())
    missing = [table.name for table in metadata.sorted_tables if table.name not in there]
    if missing:
        raise CaseworkError(
            f"The database lacks the table ‘{missing[0]}’. No backup was made; keep the last good one and restore it."
        )


def _unless_damaged(store: Store) -> None:
    trouble = examine(store)
    if trouble:
        raise CaseworkError(
            f"The database is damaged ({trouble[0]}). No backup was made; keep the last good one and restore it."
        )


def examine(store: Store) -> list[str]:
    """What the embedded database finds wrong with its own pages; nothing for PostgreSQL, which looks after its own."""
    if not store.embedded:
        return []
    found: list[str] = []
    try:
        with store.readers.connect() as connection:
            for check in ("cipher_integrity_check", "integrity_check(10)"):
                found += [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {check}")]
    except DBAPIError as error:
        if engines.is_busy(error):
            raise Busy() from error
        # Some damage stops the examination itself.
        found.append(str(error.orig))
    return [one for one in found if one != "ok"]


def digest_of_heads(connection: Connection) -> str:
    ordered = select(audit_head).order_by(audit_head.c.authority, audit_head.c.chain)
    lines = hashlib.sha256()
    for row in connection.execute(ordered.execution_options(yield_per=2000)):
        lines.update(ids.canonical([row.authority, row.chain, row.number, row.hash]).encode() + b"\n")
    return lines.hexdigest()


def _manifest(
    store: Store, connection: Connection, now: datetime, tables: Iterable[Table], version: str
) -> Manifest:
    signed = checkpoints.signed(store, connection, now)
    return Manifest(
        made_at=now.isoformat(),
        schema=version,
        counts={table.name: count(connection, table) for table in tables},
        heads=digest_of_heads(connection),
        checkpoints=checkpoints.as_file(store, signed),
    )


def count(connection: Connection, table: Table) -> int:
    counted = select(func.count()).select_from(table)
    if table is setting:
        counted = counted.where(setting.c.name != NOT_COPIED)
    return int(connection.execute(counted).scalar_one())


def _lines(connection: Connection, manifest: Manifest, tables: Mapping[Table, list[Any]]) -> Iterator[bytes]:
    yield _json({"manifest": asdict(manifest)})
    for table, columns in tables.items():
        yield _json({"table": table.name, "columns": [column.name for column in columns]})
        wanted = select(*columns)
        if table is setting:
            wanted = wanted.where(setting.c.name != NOT_COPIED)
        for row in connection.execute(wanted.execution_options(yield_per=1000)):
            yield _json([_plain(value) for value in row])
    yield _json({"end": manifest.made_at})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
