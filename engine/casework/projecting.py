"""Typed columns beside the documents, kept up in the transaction that hands in, supersedes or destroys a submission,
and made anew from the documents with the same result.

A row is a submission that stands: handed in and not superseded. It holds no more than what is marked reportable, and
nothing of it is lost with it, so it is no part of a backup. `widening` makes the tables, `sql` reads them. Nothing
that is shown to people reads them yet: whatever will has to filter by `access` first. Must not know who asks.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, delete, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from engine import packs
from engine.casework import engines, facts, indexing, shapes, stacks, widening
from engine.casework.shapes import Shape, Slot, catalogue, chosen, rollup
from engine.casework.store import SYSTEM, Desk, Store
from engine.casework.tables import authority, live_stack, record, submission

AT_ONCE = 1000
PAUSE, LONGEST_WAIT = 0.05, 60.0
"""Seconds between two tries to keep others out, and after how many it is given up."""
ROOM = 200_000
"""Kibibytes that the embedded database may keep in memory while all is made anew."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What one submission comes to: its row, the options of its choices of several, and what the roll-up counts."""

    row: dict[str, Any]
    options: list[dict[str, str]]
    counted: list[tuple[str, str, str, str]]


# --- Kept up


def put(desk: Desk, row: Any, pack: packs.Pack) -> None:
    """Give a submission, as it stands once it was handed in, its columns, and let it be found."""
    indexing.of_form(desk, row)
    found = _place(desk, pack, row.form)
    if found is None:
        return
    name, shape = found
    _write(desk, name, shape, [_made(desk, row.id, row.form, shape, row.answers, row.submitted_at)])


def take_out(desk: Desk, form: str, pack: packs.Pack, ids: Collection[str]) -> None:
    """Take submissions of a form that no longer stand out of its columns, options and counts, and of what is found."""
    indexing.take_out(desk, ids)
    _take_out(desk, form, shapes.table_name(pack.stack, form), ids)


def forget(desk: Desk, record_id: str, words: Iterable[str]) -> None:
    """Take everything about a record out of the columns, the options and the counts, and out of what can be found by
    any of `words`: all that were ever written about it."""
    indexing.forget(desk, record_id, words)
    mine = (submission.c.authority == desk.authority) & (submission.c.record == record_id)
    ids = list(desk.run(select(submission.c.id).where(mine)).scalars())
    for name, form in _tables(desk.connection) if ids else ():
        _take_out(desk, form, name, ids)


def count(desk: Desk) -> None:
    """Move the counts by what this desk added and took; at its end and in one order, as the audit's chains are, so
    that two desks that count the same things never wait for each other in a ring."""
    moves = sorted((key, by) for key, by in desk.counted.items() if by)
    desk.counted.clear()
    if not moves:
        return
    rows = [
        {
            "authority": desk.authority, "form": form, "question": question, "option": option, "month": month,
            "number": by,
        }
        for (form, question, option, month), by in moves
    ]  # fmt: skip
    desk.run(_moved(desk.connection.dialect.name), rows)
    less = [key for key, by in moves if by < 0]
    if less:
        touched = tuple_(rollup.c.form, rollup.c.question, rollup.c.option, rollup.c.month).in_(less)
        mine = rollup.c.authority == desk.authority
        desk.run(delete(rollup).where(mine, rollup.c.number == 0, touched))


@cache
def _moved(dialect: str) -> Any:
    """The statement that moves counts, made once."""
    added = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(rollup)
    return added.on_conflict_do_update(
        index_elements=[column.name for column in rollup.primary_key],
        set_={"number": rollup.c.number + added.excluded.number},
    )


# --- Made anew


def rebuild(desk: Desk) -> int:
    """Make this authority's columns, options and counts, and its index of what can be found, anew from the documents;
    returns how many submissions stand.

    The result is the same as what was kept up, submission by submission. By command alone: others wait meanwhile.
    """
    hold_still(desk.connection)
    standing = columns_anew(desk)
    indexing.rebuild(desk)
    if desk.store.embedded:
        desk.connection.exec_driver_sql("PRAGMA cache_size = -2000")
    return standing


def columns_anew(desk: Desk) -> int:
    """Make columns, options and counts alone; returns how many submissions stand."""
    for pack in _published(desk):
        widening.widen(desk.connection, pack.stack)
    for name, _ in _tables(desk.connection):
        table = shapes.table_of(name, ())
        desk.run(delete(table).where(table.c.authority == desk.authority))
    for one in (chosen, rollup):
        desk.run(delete(one).where(one.c.authority == desk.authority))
    standing = 0
    waiting: dict[tuple[str, str], list[Any]] = {}
    for row in _standing(desk):
        rows = waiting.setdefault((row.stack, row.form), [])
        rows.append(row)
        if len(rows) == AT_ONCE:
            standing += _anew(desk, rows)
            rows.clear()
    standing += sum(_anew(desk, rows) for rows in waiting.values() if rows)
    count(desk)
    return standing


def tables(connection: Connection) -> list[Table]:
    """Every table beside the documents, for what has to reach all there is."""
    made = [shapes.table_of(name, _slots(connection, name)) for name, _ in _tables(connection)]
    return [*shapes.derived.sorted_tables, *made]


def catch_up(store: Store, now: datetime) -> None:
    """After an upgrade: what an older Trefoil published is given its columns, and they are filled."""
    with store.reading() as connection:
        authorities = list(connection.execute(select(authority.c.id).order_by(authority.c.id)).scalars())
    for one in authorities:
        with store.desk(one, SYSTEM, now=now) as desk:
            lacking = any(widening.wanted(desk.connection, pack.stack) for pack in _published(desk))
            if lacking or not indexing.is_there(desk):
                rebuild(desk)


def hold_still(connection: Connection) -> None:
    """Nobody hands in, and nothing that can be found changes, while all is made anew; raises Busy if others cannot be
    kept out. The embedded database has one writer at a time anyway, and needs room for its indexes in memory."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(f"PRAGMA cache_size = {-ROOM}")
        return
    end = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            # Whoever waits for the others holds the first no more, so that nobody waits in a ring.
            with connection.begin_nested():
                connection.execute(text("LOCK TABLE submission IN SHARE MODE"))
                connection.execute(
                    text("LOCK TABLE found_thing, found_part IN SHARE ROW EXCLUSIVE MODE NOWAIT")
                )
            return
        except DBAPIError as error:
            if not engines.is_busy(error) or time.monotonic() > end:
                raise
        time.sleep(PAUSE)


def _published(desk: Desk) -> list[packs.Pack]:
    """Every stack that submissions are pinned to, and the live one."""
    pinned = select(submission.c.stack).where(submission.c.authority == desk.authority).distinct()
    newest = select(live_stack.c.hash).where(live_stack.c.authority == desk.authority)
    live = desk.run(newest.order_by(live_stack.c.number.desc()).limit(1)).scalars()
    return [stacks.pinned(desk, one) for one in sorted({*desk.run(pinned).scalars(), *live})]


def _standing(desk: Desk) -> Iterator[Any]:
    """Submissions that stand, of records that have not been destroyed, in the order of the tables' keys."""
    joined = submission.join(
        record, (record.c.authority == submission.c.authority) & (record.c.id == submission.c.record)
    )
    wanted = (
        select(*(submission.c[one] for one in ("id", "form", "stack", "answers", "submitted_at")))
        .select_from(joined)
        .where(
            submission.c.authority == desk.authority,
            submission.c.state.in_(facts.HANDED_IN),
            record.c.destroyed_at.is_(None),
        )
        .order_by(submission.c.id)
    )
    return iter(desk.connection.execute(wanted, execution_options={"yield_per": AT_ONCE}))


def _anew(desk: Desk, rows: Sequence[Any]) -> int:
    """Give submissions of one stack and form their columns; returns how many have any."""
    pack, form = stacks.pinned(desk, rows[0].stack), rows[0].form
    shape = shapes.shape_of(pack.stack, pack.stack.forms[form]) if form in pack.stack.forms else ()
    if not shape:
        return 0
    made = [_made(desk, row.id, form, shape, row.answers, row.submitted_at) for row in rows]
    _write(desk, shapes.table_name(pack.stack, form), shape, made)
    return len(made)


def _write(desk: Desk, name: str, shape: Shape, made: Sequence[_Made]) -> None:
    desk.run(shapes.table_of(name, shape).insert(), [one.row for one in made])
    options = [option for one in made for option in one.options]
    if options:
        desk.run(chosen.insert(), options)
    for one in made:
        desk.counted.update(one.counted)


# --- Within


def _made(
    desk: Desk, submission_id: str, form: str, shape: Shape, answers: Mapping[str, Any], at: datetime
) -> _Made:
    values, options = shapes.values_of(shape, answers)
    month = f"{desk.day_of(at):%Y-%m}"
    key = {"authority": desk.authority, "id": submission_id}
    return _Made(
        {**key, "month": month, **values},
        [{**key, "form": form, "question": one, "option": option, "month": month} for one, option in options],
        [(form, *one, month) for one in shapes.counted(shape, values, options)],
    )


def _place(desk: Desk, pack: packs.Pack, form: str) -> tuple[str, Shape] | None:
    """The table and the columns of a form's reportable answers; None where it has none.

    Columns are only ever added, so those once seen are there: a save asks no catalogue for them.
    """
    key = ("columns", pack.hash, form)
    known: tuple[str, Shape] | None = desk.store.cache.get(key)
    if known is None:
        declared = pack.stack.forms.get(form)
        shape = shapes.shape_of(pack.stack, declared) if declared else ()
        name = shapes.table_name(pack.stack, form)
        # What an older Trefoil published has no columns until they are made anew.
        made = {slot.column for slot in _slots(desk.connection, name)} if shape else set()
        known = (name, tuple(slot for slot in shape if slot.column in made))
        if len(known[1]) == len(shape):
            # Only once committed: who makes columns may yet be undone.
            desk.afterwards.append(lambda store: store.cache.update({key: known}))
    return known if known[1] else None


def _take_out(desk: Desk, form: str, name: str, ids: Collection[str]) -> None:
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
        desk.counted.subtract(Counter((form, *one, row.month) for one in taken))
    desk.run(delete(table).where(mine))


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
