"""My work: what needs me now and why, what others have of mine, what I am told, and the cases I hold."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from engine.casework import Desk, actions, elsewhere, looks, needing, records, tasks, told, unsaved, workload
from engine.casework.unsaved import Left
from engine.casework.values import Notification
from webapp import noticed
from webapp.dead_sessions import still_kept
from webapp.naming import case_lines, holder_names
from webapp.numbers import whole
from webapp.showing import Page, go, page, shows
from webapp.tongues import _
from webapp.views.unsaved import what
from webapp.words import time_of_day
from webapp.work_filters import KIND_NAMES, PART_NAMES, asked_for
from webapp.work_lines import awaited_lines, due_words, grouped, seen_lines

pages = Blueprint("work", __name__)
SIZE = 50
FEW = 10
LATELY = 6
SHOWN_NOTICES = 4
"""How much of what one is told stands on My work; the rest has a page of its own."""


@pages.get("/")
@shows("work")
def home(desk: Desk) -> Page:
    filters = asked_for(desk)
    found = needing.now(desk, filters.asked(desk), page=filters.page, size=SIZE)
    notices = told.newest(desk)
    mine = workload.listed(desk, filters.wanted(desk), size=FEW) if not filters.said else None
    not_saved = unsaved.mine(desk)
    awaited, in_all = elsewhere.awaited(desk) if not filters.said else ([], 0)
    return page(
        "work.html",
        _("My work"),
        filters=filters,
        kinds={one: _(name) for one, name in KIND_NAMES.items()},
        groups=grouped(desk, found.lines, found.totals, desk.person if filters.mine else None),
        found=found,
        cases=case_lines(desk, mine.cases, mine.due) if mine else [],
        case_total=mine.total if mine else 0,
        awaited=awaited_lines(desk, awaited),
        awaited_total=in_all,
        due_words=lambda day: due_words(day, desk.today),
        recent=seen_lines(desk, looks.recent(desk, limit=LATELY)),
        told=notices,
        shown_notices=SHOWN_NOTICES,
        said=noticed.said(desk, notices[:SHOWN_NOTICES]),
        about=records.names(desk, _named(notices, not_saved)),
        not_saved=[(one, what(one)) for one in not_saved],
        few=FEW,
        typed=[(one.token, time_of_day(one.at, g.surroundings.zone)) for one in still_kept()],
    )


def _named(notices: Iterable[Notification], not_saved: Iterable[Left]) -> list[str]:
    """The records that lines beside the work name."""
    return [*(one.record for one in notices if one.record), *(one.record for one in not_saved)]


@pages.get("/open-cases")
@shows("case", "list")
def open_cases(desk: Desk) -> Page:
    """Open cases: mine, a person's, a team's or nobody's. Each number of the team's page opens this list."""
    filters = asked_for(desk, of_cases=True)
    found = workload.listed(desk, filters.wanted(desk), page=filters.page, size=SIZE)
    return page(
        "work/cases.html",
        _("Open cases"),
        filters=filters,
        parts={one: _(name) for one, name in PART_NAMES.items()},
        found=found,
        cases=case_lines(desk, found.cases, found.due),
        holders=holder_names(desk, found.cases),
        due_words=lambda day: due_words(day, desk.today),
    )


@pages.post("/tasks/<task>/done")
@shows("task", "done")
def done(desk: Desk, task: str) -> Response:
    tasks.done(desk, task)
    return go("work.home")


@pages.post("/actions/<action>/done")
@shows("action", "end")
def action_done(desk: Desk, action: str) -> Response:
    actions.end(desk, action, revision=whole(request.form.get("revision", "")))
    return go("work.home")
