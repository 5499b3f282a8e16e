"""The whole form on one page: the same definition, answers, posting and problems as a section at a time.

Everything is drawn, parts that are not asked now hidden, so that conditions work while people type; whoever has no
script sees what became asked once they save. Which way somebody likes a form is remembered by their browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, NotReady, Stale, commenting, looking, submissions
from engine.forms.entry import Entry
from engine.forms.growing import added
from webapp import answering, speaking, uploading
from webapp.besides import keep_replies
from webapp.carried import carried_in, still_waiting
from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.drawing.beside import posted_answers
from webapp.form_parts import Part, part_name, part_title, shown_parts
from webapp.numbers import whole
from webapp.opened import Opened, open_submission
from webapp.remembering import remember_whole
from webapp.returning import sent_back
from webapp.sheet import Unsaved, sheet
from webapp.showing import Page, go, go_to, page, shows
from webapp.views.filling import require_writing, sent_meanwhile

pages = Blueprint("whole", __name__, url_prefix="/forms")


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """One part of the form as it stands on the page; hidden where it is not asked now."""

    id: str
    path: str
    title: str
    hint: str
    guidance: str
    fields: Markup
    shown: bool


@pages.route("/<submission>/whole", methods=["GET", "POST"])
@shows("submission", "edit")
def fill(desk: Desk, submission: str) -> Page | Response:
    opened = open_submission(desk, submission)
    kept = kept_posts().find(request.args.get("kept", ""), current_user.person, now())
    if kept is not None and kept.path != request.path:
        kept = None
    if opened.submission.state != "draft" and (request.method == "POST" or kept is not None):
        return sent_meanwhile(opened, answering.posted_fields() if kept is None else kept.fields)
    require_writing(opened)
    if request.method == "POST":
        return _save(desk, opened)
    remember_whole(opened.form.id, True)
    if kept is not None:
        entry = _entered(opened, kept.fields)
        return _draw(
            desk, opened, problems=(), answers=entry.answers, raw=entry.raw, kept=kept.token,
            replies=posted_answers(kept.fields),
            revision=whole(kept.fields.get("revision", ("",))[0], opened.submission.revision),
        )  # fmt: skip
    problems = answering.typed_problems(opened.evaluate().problems)
    return _draw(
        desk, opened, problems=problems if opened.submission.raw or request.args.get("check") else ()
    )


def _entered(opened: Opened, posted: Mapping[str, Sequence[str]]) -> Entry:
    """What was posted for every part at once."""
    fields = {
        **posted,
        "a.@section": [one.id for one in opened.form.sections],
        "a.@row": list(opened.submission.records),
    }
    return opened.compiled.entry(
        fields, before=opened.submission.answers, today=opened.today, mint=lambda: uuid4().hex
    )


def _save(desk: Desk, opened: Opened) -> Page | Response:
    posted, refused = uploading.taken(
        desk, opened.submission.id, opened.form, answering.posted_fields(), opened.submission.answers
    )
    entry = _entered(opened, posted)
    entry = replace(entry, problems=(*entry.problems, *refused))
    forged = answering.not_offered(posted, entry.ignored, opened.submission.hidden)
    answering.log_ignored(forged, opened.submission.form)
    answers, raw = dict(entry.answers), dict(entry.raw)
    for cleared in posted.get("clear", ()):
        answers = answering.without(answers, cleared)
    revision = whole(posted.get("revision", [""])[0])
    before = set(opened.evaluate().shown)
    waiting = still_waiting(carried_in(opened.submission, opened.stack, opened.today))
    every = "all_still_right" in posted
    confirm = [one.question for one in waiting if every or one.question in posted.get("still_right", ())]
    try:
        saved = submissions.save(
            desk, opened.submission.id, answers, revision=revision, raw=raw, confirm=confirm
        )
    except NotReady as error:
        return _draw(
            desk, opened, problems=error.problems, answers=answers, raw=raw, revision=revision,
            replies=posted_answers(posted),
        )  # fmt: skip
    except CaseworkError as error:
        present = open_submission(desk, opened.submission.id)
        if present.submission.state == "draft":
            if isinstance(error, Stale):
                keep_replies(desk, opened.submission.id, posted_answers(posted))
            raise
        return sent_meanwhile(present, posted)
    for token in posted.get("kept", ()):
        kept_posts().forget(token, current_user.person)
    commenting.answer(desk, opened.submission.id, posted_answers(posted))
    after = opened.after(desk, saved)
    parts = [part_name(part) for part in shown_parts(after, after.evaluate())]
    looking.note(desk, opened.submission.id, parts, saved=True)
    if refused:
        return _draw(desk, after, problems=_wrong(after, entry))
    return _next(desk, after, posted, entry, before)


def _wrong(opened: Opened, entry: Entry) -> list[Any]:
    """What is not right on the page: one line a question."""
    found = [*entry.problems, *answering.typed_problems(opened.evaluate().problems)]
    return list({one.question: one for one in found}.values())


def _next(
    desk: Desk, opened: Opened, posted: Mapping[str, Sequence[str]], entry: Entry, before: set[str]
) -> Page | Response:
    """Where to go once the form is saved."""
    submission = opened.submission
    here = url_for("whole.fill", submission=submission.id)
    if "row.add" in posted:
        name = posted["row.add"][0]
        rows = submission.answers.get(name) or [{}]
        if isinstance(rows, Mapping):
            rows = [{"_row": row_id} for row_id, _label in added(rows, ())] or [{}]
        return go_to(here, f"row.{name}.{rows[-1].get('_row', '')}")
    if "row.remove" in posted:
        return go_to(here, f"a.{posted['row.remove'][0].partition('.')[0]}")
    if "clear" in posted:
        return go_to(here, f"a.{posted['clear'][0]}")
    if speaking.ASKED in posted:
        return redirect(here, 303)
    if not entry.problems and (same := uploading.again(posted)) is not None:
        return same
    if "find" in posted:
        section = _section_of(opened, posted["find"][0])
        return go("finding.find", submission=submission.id, section=section, path=posted["find"][0])
    if posted.get("action") == ["later"]:
        if submission.case:
            return go("cases.show", case=submission.case)
        return go("records.show", record=submission.record)
    wrong = _wrong(opened, entry)
    if wrong:
        return _draw(desk, opened, problems=wrong)
    fresh = [one for one in opened.evaluate().shown if one not in before and one in opened.askable]
    if posted.get("script") != ["on"] and fresh:
        return _draw(desk, opened, problems=(), more=True)
    return go("filling.check", submission=submission.id, _anchor="main")


def _section_of(opened: Opened, name: str) -> str:
    head = name.partition(".")[0]
    for section in opened.form.sections:
        if section.id == head or any(one.id == head for one in section.questions):
            return section.id
    raise NotFound("question")


def _draw(desk: Desk, opened: Opened, *, problems: Sequence[Any], **unsaved: Unpack[Unsaved]) -> Page:
    """The page; what is given of `unsaved` stands in for what is saved."""
    on = sheet(desk, opened, problems=problems, **unsaved)
    shown = {part_name(part) for part in shown_parts(opened, opened.evaluate())}
    every: list[Part] = [
        (section, row)
        for section in opened.form.sections
        for row in (opened.submission.records if section.each else (None,))
    ]
    parts = [
        DrawnPart(
            part_name((section, row)).replace(".", "-"),
            section.id,
            part_title(opened, (section, row)),
            section.hint or "",
            section.guidance or "",
            on.drawn.draw(section.id, replace(on.ink, only_row=row)),
            part_name((section, row)) in shown,
        )
        for section, row in every
    ]
    return page(
        "filling/whole.html",
        opened.form.title,
        caption=opened.about_whom,
        parts=parts,
        files=any('type="file"' in one.fields for one in parts),
        to_confirm=len(still_waiting(on.carried)),
        back=sent_back(desk, opened),
        **on.told,
    )
