"""My work: what has to be done, by date; what I am told; the cases that are mine."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask import Blueprint
from werkzeug.wrappers import Response

from engine.casework import Desk, cases, records, tasks
from engine.casework.values import Case
from webapp.naming import case_lines, stack_of, task_lines
from webapp.showing import Page, go, page, shows

pages = Blueprint("work", __name__)
MOST_FOR_ROLE = 100


@pages.get("/")
@shows("work")
def home(desk: Desk) -> Page:
    found = tasks.mine(desk)
    told = tasks.notifications(desk)
    mine = cases.open_cases(desk, mine=True)
    for_role = for_my_role(desk, {one.id for one in mine})
    due = cases.due_dates(desk, [*mine, *for_role])
    started = [one for one in found if one.submission]
    waiting = [one for one in found if not one.submission]
    return page(
        "work.html",
        "My work",
        waiting=task_lines(desk, waiting),
        started=task_lines(desk, started),
        cases=case_lines(desk, mine, due),
        deciding=sorted(
            case_lines(desk, for_role, due), key=lambda one: (one.due is None, one.due or date.max)
        ),
        told=told,
        about=records.names(desk, [one.record for one in told if one.record]),
    )


def for_my_role(desk: Desk, besides: Collection[str]) -> list[Case]:
    """Open cases that stand where somebody in a role of mine, and nobody else, can move them on."""
    roles = desk.roles
    if not roles:
        return []
    found = []
    for case in cases.open_cases(desk, limit=MOST_FOR_ROLE):
        workflow = stack_of(desk, case.stack).workflows.get(case.workflow)
        ways = [one for one in workflow.transitions if case.state in one.sources] if workflow else []
        if case.id not in besides and any(one.by and roles.issuperset(one.by) for one in ways):
            found.append(case)
    return found


@pages.post("/told/<notification>/read")
@shows("notification", "read")
def read(desk: Desk, notification: str) -> Response:
    tasks.read(desk, notification)
    return go("work.home", _anchor="told")


@pages.post("/tasks/<task>/done")
@shows("task", "done")
def done(desk: Desk, task: str) -> Response:
    tasks.done(desk, task)
    return go("work.home")
