"""Destroying what a record says, everywhere, so that ids, the trace of who did what, and a reasoned certificate stay.

What belongs to a record is found from the tables' own foreign keys, so that a table added later is not forgotten:
a test plants a mark in every column of every table and looks for it afterwards. Must not know why or when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, ColumnElement, String, Table, false, func, or_, select, update

from engine.casework import choosing, likeness, projecting
from engine.casework.columns import metadata
from engine.casework.found_words import Words
from engine.casework.store import Desk, Store, translated
from engine.casework.tables import (
    break_glass,
    destroyed,
    hold,
    link,
    notification,
    outbox,
    record,
    submission,
    submission_record,
)

# What stays without its words: who was linked to an id that now says nothing, who looked under which exception.
BLANKED: Final[Mapping[Table, Mapping[str, str | None]]] = {
    link: {"purpose": "", "why_ended": None},
    break_glass: {"reason": "", "finding": None},
    hold: {"reason": "", "why_ended": None},
}
STAYS = frozenset({record, destroyed, *BLANKED})


def erase(desk: Desk, record_id: str, at: datetime) -> dict[str, int]:
    """Destroy a record's content in this transaction; returns how many rows went, by table.

    Access, holds, certificate and audit are the caller's. Its row stays, empty, so that its id means "destroyed".
    """
    spelt = _words(desk, record_id)
    choosing.let_go(desk, record_id)
    projecting.forget(desk, record_id, spelt)
    gone: dict[str, int] = {}
    children_first = list(reversed(metadata.sorted_tables))
    for table in children_first:
        _let_go(desk, table, record_id)
    _empty_outbox(desk, record_id)
    for table in children_first:
        mine = belongs(desk, table, record_id)
        if table in STAYS or mine is None:
            continue
        count = desk.run(table.delete().where(mine)).rowcount
        if count:
            gone[table.name] = count
    for table, words in BLANKED.items():
        mine = belongs(desk, table, record_id)
        assert mine is not None
        desk.run(update(table).where(mine).values(**words))
    desk.run(
        update(record)
        .where(record.c.authority == desk.authority, record.c.id == record_id)
        .values(
            name="",
            name_words="",
            fields={},
            # Without its salt the digests in the audit are noise: no guess at what was written can be tried.
            salt="",
            closed_at=func.coalesce(record.c.closed_at, at),
            changed_at=at,
            destroyed_at=at,
            revision=record.c.revision + 1,
        )
    )
    desk.forget_grants()
    return gone


def belongs(desk: Desk, table: Table, record_id: str) -> ColumnElement[bool] | None:
    """The condition for rows of `table` that are about the record; None where none can be."""
    if table is record:
        return (record.c.authority == desk.authority) & (record.c.id == record_id)
    ways: list[ColumnElement[bool]] = []
    for column, parent in _ties(table):
        if parent is record:
            ways.append(column == record_id)
        elif _owns(table, column):
            inner = belongs(desk, parent, record_id)
            if inner is not None:
                ways.append(column.in_(select(parent.c.id).where(inner)))
    return (table.c.authority == desk.authority) & or_(false(), *ways) if ways else None


def _ties(table: Table) -> list[tuple[Column[Any], Table]]:
    """Each column that points to a row of this authority, with the table it points to."""
    return [
        (one.parent, one.column.table)
        for constraint in table.foreign_key_constraints
        for one in constraint.elements
        if one.column.name == "id" and one.parent.name != "authority"
    ]


def _owns(table: Table, column: Column[Any]) -> bool:
    """Whether a row goes with the row that `column` points to, rather than merely mentioning it."""
    # A notification about a case may name no record.
    return not column.nullable or (table is notification and column.name == "case")


def _words(desk: Desk, record_id: str) -> set[str]:
    """Every spelling of every word that stands in what is about the record, in all its revisions, and in forms about
    several of which it is one."""
    tied = select(submission_record.c.submission).where(
        submission_record.c.authority == desk.authority, submission_record.c.record == record_id
    )
    found: set[str] = set()
    for table in metadata.sorted_tables:
        mine, worded = belongs(desk, table, record_id), _worded(table)
        if mine is not None and worded:
            theirs = [table.c.id] if table is submission else []
            theirs += [column for column, parent in _ties(table) if parent is submission]
            several = (table.c.authority == desk.authority) & or_(false(), *(one.in_(tied) for one in theirs))
            for row in desk.rows(select(*worded).where(mine | several)):
                found |= likeness.spellings(*_texts(list(row)))
    return found


def _worded(table: Table) -> list[Column[Any]]:
    return [one for one in table.columns if isinstance(one.type, String | JSON | Words)]


def _let_go(desk: Desk, table: Table, record_id: str) -> None:
    """Make rows of other records forget the cases and submissions of this one, which are about to go."""
    for column, parent in _ties(table):
        if parent is record or not column.nullable or _owns(table, column):
            continue
        inner = belongs(desk, parent, record_id)
        if inner is not None:
            going = select(parent.c.id).where(inner)
            mentions = (table.c.authority == desk.authority) & column.in_(going)
            desk.run(update(table).where(mentions).values({column.name: None}))


def _empty_outbox(desk: Desk, record_id: str) -> None:
    """What waits to leave and names the record, or a case or submission of it, is not sent."""
    named = {record_id}
    for table in metadata.sorted_tables:
        mine = belongs(desk, table, record_id)
        if mine is not None and table not in STAYS:
            named.update(desk.run(select(table.c.id).where(mine)).scalars())
    mine = outbox.c.authority == desk.authority
    waiting = desk.rows(select(outbox.c.id, outbox.c.body).where(mine))
    going = [row.id for row in waiting if named & _texts(row.body)]
    for one in going:
        desk.run(outbox.delete().where(mine, outbox.c.id == one))


def _texts(body: Any) -> set[str]:
    """Every text in a JSON value."""
    if isinstance(body, str):
        return {body}
    if isinstance(body, Mapping):
        return {text for one in body.values() for text in _texts(one)}
    if isinstance(body, list):
        return {text for one in body for text in _texts(one)}
    return set()


# --- Once it is committed


def overwrite(store: Store, tables: Iterable[str] = ()) -> None:
    """Overwrite what the database still holds of deleted rows, as far as can be done while others work.

    Embedded: the write-ahead log is emptied into the file, where deleted content is overwritten with zeros.
    PostgreSQL: deleted rows of `tables` are made reusable. `scrub` is the thorough way.
    """
    if store.embedded:
        _run(store, ["PRAGMA wal_checkpoint(TRUNCATE)"])
        return
    touched = [metadata.tables[name] for name in sorted({*tables, *(one.name for one in STAYS), outbox.name})]
    _run(store, [f"VACUUM (ANALYZE) {_quoted(store, table)}" for table in [*touched, *_beside(store)]])


def scrub(store: Store) -> None:
    """Write the whole database anew, so that no page, index or statistic keeps anything of what was destroyed.

    Others wait meanwhile: for quiet hours. What PostgreSQL's write-ahead log and copies keep is not in our hands.
    """
    if store.embedded:
        _run(store, ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"])
        return
    tables = [*metadata.sorted_tables, *_beside(store)]
    # PostgreSQL notes the commonest values of each column, and keeps the notes of a table that is now empty.
    # Giving a column the type it has makes it forget them; the notes' own old rows are thrown away last.
    forget = [
        f"ALTER TABLE {_quoted(store, table)} " + ", ".join(_forget(store, one) for one in worded)
        for table in tables
        if (worded := _worded(table))
    ]
    names = ", ".join(_quoted(store, table) for table in tables)
    _run(store, [*forget, f"VACUUM (FULL, ANALYZE) {names}", "VACUUM (FULL) pg_statistic"])


def _beside(store: Store) -> list[Table]:
    """What stands beside the documents and is made from them."""
    with store.reading() as connection:
        return projecting.tables(connection)


def _forget(store: Store, column: Column[Any]) -> str:
    name = store.engine.dialect.identifier_preparer.format_column(column)
    return f"ALTER COLUMN {name} TYPE {column.type.compile(store.engine.dialect)}"


def _quoted(store: Store, table: Table) -> str:
    return store.engine.dialect.identifier_preparer.format_table(table)


def _run(store: Store, statements: list[str]) -> None:
    """Statements that stand outside any transaction, on a connection of their own."""
    with translated():
        connection = store.engine.raw_connection()
        try:
            if not store.embedded:
                connection.driver_connection.autocommit = True  # type: ignore[union-attr]
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
            cursor.close()
        finally:
            # Not handed back: the pool's connections begin transactions, this one does not.
            connection.invalidate()
            connection.close()
