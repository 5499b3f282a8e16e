"""A real database asked for the values of a group: all its expressions over all its answers in one query a kind of
access, once from the documents alone and once from typed columns with the documents beside them.

`agree` puts databases, browser and closures beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Column, Date, Integer, MetaData, Table, insert, select
from sqlalchemy.engine import Connection, Engine

from engine.casework import ids, shapes
from engine.casework.columns import Document, Key
from engine.casework.sql import Access, Columns, Documents, compiled, dialect_of
from engine.casework.sql.functions import unscaled
from engine.expressions import dump, tree
from tests.support.agreement import Found, Group, Results, by_closures, for_browser
from tests.support.expressions import specimen

TRIED = Table(
    "tried",
    MetaData(),
    Column("id", Key, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("answers", Document, nullable=False),
    Column("facts", Document, nullable=False),
    Column("today", Date, nullable=False),
)
DOCUMENTS = Documents("tried.answers", "tried.facts", "tried.today")
SHAPE = shapes.shape_of(specimen(), specimen().forms["referral"], everything=True)
TABLE = shapes.table_of("answers_specimen__referral", SHAPE)
COLUMNS = shapes.access(TABLE.name, SHAPE, DOCUMENTS)
WAYS: tuple[tuple[str, Access], ...] = (("documents", DOCUMENTS), ("columns", COLUMNS))


def prepare(engine: Engine) -> None:
    """Make the tables, empty."""
    for one in (TABLE, TRIED, shapes.chosen):
        one.drop(engine, checkfirst=True)
        one.create(engine)


def agree(
    found: Found,
    groups: Iterable[Group],
    engines: Mapping[str, Engine],
    browser: Callable[[Any], Any] | None = None,
    at_once: int = 10,
) -> None:
    """Try groups everywhere; what was covered and what differs goes into `found`. `browser` gets data for BODY."""
    waiting = iter(groups)
    while some := list(islice(waiting, at_once)):
        wanted = [by_closures(group) for group in some]
        for group, values in zip(some, wanted, strict=True):
            found.wanted(group, values)
            note_accesses(found, group)
            for name, engine in engines.items():
                for way, given in by_database(engine, group).items():
                    found.compare(f"{name}, {way}", group, values, given)
        if browser is not None:
            for group, values, given in zip(some, wanted, browser(for_browser(some)), strict=True):
                found.compare("browser", group, values, given)


def by_database(engine: Engine, group: Group) -> dict[str, Results]:
    """The values by kind of access. The tables are left empty."""
    dialect = dialect_of(engine.dialect.name)
    found: dict[str, Results] = {}
    with engine.connect() as connection:
        _fill(connection, group)
        for way, access in WAYS:
            values = [
                compiled(one, access, dialect).label(f"v{number}")
                for number, one in enumerate(group.expressions)
            ]
            source = TRIED if way == "documents" else TRIED.join(TABLE, TABLE.c.id == TRIED.c.id)
            asked = select(*values).select_from(source).order_by(TRIED.c.number)
            # Each statement is asked once; keeping it would only take room.
            rows = connection.execute(asked, execution_options={"compiled_cache": None}).all()
            found[way] = [
                [dump(_plain(one.type.kind, row[number])) for row in rows]
                for number, one in enumerate(group.expressions)
            ]
        connection.rollback()
    return found


def note_accesses(found: Found, group: Group) -> None:
    """Count in how many cases something was read from a column, from the narrow table, and from JSON beside them."""
    assert isinstance(COLUMNS, Columns)
    for one in group.expressions:
        keys = {node.key for node in tree.walk(one.tree) if isinstance(node, tree.Read)}
        places = {
            "from columns" if key in COLUMNS.cells
            else "from a table of options" if key in COLUMNS.members
            else "from documents beside columns"
            for key in keys
        }  # fmt: skip
        found.parts.update(dict.fromkeys(places, len(group.answers)))


def _fill(connection: Connection, group: Group) -> None:
    rows, typed_rows, chosen = [], [], []
    for number, one in enumerate(group.answers):
        key = {"authority": ids.new(), "id": ids.new()}
        values, options = shapes.values_of(SHAPE, one.answers)
        rows.append(
            {
                "id": key["id"],
                "number": number,
                "answers": one.answers,
                "facts": one.facts,
                "today": one.today,
            }
        )
        typed_rows.append({**key, "month": "2026-01", **values})
        chosen += [
            {**key, "form": "referral", "question": name, "option": option, "month": "2026-01"}
            for name, option in options
        ]
    connection.execute(insert(TRIED), rows)
    connection.execute(insert(TABLE), typed_rows)
    if chosen:
        connection.execute(insert(shapes.chosen), chosen)


def _plain(kind: str, value: Any) -> Any:
    """What a database gave, as closures give it."""
    if value is None:
        return None
    if kind == "yes_no":
        return bool(value)
    if kind == "number":
        return unscaled(value)
    return date.fromisoformat(value) if kind == "date" and isinstance(value, str) else value
