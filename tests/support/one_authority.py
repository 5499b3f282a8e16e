"""Whether a statement to the database is tied to one authority: every table of an authority's that it names.

A table is tied where its `authority` column is compared with a given value, with that of a table tied already, or is
given with the rows that are put in. Read from the statement itself, not from its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.selectable import Alias

from engine.casework import Store
from engine.casework.columns import metadata
from tests.support.sent import heard

TENANTS = frozenset(name for name, table in metadata.tables.items() if "authority" in table.columns)


def named(source: Any) -> str | None:
    """The table that a source of rows is, or None for what is no authority's."""
    inner = source.element if isinstance(source, Alias) else source
    name = getattr(inner, "name", None)
    return (
        str(source.name) if isinstance(name, str) and name in TENANTS and hasattr(inner, "columns") else None
    )


def loose(statement: Any) -> list[str]:
    """The authorities' tables in a statement that nothing ties to one authority."""
    tables: set[str] = set()
    tied: dict[str, set[str]] = {}
    given = "a given value"
    for one in visitors.iterate(statement):
        # A table is named by its columns: behind an alias stands the table itself, which nobody reads by that name.
        found = named(getattr(one, "table", None)) if isinstance(one, ColumnElement) else None
        if found:
            tables.add(found)
        if isinstance(one, BinaryExpression) and one.operator in (operators.eq, operators.in_op):
            sides = [_side(side, given) for side in (one.left, one.right)]
            if all(sides):
                left, right = (str(side) for side in sides)
                tied.setdefault(left, set()).add(right)
                tied.setdefault(right, set()).add(left)
    target = getattr(statement, "table", None)
    if target is not None and named(target):
        tables.add(str(target.name))
    if getattr(statement, "is_insert", False) and target is not None and named(target):
        # Rows carry their authority with them, since no such column may be empty.
        tied.setdefault(given, set()).add(str(target.name))
    reached, waiting = {given}, [given]
    while waiting:
        for table in tied.get(waiting.pop(), set()) - reached:
            reached.add(table)
            waiting.append(table)
    return sorted(tables - reached)


def _side(side: Any, given: str) -> str | None:
    if isinstance(side, BindParameter):
        return given
    if isinstance(side, ColumnElement) and getattr(side, "name", "") == "authority":
        return named(getattr(side, "table", None))
    return None


class Watched:
    """What was sent to the database: statements that name an authority's tables, and those that are loose."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.loose: dict[str, list[str]] = {}

    def look(self, statement: Any, text: str) -> None:
        if text in self.seen:
            return
        self.seen.add(text)
        found = loose(statement)
        if found:
            self.loose[text] = found


@contextmanager
def watched(store: Store) -> Iterator[Watched]:
    """Looks at every statement while the block runs."""
    found = Watched()

    def before(_: Any, __: Any, text: str, ___: Any, context: Any, ____: Any) -> None:
        compiled = getattr(context, "compiled", None)
        if compiled is not None and compiled.statement is not None:
            found.look(compiled.statement, text)

    with heard(store, before):
        yield found
