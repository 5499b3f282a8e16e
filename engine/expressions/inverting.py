"""Between which ends an answer must lie for a value to lie between two others, all else as it stands.

Follows sums, days and ages backwards to the answers in them. What it gives are proposals: rounding and overflow
are judged by the closures. Must not know what is sought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from engine import calendars
from engine.expressions import tree
from engine.expressions.changeable import Answerable, Context
from engine.expressions.values import LIMIT, SIXTH

Interval = tuple[Answerable, Any, Any]
# What is known of the state of things: the value of a node, and what a read stands for.
Value = Callable[[tree.Node, Context], Any]
Find = Callable[[tree.Read, Context], Answerable]
Rows = Callable[[tree.Read, Context], list[Context]]
_DAY = timedelta(days=1)
_SPAN = 4000


class Inverting:
    """Backwards through expressions, in one state of the answers."""

    def __init__(self, value: Value, find: Find, rows: Rows) -> None:
        self.value = value
        self.find = find
        self.rows = rows

    def between(self, node: tree.Node, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        """Each answer in `node` with the ends between which it brings the node between `low` and `high`.

        None leaves an end open.
        """
        match node:
            case tree.Read():
                found = self.find(node, context)
                if found.calculated is not None:
                    yield from self.between(*found.calculated, low, high)
                elif found.free:
                    yield found, low, high
            case tree.Arithmetic():
                yield from self._arithmetic(node, context, low, high)
            case tree.Age():
                yield from self._age(node, context, low, high)
            case tree.Days():
                yield from self._days(node, context, low, high)
            case tree.Fold():
                yield from self._fold(node, context, low, high)
            case tree.Count(operand=tree.Column() as column):
                yield from self._column(column, context, None, None)

    def _arithmetic(self, node: tree.Arithmetic, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        left, right = self.value(node.left, context), self.value(node.right, context)
        if left is None or right is None:
            yield from self.between(node.left, context, *self._left(node.operator, right, low, high))
            yield from self.between(node.right, context, *self._any(node.operator, left, low, high))
            return
        yield from self.between(node.left, context, *self._left(node.operator, right, low, high))
        if node.operator in "+*":
            yield from self.between(node.right, context, *self._left(node.operator, left, low, high))
        elif node.operator == "-":
            yield from self.between(node.right, context, _minus(left, high), _minus(left, low))
        else:
            for point in _divisors(left, low, high):
                yield from self.between(node.right, context, point, point)

    def _any(self, operator: str, left: Any, low: Any, high: Any) -> tuple[Any, Any]:
        """The right-hand part while one of both is missing."""
        if left is None or operator == "/":
            return None, None
        return (
            (_minus(left, high), _minus(left, low))
            if operator == "-"
            else self._left(operator, left, low, high)
        )

    def _left(self, operator: str, right: Any, low: Any, high: Any) -> tuple[Any, Any]:
        if right is None:
            return None, None
        match operator:
            case "+":
                return _minus(low, right), _minus(high, right)
            case "-":
                return _plus(low, right), _plus(high, right)
            case "*":
                if not right:
                    return None, None
                ends = [None if one is None else _held(one / right) for one in (low, high)]
            case _:
                ends = [None if one is None else _held(one * right) for one in (low, high)]
        return (ends[0], ends[1]) if right > 0 else (ends[1], ends[0])

    def _age(self, node: tree.Age, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        born, at = self.value(node.born, context), self.value(node.at, context)
        youngest = None if low is None else int(low.to_integral_value(ROUND_CEILING))
        oldest = None if high is None else int(high.to_integral_value(ROUND_FLOOR))
        if at is None:
            yield from self.between(node.born, context, None, None)
        else:
            first = None if oldest is None else _later(_years(at, -oldest - 1), 1)
            yield from self.between(
                node.born, context, first, None if youngest is None else _years(at, -youngest)
            )
        if born is None:
            yield from self.between(node.at, context, None, None)
        else:
            last = None if oldest is None else _later(_years(born, oldest + 1), -1)
            yield from self.between(
                node.at, context, None if youngest is None else _years(born, youngest), last
            )

    def _days(self, node: tree.Days, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        first, last = self.value(node.first, context), self.value(node.last, context)
        fewest = None if low is None else int(low.to_integral_value(ROUND_CEILING))
        most = None if high is None else int(high.to_integral_value(ROUND_FLOOR))
        if last is None:
            yield from self.between(node.first, context, None, None)
        else:
            yield from self.between(
                node.first,
                context,
                _before(last, most, node.nation, False),
                _before(last, fewest, node.nation, True),
            )
        if first is None:
            yield from self.between(node.last, context, None, None)
        else:
            yield from self.between(
                node.last,
                context,
                _after(first, fewest, node.nation, False),
                _after(first, most, node.nation, True),
            )

    def _fold(self, node: tree.Fold, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        total = self.value(node, context) if node.function == "sum" else None
        for item in node.items:
            if isinstance(item, tree.Column):
                for inside in self.rows(item.rows, context):
                    now = self.value(item.cell, inside)
                    yield from self.between(item.cell, inside, *_share(total, now, low, high))
            else:
                yield from self.between(item, context, *_share(total, self.value(item, context), low, high))

    def _column(self, node: tree.Column, context: Context, low: Any, high: Any) -> Iterator[Interval]:
        for inside in self.rows(node.rows, context):
            yield from self.between(node.cell, inside, low, high)


def _share(total: Any, now: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """What is left for one part of a sum; for the least and the greatest, all of it."""
    if total is None:
        return low, high
    rest = total - (now or 0)
    return _minus(low, rest), _minus(high, rest)


def _divisors(left: Any, low: Any, high: Any) -> Iterator[Any]:
    """Numbers by which `left` may be divided to come near an end."""
    found = [Decimal(one) for one in (1, -1, 2, 1000)]
    found += [_held(left / end) for end in (low, high) if end]
    for one in found:
        yield from (_held(one + step) for step in (Decimal(0), SIXTH, -SIXTH))


def _minus(one: Any, other: Any) -> Any:
    return None if one is None or other is None else _held(one - other)


def _plus(one: Any, other: Any) -> Any:
    return None if one is None else _held(one + other)


def _held(number: Decimal) -> Decimal:
    return max(min(number, LIMIT - SIXTH), SIXTH - LIMIT)


def _later(day: date | None, days: int) -> date | None:
    try:
        return None if day is None else day + timedelta(days=days)
    except OverflowError:
        return None


def _years(day: date, years: int) -> date | None:
    """The same day some years on; 29 February is 1 March where there is none."""
    if not 1 <= day.year + years <= 9999:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _after(first: date, days: int | None, nation: str | None, latest: bool) -> date | None:
    """The day that is so many days after `first`; of several, the latest or the earliest."""
    if days is None:
        return None
    if nation is None:
        return _later(first, days)
    return _edge(lambda day: calendars.calendar(nation).working_days_between(first, day), first, days, latest)


def _before(last: date, days: int | None, nation: str | None, latest: bool) -> date | None:
    if days is None:
        return None
    if nation is None:
        return _later(last, -days)
    counted = calendars.calendar(nation).working_days_between
    return _edge(lambda day: -counted(day, last), last, -days, latest)


def _edge(count: Callable[[date], int], start: date, wanted: int, latest: bool) -> date | None:
    """The first day on which `count`, which never falls, has come to `wanted`; or the last before it goes on."""
    span = min(abs(wanted) * 2 + 40, _SPAN)
    low, high = _later(start, -span), _later(start, span)
    if low is None or high is None:
        return None
    target = wanted + 1 if latest else wanted
    while low < high:
        middle = low + timedelta(days=(high - low).days // 2)
        if count(middle) >= target:
            high = middle
        else:
            low = middle + _DAY
    return low - _DAY if latest else low
