"""Rows that people add to a grid: which they are, in what order, and what they are called.

An added row stands among the grid's answers under an id minted by whoever stores it, with its label under `_label` and
its place among the added rows under `_at`. Must not know how the answers of its cells are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.questions import texts

LABEL, PLACE = "_label", "_at"
MOST = 50
"""No page could show more, and nobody adds more by hand."""


def added(cells: object, fixed: Collection[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows that people added, in the order in which they did."""
    if not isinstance(cells, Mapping):
        return
    found = [
        (key, row)
        for key, row in cells.items()
        if key not in fixed and isinstance(row, Mapping) and isinstance(row.get(LABEL), str)
    ]
    yield from sorted(found, key=lambda one: (_place(one[1]), one[0]))[:MOST]


def label_of(row: Mapping[str, Any]) -> str:
    """What an added row is called; empty until somebody says."""
    return texts.one_line(str(row.get(LABEL) or ""))


def next_place(cells: Mapping[str, Any]) -> int:
    """The place of the next row to be added."""
    return 1 + max((_place(row) for row in cells.values() if isinstance(row, Mapping)), default=0)


def _place(row: Mapping[str, Any]) -> int:
    place = row.get(PLACE)
    return place if isinstance(place, int) and not isinstance(place, bool) else 0
