"""The core tree as JSON, for the browser's evaluator and whoever else reads data rather than Python.

One array a node, its kind first. Must agree with webapp/static/js/expressions.js, which reads it.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from engine import calendars
from engine.expressions import tree
from engine.expressions.closures import STEPS, STEPS_A_CELL
from engine.expressions.typing import Typed
from engine.expressions.values import dump

_TABLE_FROM = date(1980, 1, 1)
_TABLE_TO = date(2099, 12, 31)


def as_json(typed: Typed | tree.Node) -> list[Any]:
    """The expression as nested arrays of plain JSON. `["within", steps, tree]` bounds one that looks at rows."""
    node = typed.tree if isinstance(typed, Typed) else typed
    inner = _array(node)
    bounded = any(isinstance(one, tree.AnyRow | tree.Column) for one in tree.walk(node))
    return ["within", STEPS, inner] if bounded else inner


@cache
def calendar_table(nation: str) -> tuple[str, ...]:
    """The days off of a nation that fall on weekdays: what the browser needs to count working days."""
    days = calendars.calendar(nation).holidays(_TABLE_FROM, _TABLE_TO)
    return tuple(day.isoformat() for day in days)


def nations(typed: Typed | tree.Node) -> frozenset[str]:
    """The nations whose days off the expression needs."""
    node = typed.tree if isinstance(typed, Typed) else typed
    return frozenset(one.nation for one in tree.walk(node) if isinstance(one, tree.Days) and one.nation)


def _array(node: tree.Node) -> list[Any]:
    match node:
        case tree.Constant(kind=kind, value=value):
            return ["const", kind, dump(value)]
        case tree.Read(key=key, kind=kind):
            return ["read", key, kind]
        case tree.Today():
            return ["today"]
        case tree.Compare(operator=operator, left=left, right=right):
            return ["compare", operator, _array(left), _array(right)]
        case tree.Member(operand=operand, options=options):
            return ["member", _array(operand), sorted(options)]
        case tree.Includes(operand=operand, options=options):
            return ["includes", _array(operand), sorted(options)]
        case tree.Answered(operand=operand):
            return ["answered", _array(operand)]
        case tree.FormState(states=states):
            return ["state", node.key, sorted(states)]
        case tree.Not(operand=operand):
            return ["not", _array(operand)]
        case tree.And(items=items):
            return ["and", [_array(item) for item in items]]
        case tree.Or(items=items):
            return ["or", [_array(item) for item in items]]
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return ["arithmetic", operator, _array(left), _array(right)]
        case tree.Age(born=born, at=at):
            return ["age", _array(born), _array(at)]
        case tree.Days(first=first, last=last, nation=nation):
            return ["days", _array(first), _array(last), nation]
        case tree.AnyRow(rows=rows, own=own, body=body):
            return ["any", _array(rows), sorted(own), _array(body), tree.steps(body)]
        case tree.Column(rows=rows, cell=cell):
            return ["column", _array(rows), _array(cell), STEPS_A_CELL]
        case tree.Count(operand=operand):
            return ["count", _array(operand)]
        case tree.Fold(function=function, items=items):
            return ["fold", function, [_array(item) for item in items]]
    raise TypeError(f"no such node: {type(node).__name__}")
