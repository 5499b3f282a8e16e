"""My work: what has to be done, by date; what I am told; the cases that are mine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.casework import Desk, cases, deadlines, records, tasks
from engine.casework.values import Case
from webapp.naming import TaskLine, case_lines, stack_of, task_lines
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
    due = deadlines.due_dates(desk, [*mine, *for_role])
    started = [one for one in found if one.submission]
    waiting = [one for one in found if not one.submission]
    return page(
        "work.html",
        "My work",
        waiting=by_date(task_lines(desk, waiting), desk.today),
        started=task_lines(desk, started),
        cases=case_lines(desk, mine, due),
        deciding=sorted(
            case_lines(desk, for_role, due), key=lambda one: (one.due is None, one.due or date.max)
        ),
        told=told,
        about=records.names(desk, [one.record for one in told if one.record]),
    )


def by_date(found: Iterable[TaskLine], today: date) -> list[tuple[str, list[TaskLine]]]:
    """Tasks in the order in which they press: overdue, today, this week (to Sunday), later, without a date."""
    sunday = today + timedelta(days=6 - today.weekday())
    groups: dict[str, list[TaskLine]] = {
        "Overdue": [], "Today": [], "This week": [], "Later": [], "No date": []
    }  # fmt: skip
    for one in sorted(found, key=lambda task: task.due or date.max):
        if one.due is None:
            name = "No date"
        elif one.due <= today:
            name = "Overdue" if one.due < today else "Today"
        else:
            name = "This week" if one.due <= sunday else "Later"
        groups[name].append(one)
    return [(name, rows) for name, rows in groups.items() if rows]


def for_my_role(desk: Desk, besides: Collection[str]) -> list[Case]:
    """Open cases that stand where somebody in a role of mine, and nobody else, can move them on."""
    roles = desk.roles
    if not roles:
        return []
    mine = []
    for stack, workflow, state in cases.places(desk):
        declared = stack_of(desk, stack).workflows.get(workflow)
        ways = [one for one in declared.transitions if state in one.sources] if declared else []
        if any(one.by and roles.issuperset(one.by) for one in ways):
            mine.append((stack, workflow, state))
    return cases.open_cases(desk, standing=mine, besides=besides, limit=MOST_FOR_ROLE) if mine else []


@pages.post("/told/read")
@shows("notification", "read")
def read_all(desk: Desk) -> Response:
    """Marks read what the page showed; the page says up to which moment that is."""
    try:
        newest = datetime.fromisoformat(request.form.get("newest", ""))
    except ValueError:
        newest = None
    if newest is not None and newest.tzinfo is not None:
        tasks.read_until(desk, newest)
    return go("work.home", _anchor="told")


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
