"""The tables of reportable answers, made and widened for a stack: the one module that alters a table at work.

It is called by what runs as a step of its own (publishing, restoring, rebuilding), never by a process that serves
pages: such a process opens its store with `alters=False`, and its role at the database may be one that cannot alter
tables at all. Nothing is ever changed or taken away. Must not know what is in the rows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, inspect, select, text
from sqlalchemy.schema import CreateColumn

from engine.casework import shapes
from engine.casework.errors import NeedsWidening
from engine.casework.schema import ONE_AT_A_TIME
from engine.casework.shapes import Shape, Slot, catalogue
from engine.casework.store import Desk
from engine.language.model import Stack

# Whoever may write submissions may write their columns: the role that serves pages is seldom the tables' owner.
RIGHTS = text(
    "SELECT grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = current_schema() AND table_name = 'submission' AND grantee <> current_user"
    " AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
)


def for_publishing(desk: Desk, stack: Stack) -> None:
    """Widen for a stack that is about to be live. Raises NeedsWidening in a process that may not alter tables."""
    if desk.store.alters:
        widen(desk.connection, stack)
    elif wanted(desk.connection, stack):
        raise NeedsWidening()


def wanted(connection: Connection, stack: Stack) -> dict[tuple[str, str], Shape]:
    """What a stack's reportable answers need and is not there yet, by table and form."""
    needed = {
        (shapes.table_name(stack, form.id), form.id): shape
        for form in stack.forms.values()
        if (shape := shapes.shape_of(stack, form))
    }
    if not needed:
        return {}
    rows = connection.execute(select(catalogue.c.table, catalogue.c.column))
    there = {(row.table, row.column) for row in rows}
    missing = {
        key: tuple(slot for slot in shape if (key[0], slot.column) not in there)
        for key, shape in needed.items()
    }
    return {key: missing[key] for key in sorted(missing) if missing[key]}


def widen(connection: Connection, stack: Stack) -> None:
    """Make the tables and columns that a stack's reportable answers need."""
    if not wanted(connection, stack):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    # Looked at again under the lock: two who publish at once widen once.
    for (name, form), slots in wanted(connection, stack).items():
        _widen(connection, name, slots)
        rows = [
            {"table": name, "column": one.column, "form": form, "question": one.question, "kind": one.kind}
            for one in slots
        ]
        connection.execute(catalogue.insert(), rows)


def _widen(connection: Connection, name: str, slots: tuple[Slot, ...]) -> None:
    table = shapes.table_of(name, slots)
    if not inspect(connection).has_table(name):
        table.create(connection)
        _give_rights(connection, name)
        return
    for slot in slots:
        if slot.kind in shapes.COLUMN_TYPES:
            _add(connection, table.c[slot.column])


def _add(connection: Connection, column: Column[Any]) -> None:
    quoted = connection.dialect.identifier_preparer.format_table(column.table)
    made = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {made}")


def _give_rights(connection: Connection, name: str) -> None:
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote_identifier
    for row in connection.execute(RIGHTS).all():
        to = row.grantee if row.grantee == "PUBLIC" else quote(row.grantee)
        connection.exec_driver_sql(f"GRANT {row.privilege_type} ON {quote(name)} TO {to}")
