"""The core in z3's words: sums, ages, days between and rows, and what would be too much to try.

Whatever z3 is not told exactly (working days, products, lists of cells) is left free, so that what it finds
impossible is so, and what it finds is a candidate that has still to be evaluated. Bounded in z3's own steps, not
in seconds, so that it answers alike everywhere. z3 is loaded when the first question is put.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.expressions import tree as core
from engine.proof.found import SCALE, Found
from engine.proof.universe import Question, Universe

STEPS = 400_000
_LARGEST = 10**18 - 1
_CANDIDATES = 4
_FIRST, _LAST = date(1900, 1, 1), date(2100, 1, 1)


class Solver:
    """One universe and some conditions; `candidates` gives answers that might make `wanted` so."""

    def __init__(self, universe: Universe, nodes: Sequence[core.Node]) -> None:
        import z3

        self.z3 = z3
        self.universe = universe
        self.ended = False
        self.context = z3.Context()
        self._solver = z3.SimpleSolver(ctx=self.context)
        self._solver.set("random_seed", 7)
        self.numbered: dict[str, int] = {}
        self._raw: dict[str, tuple[Any, Any]] = {}
        self._seen: dict[str, tuple[Any, Any]] = {}
        self.cells: dict[str, list[dict[str, tuple[Any, Any]]]] = {}
        self._rows: dict[str, tuple[list[Any], Any]] = {}
        self._done: dict[tuple[int, Any], Any] = {}
        self._free = 0
        self._row_tests = sum(
            isinstance(one, core.AnyRow) for node in [*nodes, *universe.nodes] for one in core.walk(node)
        )
        for key in universe.questions:
            self._read(key)
        for key, one in universe.questions.items():
            if one.calculated is None and (one.asked is not None or one.must_be_there):
                shown = self._yes(one.shown) if one.shown is not None else self._true()
                asked = self._yes(one.asked) if one.asked is not None else self._true()
                self._add(z3.Implies(z3.And(shown, asked), self._seen[key][0]))
        for node in universe.must:
            self._add(z3.Not(self.condition(node)[1]))

    def candidates(
        self, wanted: Sequence[tuple[core.Node, frozenset[bool | None]]]
    ) -> Iterator[dict[str, Any]]:
        """Answers, a few at most; `ended` afterwards says whether there are certainly no more."""
        z3 = self.z3
        solver = self._solver
        solver.push()
        for node, values in wanted:
            true, false = self.condition(node)
            kinds = {True: true, False: false, None: z3.And(z3.Not(true), z3.Not(false))}
            solver.add(z3.Or(*(kinds[one] for one in (True, False, None) if one in values), self.context))
        solver.set("rlimit", STEPS)
        self.ended = False
        for _ in range(_CANDIDATES):
            result = solver.check()
            if result != z3.sat:
                self.ended = result == z3.unsat
                break
            model = solver.model()
            yield Found(self, model).answers()
            differs = [
                raw != model.eval(raw, model_completion=True)
                for pair in self._raw.values()
                for raw in pair
                if raw is not None
            ]
            solver.add(z3.Or(*differs, self.context))
        solver.pop()

    # Conditions: a pair, whether it is true and whether it is false; unknown is neither.

    def condition(self, node: core.Node, row: Any = None) -> tuple[Any, Any]:
        """A node that is true, false or unknown."""
        known = (id(node), None if row is None else row[0])
        if known not in self._done:
            self._done[known] = (self._condition(node, row), node)
        pair: tuple[Any, Any] = self._done[known][0]
        return pair

    def _condition(self, node: core.Node, row: Any) -> tuple[Any, Any]:
        z3 = self.z3
        match node:
            case core.Not(operand=operand):
                true, false = self.condition(operand, row)
                return false, true
            case core.And(items=items) | core.Or(items=items):
                pairs = [self.condition(one, row) for one in items]
                trues, falses = [one for one, _ in pairs], [one for _, one in pairs]
                every, some = (trues, falses) if isinstance(node, core.And) else (falses, trues)
                all_of, any_of = z3.And(*every, self.context), z3.Or(*some, self.context)
                return (all_of, any_of) if isinstance(node, core.And) else (any_of, all_of)
            case core.Constant(value=bool(value)):
                return self._bool(value), self._bool(not value)
            case core.Answered(operand=operand):
                there = self._value(operand, row)[0]
                return there, z3.Not(there)
            case core.FormState(key=key, states=states):
                there, value = self._read(key)
                among = z3.And(there, self._among(value, states))
                return among, z3.Not(among)
            case core.Compare():
                return self._comparison(node, row)
            case core.Member(operand=operand, options=options):
                there, value = self._value(operand, row)
                holds = self._among(value, options)
                return z3.And(there, holds), z3.And(there, z3.Not(holds))
            case core.Includes(operand=core.Read() as operand, options=options):
                there, chosen = self._value(operand, row)
                holds = z3.Or(*(chosen[one] for one in sorted(options) if one in chosen), self.context)
                return z3.And(there, holds), z3.And(there, z3.Not(holds))
            case core.AnyRow() if row is None and node.rows.key in self._rows:
                return self._any_row(node)
            case core.Read(kind="yes_no"):
                there, value = self._value(node, row)
                return z3.And(there, value), z3.And(there, z3.Not(value))
            case _:
                true, false = self._new("b"), self._new("b")
                self._add(z3.Not(z3.And(true, false)))
                return true, false

    def _comparison(self, node: core.Compare, row: Any) -> tuple[Any, Any]:
        z3 = self.z3
        if node.kind in ("choices", "records", "rows", "thing"):
            true, false = self._new("b"), self._new("b")
            self._add(z3.Not(z3.And(true, false)))
            return true, false
        (one, left), (two, right) = self._value(node.left, row), self._value(node.right, row)
        holds = (
            left == right if node.operator == "=" else left < right if node.operator == "<" else left <= right
        )
        there = z3.And(one, two)
        return z3.And(there, holds), z3.And(there, z3.Not(holds))

    def _any_row(self, node: core.AnyRow) -> tuple[Any, Any]:
        z3 = self.z3
        present, _ = self._rows[node.rows.key]
        trues, falses = [], []
        for index, there in enumerate(present):
            true, false = self.condition(
                node.body, (f"{node.rows.key}[{index}]", node.own, self.cells[node.rows.key][index])
            )
            trues.append(z3.And(there, true))
            falses.append(z3.Or(z3.Not(there), false))
        return z3.Or(*trues, self.context), z3.And(*falses, self.context)

    # Values: whether it is there, and what it is. Numbers are counted in millionths, days in 372 to a year.

    def _value(self, node: core.Node, row: Any) -> tuple[Any, Any]:
        z3 = self.z3
        match node:
            case core.Constant(kind=kind, value=value):
                return self._true(), self._written(kind, value)
            case core.Today():
                return self._read("today()")
            case core.Read(key=key):
                if row is not None and key in row[1]:
                    if key not in row[2]:
                        row[2][key] = self._made(Question(key, node.kind), f"{row[0]}.{key}")
                    pair: tuple[Any, Any] = row[2][key]
                    return pair
                return self._read(key) if key in self.universe.questions else (self._new("b"), self._new("i"))
            case core.Arithmetic(operator=operator, left=left, right=right):
                return self._sum(operator, self._value(left, row), self._value(right, row), left, right)
            case core.Age(born=born, at=at):
                (one, first), (two, last) = self._value(born, row), self._value(at, row)
                return z3.And(one, two), ((last - first) / 372) * int(SCALE)
            case core.Days(first=first_, last=last_, nation=nation):
                (one, first), (two, last) = self._value(first_, row), self._value(last_, row)
                days = self._ordinal(last) - self._ordinal(first)
                if nation is not None:
                    days = self._working(days)
                return z3.And(one, two), days * int(SCALE)
            case core.Count(operand=core.Read(key=key)) if key in self._rows:
                return self._true(), self._rows[key][1] * int(SCALE)
            case core.Count(operand=core.Read(kind="choices", key=key) as operand):
                there, chosen = self._value(operand, row)
                many = z3.Sum([z3.If(one, 1, 0, self.context) for one in chosen.values()]) if chosen else 0
                return self._true(), z3.If(there, many, z3.IntVal(0, self.context), self.context) * int(SCALE)
            case core.Count():
                value = self._new("i")
                self._add(value >= 0, value <= 1000)
                return self._true(), value * int(SCALE)
            case core.Fold(function=function, items=items) if not any(
                isinstance(one, core.Column) for one in items
            ):
                return self._fold(function, [self._value(one, row) for one in items])
            case core.Fold() | core.Column():
                return self._new("b"), self._new("i")
            case _:
                true, false = self.condition(node, row)
                return z3.Or(true, false), true

    def _sum(
        self, operator: str, left: tuple[Any, Any], right: tuple[Any, Any], one: core.Node, two: core.Node
    ) -> tuple[Any, Any]:
        z3 = self.z3
        there = z3.And(left[0], right[0])
        match operator:
            case "+":
                value = left[1] + right[1]
            case "-":
                value = left[1] - right[1]
            case "*" if isinstance(two, core.Constant) or isinstance(one, core.Constant):
                value = self._rounded(left[1] * right[1], int(SCALE))
            case "/" if isinstance(two, core.Constant) and two.value == 0:
                return self._bool(False), self._new("i")
            case "/" if isinstance(two, core.Constant) and isinstance(two.value, Decimal):
                by = int(two.value * SCALE)
                value = self._rounded(left[1] * int(SCALE) * (1 if by > 0 else -1), abs(by))
            case _:
                return z3.And(there, self._new("b")), self._new("i")
        return z3.And(there, value <= _LARGEST, value >= -_LARGEST), value

    def _rounded(self, value: Any, by: int) -> Any:
        """Some whole number next to the quotient: which one half-even rounding takes is left open."""
        result = self._new("i")
        self._add(result * by <= value + by, result * by >= value - by)
        return result

    def _fold(self, function: str, items: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        z3 = self.z3
        there, value = items[0]
        for known, one in items[1:]:
            both = (
                value + one
                if function == "sum"
                else z3.If(one < value if function == "min" else value < one, one, value)
            )
            value = z3.If(z3.And(there, known), both, z3.If(known, one, value))
            there = z3.Or(there, known)
        if function == "sum":
            there = z3.And(there, z3.Or(self._new("b"), z3.And(value <= _LARGEST, value >= -_LARGEST)))
        return there, value

    def _ordinal(self, packed: Any) -> Any:
        """A day's number, from its 372nds: exact, by the calendar that counts from March."""
        z3 = self.z3
        year, rest = packed / 372, packed % 372
        month, day = rest / 31, rest % 31
        early = month < 2
        counted = z3.If(early, year - 1, year)
        months = z3.If(early, month + 10, month - 2)
        return 365 * counted + counted / 4 - counted / 100 + counted / 400 + (153 * months + 2) / 5 + day

    def _working(self, days: Any) -> Any:
        z3 = self.z3
        value = self._new("i")
        self._add(z3.If(days >= 0, z3.And(value >= 0, value <= days), z3.And(value <= 0, value >= days)))
        return value

    # Questions

    def _read(self, key: str) -> tuple[Any, Any]:
        if key in self._seen:
            return self._seen[key]
        z3 = self.z3
        question = self.universe.questions[key]
        kind = "b" if question.kind == "yes_no" else "i"
        nothing: Any = {} if question.kind == "choices" else self._new(kind)
        self._seen[key] = (self._bool(False), nothing)  # a circle is a fault told elsewhere
        if question.calculated is not None:
            there, value = self._value(question.calculated, None)
        elif question.kind == "rows":
            there, value = self._repeat(question)
        else:
            there, value = self._made(question, key)
            self._raw[key] = (there, value if not isinstance(value, dict) else None)
            if isinstance(value, dict):
                self._raw |= {f"{key}§{one}": (chosen, None) for one, chosen in value.items()}
        if question.shown is not None:
            there = z3.And(self._yes(question.shown), there)
        if question.kind == "rows" and key in self._rows:
            present, many = self._rows[key]
            shown = there if question.shown is not None else self._true()
            self._rows[key] = (
                [z3.And(shown, one) for one in present],
                z3.If(there, many, z3.IntVal(0, self.context)),
            )
        self._seen[key] = there, value
        return self._seen[key]

    def _made(self, question: Question, name: str) -> tuple[Any, Any]:
        """A new answer of a type, within its bounds."""
        z3 = self.z3
        there = z3.Bool(f"{name}?", self.context)
        match question.kind:
            case "yes_no":
                return there, z3.Bool(name, self.context)
            case "choices":
                chosen = {one: z3.Bool(f"{name}§{one}", self.context) for one, _ in question.options}
                self._add(there == z3.Or(*chosen.values(), self.context))
                return there, chosen
        value = z3.Int(name, self.context)
        match question.kind:
            case "choice" | "state" if question.options:
                self._add(self._among(value, frozenset(one for one, _ in question.options)))
            case "number":
                least = -_LARGEST if question.least is None else int(question.least * SCALE)
                most = _LARGEST if question.most is None else int(question.most * SCALE)
                self._add(value >= least, value <= most)
                if question.step >= 1:
                    self._add(value % int(question.step * SCALE) == 0)
            case "date":
                self._add(
                    value >= _packed(question.least or _FIRST), value <= _packed(question.most or _LAST)
                )
                month, day = (value % 372) / 31, value % 31
                for number in range(12):
                    self._add(z3.Implies(month == number, day < calendar.monthrange(2024, number + 1)[1]))
            case "time":
                self._add(value >= 0, value < 1440)
            case _:
                self._add(value >= 0)
        return there, value

    def _repeat(self, question: Question) -> tuple[Any, Any]:
        """As many rows as conditions could need, and how many there are: more are like the first."""
        z3 = self.z3
        key = question.key
        rows = [z3.Bool(f"{key}[{index}]?", self.context) for index in range(max(1, min(self._row_tests, 4)))]
        many = z3.Int(f"{key}#", self.context)
        least = z3.Sum([z3.If(one, 1, 0, self.context) for one in rows])
        self._add(
            many >= least,
            many <= int(question.most or 10_000),
            (many == 0) == z3.Not(z3.Or(*rows, self.context)),
        )
        if self._row_tests > len(rows):
            return self._new("b"), self._new("i")
        self._rows[key] = rows, many
        self.cells[key] = [
            {cell: self._made(one, f"{key}[{index}].{cell}") for cell, one in question.cells.items()}
            for index in range(len(rows))
        ]
        self._raw[f"{key}#"] = (rows[0], many)
        return z3.Or(*rows, self.context), many

    # Small things

    def _written(self, kind: str, value: Any) -> Any:
        if isinstance(value, bool):
            return self._bool(value)
        number = (
            _packed(value) if isinstance(value, date) else int(value * SCALE) if kind == "number" else None
        )
        if number is None and kind == "time":
            number = int(value[:2]) * 60 + int(value[3:])
        return self.z3.IntVal(self._number(value) if number is None else number, self.context)

    def _number(self, word: str) -> int:
        return self.numbered.setdefault(word, len(self.numbered))

    def _among(self, value: Any, options: frozenset[str]) -> Any:
        return self.z3.Or(*(value == self._number(one) for one in sorted(options)), self.context)

    def _yes(self, node: core.Node) -> Any:
        return self.condition(node)[0]

    def _bool(self, value: bool) -> Any:
        return self.z3.BoolVal(value, self.context)

    def _true(self) -> Any:
        return self._bool(True)

    def _new(self, kind: str) -> Any:
        self._free += 1
        name = f"free {self._free}"
        return self.z3.Bool(name, self.context) if kind == "b" else self.z3.Int(name, self.context)

    def _add(self, *what: Any) -> None:
        self._solver.add(*what)


def _packed(day: date) -> int:
    return day.year * 372 + (day.month - 1) * 31 + day.day - 1
