"""Choosing whom a form about several people is about: those linked are offered first, others are found by name."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, choosing, records
from webapp.naming import type_title
from webapp.numbers import whole
from webapp.showing import Page, go, page, shows
from webapp.tongues import _
from webapp.views.filling import editing

pages = Blueprint("choosing", __name__, url_prefix="/forms")


@pages.route("/<submission>/who-it-is-about", methods=["GET", "POST"])
@shows("submission", "edit")
def choose(desk: Desk, submission: str) -> Page | Response:
    opened = editing(desk, submission)
    if not opened.form.several:
        raise NotFound()
    if request.method == "POST":
        wanted = request.form.getlist("record")
        revision = whole(request.form.get("revision", ""))
        choosing.choose(desk, submission, wanted, revision=revision)
        return go("filling.sections", submission=submission)
    words = request.args.get("q", "").strip()
    linked = [one for one in choosing.offered(desk, submission) if one not in opened.people]
    found = records.find(desk, words, types=opened.form.about, closed=False, limit=30) if words else []
    others = [one for one in found if one.id not in opened.people and one.id not in linked]
    return page(
        "filling/whom.html",
        _("Whom is this form about?"),
        caption=opened.form.title,
        opened=opened,
        linked=[(one, opened.name_of(one)) for one in linked],
        words=words,
        found=[(one.id, one.name) for one in others if choosing.can_be_about(desk, opened.form, one.id)],
        kind=" or ".join(type_title(desk.stack, one).lower() for one in opened.form.about),
    )
