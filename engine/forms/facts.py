"""What a form's expressions read beyond its answers: the record, the case, other forms – from JSON to values.

Which names those are is known when the form is compiled; only they are looked up, once an evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.expressions import facts_reader, load, tree
from engine.expressions.values import rows as rows_of

Cells = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactRead:
    """One name read from facts: its key, the kind of its value, and, for rows, the cells that are read."""

    key: str
    kind: str
    cells: Cells = ()


def fact_reads(trees: Iterable[tree.Node], prefix: str | None = None) -> tuple[FactRead, ...]:
    """All that these expressions read from facts: `record.…`, `case.…` and other forms.

    With `prefix`, what they read from the record of their own row (`SECTION.record.…`) instead.
    """
    found: dict[str, str] = {}
    cells: dict[str, dict[str, str]] = {}
    for root in trees:
        inside = {id(node) for one in tree.walk(root) for node in _in_rows(one, cells)}
        for node in tree.walk(root):
            if isinstance(node, tree.FormState):
                found[node.key] = "state"
            elif isinstance(node, tree.Read) and id(node) not in inside:
                if node.name == (node.key if prefix is None else f"{prefix}{node.key}"):
                    found[node.key] = node.kind
    return tuple(FactRead(key, kind, tuple(cells.get(key, {}).items())) for key, kind in found.items())


def _in_rows(node: tree.Node, cells: dict[str, dict[str, str]]) -> Iterable[tree.Node]:
    """The reads that a row answers itself."""
    if isinstance(node, tree.Column):
        cells.setdefault(node.rows.key, {})[node.cell.key] = node.cell.kind
        yield node.cell
    elif isinstance(node, tree.AnyRow):
        for one in tree.walk(node.body):
            if isinstance(one, tree.Read) and one.key in node.own:
                cells.setdefault(node.rows.key, {})[one.key] = one.kind
                yield one


def values_of(reads: Iterable[FactRead], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these names; missing ones are left out."""
    look = facts_reader(facts)
    found: dict[str, Any] = {}
    for read in reads:
        json = look(read.key)
        if json is None:
            continue
        if read.kind == "state":
            found[read.key] = json
        elif read.kind == "rows":
            found[read.key] = [
                {key: load(kind, row.get(key)) for key, kind in read.cells} for row in rows_of(json)
            ]
        else:
            found[read.key] = load(read.kind, json)
    return found
