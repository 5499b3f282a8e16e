"""The one place where authors' Markdown becomes HTML: parsed with HTML off, then cleaned against a short list.

Two independent defences, so that a hole in either is not a hole in the page. Must not know forms or pages.
"""

from __future__ import annotations

from functools import lru_cache

import bleach
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

LONGEST = 10_000
TAGS = frozenset({"p", "ul", "ol", "li", "strong", "em", "a", "h3", "h4", "blockquote", "br", "hr", "code"})
ATTRIBUTES = {
    "a": ["href", "rel", "class"],
    "p": ["class"],
    "ul": ["class"],
    "ol": ["class"],
    "h3": ["class"],
}
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "heading_open": "govuk-heading-s",
}
_reader = MarkdownIt("zero", {"html": False, "linkify": False}).enable(
    [
        "emphasis", "link", "list", "blockquote", "heading", "hr", "newline",
        "escape", "entity", "backticks", "balance_pairs", "fragments_join",
    ]
)  # fmt: skip


@lru_cache(maxsize=2048)
def html(text: str | None) -> Markup:
    """Safe HTML of an author's Markdown. Text beyond the length anybody reads is shown as it was written."""
    if not text:
        return Markup("")
    if len(text) > LONGEST:
        return Markup('<p class="govuk-body">') + escape(text) + Markup("</p>")
    tokens = _reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"
        for one in (token, *(token.children or ())):
            name = CLASSES.get(one.type)
            if name:
                one.attrSet("class", name)
            if one.type == "link_open":
                one.attrSet("href", _safe(str(one.attrGet("href") or "")))
                one.attrSet("rel", "noopener noreferrer")
    drawn = _reader.renderer.render(tokens, _reader.options, {})
    return Markup(
        bleach.clean(
            drawn, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto"}, strip=True
        )
    )


def _safe(address: str) -> str:
    # '//elsewhere' borrows our scheme and looks like a path of ours; only whole addresses may leave the site.
    return "#" if address.lstrip().startswith(("//", "\\", "/\\")) else address
