"""A review in ten minutes: what a record says to whoever decides on it, each line opening what it shows; and questions
put to whoever works on it, answered and settled. All of it is read through casework, cut to what the reader may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from engine.casework import (
    CaseworkError,
    Desk,
    NotFound,
    actions,
    cases,
    chronology,
    deadlines,
    markers,
    people,
    queries,
    records,
    reviewing,
    submissions,
)
from engine.casework.queries import Query
from engine.casework.values import Submission
from engine.questions import dates
from webapp import chronicle, not_saved, reviews, speaking
from webapp.naming import case_lines, form_title, person_names, stack_of
from webapp.numbers import whole
from webapp.pressing import key_of
from webapp.showing import Page, go, page, shows
from webapp.summaries import Fault, question_at
from webapp.surroundings import stands_at
from webapp.tongues import N_, _
from webapp.views.records import option_label
from webapp.words import QUERY_STATES

pages = Blueprint("reviewing", __name__)
LONGEST_AGO = timedelta(days=90)
SAID = ("answer", "again", "withdraw")
"""What is said in words at a question."""
TURNS = {
    "asked": N_("asked"),
    "asked_again": N_("asked again"),
    "answered": N_("answered"),
    "accepted": N_("took the answer as enough"),
    "withdrawn": N_("took the question back"),
}


@pages.get("/records/<record>/review")
@shows("record", "view")
def review(desk: Desk, record: str) -> Page:
    """One page about a record, for the person who reviews it."""
    found = records.get(desk, record)
    if found.reach != "whole":
        raise NotFound("record")
    stack = speaking.live_stack(desk)
    context = (kind := stack.records.get(found.type)) is not None and kind.context
    forms = submissions.of_record(desk, record)
    stacks = {one.stack: stack_of(desk, one.stack) for one in forms}
    since = _since(desk, forms)
    entries = chronology.of_record(desk, record)
    recent = [one for one in entries if since <= one.day <= desk.today]
    agreed = actions.of_record(desk, record)
    put_off = reviewing.put_off(desk, record)
    fields = (
        {one.id: one.label for one in stack.lists["social_fields"].options}
        if "social_fields" in stack.lists
        else {}
    )
    all_cases = cases.of_record(desk, record)
    running = [one for one in all_cases if one.open]
    asked = queries.of_record(desk, record)
    names = person_names(desk, [*(one.person for one in recent), *_of_queries(asked)])
    teams = {one.id: one.name for one in people.teams(desk)} if any(one.team for one in recent) else {}
    steps = [one for one in recent if one.kind == "step"]
    acts_in = frozenset(one.social_field for one in agreed if one.social_field)
    return page(
        "reviewing/review.html",
        _("Review: %(name)s", name=found.name),
        caption=kind.title if kind else "",
        record=found,
        context=context,
        since=since,
        said=reviews.said(forms, stacks, "subject"),
        family=reviews.said(forms, stacks, "family"),
        decisions=chronicle.lines(desk, steps, record, names, teams),
        changed=chronicle.lines(desk, [one for one in recent if one.kind != "step"], record, names, teams),
        factors=reviews.factors(forms, stacks, acts_in, fields),
        marks=[(option_label(stack, one.list, one.option), one) for one in markers.of_record(desk, record)],
        slipped=[
            (one, put_off.get(one.id)) for one in agreed if _slipped(one, desk.today) or one.id in put_off
        ],
        fields_of=fields,
        left=[] if context else reviewing.left_behind(desk, record),
        cases=case_lines(desk, running, deadlines.due_dates(desk, running)),
        queries=asked,
        states=QUERY_STATES,
        names=names,
        may_ask="note" in found.may,
    )


def _since(desk: Desk, forms: list[Submission]) -> date:
    """The day asked for; else when this person last handed a form in here; else three months ago."""
    try:
        return dates.pasted(request.args["since"], desk.today)
    except (KeyError, dates.NotADate):
        pass
    mine = [one.submitted_at for one in forms if one.submitted_by == desk.person and one.submitted_at]
    return desk.day_of(max(mine)) if mine else desk.today - LONGEST_AGO


def _slipped(one: Any, today: date) -> bool:
    return one.due is not None and one.due < today


def _of_queries(found: list[Query]) -> list[str | None]:
    return [
        who for one in found for who in (one.person, one.asked_by, *(turn.by for turn in one.turns)) if who
    ]


# --- Questions


@pages.route("/records/<record>/ask", methods=["GET", "POST"])
@shows("record", "note")
def ask(desk: Desk, record: str) -> Page | Response:
    """Puts a question about a record or case, or at one answer of a form."""
    found = records.get(desk, record)
    if "note" not in found.may:
        raise NotFound("record")
    typed = {name: value.strip() for name, value in request.values.items()}
    running = [one for one in cases.of_record(desk, record) if one.open]
    at = _at(desk, typed.get("submission", ""), typed.get("question", ""))
    problems: list[Fault] = []
    if request.method == "POST" and speaking.ASKED not in request.form:
        due = _day(typed.get("due", ""), desk, problems)
        if not typed.get("text"):
            problems.insert(0, Fault(_("Write the question"), "text"))
        if not problems:
            case = typed.get("case") or (at[0].case if at else None) or None
            made = queries.ask(
                desk, record, typed["text"], case=case, person=typed.get("who") or None, due=due,
                submission=at[0].id if at else None, question=at[1] if at else None,
                key=key_of(typed["text"]),
            )  # fmt: skip
            return go("reviewing.one", query=made.id)
    holders = {one.person for each in running for one in each.allocated if one.person and one.until is None}
    colleagues = [one for one in people.colleagues(desk) if one.id != desk.person]
    shown = page(
        "reviewing/ask.html",
        _("Ask whoever works on this"),
        caption=found.name,
        record=found,
        cases=case_lines(desk, running),
        at=at,
        holders=[one for one in colleagues if one.id in holders],
        others=[one for one in colleagues if one.id not in holders],
        typed=typed,
        problems=problems,
        key=uuid4().hex,
    )
    here = url_for(
        "reviewing.ask", record=record, submission=at[0].id if at else None, question=at[1] if at else None
    )
    return not_saved.offered(desk, shown, record, "ask-form", address=here)


def _at(desk: Desk, submission: str, question: str) -> tuple[Submission, str | None, str, str] | None:
    """The form, and the question of it, that is asked about: what this person does not see is not there."""
    if not submission:
        return None
    form = submissions.get(desk, submission)
    stack = stack_of(desk, form.stack)
    found = question_at(stack.forms[form.form], question) if question else None
    label = found.label if found and question.partition(".")[0] not in form.hidden else ""
    return form, question if label else None, form_title(stack, form.form), label


def _day(text: str, desk: Desk, problems: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        return dates.pasted(text, desk.today)
    except dates.NotADate:
        problems.append(Fault(_("Enter the day as in 27 3 2026 or 27 March 2026, or leave it out"), "due"))
        return None


@pages.get("/queries/<query>")
@shows("query", "view")
def one(desk: Desk, query: str) -> Page:
    """A question with all that was said, and what this person may do with it now."""
    return _shown(desk, queries.get(desk, query), {}, [])


@pages.post("/queries/<query>")
@shows("query", "edit")
def say(desk: Desk, query: str) -> Page | Response:
    """Answers it, takes the answer as enough, asks again, or takes the question back."""
    found = queries.get(desk, query)
    typed = {name: text.replace("\r\n", "\n").strip() for name, text in request.form.items()}
    revision, text = whole(typed.get("revision", "")), typed.get("text", "")
    wanted = {"answer": "answer", "again": "settle", "withdraw": "settle"}
    deed = typed.get("do", "")
    if deed in wanted and not text and wanted[deed] in found.may:
        said = {"answer": _("Write the answer"), "again": _("Write the question"), "withdraw": _("Say why")}
        return _shown(desk, found, typed, [Fault(said[deed], f"text-{deed}")])
    try:
        match deed:
            case "answer":
                queries.answer(desk, query, text, revision=revision)
            case "again":
                queries.ask_again(desk, query, text, revision=revision)
            case "withdraw":
                queries.withdraw(desk, query, text, revision=revision)
            case "accept":
                queries.accept(desk, query, revision=revision)
    except CaseworkError as error:
        if isinstance(error, NotFound):
            raise
        return _shown(desk, queries.get(desk, query), typed, [Fault(str(error))])
    return go("reviewing.one", query=query)


def _open_to(found: Query) -> set[str]:
    """What can be said in words at a question as it stands now: the page has a box for each."""
    settled = {"settle"} & found.may
    if found.state == "answered":
        return {"again", "withdraw"} if settled else set()
    if found.state == "open":
        return ({"answer"} if "answer" in found.may else set()) | ({"withdraw"} if settled else set())
    return set()


def _shown(desk: Desk, found: Query, typed: dict[str, str], problems: list[Fault]) -> Page:
    about = records.get(desk, found.record)
    at = None
    if found.submission is not None:
        try:
            at = _at(desk, found.submission, found.question or "")
        except NotFound:
            at = None
    stands_at(url_for("reviewing.one", query=found.id))
    shown = page(
        "reviewing/one.html",
        _("Question taken away") if found.taken_away else _("Question"),
        caption=about.name,
        query=found,
        record=about,
        at=at,
        state=QUERY_STATES[found.state],
        said=TURNS,
        names=person_names(desk, _of_queries([found])),
        typed=typed,
        lost=typed.get("text", "") if typed.get("do") not in _open_to(found) else "",
        problems=problems,
        back=url_for("cases.show", case=found.case)
        if found.case
        else url_for("records.show", record=found.record),
    )
    forms = [f"{one}-form" for one in SAID]
    return not_saved.offered(desk, shown, found.record, *forms, posted=f"{typed.get('do', '')}-form")
