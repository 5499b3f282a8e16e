"""What the application itself says, in the language of the page: `_("Save")` is English, or what stands for it.

English is written where it is said, and is the key in translations/LANGUAGE/LC_MESSAGES/messages.po, which
`python -m tools.words` keeps in step with the sources. Texts of packs have translations of their own and are no matter
of this module. What comes back is plain text, to be escaped like any other; where something that fills it is markup
already, the rest is escaped here. Must not know any page, nor the database.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from engine.language import saying

NAMES = {"en": "English", "cy": "Cymraeg"}
"""What each language calls itself."""

SWITCH_TO = {"en": "Read this page in English", "cy": "Darllen y dudalen hon yn Gymraeg"}
ASKED = "speak"
COOKIE = "trefoil-language"
OWN = "en"
BY_SCRIPTS = "said by scripts"
"""How the catalogue marks what a page has to carry for its scripts."""
CATALOGUES = Path(__file__).resolve().parent / "translations"

_spoken: ContextVar[str | None] = ContextVar("trefoil_language", default=None)


def asked() -> str | None:
    """The language that this very request asks for, if it does."""
    try:
        found = request.form.get(ASKED) if request.method == "POST" else None
    except HTTPException:
        # More than may be sent: what was asked for cannot even be read.
        return None
    return found if found in NAMES else None


def chosen() -> str | None:
    """The language asked for now, else the one that this browser chose before, else the one the person chose."""
    found = asked() or request.cookies.get(COOKIE)
    own: str | None = g.get("own_language")
    return found if found in NAMES else own


def language() -> str:
    """The language that is spoken now: the page's, or the reader's where `speaking` says who reads; else English."""
    said = _spoken.get()
    if said is not None:
        return said
    if not has_request_context():
        return OWN
    if "page_language" not in g:
        speak_on_page(OWN)
        decide: Callable[[], str] = current_app.extensions["trefoil_page_language"]
        speak_on_page(decide())
    found: str = g.page_language
    return found


def reads_in(code: str | None) -> None:
    """Remembers, for this request, the language that the person signed in chose before."""
    g.own_language = code if code in NAMES else None


def speak_on_page(code: str) -> None:
    """Decides the language of the page that this request draws."""
    g.page_language = code


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Has everything within said in this language: a letter, a paper or a notice in its reader's own."""
    before = _spoken.set(code if code in NAMES else OWN)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(message: str, /, **words: Any) -> Any:
    """`message` in the language spoken, `%(name)s` filled in; an empty one stays empty."""
    return _filled(catalogue(language()).gettext(message) if message else "", words)


def ngettext(one: str, many: str, count: int, /, **words: Any) -> Any:
    """The form that goes with `count`, which may be shown as `%(num)s`."""
    return _filled(catalogue(language()).ngettext(one, many, count), {"num": count, **words})


def N_(message: str) -> str:
    """Marks a message for the catalogue where it cannot be said yet, as in a constant; `_` says it later."""
    return message


def day_and_month(value: date) -> str:
    """5 January 2026."""
    return str(format_date(value, "d MMMM y", locale=language()))


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The messages of a language, compiled from their source when first wanted; English needs none."""
    file = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if code == OWN or not file.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, _source(file, code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def words_of_scripts() -> dict[str, str]:
    """What the scripts of a page may say, by the English they say it in; nothing where that is what is spoken."""
    return _words_of_scripts(language())


@cache
def _words_of_scripts(code: str) -> dict[str, str]:
    file = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if code == OWN or not file.is_file():
        return {}
    return {
        one.id: one.string
        for one in _source(file, code)
        if BY_SCRIPTS in one.auto_comments
        and isinstance(one.id, str)
        and isinstance(one.string, str)
        and one.string
    }


def _source(file: Path, code: str) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=code)


def give_words(app: Flask, decide: Callable[[], str]) -> None:
    """Lets templates say things: `{{ _("…") }}` and `{{ ngettext("…", "…", n) }}`. `decide` tells the language of a
    page for which nothing has decided it."""
    app.extensions["trefoil_page_language"] = decide
    saying.through(_Engine())
    app.jinja_env.globals.update(_=_, ngettext=ngettext, words_of_scripts=words_of_scripts)


class _Engine:
    """What the engine says, in the language spoken when it says it."""

    def one(self, message: str) -> str:
        return catalogue(language()).gettext(message) if message else ""

    def counted(self, one: str, many: str, count: int) -> str:
        return catalogue(language()).ngettext(one, many, count)

    def day(self, value: date) -> str:
        return day_and_month(value)


def _filled(text: str, words: dict[str, Any]) -> Any:
    if not words:
        return text
    if any(isinstance(one, Markup) for one in words.values()):
        return escape(text) % words
    return text % words
