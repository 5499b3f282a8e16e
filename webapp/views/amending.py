"""Versions of a form: beginning a new one from what was sent, and what differs between two of them."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, amending
from engine.casework.values import Submission
from webapp.changes import changes
from webapp.naming import person_names
from webapp.opened import open_submission
from webapp.showing import Page, go, page, shows
from webapp.tongues import _

pages = Blueprint("amending", __name__, url_prefix="/forms")


@pages.post("/<submission>/amend")
@shows("submission", "submit")
def amend(desk: Desk, submission: str) -> Response:
    """A new version, begun from this one, or the one that is under way."""
    return go("filling.sections", submission=amending.begin(desk, submission))


@pages.get("/<submission>/changes")
@shows("submission", "view")
def show(desk: Desk, submission: str) -> Page:
    """What this version says other than an earlier one: the one before it unless `than` names another."""
    versions = amending.versions(desk, submission)
    at = next(number for number, one in enumerate(versions) if one.id == submission)
    wanted = request.args.get("than")
    other = _version(versions, wanted) if wanted else versions[at - 1] if at else None
    if other is None or other.id == submission:
        raise NotFound("submission")
    old, new = sorted((other, versions[at]), key=versions.index)
    before, after = open_submission(desk, old.id), open_submission(desk, new.id)
    return page(
        "reading/changes.html",
        _("What changed in %(form)s", form=after.form.title),
        caption=after.about_whom,
        opened=after,
        before=before,
        old=versions.index(old) + 1,
        new=versions.index(new) + 1,
        changed=changes(before, after),
        versions=versions,
        names=person_names(
            desk, [one for both in (old, new) for one in (both.submitted_by, both.changed_by)]
        ),
    )


def _version(versions: list[Submission], wanted: str) -> Submission | None:
    return next((one for one in versions if one.id == wanted), None)
