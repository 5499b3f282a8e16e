"""Switching the language of any page with boxes to type in: what was typed stands in them again afterwards.

A page whose view keeps what was posted (the parts of a form, a record's details) says so by `typed_in`, and is no
matter of this module. On every other page the switch posts the page's own form to /language; what it holds is kept,
sealed and for its writer alone, and is put back into the boxes when the page is drawn again. Nothing is saved by it.
Must not know any page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, request, url_for
from flask_login import current_user

from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.kept import NEVER_KEPT, TOKEN
from webapp.tongues import ASKED

TYPED = "typed"
"""In an address: under which token lies what was typed on the page before."""
FORM = "form"
NOT_TYPED = NEVER_KEPT | {ASKED, "next", FORM, "_unsaved"}

_SWITCH = 'form="tongue-form"'
_FORM = re.compile(r'<form\b(?=[^>]*\bmethod="post")[^>]*>(.*?)</form>', re.S)
_BOX = re.compile(r'<textarea\b|<select\b|<input\b[^>]*\btype="(?:text|search|email|tel|radio|checkbox)"')
_ID = re.compile(r'\bid="([^"]*)"')
_UNTOUCHED = frozenset({"password", "file", "submit", "button", "image", "reset"})
_Attributes = Sequence[tuple[str, str | None]]


def tied(html: str, address: str) -> str:
    """The page with its switch tied to the first form on it that has boxes; as it is where there is none."""
    main = html.find("<main")
    if _SWITCH not in html or main < 0:
        return html
    found = next((one for one in _FORM.finditer(html, main) if _BOX.search(one[1])), None)
    if found is None:
        return html
    opening = html[found.start() : found.start(1)]
    named = _ID.search(opening)
    id = named[1] if named else "typed-form"
    body = html if named else f'{html[: found.start()]}{opening[:-1]} id="{id}">{html[found.start(1) :]}'
    goes = url_for("language.switch", next=address, form=id)
    return body.replace(_SWITCH, f'form="{id}" formaction="{escape(goes)}" formmethod="post" data-switch')


def kept_for(address: str) -> str:
    """Where to go on once the language is another: `address`, with what was posted kept for its boxes."""
    fields = {name: texts for name, texts in request.form.lists() if name not in NOT_TYPED}
    if not fields:
        return address
    form = request.args.get(FORM, "")
    token = kept_posts().keep(current_user.person, f"{address}#{form}", fields, now())
    parts = urlsplit(without(address))
    query = (
        urlencode([*parse_qsl(parts.query, keep_blank_values=True), (TYPED, token)]) if token else parts.query
    )
    return parts._replace(query=query).geturl()


def without(address: str) -> str:
    """The address without the token of what was typed: for links and for coming back."""
    parts = urlsplit(address)
    asked = [(name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if name != TYPED]
    return parts._replace(query=urlencode(asked)).geturl() if TYPED in parts.query else address


def put_back(app: Flask) -> None:
    """Has a page that is drawn again hold what was typed on it."""

    @app.after_request
    def fill(response: Response) -> Response:
        token = request.args.get(TYPED, "")
        drawn = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
        if not (drawn and TOKEN.fullmatch(token) and current_user.is_authenticated):
            return response
        kept = kept_posts().find(token, current_user.person, now())
        # Only on the page where it was typed: an address made up for another shows nothing of it.
        if kept is not None and urlsplit(kept.path).path == request.path:
            form = kept.path.rpartition("#")[2]
            response.set_data(filled(response.get_data(as_text=True), form, kept.fields))
        return response


def filled(html: str, form: str, fields: Mapping[str, Sequence[str]]) -> str:
    """The page with `fields` in the boxes of the form of this id, or of all forms where it is empty."""
    reader = _Boxes(html, form, {name: list(texts) for name, texts in fields.items()})
    reader.feed(html)
    reader.close()
    for start, end, text in sorted(reader.edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


@dataclass
class _Open:
    """What of the page the reader is inside."""

    form: str = ""
    select: str = ""
    textarea: str | None = None
    since: int = 0
    details: list[tuple[int, str]] = field(default_factory=list)
    """Where each begins, and its tag as it stands."""
    in_main: bool = False
    edits: list[tuple[int, int, str]] = field(default_factory=list)


class _Boxes(HTMLParser):
    def __init__(self, html: str, form: str, fields: dict[str, list[str]]) -> None:
        super().__init__(convert_charrefs=True)
        self._form, self._fields, self._open = form, fields, _Open()
        self._asked = {name: list(texts) for name, texts in fields.items()}
        self._lines = [0, *(at + 1 for at, sign in enumerate(html) if sign == "\n")]

    @property
    def edits(self) -> list[tuple[int, int, str]]:
        return self._open.edits

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        at, raw = self._here(), self.get_starttag_text() or ""
        if tag == "main":
            self._open.in_main = True
        elif tag == "form":
            self._open.form = given.get("id", "")
        elif tag == "details":
            self._open.details.append((at, raw))
        if not self._open.in_main or (self._form and given.get("form", self._open.form) != self._form):
            return
        name = given.get("name", "")
        if tag == "input" and name and name not in NOT_TYPED:
            changed = self._input(given, name)
            if changed is not None:
                self.edits.append((at, at + len(raw), _tag("input", changed)))
        elif tag == "textarea" and self._fields.get(name):
            self._open.textarea, self._open.since = self._fields[name].pop(0), at + len(raw)
        elif tag == "select":
            self._open.select = name
        elif tag == "option" and self._open.select in self._asked:
            chosen = given.get("value", "") in self._asked[self._open.select]
            self.edits.append((at, at + len(raw), _tag("option", _flagged(given, "selected", chosen))))

    def _input(self, given: dict[str, str], name: str) -> dict[str, str | None] | None:
        kind = given.get("type", "text")
        if kind in _UNTOUCHED:
            return None
        if kind in ("checkbox", "radio"):
            return _flagged(given, "checked", given.get("value", "on") in self._asked.get(name, ()))
        waiting = self._fields.get(name)
        return {**given, "value": waiting.pop(0)} if waiting else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open.textarea is not None:
            text = self._open.textarea.replace("\r\n", "\n")
            self.edits.append((self._open.since, self._here(), f"\n{escape(text)}"))
            self._open.textarea = None
            if text.strip():
                self._unfold()
        elif tag == "details" and self._open.details:
            self._open.details.pop()
        elif tag == "select":
            self._open.select = ""
        elif tag == "form":
            self._open.form = ""
        elif tag == "main":
            self._open.in_main = False

    def _unfold(self) -> None:
        """What stands in something folded must be seen."""
        for at, raw in self._open.details:
            edit = (at, at + len(raw), f"{raw[:-1]} open>")
            if " open" not in raw and edit not in self.edits:
                self.edits.append(edit)


def _flagged(given: dict[str, str], flag: str, on: bool) -> dict[str, str | None]:
    kept: dict[str, str | None] = {name: value for name, value in given.items() if name != flag}
    return {**kept, flag: None} if on else kept


# Attributes that stand alone; any other without a value is an empty one.
_ALONE = frozenset(
    {"checked", "selected", "disabled", "readonly", "required", "multiple", "hidden", "autofocus"}
)


def _tag(tag: str, attributes: Mapping[str, str | None]) -> str:
    said = (
        f" {name}" if value is None or (name in _ALONE and not value) else f' {name}="{escape(value)}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{''.join(said)}>"
