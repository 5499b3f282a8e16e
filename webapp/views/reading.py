"""Reading a form as it was asked and answered: any state, any revision, in its own version; to print as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, request

from engine.casework import Desk, amending, cases, submissions, withdrawing
from engine.casework.values import Submission
from webapp import speaking, tongues
from webapp.carried import carried_in, still_waiting
from webapp.changes import by_name, change_at, changes
from webapp.drawing.triangle import draw_triangle
from webapp.folding import folded
from webapp.naming import person_names, state_title
from webapp.numbers import whole
from webapp.onward import Next, next_lines
from webapp.opened import Opened, open_submission
from webapp.returning import CommentLine, comment_lines
from webapp.showing import Page, page, shows
from webapp.tongues import _

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
    versions = amending.versions(desk, submission)
    names = person_names(
        desk,
        [
            *(one.by for one in revisions),
            *(who for one in (found, *versions) for who in (one.begun_by, one.submitted_by, one.decided_by)),
        ],
    )
    said = comment_lines(desk, opened, of_this=True)
    asked_before = comment_lines(desk, opened) if found.state != "draft" else []
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
        versions=list(enumerate(versions, 1)),
        comments=said,
        answered=_with_changes(desk, opened, versions, asked_before),
        may_amend=revision is None and about is None and amending.may_amend(desk, submission),
        may_take_back=revision is None and withdrawing.may_take_back_form(desk, submission),
    )


def _with_changes(
    desk: Desk, opened: Opened, versions: Sequence[Submission], comments: Sequence[CommentLine]
) -> list[CommentLine]:
    """What was asked when it was sent back, each with the answer as it was then and as it is."""
    ids = [one.id for one in versions]
    at = ids.index(opened.submission.id) if opened.submission.id in ids else 0
    if not comments or at == 0:
        return list(comments)
    found = by_name(changes(open_submission(desk, ids[at - 1]), opened))
    return [replace(one, change=change_at(one.question, found)) for one in comments]


@pages.get("/<submission>/sent")
@shows("submission", "view")
def sent(desk: Desk, submission: str) -> Page:
    opened = open_submission(desk, submission)
    stands, first = _stands(desk, opened.submission.case) if opened.submission.case else ("", None)
    return page(
        "reading/sent.html",
        _("%(form)s sent", form=opened.form.title),
        opened=opened,
        stands=stands,
        first=first,
    )


def _stands(desk: Desk, case: str) -> tuple[str, Next | None]:
    """Where the case stands now, and the plain way on if it is this reader's to take."""
    found = cases.get(desk, case)
    pack = speaking.case_pack(desk, case)
    nexts = next_lines(
        cases.choices(desk, case, language=tongues.language()), pack.workflow(found.workflow), pack.stack
    )
    first = next((one for one in nexts if one.first), None) if found.open else None
    return state_title(pack.stack, found.workflow, found.state), first
