"""Opening a database so that it keeps what it is given: three kinds, one way of using them.

Embedded (the default) is SQLCipher: encrypted, with page checksums, on a SQLite without the WAL-reset fault.
Plain SQLite is opened only where that fault cannot strike. PostgreSQL is reached through psycopg 3.
"""

from __future__ import annotations

import random
import re
import select
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import sqlcipher3.dbapi2 as sqlcipher
from psycopg import Error as PostgresError
from psycopg import RawCursor, RawServerCursor
from sqlalchemy import Executable, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.compiler import SQLCompiler

from engine.casework.columns import Planned
from engine.casework.errors import KeyTrouble, UnsafeDatabase
from engine.casework.keys import Keys
from engine.casework.sql.functions import register

BUSY_SECONDS = 5.0
PAUSE, LONG_WAIT = 0.008, 0.1
"""Seconds from asking to asking whether it is one's turn to write; and after how many one asks five times as often."""
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
GIVEN_BACK = "trefoil_given_back"
ASKED_AFTER = 1.0
"""Seconds after which a connection that was given back is asked whether it still holds."""
KEPT = "trefoil_kept"
"""Marks a statement that is made once and run for everybody, and holds what a database was sent for it."""
PLAIN = re.compile(r"[\w.:@ -]*")


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


def open_engines(url: str, keys: Keys) -> tuple[Engine, Engine]:
    """What writes to the database of `url`, and what only reads it.

    Raises UnsafeDatabase where this SQLite could damage the file.

    The embedded database is read through connections of its own, which it refuses to be changed by: they wait for no
    writer. To have one connection read now and write then would have all that it keeps prepared made anew each time.
    PostgreSQL is read without asking it to begin and to end: each of its statements sees one moment as it is.
    """
    embedded = embedded_path(url)
    if embedded is None:
        writes = _postgres(url)
        return writes, writes.execution_options(isolation_level="AUTOCOMMIT")
    path, encrypted = embedded
    connect, module = (_cipher(path, keys), sqlcipher) if encrypted else (_plain(path), sqlite3)
    return _embedded(connect, module), _reading(connect, module)


def _postgres(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise UnsafeDatabase(
            "Trefoil keeps its data in its own embedded database or in PostgreSQL, no other."
        )
    options = f"-c lock_timeout={int(BUSY_SECONDS * 1000)} -c timezone=UTC -c jit=off"
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "cursor_factory": RawCursor},
        # As the database itself numbers them: the driver would look through a long statement for them each time.
        paramstyle="numeric_dollar",
        isolation_level="READ COMMITTED",
        **POOL,
    )
    engine.dialect.statement_compiler = _Writing

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.prepared_max = STATEMENTS
        connection.server_cursor_factory = RawServerCursor

    @event.listens_for(engine, "checkin")
    def given_back(_: Any, kept: Any) -> None:
        kept.info[GIVEN_BACK] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, kept: Any, _: Any) -> None:
        try:
            if _may_be_over(connection, kept.info.get(GIVEN_BACK)):
                engine.dialect.do_ping(connection)
        except PostgresError as error:
            raise DisconnectionError() from error

    return engine


def _may_be_over(connection: Any, given_back: float | None) -> bool:
    """Whether a connection has to be asked if it still holds: it has lain for a while, or something came of itself, as
    when the database has gone. Asking each time would be one more way there and back for every statement that reads."""
    if given_back is None:
        return False
    if time.monotonic() - given_back > ASKED_AFTER:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


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


def sent_before(statement: Executable) -> dict[str, Any]:
    """With which options a statement is run: one that is kept brings along what each database was sent for it."""
    kept = statement.get_execution_options().get(KEPT)
    return {"compiled_cache": kept} if kept is not None else {}


class _Kept(SQLCompiler):
    """Writes into a statement that is kept (see `standing`) every word and number that stands in it for good, so that
    running it again is handing over what differs. Nothing a person typed is among them."""

    def visit_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> str:
        if self.execution_options.get(KEPT) and _for_good(bindparam):
            kw["literal_binds"] = True
        return super().visit_bindparam(bindparam, *args, **kw)


def _for_good(parameter: Any) -> bool:
    return not parameter.required and not parameter.callable and _is_plain(parameter.value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_plain(one) for one in value)
    return isinstance(value, int) or (isinstance(value, str) and PLAIN.fullmatch(value) is not None)


class _Writing(_Kept, PGCompiler_psycopg):
    pass


class _Planning(_Kept, SQLiteCompiler):
    """Writes into a query what SQLite plans it by: a limit, and the state of a submission, which one of its indexes is
    about. Bound values there have it plan the whole query anew each time, which takes many times as long as running
    it does. A value is quoted as one; nothing a person typed is among them but a number of lines."""

    def limit_clause(self, select: Any, **kw: Any) -> str:
        # In one that is kept the limit stands for good, and it is not planned by where a page begins.
        return super().limit_clause(
            select, **(kw if KEPT in self.execution_options else {**kw, "literal_execute": True})
        )

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
    engine = _bare(connect, module)
    # A deferred BEGIN that turns into a write fails at once instead of waiting for its turn.
    event.listen(engine, "begin", _begin_in_turn)
    return engine


def _reading(connect: Callable[[], Any], module: Any) -> Engine:
    def refusing() -> Any:
        connection = connect()
        connection.execute("PRAGMA query_only = ON")
        return connection

    engine = _bare(refusing, module)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _bare(connect: Callable[[], Any], module: Any) -> Engine:
    # By name: a value that stands at fifty places of a statement is made ready once.
    engine = create_engine("sqlite://", creator=connect, module=module, paramstyle="named", **POOL)
    engine.dialect.statement_compiler = _Planning
    return engine


def _begin_in_turn(connection: Connection) -> None:
    """Begin to write once whoever writes now has done, asking often.

    SQLite's own waiting soon asks only ten times a second, so that one who writes without a pause keeps all others
    out for many seconds: the moment between two of its transactions is a thousandth of one.
    """
    raw: Any = connection.connection.driver_connection
    began = time.monotonic()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while (waited := time.monotonic() - began) < BUSY_SECONDS:
            try:
                # Past SQLAlchemy, to which each refusal is an error to be told at length.
                raw.execute("BEGIN IMMEDIATE")
                return
            except (sqlite3.Error, sqlcipher.Error) as error:
                if not _is_locked(error):
                    break
            # Whoever has waited for long asks more often than who has just come, and so is likelier to be next; not in
            # step, or all would ask at once.
            pause = PAUSE * max(0.2, 1 - waited / LONG_WAIT)
            time.sleep(random.uniform(pause / 4, pause))
        # Once more as everything else is asked, so that what is wrong is told as everything else is.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def is_busy(error: DBAPIError) -> bool:
    """Whether the database was merely occupied: a lock not had in time, or a deadlock it broke."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in {"55P03", "40P01", "40001"}
    return _is_locked(error.orig)


def _is_locked(error: object) -> bool:
    words = str(error).lower()
    return "database is locked" in words or "database table is locked" in words or "busy" in words


def is_full(error: DBAPIError) -> bool:
    """Whether the disk is full."""
    return getattr(error.orig, "sqlstate", None) == "53100" or "disk is full" in str(error.orig).lower()
