"""What a database must be able to do for the core of expressions. Two do: `embedded` and `postgresql`.

Every value has one shape: numbers are whole millionths, days are the database's days, times are HH:MM, texts are as
they are compared, options and records are ids. JSON is handed about as the SQL text of a column or a path.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, literal_column

from engine.expressions.tree import Constant
from engine.expressions.types import Kind

Sql = ColumnElement[Any]
MILLION = 1_000_000
LIMIT = 10**18
"""One more than the most millionths a number may have."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows or options to go through, as SQL text: what to select from, which of it counts, the value, its place."""

    table: str
    condition: str
    value: str
    order: str


class Dialect(ABC):
    """One database's way of writing the core."""

    @abstractmethod
    def path(self, document: str, *keys: str) -> str:
        """The JSON at a path of keys, or NULL."""

    def named(self, document: str, key: str) -> str:
        """The JSON at a dotted key, each part of which may also stand there undivided, as `QUESTION.other` does."""
        parts = key.split(".")
        ways = [(*parts[:cut], ".".join(parts[cut:])) for cut in range(len(parts))]
        found = [self.path(document, *way) for way in ways]
        return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"

    @abstractmethod
    def load(self, kind: Kind, json: str) -> Sql:
        """The one value of a kind from JSON; NULL for what is missing or no such value."""

    @abstractmethod
    def present(self, json: str) -> Sql:
        """Whether there is anything: no null, empty text, list or mapping."""

    @abstractmethod
    def rows(self, json: str, alias: str) -> Source:
        """The rows of a repeat (a list) or of a grid (a mapping); the value is a row as JSON."""

    @abstractmethod
    def options(self, json: str, alias: str, *, keys: bool = False) -> Source:
        """The texts of a list; with `keys` also the keys of a mapping, as markers are stored."""

    @abstractmethod
    def state(self, json: str) -> str:
        """The text of a JSON text, as SQL text."""

    def constant(self, node: Constant) -> Sql:
        """A value as written in the expression."""
        if node.kind == "number":
            return self.number(int(node.value * MILLION))  # type: ignore[operator]
        if node.kind == "yes_no":
            return self.truth(bool(node.value))
        return self.plain(node)

    @abstractmethod
    def plain(self, node: Constant) -> Sql:
        """A day, a time, a text or an option as written."""

    @abstractmethod
    def number(self, millionths: int) -> Sql: ...

    @abstractmethod
    def whole(self, count: Sql) -> Sql:
        """A count as a number."""

    @abstractmethod
    def truth(self, value: bool) -> Sql: ...

    @abstractmethod
    def arithmetic(self, operator: Literal["+", "-", "*", "/"], left: Sql, right: Sql, name: str) -> Sql: ...

    @abstractmethod
    def age(self, born: Sql, at: Sql, name: str) -> Sql: ...

    @abstractmethod
    def days(self, first: Sql, last: Sql, nation: str | None, name: str) -> Sql: ...

    @abstractmethod
    def any_true(self, column: Sql) -> Sql:
        """Whether a column of yes and no has a yes; NULL of none."""

    @abstractmethod
    def total(self, table: Any, value: Sql, order: list[Sql], name: str) -> Sql:
        """The sum, added one by one in order; NULL once it is too long on the way, and of nothing."""


def quoted(text: str) -> str:
    """A text as SQL text."""
    return "'" + text.replace("'", "''") + "'"


def raw(sql: str) -> Sql:
    return literal_column(sql)
