"""The closed core to which every expression lowers: what closures, the browser, SQL and the prover read.

Few nodes and no more: a backend that knows them knows the language. Every node is typed by how it was made,
names are resolved, groups are the options under them, named conditions are written out. Logic is
three-valued: None is unknown. Must not know scopes or text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from engine.expressions.types import Kind

Plain = Decimal | date | str | bool | frozenset[str]


@dataclass(frozen=True, slots=True)
class Node:
    """Anything of the core."""


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value as written: text in NFC and trimmed, a time as HH:MM. `words` is how it is said."""

    kind: Kind
    value: Plain
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Read(Node):
    """A value by name. `key` is what the reader is asked; `name` is the same written out from the form."""

    key: str
    name: str
    kind: Kind
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Today(Node):
    """The day of the evaluation. The reader is asked for `today()`."""


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """= < or <= of two values of one kind; unknown if either is missing."""

    operator: Literal["=", "<", "<="]
    kind: Kind
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    """One choice is among the options, groups written out. `words` are the options as people read them."""

    operand: Node
    options: frozenset[str]
    words: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """Any of many choices is among the options."""

    operand: Node
    options: frozenset[str]
    words: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Answered(Node):
    """Whether there is a value; always known."""

    operand: Node


@dataclass(frozen=True, slots=True)
class FormState(Node):
    """Whether the form is in one of the states; always known. The reader is asked for `FORM._state`."""

    form: str
    states: frozenset[str]
    label: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return f"{self.form}._state"


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two numbers; missing if either is, if the result is too long, or on division by nought."""

    operator: Literal["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Age(Node):
    """Whole years from `born` to `at`; a 29 February birthday falls on 1 March."""

    born: Node
    at: Node


@dataclass(frozen=True, slots=True)
class Days(Node):
    """Days after `first` up to `last`; with a nation, working days only."""

    first: Node
    last: Node
    nation: str | None = None


@dataclass(frozen=True, slots=True)
class AnyRow(Node):
    """Kleene `or` of the body over the rows. `own` are the keys that the row answers itself.

    `every row` is the negation of any row that is not.
    """

    rows: Read
    own: frozenset[str]
    body: Node


@dataclass(frozen=True, slots=True)
class Column(Node):
    """One cell of every row; stands only inside Fold and Count."""

    rows: Read
    cell: Read


@dataclass(frozen=True, slots=True)
class Count(Node):
    """How many rows, options chosen or answered cells; nought if none."""

    operand: Read | Column


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """sum, min or max of values and columns. What is missing is passed over; of nothing it is missing."""

    function: Literal["sum", "min", "max"]
    kind: Kind
    items: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Member(operand=operand) | Includes(operand=operand) | Answered(operand=operand):
            return (operand,)
        case Not(operand=operand):
            return (operand,)
        case Count(operand=counted):
            return (counted,)
        case And(items=items) | Or(items=items) | Fold(items=items):
            return items
        case Age(born=born, at=at):
            return (born, at)
        case Days(first=first, last=last):
            return (first, last)
        case AnyRow(rows=rows, body=body):
            return (rows, body)
        case Column(rows=rows, cell=cell):
            return (rows, cell)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, each object once, however often it is shared."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend(reversed(children(one)))


def size(node: Node, _known: dict[int, int] | None = None) -> int:
    """How many nodes an evaluation may visit once, shared parts counted each time they stand there."""
    known = {} if _known is None else _known
    if id(node) not in known:
        known[id(node)] = 1 + sum(size(child, known) for child in children(node))
    return known[id(node)]


def steps(node: Node, _known: dict[int, int] | None = None) -> int:
    """What one evaluation of the node may cost, in steps; rows inside it are counted while they are looked at."""
    known = {} if _known is None else _known
    if id(node) not in known:
        own = 10 if isinstance(node, Arithmetic | Days | Age) else 2
        if isinstance(node, Read) and node.kind == "text":
            # As if each were some thousands of letters long: all of them are looked at.
            own = 28
        known[id(node)] = own + sum(steps(child, known) for child in children(node))
    return known[id(node)]


def reads(node: Node) -> frozenset[str]:
    """Every name the expression depends on, written out; `today()` and `FORM._state` among them."""
    names: set[str] = set()
    for one in walk(node):
        if isinstance(one, Read):
            names.add(one.name)
        elif isinstance(one, FormState):
            names.add(one.key)
        elif isinstance(one, Today):
            names.add("today()")
    return frozenset(names)
