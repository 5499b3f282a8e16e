"""A document as clean text, to be pasted into another system: headings in capitals, one answer under its question.

Must not know what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.paper.model import Ask, Block, Document, Heading, Line, Paragraph, Picture, Table
from webapp.paper.texts import printable
from webapp.tongues import _, speaking

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


def text(document: Document) -> str:
    """The whole document; nothing but line ends in it that another system could stumble over."""
    with speaking(document.language):
        return printable(_LINE_ENDS.sub("\n", "\n".join(_lines(document)))).rstrip() + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    if document.about:
        yield document.about
    for name, value in document.facts:
        yield f"{name}: {value}"
    yield document.marking
    yield from document.notices
    for section in document.sections:
        yield ""
        yield section.title.upper()
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text=said):
            yield said
        case Heading(text=said):
            yield ""
            yield f"{said}:"
        case Line(label=label, text=answer, note=note):
            answer = answer or _("Not answered")
            yield f"{label} {answer}" if "\n" not in answer and len(answer) < 60 else f"{label}\n{answer}"
            if note:
                yield note
        case Picture(words=words):
            yield words
        case Table(caption=caption, columns=columns, rows=rows):
            yield f"{caption}: {' | '.join(one for one in columns if one)}"
            yield from (" | ".join(row) for row in rows)
        case Ask(label=label, ticks=ticks):
            yield label
            yield from (f"[ ] {one.label}" for one in ticks if not one.heading)
