"""The core tree → Python closures over a reader. Three-valued: None is unknown.

A reader is any callable that answers a key with a value or None; a dictionary's `get` is one. Rows are read
as a sequence of mappings (a grid's as a mapping of them). Must not know names, forms or text; generates no code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine import calendars
from engine.expressions import tree
from engine.expressions.typing import Typed
from engine.expressions.values import age, calculate, load, rows
from engine.expressions.values import text as normal_text

Reader = Callable[[str], Any]
Closure = Callable[[Reader], Any]

# Enough for thousands of rows; few enough that the longest evaluation takes milliseconds.
STEPS = 12_000
STEPS_A_CELL = 6


class OutOfSteps(Exception):
    """Too many rows were looked at. Ends the evaluation, whose result is then missing."""


class RowReader:
    """Reads in a row first, then in what is around it. Carries the steps left to the whole evaluation."""

    __slots__ = ("outer", "own", "row", "steps")

    def __init__(self, row: Mapping[str, Any], own: frozenset[str], outer: Reader, steps: list[int]) -> None:
        self.row = row
        self.own = own
        self.outer = outer
        self.steps = steps

    def __call__(self, key: str) -> Any:
        return self.row.get(key) if key in self.own else self.outer(key)


def closure(typed: Typed | tree.Node, *, json: bool = False) -> Closure:
    """Compiles an expression. The result takes a reader and gives a value, or None for missing and unknown.

    With `json` the reader answers in JSON, as answers are stored; else in values (Decimal, date, option ids,
    frozenset). The closure raises nothing of its own.
    """
    node = typed.tree if isinstance(typed, Typed) else typed
    compiler = Compiler(json)
    inner = compiler.compile(node)
    if not compiler.looks_at_rows:
        return inner

    def bounded(read: Reader) -> Any:
        try:
            return inner(RowReader({}, frozenset(), read, [STEPS]))
        except OutOfSteps:
            return None

    return bounded


_MAKERS = {one: f"_{one.__name__.lower()}" for one in tree.Node.__subclasses__()}


class Compiler:
    """Makes closures of nodes, once each. They need a RowReader where the tree looks at rows."""

    def __init__(self, json: bool) -> None:
        self.json = json
        self.done: dict[int, Closure] = {}
        self.looks_at_rows = False

    def compile(self, node: tree.Node) -> Closure:
        """One closure a node; shared nodes share theirs."""
        if id(node) not in self.done:
            self.done[id(node)] = self._made(node)
        return self.done[id(node)]

    def _made(self, node: tree.Node) -> Closure:
        make: Callable[[Any], Closure] = getattr(self, _MAKERS[node.__class__])
        return make(node)

    def _constant(self, node: tree.Constant) -> Closure:
        value = node.value
        return lambda read: value

    def _today(self, node: tree.Today) -> Closure:
        if self.json:
            return lambda read: load("date", read("today()"))
        return lambda read: read("today()")

    def _read(self, node: tree.Read) -> Closure:
        key, kind = node.key, node.kind
        if self.json:
            return lambda read: load(kind, read(key))
        if kind == "text":
            return lambda read: normal_text(read(key))
        if kind == "rows":
            return lambda read: rows(read(key)) or None
        if kind in ("choices", "records", "thing", "choice", "record", "time"):
            return lambda read: read(key) or None
        return lambda read: read(key)

    def _plain_key(self, node: tree.Node) -> str | None:
        """The key to ask for directly, where nothing needs to be made of the answer."""
        if self.json or not isinstance(node, tree.Read):
            return None
        return node.key if node.kind in ("number", "date", "yes_no", "choice", "choices") else None

    def _compare(self, node: tree.Compare) -> Closure:
        key = self._plain_key(node.left)
        if key is not None and isinstance(node.right, tree.Constant):
            return _compare_constant(node.operator, key, node.right.value)
        left, right = self.compile(node.left), self.compile(node.right)
        if node.operator == "=":

            def equal(read: Reader) -> bool | None:
                a = left(read)
                if a is None:
                    return None
                b = right(read)
                return None if b is None else bool(a == b)

            return equal
        if node.operator == "<":

            def less(read: Reader) -> bool | None:
                a = left(read)
                if a is None:
                    return None
                b = right(read)
                return None if b is None else bool(a < b)

            return less

        def at_most(read: Reader) -> bool | None:
            a = left(read)
            if a is None:
                return None
            b = right(read)
            return None if b is None else bool(a <= b)

        return at_most

    def _member(self, node: tree.Member) -> Closure:
        options = node.options
        key = self._plain_key(node.operand)
        if key is not None and len(options) == 1:
            (option,) = options

            def one(read: Reader) -> bool | None:
                value = read(key)
                return value == option if value else None

            return one
        operand = self.compile(node.operand)

        def among(read: Reader) -> bool | None:
            value = operand(read)
            return value in options if value else None

        return among

    def _includes(self, node: tree.Includes) -> Closure:
        options = node.options
        key = self._plain_key(node.operand)
        if key is not None and len(options) == 1:
            (option,) = options

            def one(read: Reader) -> bool | None:
                value = read(key)
                return option in value if value else None

            return one
        operand = self.compile(node.operand)

        def any_of(read: Reader) -> bool | None:
            value = operand(read)
            return not options.isdisjoint(value) if value else None

        return any_of

    def _answered(self, node: tree.Answered) -> Closure:
        operand = self.compile(node.operand)
        return lambda read: operand(read) is not None

    def _formstate(self, node: tree.FormState) -> Closure:
        key, states = node.key, node.states
        return lambda read: read(key) in states

    def _not(self, node: tree.Not) -> Closure:
        operand = self.compile(node.operand)

        def negated(read: Reader) -> bool | None:
            value = operand(read)
            return None if value is None else not value

        return negated

    def _and(self, node: tree.And) -> Closure:
        items = tuple(self.compile(item) for item in node.items)
        if len(items) == 2:
            first, second = items

            def both(read: Reader) -> bool | None:
                a = first(read)
                if a is False:
                    return False
                b = second(read)
                return False if b is False else True if a and b else None

            return both
        if len(items) == 3:
            first, second, third = items

            def three(read: Reader) -> bool | None:
                a = first(read)
                if a is False:
                    return False
                b = second(read)
                if b is False:
                    return False
                c = third(read)
                return False if c is False else True if a and b and c else None

            return three

        def all_of(read: Reader) -> bool | None:
            result: bool | None = True
            for item in items:
                value = item(read)
                if value is False:
                    return False
                if value is None:
                    result = None
            return result

        return all_of

    def _or(self, node: tree.Or) -> Closure:
        items = tuple(self.compile(item) for item in node.items)

        def any_of(read: Reader) -> bool | None:
            result: bool | None = False
            for item in items:
                value = item(read)
                if value:
                    return True
                if value is None:
                    result = None
            return result

        return any_of

    def _arithmetic(self, node: tree.Arithmetic) -> Closure:
        operator = node.operator
        left, right = self.compile(node.left), self.compile(node.right)

        def result(read: Reader) -> Decimal | None:
            a = left(read)
            if a is None:
                return None
            b = right(read)
            return None if b is None else calculate(operator, a, b)

        return result

    def _age(self, node: tree.Age) -> Closure:
        born, at = self.compile(node.born), self.compile(node.at)

        def years(read: Reader) -> Decimal | None:
            first, last = born(read), at(read)
            return None if first is None or last is None else Decimal(age(first, last))

        return years

    def _days(self, node: tree.Days) -> Closure:
        first, last = self.compile(node.first), self.compile(node.last)
        counting: Callable[[date, date], int] = (
            _days_between if node.nation is None else calendars.calendar(node.nation).working_days_between
        )

        def days(read: Reader) -> Decimal | None:
            start, end = first(read), last(read)
            return None if start is None or end is None else Decimal(counting(start, end))

        return days

    def _anyrow(self, node: tree.AnyRow) -> Closure:
        self.looks_at_rows = True
        every, own, body = self.compile(node.rows), node.own, self.compile(node.body)
        weight = tree.steps(node.body)

        def any_row(read: RowReader) -> bool | None:
            result: bool | None = False
            steps = read.steps
            for row in every(read) or ():
                steps[0] -= weight
                if steps[0] < 0:
                    raise OutOfSteps
                value = body(RowReader(row, own, read, steps))
                if value:
                    return True
                if value is None:
                    result = None
            return result

        return any_row  # type: ignore[return-value]

    def _column(self, node: tree.Column) -> Closure:
        """The cells that have a value, as a list."""
        self.looks_at_rows = True
        every, cell = self.compile(node.rows), self.compile(node.cell)

        def cells(read: RowReader) -> list[Any]:
            found = every(read) or ()
            read.steps[0] -= STEPS_A_CELL * len(found)
            if read.steps[0] < 0:
                raise OutOfSteps
            return [value for row in found if (value := cell(row.get)) is not None]

        return cells  # type: ignore[return-value]

    def _count(self, node: tree.Count) -> Closure:
        operand = self.compile(node.operand)
        return lambda read: Decimal(len(operand(read) or ()))

    def _fold(self, node: tree.Fold) -> Closure:
        parts = [(self.compile(item), isinstance(item, tree.Column)) for item in node.items]
        folds: dict[str, Callable[[list[Any]], Any]] = {"sum": _sum, "min": min, "max": max}
        fold = folds[node.function]

        def folded(read: Reader) -> Any:
            values: list[Any] = []
            for part, many in parts:
                value = part(read)
                if many:
                    values.extend(value)
                elif value is not None:
                    values.append(value)
            return fold(values) if values else None

        return folded


def _compare_constant(operator: str, key: str, constant: Any) -> Closure:
    """A question against a value written in the expression: the commonest comparison."""
    if operator == "=":

        def equal(read: Reader) -> bool | None:
            value = read(key)
            return None if value is None else value == constant

        return equal
    if operator == "<":

        def less(read: Reader) -> bool | None:
            value = read(key)
            return None if value is None else value < constant

        return less

    def at_most(read: Reader) -> bool | None:
        value = read(key)
        return None if value is None else value <= constant

    return at_most


def _days_between(first: date, last: date) -> int:
    return (last - first).days


def _sum(values: list[Decimal]) -> Decimal | None:
    """Added one by one, so that every backend overflows at the same place."""
    total = values[0]
    for value in values[1:]:
        more = calculate("+", total, value)
        if more is None:
            return None
        total = more
    return total
