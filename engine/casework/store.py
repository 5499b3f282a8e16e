"""A store is one database; a desk is one person at work in it: one transaction with one place that decides.

A desk commits when its block ends well and undoes everything when it does not; the audit events of the block are
written last, in the same transaction. This module must not know what is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, FromClause, Select, bindparam, select
from sqlalchemy.engine import Connection, CursorResult, Row
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.casework import arriving, engines, ids, keys, schema, tables
from engine.casework.errors import Busy, CaseworkError, KeyTrouble, NotPermitted, Unreachable
from engine.casework.several import among
from engine.packs import Cache

if TYPE_CHECKING:
    from engine.casework.access import Grants
    from engine.casework.audit import Pending
    from engine.language.model import Stack


Found = TypeVar("Found")
_READ: WeakKeyDictionary[Connection, dict[Any, tuple[tuple[FromClause, ...], Any]]] = WeakKeyDictionary()
"""What was read in a transaction and stands there unwritten; two desks of one transaction have it in common."""


class _System:
    """Trefoil itself at work: setting up, loading, deadlines. It has to be named: no one is never the system."""

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = _System()


class MustWrite(Exception):
    """Whoever said that they would only look writes: the same is to be done once more, in turn with other writers."""


class Store:
    """One database and its keys.

    `url` is a path or `sqlite:///path` (encrypted), `sqlite+plain:///path`, or `postgresql://…`. The key file is
    made at the first set-up only; a database that exists is never given a new key. What serves pages opens it with
    `alters=False`: it never makes or widens a table. Definitions read and checked once are kept in the folder `keeps`.
    """

    def __init__(
        self, url: str, key_file: str | Path | None = None, *, alters: bool = True, keeps: Path | None = None
    ) -> None:
        self.url = url
        self.kept = Cache(keeps) if keeps is not None else None
        self.alters = alters
        self.key_file = Path(key_file) if key_file else keys.default_key_file()
        self.data_file = (engines.embedded_path(url) or (None, False))[0]
        self.keys = self._keys()
        self.engine, self.readers = engines.open_engines(url, self.keys)
        self.cache: dict[Any, Any] = {}
        self.conditions: dict[Any, Any] = {}
        """Who reaches what, as conditions made once; see `access.reaching`."""

    def _keys(self) -> keys.Keys:
        if self.data_file is not None:
            keys.apart_from(self.key_file, self.data_file.parent)
            self.data_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.key_file.exists():
            return keys.read(self.key_file)
        if self.data_file is not None and self.data_file.exists() and self.data_file.stat().st_size:
            raise KeyTrouble(
                f"{self.data_file} exists, but its key file {self.key_file} does not. Restore the key."
            )
        return keys.create(self.key_file)

    @property
    def embedded(self) -> bool:
        return self.data_file is not None

    def upgrade(self) -> None:
        """Bring the schema to this version, whole or not at all. Only ever by command, never at the web's start."""
        with translated():
            schema.upgrade(self.engine, self.keys)

    def check(self) -> None:
        """Raise SchemaMismatch unless the database's schema is exactly this version's; Unreachable if none answers."""
        try:
            with self.reading() as connection:
                schema.check(connection, self.keys)
        except OperationalError as error:
            raise Unreachable() from error

    def close(self) -> None:
        self.engine.dispose()
        self.readers.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, for what needs no trace: whose session, which schema."""
        with translated(), self.readers.connect() as connection:
            yield connection
            # Undoing would have the driver of PostgreSQL forget all that it keeps prepared.
            connection.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One unmoving view of the whole database while others write, for what must fit together."""
        steady = {} if self.embedded else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with translated(), self.readers.connect() as connection:
            yield connection.execution_options(**steady)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write. Waits its turn, tries once more, then says Busy."""
        with translated(), self.engine.connect() as connection:
            begin_in_turn(connection)
            schema.check(connection, self.keys)
            yield connection
            connection.commit()

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A transaction for whoever only looks: it waits for no writer and keeps none waiting. The database itself
        refuses to be written to by it."""
        with self.reading() as connection:
            schema.check(connection, self.keys)
            yield connection

    @contextmanager
    def desk(
        self, authority: str, person: str | _System, *, now: datetime, looks: bool = False
    ) -> Iterator[Desk]:
        """One person at work: commits when the block ends well, undoes it all when it does not.

        `person` is a person's id, or SYSTEM. Who only `looks` keeps nobody from writing to the embedded database: what
        the look itself leaves (its trace) is written once it is over, and before anything is shown. Raises
        NotPermitted for a person who is unknown or no longer active, MustWrite where one who only looks writes.
        """
        if now.tzinfo is None:
            raise ValueError("`now` needs its zone.")
        later: list[Callable[[Desk], None]] = []
        afterwards: list[Callable[[Store], None]] = []
        looks = looks and self.embedded
        try:
            with self.looking() if looks else self.writing() as connection:
                desk = Desk(self, connection, authority, person, now, looks=looks)
                later, afterwards = desk.if_undone, desk.afterwards
                yield desk
                if not looks:
                    desk.finish()
            if looks and (desk.events or desk.at_end):
                with self.writing() as connection:
                    desk.take_up(connection)
                    desk.finish()
        except MustWrite:
            raise
        except Exception:
            if later:
                # What must stay although the work was undone: a refused look's trace, text set aside.
                with self.writing() as connection:
                    second = Desk(self, connection, authority, person, now)
                    for act in list(later):
                        act(second)
                    second.finish()
            raise
        for follow in afterwards:
            follow(self)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's own troubles into words; what is a fault of ours stays what it is."""
    try:
        yield
    except DBAPIError as error:
        if engines.is_busy(error):
            raise Busy() from error
        if engines.is_full(error):
            raise CaseworkError(
                "There is no room left to save. What was saved before is safe; keep this page open and tell "
                "whoever runs the service."
            ) from error
        raise


def begin_in_turn(connection: Connection) -> None:
    """Begin, waiting for the writer before; one who waited in vain is given a second turn."""
    try:
        connection.begin()
    except DBAPIError as error:
        if not engines.is_busy(error):
            raise
        connection.rollback()
        connection.begin()


@cache
def _by_id(table: Any) -> Select[Any]:
    return select(table).where(table.c.authority == bindparam("of"), among(table.c.id, "ids"))


class Desk:
    """One person at work in one transaction. Functions of the other modules take it first."""

    def __init__(
        self, store: Store, connection: Connection, authority: str, person: str | _System, now: datetime,
        *, looks: bool = False,
    ) -> None:  # fmt: skip
        self.store = store
        self.connection = connection
        self.looks = looks
        self.authority = authority
        self.system = person is SYSTEM
        self.person: str | None = None if isinstance(person, _System) else person
        self.now = now
        self.events: list[Pending] = []
        self.if_undone: list[Callable[[Desk], None]] = []
        self.at_end: list[Callable[[Desk], None]] = []
        """What a look leaves behind besides its trace: written last, so that whoever only looks waits for nobody."""
        self.afterwards: list[Callable[[Store], None]] = []
        """What can only follow once the work is committed: overwriting what was destroyed, writing files."""
        self.grants: dict[str, Grants] = {}
        self.counted: Counter[tuple[str, str, str, str]] = Counter()
        """By how much the roll-up moves: form, question, option and month."""
        self.spelt: set[str] = set()
        """Words that were written into the index of what can be found."""
        self.depth = 0
        """How many automatic rounds deep this desk is; a bound against definitions that set each other off."""
        self._read = _READ.setdefault(connection, {})
        self.live: str | None = None
        """The hash of the live definitions as this desk found them when it began."""
        if not self.system and not self._arrived():
            raise NotPermitted("sign in", "This account is not active. Ask your administrator.")

    def _arrived(self) -> bool:
        """Whether the person may be at work at all; their roles and teams are learnt with it."""
        if not ids.looks_like(self.person) or not ids.looks_like(self.authority):
            return False
        found = arriving.ask(self.connection, self.authority, self.person, self.now)
        self.live = found.stack
        self.__dict__.update(roles=found.roles, teams=found.teams)
        return found.active

    @cached_property
    def roles(self) -> frozenset[str]:
        held = tables.person_role
        found = self.connection.execute(
            select(held.c.role).where(held.c.authority == self.authority, held.c.person == self.person)
        )
        return frozenset(found.scalars())

    @cached_property
    def teams(self) -> frozenset[str]:
        held = tables.membership
        found = self.connection.execute(
            select(held.c.team).where(
                held.c.authority == self.authority,
                held.c.person == self.person,
                held.c.since <= self.now,
                held.c.until.is_(None) | (held.c.until > self.now),
            )
        )
        return frozenset(found.scalars())

    @cached_property
    def stack(self) -> Stack:
        """The authority's live definitions. Raises NoStack where nothing has been published."""
        from engine.casework import stacks

        return (stacks.pinned(self, self.live) if self.live else stacks.live(self)).stack

    @property
    def today(self) -> date:
        """The day it is now where the authority is."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.stack.manifest.zone)).date()

    @cached_property
    def _asking(self) -> dict[str, Any]:
        """Who asks, for conditions that were made for anybody."""
        from engine.casework import reach

        # Learning it may itself ask, of nobody in particular: which definitions are live, and so what day it is.
        self.__dict__["_asking"] = {}
        try:
            return reach.values(self)
        finally:
            del self.__dict__["_asking"]

    def run(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        if not statement.is_select:
            if self.looks:
                raise MustWrite()
            self._written(getattr(statement, "table", None))
        elif getattr(statement, "_for_update_arg", None) is not None:
            # Whoever waited for a row finds more changed than that row.
            self.forget_read()
        kept = engines.sent_before(statement)
        if statement.is_select and not self.system:
            values = {**self._asking, **(values or {})}
        return self.connection.execute(statement, values, execution_options=kept)

    def rows(self, statement: Executable, values: Any = None) -> list[Row[Any]]:
        return list(self.run(statement, values))

    def about(self, statement: Executable, item: str) -> list[Row[Any]]:
        """Rows by a statement made once, which names its authority `of` and what they belong to `about`."""
        return self.rows(statement, {"of": self.authority, "about": item})

    def read_once(
        self, key: tuple[Any, ...], tables: tuple[FromClause, ...], read: Callable[[], Found]
    ) -> Found:
        """What `read` finds in these tables, asked once in this transaction until it writes to one of them.

        For what does not depend on who asks; `key` names it. What is handed out must not be changed.
        """
        whole = (self.authority, *key)
        if whole not in self._read:
            self._read[whole] = (tables, read())
        found: Found = self._read[whole][1]
        return found

    def row(self, table: FromClause, statement: Select[Any], item: str, *, lock: bool = False) -> Any:
        """One row of a table, by a statement that names its authority `of` and its id `of_id`; None where none is.

        Locked it is read anew, after whoever writes to it.
        """
        mine = {"of": self.authority, "of_id": item}
        if lock:
            return self.run(statement.with_for_update(), mine).first()
        return self.read_once(("row", table, item), (table,), lambda: self.run(statement, mine).first())

    def _written(self, table: FromClause | None) -> None:
        for key, (read_from, _) in list(self._read.items()):
            if table is None or table in read_from:
                del self._read[key]

    def forget_read(self) -> None:
        """After what was read may stand there no longer: a wait, or writing that was undone."""
        self._read.clear()

    def by_id(self, table: Any, wanted: Iterable[str]) -> dict[str, Row[Any]]:
        """The authority's rows of these ids, asked for at once. Access is the caller's."""
        asked = sorted(set(wanted))
        if not asked:
            return {}
        return {row.id: row for row in self.rows(_by_id(table), {"of": self.authority, "ids": asked})}

    def forget_grants(self) -> None:
        """After anything that decides who may see what has changed."""
        self.grants.clear()

    def forget_person(self) -> None:
        """After roles or teams have changed, which may be this person's own."""
        self.__dict__.pop("roles", None)
        self.__dict__.pop("teams", None)
        self.__dict__.pop("_asking", None)
        self.forget_grants()

    def forget_stack(self) -> None:
        """After other definitions have become the live ones."""
        self.live = None
        self.__dict__.pop("stack", None)
        self.forget_grants()

    def take_up(self, connection: Connection) -> None:
        """Go on in a transaction that may write, once looking is over."""
        self.connection, self.looks = connection, False
        self._read = _READ.setdefault(connection, {})

    def finish(self) -> None:
        """Move the counts and write the audit events of this desk, last and in one order, so that desks never wait
        for each other in a ring."""
        from engine.casework import audit, indexing, projecting

        for act in self.at_end:
            act(self)
        projecting.count(self)
        indexing.keep_near(self)
        audit.write(self)
