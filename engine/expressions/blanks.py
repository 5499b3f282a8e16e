"""What becomes of an expression when one answer is blank and the others may be anything.

A small abstract reading of the core: every condition gives the set of truths it may still have. Must not know words.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from engine.expressions import tree

Truths = frozenset[bool | None]

_ANY: Truths = frozenset({True, False, None})
_KNOWN: Truths = frozenset({True, False})
_UNKNOWN: Truths = frozenset({None})


def effects(node: tree.Node) -> dict[str, list[str]]:
    """For each effect (unknown, false, true, rest; missing, passed over for values) the labels that have it blank."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    condition = is_condition(node)
    for one in tree.walk(node):
        if not isinstance(one, tree.Read) or one.name in seen:
            continue
        seen.add(one.name)
        effect = _of_condition(node, one.name) if condition else _of_value(node, one.name)
        if effect:
            found.setdefault(effect, []).append(one.label or one.name)
    return found


def is_condition(node: tree.Node) -> bool:
    """Whether the node is true, false or unknown."""
    if isinstance(node, tree.Read | tree.Constant):
        return node.kind == "yes_no"
    return not isinstance(
        node, tree.Today | tree.Arithmetic | tree.Age | tree.Days | tree.Column | tree.Count | tree.Fold
    )


def _of_condition(node: tree.Node, name: str) -> str:
    truths = possible(node, name)
    if truths == _UNKNOWN:
        return "unknown"
    if truths == frozenset({True}):
        return "true"
    if True not in truths:
        return "false"
    return "rest"


def _of_value(node: tree.Node, name: str) -> str:
    if isinstance(node, tree.Count):
        return ""
    return "missing" if _missing(node, name) else "passed over"


def possible(node: tree.Node, blank: str) -> Truths:
    """The truths a condition may have while the answer of this name is missing."""
    match node:
        case tree.And(items=items):
            return frozenset(_and(case) for case in _cases(items, blank))
        case tree.Or(items=items):
            return frozenset(_or(case) for case in _cases(items, blank))
        case tree.Not(operand=operand):
            return frozenset(None if one is None else not one for one in possible(operand, blank))
        case tree.Answered(operand=operand):
            return frozenset({False}) if _missing(operand, blank) else _KNOWN
        case tree.FormState():
            return _KNOWN
        case tree.Constant(value=value):
            return frozenset({bool(value)})
        case tree.AnyRow(rows=rows, body=body):
            if _missing(rows, blank):
                return frozenset({False})
            return possible(body, blank) | {False}
        case _:
            return _UNKNOWN if _missing(node, blank) else _ANY


def _cases(items: tuple[tree.Node, ...], blank: str) -> Iterable[tuple[bool | None, ...]]:
    """Every combination of the truths of the items, each kind of item taken once."""
    kinds = {possible(item, blank) for item in items}
    return product(*kinds)


def _and(case: Iterable[bool | None]) -> bool | None:
    truths = set(case)
    return False if False in truths else None if None in truths else True


def _or(case: Iterable[bool | None]) -> bool | None:
    truths = set(case)
    return True if True in truths else None if None in truths else False


def _missing(node: tree.Node, blank: str) -> bool:
    """Whether the value is surely missing while the answer of this name is."""
    match node:
        case tree.Read(name=name):
            return name == blank
        case tree.Fold(items=items):
            return all(_missing(item, blank) for item in items)
        case tree.Column(rows=rows, cell=cell):
            return blank in (rows.name, cell.name)
        case tree.Count() | tree.FormState() | tree.Answered():
            return False
        case tree.And() | tree.Or() | tree.Not() | tree.AnyRow():
            return possible(node, blank) == _UNKNOWN
        case _:
            return any(_missing(child, blank) for child in tree.children(node))
