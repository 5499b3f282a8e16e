"""Texts as paper can bear them: authors' Markdown without its signs, anybody's words without what is no letter. Knows
no form."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt

from webapp.markdown import LONGEST

_reader = MarkdownIt("zero", {"html": False}).enable(
    ["emphasis", "link", "list", "blockquote", "heading", "newline", "escape", "entity", "backticks"]
)
_NO_XML = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Text without what no XML file may hold and what terminals and printers take for orders; a name may stand in the
    database with such a character pasted into it."""
    return _NO_XML.sub("", text)


@lru_cache(maxsize=2048)
def plain_words(text: str) -> str:
    """A text's paragraphs on lines of their own, what is listed behind a dot, addresses left out."""
    if len(text) > LONGEST:
        return text
    lines: list[str] = []
    listed = 0
    for token in _reader.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            listed += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            listed -= 1
        elif token.type == "inline":
            said = "".join(
                "\n" if one.type in ("softbreak", "hardbreak") else one.content
                for one in token.children or ()
            )
            lines.append(f"• {said}" if listed else said)
    return "\n".join(lines)
