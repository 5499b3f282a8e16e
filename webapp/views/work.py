"""My work: what has to be done, by date; what I am told; the cases that are mine."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from engine.casework import Desk, cases, records, tasks
from webapp.naming import case_lines, task_lines
from webapp.showing import Page, go, page, shows

pages = Blueprint("work", __name__)


@pages.get("/")
@shows("work")
def home(desk: Desk) -> Page:
    found = tasks.mine(desk)
    told = tasks.notifications(desk)
    started = [one for one in found if one.submission]
    waiting = [one for one in found if not one.submission]
    return page(
        "work.html",
        "My work",
        waiting=task_lines(desk, waiting),
        started=task_lines(desk, started),
        cases=case_lines(desk, cases.open_cases(desk, mine=True)),
        told=told,
        about=records.names(desk, [one.record for one in told if one.record]),
    )


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
