"""What people do to a case besides moving it on: stop its clock, ask somebody for something, take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, cases, pausing, people, records, submissions, tasks, withdrawing
from engine.casework.values import Case
from webapp import not_saved
from webapp.naming import form_title, stack_of
from webapp.numbers import day_in, whole
from webapp.pressing import posted_key
from webapp.showing import Page, go, go_on, page, shows
from webapp.summaries import Fault
from webapp.tongues import _

pages = Blueprint("standing", __name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """A page that asks for a reason before it does something: what it says, and where one comes from."""

    record: str
    title: str
    caption: str
    says: str
    button: str
    away: str
    revision: int = 0


@pages.route("/cases/<case>/pause", methods=["GET", "POST"])
@shows("case", "decide")
def pause(desk: Desk, case: str) -> Page | Response:
    found = _decided(desk, case)
    says = _(
        "While the clock is stopped, the dates of this case move on day by day. "
        "What was late already stays late."
    )
    asking = Asking(
        found.record, _("Stop the clock"), _caption(desk, found), says, _("Stop the clock"), _of(case)
    )

    def act(why: str) -> Response:
        pausing.pause(desk, case, why)
        return go("cases.show", case=case)

    return _reasoned(desk, asking, act)


@pages.post("/cases/<case>/resume")
@shows("case", "decide")
def resume(desk: Desk, case: str) -> Response:
    pausing.resume(desk, case)
    return go("cases.show", case=case)


@pages.route("/cases/<case>/withdraw", methods=["GET", "POST"])
@shows("case", "edit")
def take_back_case(desk: Desk, case: str) -> Page | Response:
    found = cases.get(desk, case)
    if request.method == "GET" and not withdrawing.may_take_back_case(desk, case):
        raise NotFound("case")
    says = _(
        "The case ends where it stands. Its forms and its history stay to be read, with your reason. "
        "What it had begun elsewhere goes on."
    )
    asking = Asking(
        found.record, _("Take this case back"), _caption(desk, found), says, _("Take it back"), _of(case),
        found.revision,
    )  # fmt: skip
    revision = whole(request.form.get("revision", ""))

    def act(why: str) -> Response:
        withdrawing.a_case(desk, case, why, revision=revision)
        return go_on(desk, found.record, "cases.show", case=case)

    return _reasoned(desk, asking, act)


@pages.route("/forms/<submission>/withdraw", methods=["GET", "POST"])
@shows("submission", "edit")
def take_back_form(desk: Desk, submission: str) -> Page | Response:
    found = submissions.get(desk, submission)
    if request.method == "GET" and not withdrawing.may_take_back_form(desk, submission):
        raise NotFound("submission")
    about = records.get(desk, found.record)
    away = url_for("reading.read", submission=submission)
    says = _("What you sent stays to be read, with your reason.")
    if about.closed_at is None:
        says = f"{says} {_('You go on in a draft that has its answers.')}"
    title = _("Take back: %(form)s", form=form_title(stack_of(desk, found.stack), found.form))
    asking = Asking(about.id, title, about.name, says, _("Take it back"), away)

    def act(why: str) -> Response:
        draft = withdrawing.form(desk, submission, why)
        return (
            go("filling.sections", submission=draft) if draft else go("reading.read", submission=submission)
        )

    return _reasoned(desk, asking, act)


@pages.route("/cases/<case>/tasks", methods=["GET", "POST"])
@shows("task", "create")
def add_task(desk: Desk, case: str) -> Page | Response:
    found = cases.get(desk, case)
    about = records.get(desk, found.record)
    if "submit" not in about.may or not found.open:
        raise NotFound("case")
    problems, typed = [], {name: value.strip() for name, value in request.form.items()}
    if request.method == "POST":
        written, due = day_in(typed, "due")
        kind, _dot, whom = typed.get("who", "").partition(":")
        if not typed.get("what"):
            problems.append(Fault(_("Say what is to be done"), "what"))
        if written and due is None:
            problems.append(
                Fault(_("Enter the day as numbers, such as 27 3 2026, or leave it out"), "due.day")
            )
        if not problems:
            tasks.add(
                desk, found.record, typed["what"], case=case, due=due,
                person=whom if kind == "person" else None, role=whom if kind == "role" else None, key=posted_key(),
            )  # fmt: skip
            return go("cases.show", case=case, _anchor="tasks")
    shown = page(
        "cases/task.html",
        _("Add a task"),
        caption=_caption(desk, found),
        case=found,
        roles=stack_of(desk, found.stack).access.roles,
        colleagues=people.colleagues(desk),
        typed=typed,
        problems=problems,
    )
    return not_saved.offered(desk, shown, found.record, "task-form")


@pages.route("/tasks/<task>/withdraw", methods=["GET", "POST"])
@shows("task", "edit")
def withdraw_task(desk: Desk, task: str) -> Page | Response:
    found = tasks.get(desk, task)
    if found.kind != "own":
        raise NotFound("task")
    away = _of(found.case) if found.case else url_for("records.show", record=found.record)
    says = _("‘%(label)s’ is then to be done no more. Your reason stays with it.", label=found.label)
    asking = Asking(found.record, _("Take this task back"), found.record_name, says, _("Take it back"), away)

    def act(why: str) -> Response:
        tasks.withdraw(desk, task, why)
        return go("cases.show", case=found.case) if found.case else go("records.show", record=found.record)

    return _reasoned(desk, asking, act)


def _reasoned(desk: Desk, asking: Asking, act: Callable[[str], Response]) -> Page | Response:
    """Ask for a reason; act once there is one."""
    reason = request.form.get("reason", "").replace("\r\n", "\n").strip()
    if request.method == "POST" and reason:
        return act(reason)
    problems = [Fault(_("Write the reason"), "reason")] if request.method == "POST" else []
    shown = page("cases/reason.html", asking.title, caption=asking.caption, asking=asking, problems=problems)
    return not_saved.offered(desk, shown, asking.record, "reason-form")


def _decided(desk: Desk, case: str) -> Case:
    found = cases.get(desk, case)
    if "decide" not in records.get(desk, found.record).may or not found.open:
        raise NotFound("case")
    return found


def _caption(desk: Desk, case: Case) -> str:
    return f"{stack_of(desk, case.stack).workflows[case.workflow].title}: {case.record_name}"


def _of(case: str) -> str:
    return url_for("cases.show", case=case)
