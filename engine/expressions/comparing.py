"""Comparisons: which sides make sense together, options to the right of `is`, `in`, `includes`, and chains.

Must not know logic or arithmetic.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

from engine.expressions import tree
from engine.expressions.checker import Checker, Operand
from engine.expressions.lexing import OTHER_WORDS
from engine.expressions.scope import Name, Scope
from engine.expressions.surface import Arithmetic, Comparison, Group, Literal_, Negative, Part, Several, Word
from engine.expressions.types import ORDERED, TEXT, TIME, YES_NO, Type
from engine.expressions.values import text as normal_text
from engine.language.guess import nearest

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
# How a number, a day, and yes or no look; in quotes they are text.
_BARE = {
    "number": r"[£€$]?-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[£€$]?-?\d+(?:\.\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "yes_no": r"yes|no",
}
_MIRRORED: dict[str, Literal["<", "<="]] = {">": "<", ">=": "<="}


def comparison(checker: Checker, part: Comparison, scope: Scope) -> tree.Node | None:
    """The core of a comparison; None if it has a finding."""
    if part.operator in ("=", "<", "<=", ">", ">="):
        return _ordered(checker, part, scope)
    left = checker.value(part.left, scope)
    if left is None:
        return None
    if isinstance(left.node, tree.Constant):
        checker.tell("E438", part.left.span, found=checker.text(part.left))
        return None
    positive: tree.Node | None
    if part.operator in ("includes", "does not include"):
        positive = _including(checker, part, left, scope)
    elif left.type.kind == "choices":
        checker.tell(
            "E432",
            part.span,
            name=checker.text(part.left),
            option=" or ".join(checker.text(item) for item in _items(part)),
            operator=part.operator,
        )
        return None
    else:
        positive = _among(checker, part, left, _items(part), scope)
    if positive is None:
        return None
    negative = part.operator in ("is not", "not in", "does not include")
    return tree.Not(positive) if negative else positive


def _items(part: Comparison) -> tuple[Part, ...]:
    """What stands to the right, one by one."""
    items = part.right.items if isinstance(part.right, Several) else (part.right,)
    return (*items, *part.more)


def _ordered(checker: Checker, part: Comparison, scope: Scope) -> tree.Node | None:
    left, right = _sides(checker, part, scope)
    if left is None or right is None:
        return None
    left, right = _as_time(left, right), _as_time(right, left)
    if isinstance(left.node, tree.Constant) and isinstance(right.node, tree.Constant):
        checker.tell("E437", part.span, found=checker.text(part))
        return None
    if not left.type.like(right.type):
        written = {"left": checker.text(part.left), "right": checker.text(part.right)}
        checker.tell("E431", part.span, **written, **_unlike(left, right))
        return None
    kind = left.type.kind
    if part.operator == "=":
        if kind in ("choices", "records", "thing", "rows"):
            checker.tell("E433", part.span, left=checker.text(part.left), type=left.type)
            return None
        return tree.Compare("=", kind, left.node, right.node)
    if kind not in ORDERED:
        checker.tell("E436", part.span, operator=part.operator, type=left.type)
        return None
    if part.operator in _MIRRORED:
        return tree.Compare(_MIRRORED[part.operator], kind, right.node, left.node)
    return tree.Compare("<" if part.operator == "<" else "<=", kind, left.node, right.node)


def _sides(checker: Checker, part: Comparison, scope: Scope) -> tuple[Operand | None, Operand | None]:
    """Both sides of an ordering; a bare option beside a choice is told to want `is`."""
    for one, other in ((part.left, part.right), (part.right, part.left)):
        if isinstance(one, Word) and scope.find(one.text) is None and isinstance(other, Word):
            beside = scope.find(other.text)
            if isinstance(beside, Name) and beside.type.option(one.text) is not None:
                operator = "includes" if beside.type.kind == "choices" else "is"
                checker.tell("E439", part.span, name=other.text, option=one.text, operator=operator)
                return None, None
    return checker.value(part.left, scope), checker.value(part.right, scope)


def _unlike(left: Operand, right: Operand) -> dict[str, Any]:
    """The kinds of two sides that are never alike, and what to do: a value in quotes is most often meant bare."""
    advice = "Compare things of one kind."
    for one, other in ((left, right), (right, left)):
        if one.type == TEXT and isinstance(one.node, tree.Constant):
            bare = str(one.node.value).strip()
            bare = bare.lower() if other.type == YES_NO else bare
            if other.type.kind in _BARE and re.fullmatch(_BARE[other.type.kind], bare):
                plain = re.sub(r"[£€$,]", "", bare)
                advice = f"Write it without quotes: {plain}"
    return {"left_type": left.type, "right_type": right.type, "advice": advice}


def _as_time(one: Operand, other: Operand) -> Operand:
    """A text such as "9:30" beside a time of day is a time of day."""
    if other.type == TIME and isinstance(one.node, tree.Constant) and one.type == TEXT:
        match = _CLOCK.fullmatch(str(one.node.value))
        if match:
            clock = f"{int(match[1]):02}:{match[2]}"
            return Operand(tree.Constant("time", clock, clock), TIME)
    return one


def _including(checker: Checker, part: Comparison, left: Operand, scope: Scope) -> tree.Node | None:
    name = checker.text(part.left)
    if left.type.kind == "choice":
        checker.tell("E445", part.span, name=name, option=checker.text(part.right))
        return None
    if left.type.kind != "choices":
        checker.tell("E446", part.span, name=name, type=left.type)
        return None
    options = _options(checker, part, (part.right, *part.more), left.type, scope)
    return None if options is None else tree.Includes(left.node, *options)


def _among(
    checker: Checker, part: Comparison, left: Operand, items: tuple[Part, ...], scope: Scope
) -> tree.Node | None:
    if left.type.kind == "choice":
        options = _options(checker, part, items, left.type, scope)
        return None if options is None else tree.Member(left.node, *options)
    if left.type.kind in ("records", "thing", "rows"):
        checker.tell("E433", part.span, left=checker.text(part.left), type=left.type)
        return None
    tests = [_one_value(checker, part, left, item, scope) for item in items]
    found = [test for test in tests if test is not None]
    if len(found) < len(tests):
        return None
    return found[0] if len(found) == 1 else tree.Or(tuple(found))


def _one_value(
    checker: Checker, part: Comparison, left: Operand, item: Part, scope: Scope
) -> tree.Node | None:
    """`left is item` where left is no choice: a literal, or something calculated."""
    if isinstance(item, Word):
        found = scope.find(item.text)
        if isinstance(found, Name):
            checker.tell("E447", part.span, left=checker.text(part.left), right=item.text)
        elif left.type == TEXT:
            checker.tell("E448", item.span, found=item.text)
        else:
            checker.unknown(item, scope)
        return None
    right = checker.value(item, scope)
    if right is None:
        return None
    right = _as_time(right, left)
    if not left.type.like(right.type):
        written = {"left": checker.text(part.left), "right": checker.text(item)}
        checker.tell("E431", part.span, **written, **_unlike(left, right))
        return None
    if left.type == YES_NO and isinstance(right.node, tree.Constant):
        return left.node if right.node.value else tree.Not(left.node)
    return tree.Compare("=", left.type.kind, left.node, right.node)


def _options(
    checker: Checker, part: Comparison, items: tuple[Part, ...], type_: Type, scope: Scope
) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """The ids of the options written, groups written out, and the options in words."""
    ids: set[str] = set()
    words: list[str] = []
    sound = True
    for item in items:
        found = _option(checker, part, item, type_, scope)
        if found is None:
            sound = False
            continue
        assert type_.options is not None
        ids |= type_.options.members(found)
        option = type_.option(found)
        assert option is not None
        words.append(f"any kind of ‘{option.label}’" if option.group else f"‘{option.label}’")
        if option.retired:
            checker.tell("E449", item.span, option=found)
    return (frozenset(ids), tuple(words)) if sound else None


def _option(checker: Checker, part: Comparison, item: Part, type_: Type, scope: Scope) -> str | None:
    """The option that a word names, or None and a finding."""
    if isinstance(item, Word) and type_.option(item.text) is not None:
        return item.text
    if isinstance(item, Word) and scope.find(item.text) is not None:
        checker.tell("E447", part.span, left=checker.text(part.left), right=item.text)
        return None
    if isinstance(item, Group | Several | Literal_ | Word | Arithmetic | Negative):
        wrong_option(checker, item, type_)
        return None
    checker.tell("E450", item.span, found=checker.text(item))
    return None


def wrong_option(checker: Checker, item: Part, type_: Type) -> None:
    """Tells what was written where an option of `type_` belongs: a label, quotes, a slip of the pen."""
    written = _plainly(checker, item)
    by_label = {one.label.casefold(): one.id for one in (type_.options.options if type_.options else ())}
    if written.casefold() in by_label:
        checker.tell("E451", item.span, label=written, option=by_label[written.casefold()])
        return
    joined = re.sub(r"[\s-]+", "_", written.lower())
    if type_.option(joined) is not None:
        checker.tell("E452", item.span, found=checker.text(item), option=joined)
        return
    if isinstance(item, Word) and OTHER_WORDS.get(written.lower()) == "is not answered":
        checker.tell("E404", item.span, found=written, instead="‘is not answered’ after the question")
        return
    meant = nearest(joined, type_.option_ids())
    listed = ", ".join(type_.option_ids()[:8]) + (", …" if len(type_.option_ids()) > 8 else "")
    checker.tell(
        "E453", item.span, did_you_mean=meant, found=written, list=type_.title, options=listed or "none"
    )


def _plainly(checker: Checker, item: Part) -> str:
    if isinstance(item, Literal_) and isinstance(item.value, str):
        return normal_text(item.value) or ""
    if isinstance(item, Literal_) and isinstance(item.value, Decimal):
        return str(item.value)
    return checker.text(item)
