"""A document as HTML that stands by itself: no script, no address, its look and its pictures inside it.

The same HTML is what the PDF is made from; only where pictures stand differs. Must not know what it shows.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from webapp.paper.model import Ask, Document, Heading, Line, Paragraph, Picture, Table
from webapp.paper.texts import printable
from webapp.tongues import _, speaking

HERE = Path(__file__).resolve().parent
Placed = Callable[[Picture], str]
KINDS = {
    Paragraph: "paragraph", Line: "line", Ask: "ask", Heading: "heading", Table: "table", Picture: "picture",
}  # fmt: skip


def html(document: Document) -> str:
    """The whole page, to be kept as a file or printed from a browser."""
    return drawn(document, inside)


def drawn(document: Document, placed: Placed) -> str:
    """The page with each picture at the address that `placed` gives."""
    with speaking(document.language):
        page = _template().render(
            document=document, placed=placed, look=Markup(look(document)), parts=_parts(), kind_of=_kind
        )
        return printable(page)


def inside(picture: Picture) -> str:
    """A picture as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.svg.encode()).decode()}"


def look(document: Document) -> str:
    """The style sheet, with what stands on every page in the document's own words."""
    with speaking(document.language):
        pages = (quoted(_("Page ")), quoted(_(" of ")))
    lines = {
        "title": quoted(" · ".join(one for one in (document.about, document.title) if one)),
        "marking": quoted(document.marking),
        "foot": r" '\A ' ".join(quoted(one) for one in document.foot) or "''",
        "page": f"{pages[0]} counter(page) {pages[1]} counter(pages)",
    }
    sheet = _sheet()
    for name, text in lines.items():
        sheet = sheet.replace(f"/*{name}*/", text)
    return sheet


def quoted(text: str) -> str:
    """Any text as a string of CSS: whatever is not a letter or digit is written by its number."""
    return "'" + "".join(one if one.isalnum() else f"\\{ord(one):06x}" for one in text) + "'"


def _kind(block: object) -> str:
    return KINDS[type(block)]


def _parts() -> dict[str, str]:
    return {"unanswered": _("Not answered"), "marking": _("Marking"), "contents": _("In this document")}


@cache
def _sheet() -> str:
    return (HERE / "paper.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    folder = HERE.parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(_=_)
    return made.get_template("paper/document.html")
