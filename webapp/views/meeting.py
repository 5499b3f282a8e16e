"""A meeting on one screen, for whoever types while others talk: lines to their places by one key, actions, questions.

What may be written where is what the form's `meeting` says; each line is added to the draft as it is now, so that two
who note at once lose nothing. Ends where every form ends: checking the answers. Works line by line without script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, NotReady, cases, noting, people, submissions
from engine.forms import meetings
from engine.language.model import Question
from engine.questions import dates
from webapp import shown_again
from webapp.answering import log_ignored
from webapp.folding import folded
from webapp.opened import Opened, open_submission
from webapp.showing import Page, go, page, shows
from webapp.summaries import Fault
from webapp.tongues import _
from webapp.views.filling import editing

pages = Blueprint("meeting", __name__, url_prefix="/meetings")
KEYS = 9
_NUMBERED = re.compile(r"([1-9])[:)]\s+(?=\S)")
"""`2: lives with his aunt`. Neither `2 brothers` nor `5:30 at the gate` is one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place for lines on the page: its key, where one is left for it, and what stands there so far."""

    path: str
    label: str
    guidance: str | None
    key: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One row as it is read out: who does what by when."""

    row: str
    what: str
    who: str
    due: date | None
    where: str
    beside: str


@pages.post("/of/<case>/<form>")
@shows("submission", "create")
def begin(desk: Desk, case: str, form: str) -> Response:
    """Opens the form's draft, or the one under way, as a meeting."""
    found = cases.get(desk, case)
    draft = submissions.open_draft(desk, form, record=found.record, case=case)
    return go("meeting.hold", submission=draft.id)


@pages.route("/<submission>", methods=["GET", "POST"])
@shows("submission", "edit")
def hold(desk: Desk, submission: str) -> Page | Response:
    opened = editing(desk, submission)
    if opened.form.meeting is None:
        raise NotFound("form")
    if request.method == "GET":
        before, wrong = shown_again.kept()
        return _shown(desk, opened, typed=before, problems=wrong, to=request.args.get("to", ""))
    typed = {name: text.strip() for name, text in request.form.items()}
    log_ignored(_not_offered(opened, typed), opened.submission.form)
    try:
        wrong, to = _done(desk, opened, typed)
    except (CaseworkError, NotReady) as error:
        if isinstance(error, NotFound):
            raise
        opened, wrong, to = open_submission(desk, submission), [Fault(str(error))], ""
    place = {"to": to} if to else {}
    if wrong:
        # Answered with an address, so that the browser's way back leads through no page that it cannot show again.
        token = shown_again.keep(typed, wrong)
        if token is None:
            return _shown(desk, opened, typed=typed, problems=wrong, to=to)
        return go("meeting.hold", submission=submission, **place, **{shown_again.ASKED: token})
    shown_again.forget()
    return go("meeting.hold", submission=submission, **place, _anchor=_where(typed))


def _not_offered(opened: Opened, typed: dict[str, str]) -> list[str]:
    """Posted answers that no box of this page is for."""
    asked = {"action": meetings.actions(opened.form), "ask": meetings.taken_away(opened.form)}
    boxes = {
        f"{kind}.{part}"
        for kind, one in asked.items()
        if (seen := _visible(opened, one)) is not None
        for part, _question in _parts(seen)
    }
    return [name for name in typed if name.startswith(("a.", "action.", "ask.")) and name not in boxes]


def _where(typed: dict[str, str]) -> str:
    """The box that was written in: whoever types goes on there."""
    return {"action": "action-what", "ask": "ask-what", "present": "present"}.get(typed.get("do", ""), "line")


def _done(desk: Desk, opened: Opened, typed: dict[str, str]) -> tuple[list[Fault], str]:
    """Does what was asked; gives what is wrong with it, and the place where the next line goes by itself."""
    id_, to = opened.submission.id, typed.get("at", "")
    match typed.get("do", ""):
        case "undo":
            noting.move_last_line(desk, id_, None)
        case "move":
            noting.move_last_line(desk, id_, typed.get("move_to", ""))
        case "present":
            if not typed.get("present"):
                return [Fault(_("Write who is here"), "present")], to
            noting.add_present(desk, id_, typed["present"])
        case "action" | "ask" as kind:
            return _agreed(desk, opened, kind, typed), to
        case "out":
            repeat, _dot, row = typed.get("row", "").partition(".")
            noting.take_out_row(desk, id_, repeat, row)
        case _:
            return _noted(desk, opened, typed)
    return [], to


def _noted(desk: Desk, opened: Opened, typed: dict[str, str]) -> tuple[list[Fault], str]:
    """A line to the place whose button was pressed, whose key the line begins with, or where the last one went."""
    places = _places(opened)
    line, to = typed.get("line", ""), typed.get("to", "")
    if not to and (begins := _NUMBERED.match(line)):
        to = next((one.path for one in places if one.key == int(begins[1])), "")
        line = line[begins.end() :] if to else line
    to = to or typed.get("at", "") or (places[0].path if places else "")
    if not line:
        return [Fault(_("Write a line before you send it"), "line")], to
    noting.add_line(desk, opened.submission.id, to, line, key=_key(typed))
    return [], to


def _agreed(desk: Desk, opened: Opened, kind: str, typed: dict[str, str]) -> list[Fault]:
    """An action, or a question that somebody takes away, as a row of the form."""
    asked = meetings.actions(opened.form) if kind == "action" else meetings.taken_away(opened.form)
    if asked is None:
        raise NotFound("question")
    wrong: list[Fault] = []
    said: dict[str, Any] = {}
    for part, question in _parts(asked):
        text = typed.get(f"{kind}.{part}", "")
        if not text:
            continue
        if question.type == "date":
            try:
                said[question.id] = dates.pasted(text, opened.today).isoformat()
            except dates.NotADate:
                message = _("Enter the day as in 27 3 2026 or 27 March 2026, or leave it out")
                wrong.append(Fault(message, f"{kind}-{part}"))
        else:
            said[question.id] = [text] if question.settings.get("many") is True else text
    if asked.what.id not in said:
        missing = _("Say what will be done") if kind == "action" else _("Write the question")
        wrong.insert(0, Fault(missing, f"{kind}-what"))
    if not wrong:
        noting.add_row(desk, opened.submission.id, asked.repeat.id, said, key=_key(typed))
    return wrong


def _key(typed: dict[str, str]) -> str | None:
    return typed.get("key", "")[:64] or None


def _parts(asked: meetings.Asked) -> list[tuple[str, Question]]:
    found = [("what", asked.what), ("beside", asked.beside), ("where", asked.where)]
    found += [("who", asked.who), ("due", asked.due)]
    return [(name, one) for name, one in found if one is not None]


def _places(opened: Opened) -> list[Place]:
    """Where lines can go now: what is shown, and not kept from this person."""
    answers, shown = opened.submission.answers, set(opened.evaluate().shown)
    found = meetings.places(opened.form, opened.stack.lists, answers)
    there = [one for one in found if one.path in shown]
    return [
        Place(
            one.path,
            one.label,
            one.guidance,
            number if number <= KEYS else None,
            tuple(line for line in noting.text_at(answers, one.path).split("\n") if line),
        )
        for number, one in enumerate(there, 1)
    ]


def _shown(
    desk: Desk,
    opened: Opened,
    *,
    typed: dict[str, str] | None = None,
    problems: list[Fault] | None = None,
    to: str = "",
) -> Page:
    places = _places(opened)
    at = to if any(one.path == to for one in places) else (places[0].path if places else "")
    actions, away = (_visible(opened, one(opened.form)) for one in (meetings.actions, meetings.taken_away))
    last = noting.last_line(desk, opened.submission.id)
    meeting = opened.form.meeting
    present = meeting.present if meeting and meeting.present in opened.evaluate().shown else None
    colleagues = [(one.id, one.name) for one in people.colleagues(desk)]
    names = dict(colleagues)
    asked_for, request_answers = _before(desk, opened)
    return page(
        "meeting/hold.html",
        opened.form.title,
        caption=opened.about_whom,
        opened=opened,
        places=places,
        at=at,
        last=last,
        last_at=next((one for one in places if last and one.path == last.path), None),
        actions=actions,
        agreed=[_row(opened, actions, one, names) for one in _rows(opened, actions)],
        away=away,
        taken=[_row(opened, away, one, names) for one in _rows(opened, away)],
        present=present,
        here=[one for one in noting.text_at(opened.submission.answers, present).split("\n") if one]
        if present
        else [],
        colleagues=colleagues,
        options=_options(opened, actions),
        asked_for=asked_for,
        request_answers=request_answers,
        typed=typed or {},
        problems=problems or [],
        key=uuid4().hex,
        check=url_for("filling.check", submission=opened.submission.id),
    )


def _visible(opened: Opened, asked: meetings.Asked | None) -> meetings.Asked | None:
    return asked if asked is not None and asked.repeat.id in opened.evaluate().shown else None


def _rows(opened: Opened, asked: meetings.Asked | None) -> list[dict[str, Any]]:
    return list(opened.submission.answers.get(asked.repeat.id) or ()) if asked is not None else []


def _row(opened: Opened, asked: meetings.Asked | None, row: dict[str, Any], names: dict[str, str]) -> Agreed:
    assert asked is not None

    def said(question: Question | None) -> str:
        value = row.get(question.id) if question is not None else None
        value = value[0] if isinstance(value, list) and value else value
        return str(value or "")

    who = said(asked.who)
    if asked.who is not None and asked.who.type == "staff":
        who = names.get(who, opened.name_of(who) or "") if who else ""
    where = next((label for id_, label in _options(opened, asked) if id_ == said(asked.where)), "")
    try:
        due = date.fromisoformat(said(asked.due)) if said(asked.due) else None
    except ValueError:
        due = None
    return Agreed(str(row.get("_row", "")), said(asked.what), who, due, where, said(asked.beside))


def _options(opened: Opened, asked: meetings.Asked | None) -> list[tuple[str, str]]:
    if asked is None or asked.where is None:
        return []
    found = opened.stack.lists.get(asked.where.options or "")
    return (
        [(one.id, one.label) for one in found.options if not one.group and not one.retired] if found else []
    )


def _before(desk: Desk, opened: Opened) -> tuple[str, Any]:
    """What the case was begun with: the first form that was handed in, so that the purpose is at hand."""
    if opened.submission.case is None:
        return "", ()
    found = [one for one in submissions.of_case(desk, opened.submission.case) if one.submitted_at is not None]
    if not found:
        return "", ()
    first = open_submission(desk, min(found, key=lambda one: (one.submitted_at, one.id)).id)
    return first.form.title, folded(first.summary())


@pages.get("/<submission>/read")
@shows("submission", "edit")
def aloud(desk: Desk, submission: str) -> Page:
    """What was agreed, to be read out at the end and put on the table."""
    opened = editing(desk, submission)
    if opened.form.meeting is None:
        raise NotFound("form")
    names = {one.id: one.name for one in people.colleagues(desk)}
    actions, away = (_visible(opened, one(opened.form)) for one in (meetings.actions, meetings.taken_away))
    return page(
        "meeting/aloud.html",
        _("What was agreed"),
        caption=f"{opened.form.title}: {opened.about_whom}",
        opened=opened,
        agreed=[_row(opened, actions, one, names) for one in _rows(opened, actions)],
        taken=[_row(opened, away, one, names) for one in _rows(opened, away)],
    )
