"""A grid's unanswered rows as one line each, so that what was answered can be found on paper and on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from engine.forms.summary import SectionSummary, SummaryItem


def folded(sections: Iterable[SectionSummary]) -> list[SectionSummary]:
    """The same sections; the cells of a grid's row that are all unanswered become one line named by the row."""
    return [replace(section, items=tuple(_folded(section.items))) for section in sections]


def _folded(items: Sequence[SummaryItem]) -> Iterable[SummaryItem]:
    for (within, row), found in groupby(items, key=lambda item: (item.within, _grid_row(item.path))):
        cells = list(found)
        if within and row and len(cells) > 1 and all(cell.empty for cell in cells):
            yield replace(cells[0], label=within)
        else:
            yield from cells


def _grid_row(path: str) -> str:
    """`framework.peers` of `framework.peers.worried`; nothing for questions and for a repeat's rows."""
    parts = path.split(".")
    return ".".join(parts[:2]) if len(parts) == 3 and "[" not in path else ""
