"""Values: literals, arithmetic, functions over rows, ages and days. Must not know comparisons or logic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, cast

from engine.expressions import tree
from engine.expressions.checker import Checker, Operand, read_of
from engine.expressions.scope import ColumnName, Name, Scope
from engine.expressions.surface import Arithmetic, Between, Call, Literal_, Negative, Part, Word
from engine.expressions.types import DATE, NUMBER, ORDERED, ROWS, TEXT, YES_NO, Type
from engine.expressions.values import plain
from engine.expressions.values import text as normal_text

Operator = Literal["+", "-", "*", "/"]


def literal(part: Literal_) -> Operand:
    """A value written in the expression."""
    value = part.value
    if isinstance(value, bool):
        return Operand(tree.Constant("yes_no", value, "yes" if value else "no"), YES_NO)
    if isinstance(value, Decimal):
        return Operand(tree.Constant("number", value, plain(value)), NUMBER)
    if isinstance(value, date):
        said = f"{value.day} {value:%B} {value.year}"
        return Operand(tree.Constant("date", value, said), DATE)
    written = normal_text(value) or ""
    return Operand(tree.Constant("text", written, f"“{written}”"), TEXT)


def arithmetic(checker: Checker, part: Arithmetic, scope: Scope) -> Operand | None:
    """Sums and products, from left to right."""
    if _hyphenated(checker, part, scope):
        return None
    told = len(checker.findings)
    total = _number(checker, part.first, scope)
    for operator, operand in part.rest:
        if any(one.code == "E455" for one in checker.findings[told:]):
            # A day taken from a day is one slip, not two.
            return None
        right = _number(checker, operand, scope)
        if total is not None and right is not None:
            total = tree.Arithmetic(cast(Operator, operator), total, right)
        else:
            total = None
    return None if total is None else Operand(total, NUMBER)


def negative(checker: Checker, part: Negative, scope: Scope) -> Operand | None:
    node = _number(checker, part.inner, scope)
    if node is None:
        return None
    if isinstance(node, tree.Constant) and isinstance(node.value, Decimal):
        return Operand(tree.Constant("number", -node.value, f"-{node.words}"), NUMBER)
    zero = tree.Constant("number", Decimal(0), "0")
    return Operand(tree.Arithmetic("-", zero, node), NUMBER)


def _number(checker: Checker, part: Part, scope: Scope) -> tree.Node | None:
    found = checker.value(part, scope)
    if found is None:
        return None
    if found.type != NUMBER:
        code = "E455" if found.type == DATE else "E454"
        checker.tell(code, part.span, found=checker.text(part), type=found.type)
        return None
    return found.node


def _hyphenated(checker: Checker, part: Arithmetic, scope: Scope) -> bool:
    """An id written with hyphens reads as a subtraction; told if the id with underscores is there."""
    parts = [part.first, *(operand for _, operand in part.rest)]
    if not all(isinstance(one, Word) for one in parts) or " " in checker.text(part):
        return False
    joined = checker.text(part).replace("-", "_")
    if scope.find(joined) is None:
        return False
    checker.tell("E452", part.span, found=checker.text(part), option=joined)
    return True


def between(checker: Checker, part: Between, scope: Scope) -> Operand | None:
    """Ages and days."""
    first, second = _date(checker, part.first, scope), _date(checker, part.second, scope)
    if first is None or second is None:
        return None
    if part.kind == "age":
        return Operand(tree.Age(first, second), NUMBER)
    nation = scope.world.nation if part.kind == "working_days" else None
    return Operand(tree.Days(first, second, nation), NUMBER)


def _date(checker: Checker, part: Part, scope: Scope) -> tree.Node | None:
    found = checker.value(part, scope)
    if found is not None and found.type != DATE:
        checker.tell("E456", part.span, found=checker.text(part), type=found.type)
        return None
    return None if found is None else found.node


def call(checker: Checker, part: Call, scope: Scope) -> Operand | None:
    """today(), count(…), sum(…), min(…), max(…)."""
    if part.function == "today":
        if part.items:
            checker.tell("E457", part.span, function="today", wants="nothing between its brackets")
            return None
        return Operand(tree.Today(), DATE)
    if part.function == "count":
        return _count(checker, part, scope)
    return _fold(checker, part, scope)


def _count(checker: Checker, part: Call, scope: Scope) -> Operand | None:
    if len(part.items) != 1 or not isinstance(part.items[0], Word):
        checker.tell(
            "E457",
            part.span,
            function="count",
            wants="the name of one repeat, one list of choices or one cell",
        )
        return None
    word = part.items[0]
    found = checker.look_up(word, scope)
    if isinstance(found, ColumnName):
        return Operand(tree.Count(_column(checker, found, word)), NUMBER)
    if isinstance(found, Name) and found.type == ROWS:
        checker.operand(found, word.span)
        return Operand(tree.Count(read_of(found)), NUMBER)
    operand = checker.read(word, scope) if found is None or not isinstance(found, Name) else None
    if isinstance(found, Name):
        operand = checker.operand(found, word.span)
    if operand is None:
        return None
    if operand.type.kind not in ("choices", "records") or not isinstance(operand.node, tree.Read):
        checker.tell("E458", word.span, name=word.text, type=operand.type)
        return None
    return Operand(tree.Count(operand.node), NUMBER)


def _fold(checker: Checker, part: Call, scope: Scope) -> Operand | None:
    function = cast(Literal["sum", "min", "max"], part.function)
    if not part.items:
        checker.tell("E457", part.span, function=function, wants="at least one number or cell")
        return None
    items = [_folded(checker, item, scope) for item in part.items]
    found = [item for item in items if item is not None]
    if len(found) < len(items):
        return None
    kind: Type = found[0].type
    for item, written in zip(found, part.items, strict=True):
        allowed = item.type == NUMBER if function == "sum" else item.type.kind in ORDERED
        if not allowed or item.type != kind:
            checker.tell("E459", written.span, function=function, found=checker.text(written), type=item.type)
            return None
    return Operand(tree.Fold(function, kind.kind, tuple(item.node for item in found)), kind)


def _folded(checker: Checker, item: Part, scope: Scope) -> Operand | None:
    if isinstance(item, Word):
        found = scope.find(item.text)
        if isinstance(found, ColumnName):
            return Operand(_column(checker, found, item), found.cell.type)
    return checker.value(item, scope)


def _column(checker: Checker, found: ColumnName, word: Word) -> tree.Column:
    for name in (found.rows, found.cell):
        if name.retired:
            checker.tell("E435", word.span, name=name.name)
    return tree.Column(read_of(found.rows), read_of(found.cell))
