"""A case: where it stands, what can happen next and who may do it, its forms, tasks, dates and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from engine.casework import (
    Desk,
    NotFound,
    Refused,
    access,
    cases,
    commenting,
    people,
    submissions,
    telling,
)
from engine.casework.values import Case, Submission
from engine.language.model import Stack, Workflow
from webapp import not_saved, speaking, tongues, words
from webapp.naming import (
    form_title,
    person_names,
    role_title,
    stack_of,
)
from webapp.numbers import whole
from webapp.onward import allowing
from webapp.returning import ready_to_say, to_return
from webapp.showing import Page, go, go_on, page, shows
from webapp.summaries import Fault
from webapp.tongues import _
from webapp.typed import too_late

pages = Blueprint("cases", __name__, url_prefix="/cases")


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of the case and where it stands, in words."""

    form: str
    title: str
    state: str
    colour: str
    submission: Submission | None
    can_open: bool
    meets: bool = False


def form_lines(
    desk: Desk, case: Case, type: str, wanted: Iterable[str], found: Iterable[Submission], stack: Stack
) -> list[FormLine]:
    """The forms of the present state about this type of record, each with the newest submission of it."""
    newest: dict[str, Submission] = {}
    for one in found:
        known = newest.get(one.form)
        if one.state != "superseded" and (known is None or one.begun_at > known.begun_at):
            newest[one.form] = one
    lines = []
    for form in wanted:
        declared = stack.forms.get(form)
        if declared is None or (declared.about and type not in declared.about):
            continue
        last = newest.get(form)
        state, colour = words.not_started() if last is None else words.form_state(last.state)
        # Rules may reach single forms only, and only in some states: each form is asked about by itself.
        can_open = (
            case.open
            and (last is None or last.state in ("draft", "returned", "withdrawn"))
            and access.may(desk, "submit", case.record, form=form, state=case.state)
        )
        meets = can_open and declared.meeting is not None
        lines.append(FormLine(form, form_title(stack, form), state, colour, last, can_open, meets))
    return lines


def only_form(desk: Desk, case: Case, type: str) -> str | None:
    """The form with which a case that has just begun goes on, where there is just one, and it is this person's to
    write. Where it can be written in a meeting, that is chosen on the case's page."""
    stack = stack_of(desk, case.stack)
    workflow = stack.workflows[case.workflow]
    state = workflow.state(case.state)
    if state is None or case.state != workflow.initial:
        return None
    lines = form_lines(desk, case, type, state.forms, submissions.of_case(desk, case.id), stack)
    one = lines[0] if len(lines) == 1 else None
    return one.form if one and one.can_open and not one.meets else None


@pages.route("/<case>/do/<transition>", methods=["GET", "POST"])
@shows("case", "decide")
def do(desk: Desk, case: str, transition: str) -> Page | Response:
    found = cases.get(desk, case)
    stack: Stack = speaking.case_pack(desk, case).stack
    workflow = stack.workflows[found.workflow]
    offered = cases.choices(desk, case, language=tongues.language())
    choice = next((one for one in offered if one.transition == transition), None)
    if request.method == "POST":
        return _fire(desk, found, transition, choice, workflow, stack)
    if choice is None or choice.automatic:
        raise NotFound()
    return _confirm(desk, found, choice, workflow, stack, (), "")


def _fire(
    desk: Desk, case: Case, transition: str, choice: Any, workflow: Workflow, stack: Stack
) -> Page | Response:
    reason = request.form.get("reason", "").replace("\r\n", "\n").strip()
    if choice is not None and speaking.ASKED in request.form:
        return _confirm(desk, case, choice, workflow, stack, (), reason)
    if choice is not None and choice.reason == "required" and not reason:
        return _confirm(desk, case, choice, workflow, stack, [Fault(_("Write the reason"), "reason")], reason)
    revision = request.form.get("revision", "")
    model = workflow.transition(transition)
    comments = ready_to_say(desk, to_return(desk, case.id, model.send_back if model else (), request.form))
    try:
        cases.fire(
            desk,
            case.id,
            transition,
            revision=whole(revision),
            reason=reason or None,
            key=request.form.get("key", "")[:64] or None,
        )
        for one in comments:
            commenting.put(desk, one)
    except Refused as refused:
        may_see = telling.in_case(desk, case.id)
        if choice is None or choice.automatic:
            return _moved_meanwhile(case, [one.said(may_see) for one in refused.refusals], workflow, reason)
        faults = [
            Fault(one.said(may_see), "reason" if one.kind == "reason" else None) for one in refused.refusals
        ]
        return _confirm(desk, case, choice, workflow, stack, faults, reason)
    return go_on(desk, case.record, "cases.show", case=case.id)


def _moved_meanwhile(case: Case, reasons: Iterable[str], workflow: Workflow, reason: str) -> Page:
    """The step is gone, most likely because somebody moved the case while a reason was being written."""
    state = workflow.state(case.state)
    comments = [text for name, text in request.form.items() if name.startswith("comment.") and text.strip()]
    typed = [(_("Reason"), reason)] if reason else []
    return too_late(
        _("This step is no longer open"),
        *reasons,
        _("The case is now at: %(state)s.", state=state.title if state else case.state),
        typed=[*typed, *((_("Your comment"), one) for one in comments)],
        onward=(_("Go to the case"), url_for("cases.show", case=case.id)),
    )


def _confirm(
    desk: Desk,
    case: Case,
    choice: Any,
    workflow: Workflow,
    stack: Stack,
    problems: Iterable[Fault],
    reason: str,
) -> Page:
    model = workflow.transition(choice.transition)
    titles = {one.id: one.title for one in workflow.states}
    may_see = telling.in_case(desk, case.id)
    shown = page(
        "cases/do.html",
        choice.label,
        caption=f"{workflow.title}: {case.record_name}",
        case=case,
        choice=choice,
        why_not=tuple(one.said(may_see) for one in choice.refusals if one.kind != "reason"),
        allowing=allowing(choice, may_see),
        here=titles.get(case.state, case.state),
        targets=words.and_list([titles.get(one, one) for one in choice.targets], "or"),
        approves=[form_title(stack, one) for one in model.approve] if model else [],
        returns=[form_title(stack, one) for one in model.send_back] if model else [],
        approving=[
            (form_title(stack, one.form), one.id)
            for one in (submissions.of_case(desk, case.id) if model and model.approve else ())
            if model and one.form in model.approve and one.state == "submitted"
        ],
        commenting=to_return(desk, case.id, model.send_back if model else (), request.form),
        problems=list(problems),
        reason=reason,
        typed_in="step-form",
        key=uuid4().hex,
    )
    return not_saved.offered(desk, shown, case.record, "step-form")


@pages.post("/<case>/forms/<form>")
@shows("submission", "create")
def open_form(desk: Desk, case: str, form: str) -> Response:
    return into_form(desk, cases.get(desk, case), form)


def into_form(desk: Desk, found: Case, form: str) -> Response:
    """To the draft of a form in a case, begun where nobody has."""
    draft = submissions.open_draft(desk, form, record=found.record, case=found.id)
    if draft.revision == 1 and stack_of(desk, draft.stack).forms[form].several and len(draft.records) == 1:
        return go("choosing.choose", submission=draft.id)
    return go("filling.sections", submission=draft.id)


@pages.get("/<case>/forms/<form>")
@shows("submission", "view")
def go_to_form(desk: Desk, case: str, form: str) -> Response:
    """From a task to its form: the draft that is under way, or the case where it can be begun."""
    drafts = [one for one in submissions.of_case(desk, case) if one.form == form and one.state == "draft"]
    if drafts:
        return go("filling.sections", submission=drafts[0].id)
    return go("cases.show", case=case)


@pages.route("/<case>/people", methods=["GET", "POST"])
@shows("case", "assign")
def assign(desk: Desk, case: str) -> Page | Response:
    found = cases.get(desk, case)
    stack: Stack = speaking.case_pack(desk, case).stack
    if request.method == "POST":
        leaving = request.form.get("leave")
        if leaving:
            cases.unassign(desk, leaving)
            return go("cases.show", case=case)
        who = request.form.get("who", "")
        kind, _dot, chosen = who.partition(":")
        role = request.form.get("role") or None
        if chosen:
            cases.assign(
                desk, case, role=role,
                person=chosen if kind == "person" else None, team=chosen if kind == "team" else None,
            )  # fmt: skip
            return go("cases.show", case=case)
    names = person_names(desk, [one.person for one in found.allocated])
    teams = people.teams(desk)
    team_names = {one.id: one.name for one in teams}
    return page(
        "cases/people.html",
        _("Who works on this case"),
        caption=f"{stack.workflows[found.workflow].title}: {found.record_name}",
        case=found,
        holders=[
            (
                names.get(one.person) if one.person else team_names.get(one.team or "", _("A team")),
                role_title(stack, one.role),
                one,
            )
            for one in found.allocated
            if one.until is None
        ],
        colleagues=people.colleagues(desk),
        teams=teams,
        roles=stack.access.roles,
        problems=[Fault(_("Choose a person or a team"), "who")] if request.method == "POST" else [],
    )
