"""Typed columns beside the documents: made and widened for a stack, brought up to date a submission at a time, and
made anew from the documents with the same result.

The module is complete and tested by itself; publishing and submitting do not call it yet.

A row is a submission that stands: handed in and not superseded. It holds no more than what is marked reportable, and
nothing of it is lost with it, so it is no part of the schema that is migrated. `sql` reads it. Must not know who asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, delete, inspect, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateColumn

from engine import packs
from engine.casework import facts, shapes, stacks
from engine.casework.shapes import Shape, Slot, catalogue, chosen, rollup
from engine.casework.store import Desk
from engine.casework.tables import record, submission
from engine.language.model import Stack

Counted = tuple[str, str, str]
"""Question, option and month."""


def widen(connection: Connection, stack: Stack) -> None:
    """Make the tables and columns that a stack's reportable answers need; none is ever changed or taken away.

    For the publishing step alone: the web's own role at the database need not be allowed to make tables.
    """
    shapes.derived.create_all(connection)
    for form in stack.forms.values():
        shape = shapes.shape_of(stack, form)
        if shape:
            _widen(connection, shapes.table_name(stack, form.id), form.id, shape)


def _widen(connection: Connection, name: str, form: str, shape: Shape) -> None:
    known = {slot.column for slot in _slots(connection, name)}
    table = shapes.table_of(name, shape)
    if not inspect(connection).has_table(name):
        table.create(connection)
    else:
        present = {one["name"] for one in inspect(connection).get_columns(name)}
        for slot in shape:
            if slot.kind in shapes.COLUMN_TYPES and slot.column not in present:
                _add(connection, table.c[slot.column])
    for slot in shape:
        if slot.column not in known:
            row = {"table": name, "column": slot.column, "form": form, "question": slot.question}
            connection.execute(catalogue.insert(), {**row, "kind": slot.kind})


def _add(connection: Connection, column: Column[Any]) -> None:
    quoted = connection.dialect.identifier_preparer.format_table(column.table)
    made = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {made}")


def refresh(desk: Desk, submission_id: str) -> None:
    """Bring the columns of one submission to what its document says now; for whoever has just changed it."""
    if not there(desk.connection):
        return
    row = desk.run(_submissions(desk).where(submission.c.id == submission_id)).one()
    stack = stacks.pinned(desk, row.stack).stack
    _take_out(desk, row.form, shapes.table_name(stack, row.form), [row.id])
    _put_in(desk, row, stacks.pinned(desk, row.stack))


def forget(desk: Desk, record_id: str) -> None:
    """Take everything about a record out of the columns, the options and the counts."""
    if not there(desk.connection):
        return
    mine = (submission.c.authority == desk.authority) & (submission.c.record == record_id)
    ids = list(desk.run(select(submission.c.id).where(mine)).scalars())
    for name, form in _tables(desk.connection):
        _take_out(desk, form, name, ids)


def rebuild(desk: Desk) -> int:
    """Make this authority's columns, options and counts anew from the documents; returns how many submissions stand.

    The result is the same as what was kept up, submission by submission.
    """
    for pack in _published(desk):
        widen(desk.connection, pack.stack)
    for name, _ in _tables(desk.connection):
        table = shapes.table_of(name, ())
        desk.run(delete(table).where(table.c.authority == desk.authority))
    for one in (chosen, rollup):
        desk.run(delete(one).where(one.c.authority == desk.authority))
    standing = desk.rows(_submissions(desk).order_by(submission.c.submitted_at, submission.c.id))
    return sum(_put_in(desk, row, stacks.pinned(desk, row.stack)) for row in standing)


def there(connection: Connection) -> bool:
    """Whether anything has been published since there are projections."""
    return inspect(connection).has_table(catalogue.name)


def _published(desk: Desk) -> list[packs.Pack]:
    """Every stack that submissions are pinned to, and the live one."""
    pinned = select(submission.c.stack).where(submission.c.authority == desk.authority).distinct()
    hashes = sorted({*desk.run(pinned).scalars(), stacks.live(desk).hash})
    return [stacks.pinned(desk, one) for one in hashes]


def _submissions(desk: Desk) -> Any:
    """Submissions of this authority whose record has not been destroyed."""
    joined = submission.join(
        record, (record.c.authority == submission.c.authority) & (record.c.id == submission.c.record)
    )
    return (
        select(submission)
        .select_from(joined)
        .where(submission.c.authority == desk.authority, record.c.destroyed_at.is_(None))
    )


def _put_in(desk: Desk, row: Any, pack: packs.Pack) -> bool:
    """Give a submission its columns, if it stands and its form has any."""
    form = pack.stack.forms.get(row.form)
    if form is None or row.state not in facts.HANDED_IN:
        return False
    name = shapes.table_name(pack.stack, row.form)
    # What an older Trefoil published has no columns until they are rebuilt.
    made = {slot.column for slot in _slots(desk.connection, name)}
    shape = tuple(slot for slot in shapes.shape_of(pack.stack, form) if slot.column in made)
    if not shape:
        return False
    values, options = shapes.values_of(shape, row.answers)
    month = f"{desk.day_of(row.submitted_at):%Y-%m}"
    key = {"authority": desk.authority, "id": row.id}
    desk.run(shapes.table_of(name, shape).insert(), {**key, "month": month, **values})
    if options:
        several = [{**key, "form": row.form, "question": one, "option": option} for one, option in options]
        desk.run(chosen.insert(), several)
    _count(desk, row.form, [(*one, month) for one in shapes.counted(shape, values, options)], 1)
    return True


def _take_out(desk: Desk, form: str, name: str, ids: list[str]) -> None:
    """Take submissions out of one form's table, its options and its counts."""
    shape = _slots(desk.connection, name)
    if not shape or not ids:
        return
    table = shapes.table_of(name, shape)
    mine = (table.c.authority == desk.authority) & table.c.id.in_(ids)
    theirs = (chosen.c.authority == desk.authority) & (chosen.c.form == form)
    for row in desk.rows(select(table).where(mine)):
        its = theirs & (chosen.c.id == row.id)
        options = [(one.question, one.option) for one in desk.rows(select(chosen).where(its))]
        taken = shapes.counted(shape, dict(row._mapping), options)
        desk.run(delete(chosen).where(its))
        _count(desk, form, [(*one, row.month) for one in taken], -1)
    desk.run(delete(table).where(mine))


def _count(desk: Desk, form: str, counted: Iterable[Counted], by: int) -> None:
    """Move the counts; in one order, so that two who count the same things never wait for each other in a ring."""
    found = sorted(counted)
    if not found:
        return
    make = postgresql.insert if desk.connection.dialect.name == "postgresql" else sqlite.insert
    added = make(rollup)
    keys = [column.name for column in rollup.primary_key]
    moved = added.on_conflict_do_update(
        index_elements=keys, set_={"number": rollup.c.number + added.excluded.number}
    )
    for question, option, month in found:
        key = {"authority": desk.authority, "form": form, "question": question, "option": option}
        desk.run(moved, {**key, "month": month, "number": by})
    if by < 0:
        touched = tuple_(rollup.c.question, rollup.c.option, rollup.c.month).in_(found)
        mine = (rollup.c.authority == desk.authority) & (rollup.c.form == form)
        desk.run(delete(rollup).where(mine, rollup.c.number == 0, touched))


def _slots(connection: Connection, name: str) -> Shape:
    """Every column that has ever been made of a table."""
    found = connection.execute(
        select(catalogue).where(catalogue.c.table == name).order_by(catalogue.c.column)
    )
    return tuple(Slot(one.question, one.kind) for one in found)


def _tables(connection: Connection) -> list[tuple[str, str]]:
    """Every projection table, with its form."""
    found = connection.execute(select(catalogue.c.table, catalogue.c.form).distinct())
    return sorted((one.table, one.form) for one in found)
