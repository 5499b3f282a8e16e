"""What is put on paper, before anybody asks on which: a document of sections, lines, boxes, tables and pictures.

Whoever makes a document decides what is in it; whoever draws one (HTML, PDF, Word, plain text) decides nothing. Every
picture has its words beside it. Must not know forms, answers, the database or any way of drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WIDEST = 6
"""So many columns fit on an upright page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words between other things; a `quiet` one explains, an `aside` is guidance for whoever writes."""

    text: str
    look: Literal["plain", "quiet", "aside"] = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """A question with what was answered; no `text` if nothing was. `short` ones stand beside their question."""

    label: str
    text: str = ""
    note: str = ""

    @property
    def short(self) -> bool:
        return len(self.text) <= 60 and len(self.label) <= 90 and "\n" not in self.text


@dataclass(frozen=True, slots=True)
class Tick:
    """One choice to tick; a `heading` is printed over those that follow and has no box."""

    label: str
    hint: str = ""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to be answered by hand: in a box of so many `lines`, in named `parts`, or by ticking."""

    label: str
    hint: str = ""
    guidance: str = ""
    wanted: str = ""
    only_if: str = ""
    lines: int = 0
    parts: tuple[str, ...] = ()
    ticks: tuple[Tick, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a part of a section: a row, a corner, a group of questions."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in rows under named columns; the first cell of a row names it. A `blank` one is to be written in.

    `before` is what is to be read first, and `after` what helps to fill it in.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    blank: bool = False
    before: tuple[Paragraph, ...] = ()
    after: tuple[Paragraph, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether it wants a page on its side."""
        return len(self.columns) > WIDEST


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in SVG and what it shows in words."""

    svg: str
    words: str


Block = Paragraph | Line | Ask | Heading | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether all of it belongs on a page on its side, so that no heading is left alone on an upright one."""
        tables = [one for one in self.blocks if isinstance(one, Table)]
        rest = [one for one in self.blocks if not isinstance(one, (Table, Paragraph))]
        return not rest and any(one.wide for one in tables)


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to print. `facts` stand once at the head; `foot` on every page, beside marking and page numbers.

    `source` is whose paper it is: the authority, or the pack of a blank form. Nothing else names who made it.
    """

    title: str
    about: str = ""
    kind: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    foot: tuple[str, ...] = ()
    marking: str = ""
    language: str = "en"
    source: str = ""
    sections: tuple[Section, ...] = ()
    notices: tuple[str, ...] = ()
