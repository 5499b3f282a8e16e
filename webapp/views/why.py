"""Why a question of a form is asked, required or left out: a plain page for one question, as it was last saved.

Whoever may write in the part may ask; what they may not see is not told here either. Must not know how reasons are
found.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request, url_for

from engine.casework import Desk, NotFound, submissions, telling
from webapp.drawing.values import row_ids
from webapp.opened import open_submission
from webapp.remembering import likes_whole
from webapp.showing import Page, page, shows
from webapp.summaries import first_control, name_of_path, question_at, section_of
from webapp.tongues import _

pages = Blueprint("why", __name__, url_prefix="/forms")


@pages.get("/<submission>/why/<path:question>")
@shows("submission", "edit")
def question(desk: Desk, submission: str, question: str) -> Page:
    opened = open_submission(desk, submission)
    if opened.submission.state != "draft" or not opened.may_write:
        raise NotFound("submission")
    # By all answers, told in the reader's language, and nothing that is kept from them.
    judge = replace(submissions.judge(desk, submission), form=opened.compiled)
    why = telling.of_question(judge, question)
    asked = question_at(opened.form, question)
    part = next((one for one in opened.form.sections if one.id == section_of(opened.form, question)), None)
    if part is None:
        raise NotFound("question")
    anchor = first_control(name_of_path(question, row_ids(opened.form, opened.submission.answers)), asked)
    if request.args.get("back") == "check":
        back = url_for("filling.check", submission=submission)
    elif likes_whole(opened.form.id):
        back = url_for("whole.fill", submission=submission, _anchor=anchor)
    else:
        back = url_for("filling.section", submission=submission, section=part.id, _anchor=anchor)
    return page(
        "filling/why.html",
        _("Why this is asked") if why.shown else _("Why this is not asked"),
        caption=opened.form.title,
        opened=opened,
        label=asked.label if asked is not None else part.title,
        part=part,
        why=why,
        otherwise=tuple(dict.fromkeys(map(str, why.otherwise))),
        back=back,
    )
