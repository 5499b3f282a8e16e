"""Texts that authors wrote for screens, as plain words: Markdown without its signs. Knows no form."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt

from webapp.markdown import LONGEST

_reader = MarkdownIt("zero", {"html": False}).enable(
    ["emphasis", "link", "list", "blockquote", "heading", "newline", "escape", "entity", "backticks"]
)


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
