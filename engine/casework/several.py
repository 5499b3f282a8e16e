"""A list of values as one value of a statement, so that a statement is the same text however many there are.

A list that is spread out into a place for each of its values has its statement put together anew each time it is run,
and prepared anew for each length. Must not know what is listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Text, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Several(TypeDecorator[Iterable[Any]]):
    """Values of one kind: an array where the database has them, the text of one where it has not."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        listed = list(value or ())
        if dialect.name == "postgresql":
            return listed
        stored = self.of.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([stored(one) for one in listed] if stored else listed)


class among(FunctionElement[bool]):
    """Whether a column's value is one of the values that come under `name` when the statement is run."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=Several(column.type), required=True))

    def self_group(self, against: Any = None) -> Any:
        """Itself: written as `… = 1`, as a function that is true or false would be, no index serves it."""
        return self


@compiles(among)
def _listed(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"({column} = ANY ({values}))"
