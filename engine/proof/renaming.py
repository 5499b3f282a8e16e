"""The same condition as read from elsewhere: every question under the name that it has there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.expressions import tree as core


def renamed(node: core.Node, name: Callable[[str], str], own: frozenset[str] = frozenset()) -> core.Node:
    """`name` gives a key's new name; keys that a row answers itself (`own`) stay as they are."""

    def deep(one: Any, inside: frozenset[str] = own) -> Any:
        return renamed(one, name, inside)

    match node:
        case core.Read(key=key):
            return node if key in own else replace(node, key=name(key), name=name(node.name))
        case core.And(items=items) | core.Or(items=items) | core.Fold(items=items):
            return replace(node, items=tuple(deep(one) for one in items))
        case core.Not() | core.Member() | core.Includes() | core.Answered() | core.Count():
            return replace(node, operand=deep(node.operand))
        case core.Compare() | core.Arithmetic():
            return replace(node, left=deep(node.left), right=deep(node.right))
        case core.Age():
            return replace(node, born=deep(node.born), at=deep(node.at))
        case core.Days():
            return replace(node, first=deep(node.first), last=deep(node.last))
        case core.AnyRow(rows=rows, body=body):
            return replace(node, rows=deep(rows), body=deep(body, own | node.own))
        case core.Column(rows=rows):
            return replace(node, rows=deep(rows))
        case _:
            return node
