"""How the words of a thing are stored and looked up: by what each database has for searching in text.

PostgreSQL keeps them as a text-search vector, indexed in the same row; the embedded database as words with a space
between, indexed by a table of its own that has to be told of each row. What both take and give is the same: words as
`likeness` spells them, letters and digits alone. Must not know what is found by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Text, bindparam
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

MOST = 4000
"""Words in one row at most: PostgreSQL takes no more than a million bytes of them."""
TAG = 3
"""Characters of an authority's id before each of its words. Two authorities may share them: rows say whose they are."""
EMBEDDED = "found_text"
BY_EMBEDDED = frozenset(f"{EMBEDDED}{end}" for end in ("", "_config", "_data", "_idx"))
"""The tables that the embedded database makes for it."""


def owned(authority: str, words: Iterable[str]) -> list[str]:
    """Words as they are stored: what is one authority's is not looked through for another's."""
    return [authority[-TAG:] + one for one in words]


def unowned(stored: Iterable[str]) -> list[str]:
    return [one[TAG:] for one in stored]


class Words(TypeDecorator[Iterable[str]]):
    """Words, each once, in no order that means anything."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str] | None:
        return None if value is None else frozenset(value.replace("'", "").split())


class _Sought(TypeDecorator[Iterable[str]]):
    """Words of which any will do; one that ends in `*` is the beginning of a word."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSQUERY() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        if dialect.name == "postgresql":
            return " | ".join(f"'{one.rstrip('*')}'{':*' * one.endswith('*')}" for one in value or ())
        return " OR ".join(f'"{one.rstrip("*")}"{"*" * one.endswith("*")}' for one in value or ())


class holds(FunctionElement[bool]):
    """Whether a row of `found_part` holds any of some words, or of words that begin as those that end in `*`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, table: Any, words: Iterable[str]) -> None:
        super().__init__(table.c.number, table.c.words, bindparam(None, tuple(words), type_=_Sought()))

    def self_group(self, against: Any = None) -> Any:
        """Itself: written as `… = 1`, no index serves it."""
        return self


@compiles(holds)
def _matched(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    number, _, words = (compiler.process(one, **how) for one in element.clauses)
    return f"({number} IN (SELECT rowid FROM {EMBEDDED} WHERE {EMBEDDED} MATCH {words}))"


@compiles(holds, "postgresql")
def _at_at(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    _, column, words = (compiler.process(one, **how) for one in element.clauses)
    return f"({column} @@ CAST({words} AS TSQUERY))"
