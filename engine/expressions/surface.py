"""What an author wrote, word for word: the tree that the grammar builds and the typing reads.

It keeps brackets, chains and the place of every word, so that findings can point at them. It must not know
scopes, types or meaning: whether `a` is a question or an option is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from engine.language.model import Expression

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Something written: `span` is where in the expression's text it stands."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal_(Part):
    """A number, day, text, yes or no."""

    value: Decimal | date | str | bool


@dataclass(frozen=True, slots=True)
class Word(Part):
    """A name or an option; dots and all."""

    text: str


@dataclass(frozen=True, slots=True)
class Group(Part):
    """Something in brackets."""

    inner: Part


@dataclass(frozen=True, slots=True)
class Several(Part):
    """A list in brackets to the right of `in`."""

    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Call(Part):
    """A function with its arguments: count, sum, min, max, today."""

    function: str
    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Between(Part):
    """`age of A at B`, `days between A and B`, `working days between A and B`."""

    kind: Literal["age", "days", "working_days"]
    first: Part
    second: Part


@dataclass(frozen=True, slots=True)
class Arithmetic(Part):
    """`first`, then each operator with its operand, from left to right."""

    first: Part
    rest: tuple[tuple[str, Part], ...]


@dataclass(frozen=True, slots=True)
class Negative(Part):
    inner: Part


@dataclass(frozen=True, slots=True)
class Comparison(Part):
    """`operator` is one of = < <= > >= is, is not, in, not in, includes, does not include.

    `more` holds what a chain (`x is a or b`) adds; only the typing fills it, once it knows the options.
    """

    operator: str
    left: Part
    right: Part
    more: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Test(Part):
    """`X is answered`, `FORM is submitted`, approved or returned; `negated` for `is not`."""

    subject: Part
    test: Literal["answered", "submitted", "approved", "returned"]
    negated: bool


@dataclass(frozen=True, slots=True)
class RowTest(Part):
    """`any row of R where C`, `every row of R where C`."""

    which: Literal["any", "every"]
    rows: Word
    body: Part


@dataclass(frozen=True, slots=True)
class Not(Part):
    inner: Part


@dataclass(frozen=True, slots=True)
class And(Part):
    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Or(Part):
    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed expression: its text with place, and what stands in it."""

    expression: Expression
    root: Part


def children(part: Part) -> Iterator[Part]:
    """What a part is made of, in the order written."""
    match part:
        case Group(inner=inner) | Negative(inner=inner) | Not(inner=inner):
            yield inner
        case Several(items=items) | Call(items=items) | And(items=items) | Or(items=items):
            yield from items
        case Between(first=first, second=second):
            yield first
            yield second
        case Arithmetic(first=first, rest=rest):
            yield first
            yield from (operand for _, operand in rest)
        case Comparison(left=left, right=right, more=more):
            yield left
            yield right
            yield from more
        case Test(subject=subject):
            yield subject
        case RowTest(rows=rows, body=body):
            yield rows
            yield body
        case _:
            return


def depth(part: Part) -> int:
    """How deeply the part is nested. Walks without recursion, for it is what keeps recursion safe."""
    deepest = 0
    waiting = [(part, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(one))
    return deepest
