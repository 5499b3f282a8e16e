"""Why an expression came out as it did: the parts that decided, down to the answers.

Evaluates with the same closures that decided. Must not know labels' languages or where answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.expressions import tree
from engine.expressions.closures import STEPS, Compiler, OutOfSteps, Reader, RowReader
from engine.expressions.typing import Typed
from engine.expressions.words import words

_ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that counted: its name written out (a row's by number), its label, its value or None.

    For rows the value is how many there are.
    """

    name: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Why:
    """A part in words, what it came to, and what decided it: answers, or smaller parts."""

    text: str
    value: Any
    answers: tuple[Answer, ...] = ()
    because: tuple[Why, ...] = ()

    def decisive(self) -> Iterator[Answer]:
        """Every answer that decided the result."""
        yield from self.answers
        for one in self.because:
            yield from one.decisive()

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The names whose missing answers left this unknown; empty if it is known."""
        if self.value is not None:
            return ()
        return tuple(dict.fromkeys(one.name for one in self.decisive() if one.value is None))


def explain(typed: Typed | tree.Node, reader: Reader, *, json: bool = False) -> Why:
    """Evaluates an expression and says what decided it. The reader answers as for `closure`."""
    node = typed.tree if isinstance(typed, Typed) else typed
    steps = [STEPS]
    try:
        return _Explaining(json).why(node, RowReader({}, frozenset(), reader, steps), "")
    except OutOfSteps:
        return Why(words(node), None)


class _Explaining:
    def __init__(self, json: bool) -> None:
        self.compiler = Compiler(json)

    def why(self, node: tree.Node, read: RowReader, row: str) -> Why:
        value = self.compiler.compile(node)(read)
        match node:
            case tree.And(items=items) | tree.Or(items=items):
                parts = [self.why(item, read, row) for item in items]
                # Three-valued logic: where the result is what one part alone gives, those parts decided it.
                decided = [part for part in parts if part.value is value]
                return Why(words(node), value, because=tuple(decided or parts))
            case tree.Not(operand=operand) if not isinstance(operand, tree.AnyRow):
                inner = self.why(operand, read, row)
                return Why(words(node), value, inner.answers, inner.because)
            case tree.Not(operand=tree.AnyRow() as operand) | (tree.AnyRow() as operand):
                return self._rows(node, operand, value, read, row)
            case _:
                return Why(words(node), value, tuple(self._answers(node, read, row)))

    def _rows(self, node: tree.Node, test: tree.AnyRow, value: Any, read: RowReader, row: str) -> Why:
        """The rows that decided; if there are none, the rows themselves did."""
        every = self.compiler.compile(test.rows)(read) or ()
        body, wanted = test.body, self.compiler.compile(test)(read)
        if node is not test and isinstance(body, tree.Not):
            # Every row: said of the rows as the author wrote it, without the two negations.
            body, wanted = body.operand, value
        because = []
        for number, one in enumerate(every[:_ROWS_SHOWN]):
            inside = RowReader(one, test.own, read, read.steps)
            part = self.why(body, inside, f"{row}{test.rows.name}[{number}]")
            if part.value is wanted:
                because.append(part)
        if because:
            return Why(words(node), value, because=tuple(because))
        counted = Answer(test.rows.name, test.rows.label, len(every) or None)
        return Why(words(node), value, (counted,))

    def _answers(self, node: tree.Node, read: RowReader, row: str) -> Iterator[Answer]:
        cells = {id(one.cell) for one in tree.walk(node) if isinstance(one, tree.Column)}
        for one in tree.walk(node):
            if isinstance(one, tree.FormState):
                yield Answer(one.key, one.label, read(one.key))
            elif isinstance(one, tree.Read) and id(one) not in cells:
                value = self.compiler.compile(one)(read)
                if one.kind == "rows":
                    value = len(value or ()) or None
                yield Answer(_numbered(one, read, row), one.label, value)


def _numbered(one: tree.Read, read: RowReader, row: str) -> str:
    return f"{row}.{one.key}" if row and one.key in read.own else one.name
