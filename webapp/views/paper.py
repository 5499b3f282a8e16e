"""Paper: a copy of a form, a record's chronology or a case's decisions for somebody, and forms to fill in by hand.

Whoever makes a copy is first asked whom it is for, then shown what that reader may not have. What is given is listed
on the record before it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from flask import Blueprint, request, send_file, url_for
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, records, releasing
from engine.casework.errors import CaseworkError
from engine.casework.readers import Reader
from webapp import speaking, stepping_up
from webapp.naming import form_title, person_names
from webapp.paper import giving, making
from webapp.paper.chronology import chronology_copy
from webapp.paper.giving import Prepared
from webapp.paper.html import html
from webapp.paper.model import Document
from webapp.paper.pdf import NoPdf, pdf
from webapp.paper.texting import text
from webapp.paper.word import word
from webapp.showing import Outside, Page, page, shows
from webapp.summaries import Fault
from webapp.tongues import N_, _
from webapp.words import day

pages = Blueprint("paper", __name__)

FORMATS = {
    "pdf": N_("PDF, to print or to send"),
    "docx": N_("Word, to go on working with"),
    "html": N_("Web page, to keep as a file"),
    "text": N_("Plain text, to paste into another system"),
}
WHATS = {"form": N_("Form"), "chronology": N_("Chronology"), "decisions": N_("Decisions of a case")}
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a copy is asked of: how it is prepared, where its page stands, and where one comes from."""

    prepare: giving.Preparing
    title: str
    here: str
    away: str
    name: str


@pages.route("/forms/<submission>/copy", methods=["GET", "POST"])
@shows("submission", "view")
def of_form(desk: Desk, submission: str) -> Page | Response | Outside:
    about = request.values.get("about") or None

    def prepare(at: Desk, reader: Reader, out: Collection[str]) -> Prepared:
        return giving.form_copy(at, submission, reader, out, about=about)

    return _asked(
        desk,
        Asked(
            prepare,
            _("A copy of this form"),
            url_for("paper.of_form", submission=submission, about=about),
            url_for("reading.read", submission=submission, about=about),
            "form",
        ),
    )


@pages.route("/cases/<case>/copy", methods=["GET", "POST"])
@shows("case", "view")
def of_case(desk: Desk, case: str) -> Page | Response | Outside:
    def prepare(at: Desk, reader: Reader, out: Collection[str]) -> Prepared:
        return giving.decisions_copy(at, case, reader, out)

    here, away = url_for("paper.of_case", case=case), url_for("cases.show", case=case)
    return _asked(desk, Asked(prepare, _("A copy of what was decided"), here, away, "decisions"))


@pages.route("/records/<record>/copy", methods=["GET", "POST"])
@shows("record", "view")
def of_record(desk: Desk, record: str) -> Page | Response | Outside:
    def prepare(at: Desk, reader: Reader, out: Collection[str]) -> Prepared:
        return chronology_copy(at, record, reader, out)

    here, away = url_for("paper.of_record", record=record), url_for("records.show", record=record)
    return _asked(desk, Asked(prepare, _("A copy of the chronology"), here, away, "chronology"))


def _asked(desk: Desk, asked: Asked) -> Page | Response | Outside:
    """Whom for, then what, then the copy. What may not be seen is not there, whoever is named."""
    stack = speaking.live_stack(desk)
    reader = giving.chosen(stack, request.values.get("for", ""))
    found = asked.prepare(desk, reader or giving.offered(stack)[0], _out())
    if reader is None:
        problems = [Fault(_("Choose whom the copy is for"), "for")] if "for" in request.values else []
        return page(
            "paper/whom.html", asked.title, asked=asked, about=found.document.about,
            what=found.document.title, readers=giving.offered(stack), problems=problems,
        )  # fmt: skip
    refused = _refused(desk, found, reader)
    if request.method == "GET" or refused:
        return _page(
            asked, found, reader, [Fault(refused)] if refused and request.method == "POST" else [], refused
        )
    format = request.form.get("format", "")
    if format not in FORMATS:
        return _page(asked, found, reader, [Fault(_("Choose what kind of file it should be"), "format")])
    if found.empty:
        return _page(asked, found, reader, [])
    if stepping_up.confirmed_lately():
        return _made(asked, found, reader, format)
    password = request.form.get("password", "")

    def after(again: Desk, right: bool) -> Page | Response | Outside:
        if right:
            return _made(asked, found, reader, format)
        return _page(asked, found, reader, [Fault(_("Enter your password as it is now"), "password")])

    return Outside(lambda: bool(password) and stepping_up.confirm(password), after)


def _out() -> frozenset[str]:
    return frozenset(request.form.getlist("out")[:2000])


def _refused(desk: Desk, found: Prepared, reader: Reader) -> str:
    """Why this person may not give this copy to this reader, in words."""
    try:
        releasing.require_give(desk, found.records, reader)
    except NotFound:
        raise
    except CaseworkError as error:
        return str(error)
    return ""


def _page(asked: Asked, found: Prepared, reader: Reader, problems: list[Fault], refused: str = "") -> Page:
    return page(
        "paper/give.html",
        asked.title,
        asked=asked,
        about=found.document.about,
        what=found.document.title,
        reader=reader,
        found=found,
        why=giving.WHY,
        formats=FORMATS,
        format=request.values.get("format", ""),
        refused=refused,
        ask_password=not stepping_up.confirmed_lately(),
        problems=problems,
    )


def _made(asked: Asked, found: Prepared, reader: Reader, format: str) -> Outside:
    """Draws the copy while nobody waits for the database, then writes it down and hands it out."""
    made_at = found.made_at

    def work() -> bytes | NoPdf:
        try:
            return DRAW[format](found.document) if format != "docx" else word(found.document, made=made_at)
        except NoPdf as error:
            return error

    def after(desk: Desk, content: bytes | NoPdf) -> Page | Response:
        if isinstance(content, NoPdf):
            return _page(asked, found, reader, [Fault(_(str(content)), "format")])
        releasing.give(desk, found.records, replace(found.given, format=format), content)
        if format == "text":
            return page(
                "paper/text.html", asked.title, asked=asked, about=found.document.about,
                what=found.document.title, copied=content.decode(), reader=reader,
            )  # fmt: skip
        return _file(content, f"{asked.name}-{desk.today.isoformat()}", format)

    return Outside(work, after)


DRAW: Mapping[str, Callable[[Document], bytes]] = {
    "pdf": pdf,
    "docx": word,
    "html": lambda document: html(document).encode(),
    "text": lambda document: text(document).encode(),
}


def _file(content: bytes, name: str, format: str) -> Response:
    # Never by a person's name: what lies in a folder of downloads tells nobody whom it is about.
    return send_file(
        BytesIO(content), mimetype=MEDIA[format], as_attachment=True, download_name=f"{name}.{format}",
        conditional=False, etag=False,
    )  # fmt: skip


@pages.get("/records/<record>/copies")
@shows("record", "view")
def given(desk: Desk, record: str) -> Page:
    """The copies given out about a record: for whom, by whom, when, and what was left out."""
    found = records.get(desk, record)
    given_out = releasing.of_record(desk, record)
    names = person_names(desk, [one.made_by for one in given_out])
    labels = {one.id: one.label for one in giving.offered(speaking.live_stack(desk))}
    lines = []
    for one in given_out:
        stack = speaking.pinned(desk, one.stack).stack
        what = form_title(stack, one.form) if one.form else str(_(WHATS[one.what]))
        left = giving.left_out_in_words(stack, one.form, one.left_out)
        lines.append((what, labels.get(one.reader, one.reader), one, names[one.made_by], left))
    return page(
        "paper/given.html",
        _("Copies given out"),
        record=found,
        lines=lines,
        formats=FORMATS,
        whole=found.reach == "whole",
    )


@pages.get("/paper")
@shows("paper", "view")
def forms(desk: Desk) -> Page:
    """Every form that there is, to be printed and filled in by hand."""
    stack = speaking.live_stack(desk)
    found = sorted(stack.forms.values(), key=lambda one: one.title.lower())
    return page("paper/forms.html", _("Forms to fill in by hand"), forms=found)


@pages.get("/paper/<form>/<format>")
@shows("paper", "view")
def blank(desk: Desk, form: str, format: str) -> Response | Outside:
    """A blank form. It holds nobody's information, so that it is for anybody."""
    pack = speaking.live(desk)
    if form not in pack.stack.forms or format not in ("pdf", "docx"):
        raise NotFound("form")
    manifest = pack.stack.manifest
    with_guidance = request.args.get("guidance") == "yes"
    copy = making.Copy(manifest.title, facts=((_("Printed"), day(desk.today)),))
    drawn = making.blank_form(pack.form(form), manifest, copy, guidance=with_guidance)
    made_at = desk.now

    def work() -> bytes | NoPdf:
        try:
            return pdf(drawn) if format == "pdf" else word(drawn, made=made_at)
        except NoPdf as error:
            return error

    def after(_again: Desk, content: bytes | NoPdf) -> Response:
        if isinstance(content, NoPdf):
            raise CaseworkError(_(str(content)))
        return _file(content, form, format)

    return Outside(work, after)
