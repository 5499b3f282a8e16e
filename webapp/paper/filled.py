"""A form with its answers, as its summary tells them: every question that was asked, answered or not.

Who may read which line is decided before; what is not in the summary is not here. Must not know how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from engine.forms.summary import SectionSummary, SummaryItem
from webapp.drawing.triangle import Corner, draw_triangle
from webapp.folding import folded
from webapp.paper.model import Block, Heading, Line, Picture, Section
from webapp.tongues import _


def filled_sections(summary: Iterable[SectionSummary], corners: Sequence[Corner] = ()) -> tuple[Section, ...]:
    """The sections that have something in them, a drawn form's picture before them."""
    drawn = _drawn(corners)
    found = (Section(one.title, tuple(_blocks(one.items))) for one in folded(summary) if one.items)
    return (*drawn, *found)


def _blocks(items: Sequence[SummaryItem]) -> Iterator[Block]:
    for within, group in groupby(items, key=lambda item: item.within):
        lines = list(group)
        if not within or (len(lines) == 1 and lines[0].label == within):
            # A row of a grid in which nothing was answered is one line under its own name.
            yield from (_line(one, one.label) for one in lines)
            continue
        yield Heading(within)
        yield from (_line(one, one.question.label or one.label) for one in lines)


def _line(item: SummaryItem, label: str) -> Line:
    note = _("This could not be read as an answer; it is shown as it was typed.") if item.unread else ""
    return Line(label, item.text, note)


def _drawn(corners: Sequence[Corner]) -> tuple[Section, ...]:
    picture = draw_triangle(tuple(corners))
    if not picture:
        return ()
    said = "; ".join(f"{one.title}: {one.stands}" for one in corners)
    lines = [Line(one.title, one.stands) for one in corners]
    return (Section(_("How it stands"), (Picture(_alone(picture), f"{said}."), *lines)),)


# What the page's style sheet says of the picture, so that it stands by itself; shapes tell it without colour too.
LOOK = (
    ".trefoil-triangle-outline{fill:#f3f6f5;stroke:#2f5d50;stroke-width:2}"
    ".trefoil-corner{fill:#fff;stroke:#2f5d50;stroke-width:3}"
    ".trefoil-corner--unsaid{stroke:#6b7478;stroke-dasharray:5 4}"
    ".trefoil-corner--calm{fill:#cfe3dc}.trefoil-corner--some{fill:#f0d9a8}.trefoil-corner--great{fill:#7a2e2e}"
    "text{font-family:'Liberation Sans','DejaVu Sans',sans-serif;font-size:15px;text-anchor:middle;fill:#1d2426}"
    ".trefoil-corner-title,.trefoil-corner-sign{font-weight:700}"
)


def _alone(picture: Markup) -> str:
    opened, mark, rest = str(picture).partition(">")
    named = opened.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{named}{mark}<style>{LOOK}</style>{rest}"
