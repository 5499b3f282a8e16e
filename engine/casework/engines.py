"""Opening a database so that it keeps what it is given: three kinds, one way of using them.

Embedded (the default) is SQLCipher: encrypted, with page checksums, on a SQLite without the WAL-reset fault.
Plain SQLite is opened only where that fault cannot strike. PostgreSQL is reached through psycopg 3.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from engine.casework.columns import Planned
from engine.casework.errors import KeyTrouble, UnsafeDatabase
from engine.casework.keys import Keys
from engine.casework.sql.functions import register

BUSY_SECONDS = 5.0
STATEMENTS = 500
"""Statements that a connection keeps prepared. The driver's own hundred fill up with what was asked first and often;
then the long ones about access are prepared anew each time, which takes many times as long as running them."""
SAFE_WAL = (3, 51, 3)
"""The first SQLite whose write-ahead log cannot be reset under a writer (3.7.0 to 3.51.2 can damage the file)."""

POOL = {
    # An error's text ends in logs; it must not carry what people wrote.
    "hide_parameters": True,
    "poolclass": QueuePool,
    "pool_size": 8,
    "max_overflow": 8,
    "pool_timeout": 10,
    # The one given back last has everything at hand that was just asked: statements prepared, pages read.
    "pool_use_lifo": True,
}
READ_ONLY = "trefoil_read_only"


def embedded_path(url: str) -> tuple[Path, bool] | None:
    """The file an embedded URL names, and whether it is encrypted; None for any other database.

    `sqlite:///folder/file` (and a bare path) is encrypted, `sqlite+plain:///folder/file` is not.
    """
    if "://" not in url:
        return Path(url), True
    for prefix, encrypted in (("sqlite+plain:///", False), ("sqlite:///", True)):
        if url.startswith(prefix):
            return Path(unquote(url.removeprefix(prefix))), encrypted
    return None


def open_engine(url: str, keys: Keys) -> Engine:
    """An engine for `url`. Raises UnsafeDatabase where this SQLite could damage the file."""
    embedded = embedded_path(url)
    if embedded is None:
        return _postgres(url)
    path, encrypted = embedded
    return _embedded(_cipher(path, keys), sqlcipher) if encrypted else _embedded(_plain(path), sqlite3)


def _postgres(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise UnsafeDatabase(
            "Trefoil keeps its data in its own embedded database or in PostgreSQL, no other."
        )
    options = f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c timezone=UTC -c jit=off"
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"options": options},
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        **POOL,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.prepared_max = STATEMENTS

    return engine


def _cipher(path: Path, keys: Keys) -> Callable[[], Any]:
    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path),
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS,
        )
        connection.execute(f"PRAGMA key = \"x'{keys.database.hex()}'\"")
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlcipher.DatabaseError as error:
            connection.close()
            if "not a database" not in str(error):
                raise
            raise KeyTrouble(f"The key does not open {path}. It belongs to another database.") from None
        _settle(connection, "wal")
        return connection

    return connect


def journal_for(version: tuple[int, ...], present: str) -> str:
    """The journal a plain SQLite of this version may use on a file whose journal is `present`."""
    if version >= SAFE_WAL:
        return "wal"
    if present.lower() == "wal":
        raise UnsafeDatabase(
            f"SQLite {'.'.join(map(str, version))} can damage a database in write-ahead mode. Use the encrypted "
            "embedded database (sqlite:///…), PostgreSQL, or SQLite 3.51.3 or newer."
        )
    return "delete"


def _plain(path: Path) -> Callable[[], Any]:
    def connect() -> Any:
        connection = sqlite3.connect(
            str(path),
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS,
        )
        try:
            # Asking costs nothing while the answer may be refused; nothing is written before it is known.
            present = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
            _settle(connection, journal_for(sqlite3.sqlite_version_info, present))
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _settle(connection: Any, journal: str) -> None:
    _change_journal(connection, journal)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: destroyed content must not linger in free pages.
    connection.execute("PRAGMA secure_delete = ON")
    register(connection)


def _change_journal(connection: Any, journal: str) -> None:
    """Several who open a new database at once all change its journal, and SQLite does not wait for this lock."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode = {journal}").fetchone()
            return
        except (sqlite3.OperationalError, sqlcipher.OperationalError) as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(random.uniform(0.005, 0.02))


class _Written(SQLiteCompiler):
    """Writes into a query what SQLite plans it by: a limit, and the state of a submission, which one of its indexes is
    about. Bound values there have it plan the whole query anew each time, which takes many times as long as running
    it does. A value is quoted as one; nothing a person typed is among them but a number of lines."""

    def limit_clause(self, select: Any, **kw: Any) -> str:
        return super().limit_clause(select, **{**kw, "literal_execute": True})

    def visit_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> str:
        if (
            isinstance(bindparam.type, Planned)
            and not bindparam.expanding
            and not self.isinsert
            and not self.isupdate
        ):
            kw["literal_execute"] = True
        return super().visit_bindparam(bindparam, *args, **kw)


def _embedded(connect: Callable[[], Any], module: Any) -> Engine:
    engine = create_engine("sqlite://", creator=connect, module=module, **POOL)
    engine.dialect.statement_compiler = _Written

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN that turns into a write fails at once instead of waiting for its turn.
        if connection.get_execution_options().get(READ_ONLY):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_in_turn(connection)

    return engine


@contextmanager
def refusing_writes(connection: Connection) -> Iterator[None]:
    """Has the embedded database refuse to be changed by this connection."""
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        raw.execute("PRAGMA query_only = OFF")


def _begin_in_turn(connection: Connection) -> None:
    """Begin to write once whoever writes now has done, asking often.

    SQLite's own waiting soon asks only ten times a second, so that one who writes without a pause keeps all others
    out for many seconds: the moment between two of its transactions is a thousandth of one.
    """
    raw: Any = connection.connection.driver_connection
    end = time.monotonic() + BUSY_SECONDS
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except DBAPIError as error:
                if not is_busy(error) or time.monotonic() > end:
                    raise
            # Not in step with each other, or all would come at the same wrong moment.
            time.sleep(random.uniform(0.001, 0.006))
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def is_busy(error: DBAPIError) -> bool:
    """Whether the database was merely occupied: a lock not had in time, or a deadlock it broke."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in {"55P03", "40P01", "40001"}
    words = str(error.orig).lower()
    return "database is locked" in words or "database table is locked" in words or "busy" in words


def is_full(error: DBAPIError) -> bool:
    """Whether the disk is full."""
    return getattr(error.orig, "sqlstate", None) == "53100" or "disk is full" in str(error.orig).lower()
