"""Where the answers stand that an expression reads: in JSON documents, or in typed columns beside them.

An access answers a name with one of three: JSON at a path, a cell in the value's own shape, or the rows of a narrow
table of options. Must not know how values are computed with. Everything here is SQL text of trusted names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.casework.sql.dialects import Dialect, quoted
from engine.expressions.tree import Read

_STANDING = ("submitted", "approved")


@dataclass(frozen=True, slots=True)
class Json:
    """JSON, as SQL text."""

    sql: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in its kind's shape, as SQL text."""

    sql: str


@dataclass(frozen=True, slots=True)
class Members:
    """Options in a table of their own: `{alias}` stands for the name that it is given."""

    table: str
    condition: str
    value: str


class Access(Protocol):
    def read(self, read: Read, dialect: Dialect) -> Json | Cell | Members:
        """Where the value of a name stands."""

    def today(self) -> str:
        """The day of the evaluation, as SQL text of a day."""

    def state(self, form: str, dialect: Dialect) -> str:
        """The state of another form's submission, as SQL text of a text; NULL where there is none."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything in JSON: `answers` of the form itself, and `facts` beyond it, both SQL text of a document."""

    answers: str
    facts: str
    day: str

    def read(self, read: Read, dialect: Dialect) -> Json | Cell | Members:
        own = dialect.named(self.answers, read.key)
        head, _, rest = read.key.partition(".")
        if not rest:
            return Json(own)
        beyond = dialect.named(dialect.path(self.facts, head), rest)
        if head not in ("record", "case"):
            standing = ", ".join(quoted(one) for one in _STANDING)
            beyond = f"CASE WHEN {self.state(head, dialect)} IN ({standing}) THEN {beyond} END"
        return Json(f"coalesce({own}, {beyond})")

    def today(self) -> str:
        return self.day

    def state(self, form: str, dialect: Dialect) -> str:
        part = dialect.path(self.facts, form)
        written = dialect.path(self.facts, form, "_state")
        return (
            f"CASE WHEN {part} IS NULL THEN NULL WHEN {written} IS NULL THEN 'submitted' ELSE"
            f" {dialect.state(written)} END"
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Typed columns for the names that have one, and `beside` for all others."""

    beside: Access
    cells: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Members] = field(default_factory=dict)

    def read(self, read: Read, dialect: Dialect) -> Json | Cell | Members:
        if read.key in self.cells:
            return Cell(self.cells[read.key])
        if read.key in self.members:
            return self.members[read.key]
        return self.beside.read(read, dialect)

    def today(self) -> str:
        return self.beside.today()

    def state(self, form: str, dialect: Dialect) -> str:
        return self.beside.state(form, dialect)
