"""Which answers of a form stand in typed columns beside the document, and in what shape. Pure: no database at work.

Only what is marked reportable, and of that only single values and options: text that is typed and rows stay in the
document alone, where `sql` reads them. Must not know who publishes, hands in or asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from engine.casework.columns import Key
from engine.casework.sql import Access, Columns, Members
from engine.casework.sql.dialects import quoted
from engine.casework.sql.functions import scaled
from engine.expressions import form_names, load
from engine.expressions.types import Kind
from engine.language.model import Form, Stack

LONGEST = 60
COLUMN_TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "number": BigInteger, "text": Text, "date": Date, "time": String, "yes_no": Boolean, "choice": String,
    "record": String,
}  # fmt: skip
MANY = ("choices", "records")
COUNTED = ("yes_no", "choice", "choices")
"""What the roll-up counts by option."""

COMPACT: Mapping[str, Any] = {"sqlite_with_rowid": False}
"""Embedded tables stand in the order of their key, which is then not kept a second time."""

derived = MetaData()
"""What is made from the documents and can be made anew from them: no part of a backup."""

# Every column that publishing has made, so that whoever writes and destroys knows all of them.
catalogue = Table(
    "projection",
    derived,
    Column("table", String, nullable=False),
    Column("column", String, nullable=False),
    Column("form", String, nullable=False),
    Column("question", String, nullable=False),
    Column("kind", String, nullable=False),
    PrimaryKeyConstraint("table", "column"),
)
chosen = Table(
    "projection_chosen",
    derived,
    Column("authority", Key, nullable=False),
    Column("id", Key, nullable=False),
    Column("question", String, nullable=False),
    Column("option", String, nullable=False),
    Column("form", String, nullable=False),
    Column("month", String, nullable=False),
    PrimaryKeyConstraint("authority", "id", "question", "option"),
    # Counting by option and month reads this alone.
    Index("ix_projection_chosen_option", "authority", "form", "question", "option", "month"),
    **COMPACT,
)
rollup = Table(
    "projection_rollup",
    derived,
    Column("authority", Key, nullable=False),
    Column("form", String, nullable=False),
    Column("question", String, nullable=False),
    Column("option", String, nullable=False),
    Column("month", String, nullable=False),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("authority", "form", "question", "option", "month"),
    **COMPACT,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One reportable question and the column that holds it."""

    question: str
    kind: Kind

    @property
    def column(self) -> str:
        """A question that changed its kind has a column of each: a column is never changed."""
        return _short(f"{self.question}__{self.kind}")


Shape = tuple[Slot, ...]


def table_name(stack: Stack, form: str) -> str:
    """One table a form's lineage: the pack at the root of the stack, and the form."""
    root = stack.layers[0].pack if stack.layers else stack.manifest.id
    return _short(f"answers_{root}__{form}")


def shape_of(stack: Stack, form: Form, *, everything: bool = False) -> Shape:
    """The reportable questions of a form, in its order. `everything` takes all that could be: for tests."""
    names = form_names(stack, form)
    asked = [question for section in form.sections if not section.each for question in section.questions]
    marked = [one for one in asked if one.id in names and (everything or one.reportable)]
    slots = [Slot(one.id, names[one.id].type.kind) for one in marked]
    return tuple(slot for slot in slots if slot.kind in COLUMN_TYPES or slot.kind in MANY)


@lru_cache(maxsize=512)
def table_of(name: str, shape: Shape) -> Table:
    """A projection table. Each row is one submission that stands.

    One object for one shape, so that a statement on it is put into words once.
    """
    return Table(
        name,
        MetaData(),
        Column("authority", Key, nullable=False),
        Column("id", Key, nullable=False),
        Column("month", String, nullable=False),
        *(column_of(slot) for slot in shape if slot.kind in COLUMN_TYPES),
        PrimaryKeyConstraint("authority", "id", name=f"pk_{name}"),
        **COMPACT,
    )


def column_of(slot: Slot) -> Column[Any]:
    return Column(slot.column, COLUMN_TYPES[slot.kind])


def values_of(
    shape: Iterable[Slot], answers: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Answers as they stand in columns, and the options chosen of those with several."""
    row: dict[str, Any] = {}
    options: list[tuple[str, str]] = []
    for slot in shape:
        value = load(slot.kind, answers.get(slot.question))
        if slot.kind in MANY:
            options += [(slot.question, one) for one in sorted(value or ())]
        else:
            row[slot.column] = scaled(value) if slot.kind == "number" else value
    return row, options


def counted(
    shape: Iterable[Slot], row: Mapping[str, Any], options: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Question and option of all that the roll-up counts in one submission."""
    slots = [slot for slot in shape if slot.kind in COUNTED]
    single = [(slot.question, row.get(slot.column)) for slot in slots if slot.kind not in MANY]
    several = {slot.question for slot in slots if slot.kind in MANY}
    found = [(question, _written(value)) for question, value in single if value is not None]
    return sorted([*found, *(one for one in options if one[0] in several)])


def access(name: str, shape: Iterable[Slot], beside: Access) -> Access:
    """How expressions read a projection table that stands in the query under its own name; the rest from `beside`."""
    table = f'"{name}"'
    cells = {slot.question: f'{table}."{slot.column}"' for slot in shape if slot.kind in COLUMN_TYPES}
    mine = f"{{alias}}.authority = {table}.authority AND {{alias}}.id = {table}.id AND {{alias}}.question = "
    members = {
        slot.question: Members(chosen.name, mine + quoted(slot.question), "option")
        for slot in shape
        if slot.kind in MANY
    }
    return Columns(beside, cells, members)


def _written(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _short(name: str) -> str:
    """A name that every database takes whole."""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 9]}_{sha256(name.encode()).hexdigest()[:8]}"
