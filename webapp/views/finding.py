"""Finding the record that an answer should name, on a page of its own, so that it works without script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, access, records, submissions
from engine.language.model import Question
from webapp.form_parts import page_of, part_page
from webapp.naming import type_title
from webapp.opened import Opened
from webapp.showing import Page, page, shows
from webapp.speaking import live_stack
from webapp.tongues import _
from webapp.views.filling import editing

pages = Blueprint("finding", __name__, url_prefix="/forms")


def _question(opened: Opened, section: str, name: str) -> Question:
    """The record_link question that a field name leads to; NotFound for any other."""
    parts = name.split(".")
    part = next((one for one in opened.form.sections if one.id == section), None)
    pool = {one.id: one for one in part.questions} if part else {}
    found = pool.get(parts[-1]) if len(parts) == 1 else None
    if len(parts) == 3:
        if part and part.each and parts[0] == part.id:
            found = pool.get(parts[2])
        elif parts[0] in pool:
            found = {one.id: one for one in pool[parts[0]].questions}.get(parts[2])
    if found is None or found.type != "record_link":
        raise NotFound()
    return found


@pages.route("/<submission>/<section>/find/<path>", methods=["GET", "POST"])
@shows("submission", "edit")
def find(desk: Desk, submission: str, section: str, path: str) -> Page | Response:
    opened = editing(desk, submission)
    question = _question(opened, section, path)
    wanted = question.settings.get("to") or ()
    types = [wanted] if isinstance(wanted, str) else [str(one) for one in wanted]  # type: ignore[attr-defined]
    if request.method == "POST":
        record = records.get(desk, request.form.get("record", ""))
        if types and record.type not in types:
            raise NotFound()
        answers = put(opened.submission.answers, path, record.id, many=bool(question.settings.get("many")))
        raw = {name: text for name, text in opened.submission.raw.items() if name.removeprefix("a.") != path}
        submissions.save(desk, submission, answers, revision=opened.submission.revision, raw=raw)
        before = {"back": "check"} if request.values.get("back") == "check" else {}
        return redirect(part_page(opened, page_of(opened, path), _anchor=f"a.{path}", **before), 303)
    words = request.args.get("q", "").strip()
    back = "check" if request.args.get("back") == "check" else ""
    return page(
        "finding.html",
        _("Find: %(label)s", label=question.label),
        caption=opened.form.title,
        opened=opened,
        section=section,
        path=path,
        words=words,
        back=back,
        back_to=part_page(opened, page_of(opened, path), **({"back": back} if back else {})),
        found=records.find(desk, words, types=types, limit=50) if words else [],
        kinds={one.id: one.title for one in live_stack(desk).records.values()},
        makes=[(one, type_title(live_stack(desk), one)) for one in types if access.may_create(desk, one)],
        here=request.full_path.rstrip("?"),
    )


def put(answers: Any, name: str, value: str, *, many: bool) -> dict[str, Any]:
    """The answers with a record added at a field's place."""
    head, _dot, rest = name.partition(".")
    if not rest:
        had = answers.get(name)
        listed = list(had) if isinstance(had, list) else [had] if had else []
        return {**answers, name: [*(one for one in listed if one != value), value] if many else value}
    row, _dot, inner = rest.partition(".")
    inside = answers.get(head)
    if isinstance(inside, list):
        rows = [put(one, inner, value, many=many) if one.get("_row") == row else one for one in inside]
        return {**answers, head: rows}
    if isinstance(inside, dict):
        return {**answers, head: {**inside, row: put(inside.get(row) or {}, inner, value, many=many)}}
    return dict(answers)
