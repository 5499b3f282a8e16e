"""Reading a form as it was asked and answered: any state, any revision, in its own version; to print as well."""

from __future__ import annotations

from flask import Blueprint, request

from engine.casework import Desk, submissions, withdrawing
from webapp.carried import carried_in, still_waiting
from webapp.drawing.triangle import draw_triangle
from webapp.folding import folded
from webapp.naming import person_names
from webapp.numbers import whole
from webapp.opened import open_submission
from webapp.showing import Page, page, shows

pages = Blueprint("reading", __name__, url_prefix="/forms")


@pages.get("/<submission>/read")
@shows("submission", "view")
def read(desk: Desk, submission: str) -> Page:
    asked = request.args.get("revision", "")
    revision = whole(asked) or None
    about = request.args.get("about") or None
    opened = open_submission(desk, submission, revision=revision, about=about)
    revisions = submissions.revisions(desk, submission)
    found = opened.submission
    names = person_names(
        desk, [found.begun_by, found.submitted_by, found.decided_by, *(one.by for one in revisions)]
    )
    return page(
        "reading/read.html",
        opened.form.title,
        opened=opened,
        corners=opened.corners,
        picture=draw_triangle(opened.corners),
        summary=folded(opened.summary()),
        revisions=sorted(revisions, key=lambda one: one.number, reverse=True),
        names=names,
        about=about,
        to_confirm=still_waiting(carried_in(found, opened.stack, desk.today))
        if found.state == "submitted" and "submit" in found.may and revision is None
        else (),
        at=revision,
        may_take_back=revision is None and withdrawing.may_take_back_form(desk, submission),
    )


@pages.get("/<submission>/sent")
@shows("submission", "view")
def sent(desk: Desk, submission: str) -> Page:
    opened = open_submission(desk, submission)
    return page("reading/sent.html", f"{opened.form.title} sent", opened=opened)
