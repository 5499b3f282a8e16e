"""Filling in a form: its list of sections, a section at a time, checking the answers, sending it.

A section saves whatever was typed, understood or not; what is missing may wait for the end. Reading what was
posted and judging it is the form's own business (`engine.forms`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, NotReady, Stale, commenting, looking, submissions
from engine.forms.growing import added
from webapp import answering, speaking, uploading
from webapp.besides import keep_replies, read_with
from webapp.carried import carried_in, still_waiting
from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.drawing.beside import posted_answers
from webapp.drawing.triangle import draw_triangle
from webapp.drawing.values import row_ids
from webapp.folding import folded
from webapp.form_parts import (
    Part,
    first_question,
    page_of,
    part_name,
    part_of,
    part_page,
    part_title,
    section_lines,
    shown_parts,
)
from webapp.numbers import whole
from webapp.opened import Opened, open_submission
from webapp.remembering import likes_whole, remember_whole
from webapp.returning import comment_lines, sent_back
from webapp.sheet import Unsaved, sheet
from webapp.showing import Page, go, go_on, page, shows
from webapp.summaries import Fault, answer_faults, first_control, name_of_path, question_at, section_of
from webapp.surroundings import stands_at
from webapp.tongues import _
from webapp.typed import too_late, typed_answers

pages = Blueprint("filling", __name__, url_prefix="/forms")


def editing(desk: Desk, submission: str) -> Opened:
    """The draft, to be written in. Raises NotFound when it is no draft or not this person's to write."""
    opened = open_submission(desk, submission)
    require_writing(opened)
    return opened


def require_writing(opened: Opened) -> None:
    if opened.submission.state != "draft" or not opened.may_write:
        raise NotFound()


def sent_meanwhile(opened: Opened, fields: Mapping[str, Sequence[str]]) -> Page:
    """Somebody sent the form while this person was still writing in it: what they wrote is theirs to copy."""
    return too_late(
        _("This form was sent meanwhile"),
        _("Somebody sent %(form)s meanwhile, so it can no longer be changed here.", form=opened.form.title),
        typed=typed_answers(fields, opened.form, opened.stack, opened.name_of),
        onward=(_("Read the form as it was sent"), url_for("reading.read", submission=opened.submission.id)),
    )


@pages.get("/<submission>")
@shows("submission", "edit")
def sections(desk: Desk, submission: str) -> Page | Response:
    opened = open_submission(desk, submission)
    if opened.submission.state != "draft" or not opened.may_write:
        return go("reading.read", submission=submission)
    if request.args.get("look") == "parts":
        remember_whole(opened.form.id, False)
    elif likes_whole(opened.form.id):
        return go("whole.fill", submission=submission)
    evaluation = opened.evaluate()
    corners = opened.corners
    comments = comment_lines(desk, opened)
    return page(
        "filling/sections.html",
        opened.form.title,
        caption=opened.about_whom,
        before=read_with(desk, opened),
        opened=opened,
        corners=corners,
        picture=draw_triangle(corners),
        lines=section_lines(
            opened,
            evaluation,
            looking.of_submission(desk, submission),
            [one.question for one in comments if one.question and not one.dealt],
        ),
        comments=comments,
        back=sent_back(desk, opened),
        asides=submissions.asides(desk, submission),
    )


@pages.route("/<submission>/<section>", methods=["GET", "POST"])
@shows("submission", "edit")
def section(desk: Desk, submission: str, section: str) -> Page | Response:
    return _part(desk, submission, section, None)


@pages.route("/<submission>/<section>/of/<row>", methods=["GET", "POST"])
@shows("submission", "edit")
def part(desk: Desk, submission: str, section: str, row: str) -> Page | Response:
    """One record's part of a section that each record of the form has."""
    return _part(desk, submission, section, row)


def _part(desk: Desk, submission: str, section: str, row: str | None) -> Page | Response:
    opened = open_submission(desk, submission)
    declared = next((one for one in opened.form.sections if one.id == section), None)
    if declared is None or (row is not None) > declared.each:
        raise NotFound()
    part: Part = (declared, row)
    if declared.each and row not in opened.submission.records:
        if row is not None:
            raise NotFound()
        return redirect(part_page(opened, (declared, opened.submission.records[0])), 303)
    kept = kept_posts().find(request.args.get("kept", ""), current_user.person, now())
    if kept is not None and kept.path != request.path:
        kept = None
    if opened.submission.state != "draft" and (request.method == "POST" or kept is not None):
        return sent_meanwhile(opened, answering.posted_fields() if kept is None else kept.fields)
    require_writing(opened)
    if request.method == "POST":
        return _save(desk, opened, part)
    if kept is not None:
        entry = opened.entry(kept.fields, *part)
        return draw_section(
            desk, opened, part, answers=entry.answers, raw=entry.raw, problems=(), kept=kept.token,
            replies=posted_answers(kept.fields),
            revision=whole(kept.fields.get("revision", ("",))[0], opened.submission.revision),
        )  # fmt: skip
    problems = _in_part(opened, answering.typed_problems(opened.evaluate().problems), part)
    looked = problems if opened.submission.raw or request.args.get("check") else ()
    return draw_section(desk, opened, part, problems=looked)


def _in_part(opened: Opened, problems: Sequence[Any], part: Part) -> list[Any]:
    return [one for one in problems if part_of(opened, str(one.question)) == (part[0].id, part[1])]


def _save(desk: Desk, opened: Opened, part: Part) -> Page | Response:
    posted, refused = uploading.taken(
        desk, opened.submission.id, opened.form, answering.posted_fields(), opened.submission.answers
    )
    entry = opened.entry(posted, *part)
    entry = replace(entry, problems=(*entry.problems, *refused))
    forged = answering.not_offered(posted, entry.ignored, opened.submission.hidden)
    answering.log_ignored(forged, opened.submission.form)
    answers = dict(entry.answers)
    raw = dict(entry.raw)
    for cleared in posted.get("clear", ()):
        answers = answering.without(answers, cleared)
    revision = whole(posted.get("revision", [""])[0])
    before = set(opened.evaluate().shown)
    waiting = still_waiting(carried_in(opened.submission, opened.stack, opened.today), part)
    every = "all_still_right" in posted
    confirm = [one.question for one in waiting if every or one.question in posted.get("still_right", ())]
    try:
        saved = submissions.save(
            desk, opened.submission.id, answers, revision=revision, raw=raw, confirm=confirm
        )
    except NotReady as error:
        # A record or a person was chosen that is no longer to be had.
        return draw_section(
            desk, opened, part, problems=error.problems, answers=answers, raw=raw, revision=revision,
            replies=posted_answers(posted),
        )  # fmt: skip
    except CaseworkError as error:
        # Looked at again: it may have been sent between this person's look and this save.
        present = open_submission(desk, opened.submission.id)
        if present.submission.state == "draft":
            if isinstance(error, Stale):
                keep_replies(desk, opened.submission.id, posted_answers(posted))
            raise
        return sent_meanwhile(present, posted)
    for token in posted.get("kept", ()):
        kept_posts().forget(token, current_user.person)
    commenting.answer(desk, opened.submission.id, posted_answers(posted))
    looking.note(desk, opened.submission.id, [part_name(part)], saved=True)
    after = opened.after(desk, saved)
    if refused:
        # Wherever they meant to go: what was not kept has to be said while the file is still at hand.
        return draw_section(desk, after, part, problems=_wrong(after, part, entry))
    return _next(desk, after, part, posted, entry, before)


def _wrong(opened: Opened, part: Part, entry: Any) -> list[Any]:
    """What is not right on the page: one line a question."""
    found = [*entry.problems, *answering.typed_problems(opened.evaluate().problems)]
    return _in_part(opened, list({one.question: one for one in found}.values()), part)


def _next(
    desk: Desk,
    opened: Opened,
    part: Part,
    posted: Mapping[str, Sequence[str]],
    entry: Any,
    before: set[str],
) -> Page | Response:
    """Where to go once a section is saved."""
    back = "check" if "check" in (request.args.get("back"), *posted.get("back", ())) else None
    if "row.add" in posted:
        name = posted["row.add"][0]
        rows = opened.submission.answers.get(name) or [{}]
        if isinstance(rows, Mapping):
            rows = [{"_row": row_id} for row_id, _label in added(rows, ())] or [{}]
        return _here(opened, part, back, f"row.{name}.{rows[-1].get('_row', '')}")
    if "row.remove" in posted:
        return _here(opened, part, back, f"a.{posted['row.remove'][0].partition('.')[0]}")
    if "clear" in posted:
        return _here(opened, part, back, f"a.{posted['clear'][0]}")
    if speaking.ASKED in posted or posted.get("action") == ["compare"]:
        return _here(opened, part, back)
    if not entry.problems and (same := uploading.again(posted)) is not None:
        return same
    if "find" in posted:
        where = {"submission": opened.submission.id, "section": part[0].id, "path": posted["find"][0]}
        return go("finding.find", **where, **_from(back))
    if posted.get("action") == ["later"]:
        return go("filling.sections", submission=opened.submission.id)
    evaluation = opened.evaluate()
    wrong = _wrong(opened, part, entry)
    if wrong:
        return draw_section(desk, opened, part, problems=wrong)
    fresh = [one for one in evaluation.shown if one not in before]
    fresh = [one for one in fresh if part_of(opened, one) == (part[0].id, part[1])]
    if posted.get("script") != ["on"] and any(one in opened.askable for one in fresh):
        return draw_section(desk, opened, part, problems=(), more=True)
    if back == "check":
        return go("filling.check", submission=opened.submission.id, _anchor="main")
    following = shown_parts(opened, evaluation)
    later = following[following.index(part) + 1 :] if part in following else []
    if later:
        return redirect(part_page(opened, later[0], _anchor=first_question(opened, later[0])), 303)
    return go("filling.check", submission=opened.submission.id, _anchor="main")


def _here(opened: Opened, part: Part, back: str | None, anchor: str | None = None) -> Response:
    """The same page again."""
    return redirect(part_page(opened, part, _anchor=anchor, **_from(back)), 303)


def _from(back: str | None) -> dict[str, str]:
    return {"back": back} if back else {}


def draw_section(
    desk: Desk, opened: Opened, part: Part, *, problems: Sequence[Any], **unsaved: Unpack[Unsaved]
) -> Page:
    """A section's page; what is given of `unsaved` stands in for what is saved."""
    on = sheet(desk, opened, problems=problems, **unsaved)
    section, row = part
    looking.note(desk, opened.submission.id, [part_name(part)])
    parts = shown_parts(opened, opened.evaluate())
    return page(
        "filling/section.html",
        part_title(opened, part),
        caption=opened.form.title,
        section=section,
        number=parts.index(part) + 1 if part in parts else None,
        count=len(parts),
        fields=on.drawn.draw(section.id, replace(on.ink, only_row=row)),
        settled=section.id in on.drawn.settled,
        to_confirm=len(still_waiting(on.carried, part)),
        back="check" if request.values.get("back") == "check" else "",
        has_guidance=bool(section.guidance or any(one.guidance or one.help for one in section.questions)),
        **on.told,
    )


@pages.get("/<submission>/check")
@shows("submission", "edit")
def check(desk: Desk, submission: str) -> Page:
    return _check_page(desk, editing(desk, submission), ())


def _check_page(desk: Desk, opened: Opened, problems: Sequence[Any]) -> Page:
    evaluation = opened.evaluate()
    faults = [_on_its_page(opened, one) for one in problems]
    stands_at(url_for("filling.check", submission=opened.submission.id))
    return page(
        "filling/check.html",
        _("Check your answers"),
        caption=opened.form.title,
        opened=opened,
        summary=folded(opened.summary()),
        missing=[_on_its_page(opened, one) for one in evaluation.advice],
        needed=[_on_its_page(opened, one) for one in evaluation.problems if one.code == "required"]
        if not problems
        else [],
        to_confirm=still_waiting(carried_in(opened.submission, opened.stack, opened.today, evaluation.shown)),
        problems=faults,
        key=uuid4().hex,
        change=lambda path: _change_link(opened, path),
        why=lambda item: _why_link(opened, item),
        comments=comment_lines(desk, opened),
        amends=commenting.goes_on(desk, opened.submission.id),
    )


def _change_link(opened: Opened, path: str) -> str | None:
    """Where an answer is changed: its section's page, at its question."""
    section_id = section_of(opened.form, path)
    question = question_at(opened.form, path)
    if section_id is None or question is None or question.calculate is not None:
        return None
    name = name_of_path(path, row_ids(opened.form, opened.submission.answers))
    link = part_page(opened, page_of(opened, path), back="check")
    return f"{link}#{first_control(name, question)}"


def _why_link(opened: Opened, item: Any) -> str | None:
    """Where it is told why a question with a condition is asked."""
    asked = item.question
    if asked.show_if is None and asked.required_if is None:
        return None
    return url_for("why.question", submission=opened.submission.id, question=item.path, back="check")


def _on_its_page(opened: Opened, problem: Any) -> Fault:
    """A problem as a line that leads to the question on its own section's page."""
    [fault] = answer_faults([problem], opened.form, opened.submission.answers)
    section_id = section_of(opened.form, str(problem.question))
    if section_id is None:
        return Fault(fault.message)
    link = part_page(opened, page_of(opened, str(problem.question)), back="check", check="yes")
    return Fault(_whose(opened, problem, fault.message), fault.target, link)


def _whose(opened: Opened, problem: Any, message: str) -> str:
    """A problem in one record's part says whose."""
    row = part_of(opened, str(problem.question))[1]
    return f"{opened.people.get(row, '')}: {message}" if row else message


@pages.post("/<submission>/still-right")
@shows("submission", "edit")
def still_right(desk: Desk, submission: str) -> Response:
    """Some answers that were carried from earlier are still right, or all that the page showed."""
    chosen = request.form.getlist("every" if "all_still_right" in request.form else "still_right")
    found = submissions.confirm(desk, submission, chosen[:500])
    return go("filling.check" if found.state == "draft" else "reading.read", submission=found.id)


@pages.post("/<submission>/submit")
@shows("submission", "submit")
def submit(desk: Desk, submission: str) -> Page | Response:
    opened = open_submission(desk, submission)
    key = request.form.get("key", "")[:64] or None
    if opened.submission.state != "draft" and opened.submission.submitted_by != current_user.person:
        raise NotFound()
    try:
        sent = submissions.submit(desk, submission, revision=whole(request.form.get("revision", "")), key=key)
    except NotReady as error:
        return _check_page(desk, opened, error.problems)
    return go_on(desk, sent.record, "reading.sent", submission=sent.id)
