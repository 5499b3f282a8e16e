"""`trefoil render`: a form on paper, blank or with answers from a file, as HTML, PDF or Word.

What is printed so is a definition, or answers that whoever runs the command has in a file; no record is opened and no
database is asked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import engine
from engine.cli import FINE, WrongUse, values_from
from engine.packs import Pack
from webapp.paper import making
from webapp.paper.model import Document
from webapp.paper.pdf import NoPdf
from webapp.tongues import _, speaking
from webapp.words import day


def _html(document: Document) -> bytes:
    from webapp.paper.html import html

    return html(document).encode()


def _pdf(document: Document) -> bytes:
    from webapp.paper.pdf import pdf

    return pdf(document)


def _docx(document: Document) -> bytes:
    from webapp.paper.word import word

    return word(document, made=datetime.now(UTC))


WAYS: dict[str, Callable[[Document], bytes]] = {".html": _html, ".docx": _docx, ".pdf": _pdf}


def add_to(commands: Any) -> None:
    made = commands.add_parser("render", help="put a form on paper: HTML, PDF or Word")
    made.add_argument("form", metavar="FORM")
    made.add_argument("--pack", metavar="P", required=True)
    made.add_argument("--answers", metavar="FILE", help="JSON or YAML; - reads what is piped in")
    made.add_argument(
        "--blank", action="store_true", help="to be filled in by hand; so it is without --answers"
    )
    made.add_argument("--guidance", action="store_true", help="with the guidance for whoever writes")
    made.add_argument("--language", metavar="CODE", help="one that the pack is translated into, such as cy")
    made.add_argument("--out", metavar="FILE", required=True, help="FILE.html, FILE.docx or FILE.pdf")
    made.add_argument("--root", metavar="DIR", default=".", help="the workspace (default: here)")
    made.set_defaults(run=render)


def render(given: argparse.Namespace) -> int:
    out = Path(given.out)
    draw = WAYS.get(out.suffix.lower())
    if draw is None:
        raise WrongUse(f"‘{given.out}’ should end in .html, .docx or .pdf: that says what is made.")
    if given.blank and given.answers:
        raise WrongUse("A blank form has no answers. Leave out --blank or --answers.")
    answers = values_from(given.answers, "answers") if given.answers else None
    pack = _spoken(engine.load(given.root).pack(given.pack), given.language)
    document = _document(pack, given.form, answers, guidance=given.guidance)
    try:
        content = draw(document)
    except NoPdf as error:
        raise WrongUse(str(error)) from None
    try:
        out.write_bytes(content)
    except OSError as error:
        raise WrongUse(f"‘{given.out}’ cannot be written: {error.strerror}.") from None
    print(f"{given.out}: {document.title}, {len(content):,} bytes.", file=sys.stderr)
    return FINE


def _spoken(pack: Pack, language: str | None) -> Pack:
    if language is None:
        return pack
    if language not in pack.languages:
        raise WrongUse(f"‘{pack.id}’ has no texts in ‘{language}’. It has: {', '.join(pack.languages)}.")
    return pack.in_language(language)


def _document(pack: Pack, form_id: str, answers: dict[str, Any] | None, *, guidance: bool) -> Document:
    form, manifest = pack.form(form_id), pack.stack.manifest
    with speaking(manifest.language):
        made_on = (_("Printed"), day(datetime.now(ZoneInfo(manifest.zone))))
        copy = making.Copy(manifest.title, facts=(made_on,))
        if answers is None:
            return making.blank_form(form, manifest, copy, guidance=guidance)
        summary = form.summary(answers, today=date.today(), facts={})
        return making.filled_form(form, manifest, copy, summary, kind=_("From a file of answers"))
