"""Starting something: which workflow, about whom or what, and then it begins."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.casework import (
    CaseworkError,
    Desk,
    NotFound,
    NotPermitted,
    access,
    cases,
    excerpts,
    likeness,
    people,
    records,
    searching,
)
from engine.casework.excerpts import Line
from engine.language.model import Workflow
from webapp.naming import type_title
from webapp.showing import Page, go, page, shows
from webapp.speaking import live_stack, pinned
from webapp.tongues import N_, _
from webapp.views.cases import into_form, only_form

pages = Blueprint("start", __name__, url_prefix="/start")
ONLY_THEIRS = N_("You may look at this record, but begin nothing about it. Ask somebody who works on it.")


def _mine(desk: Desk) -> list[Workflow]:
    """Workflows that a role of mine may begin by hand."""
    roles = set(people.me(desk).roles)
    return [one for one in live_stack(desk).workflows.values() if one.start and roles & set(one.start.by)]


def _workflow(desk: Desk, workflow: str) -> Workflow:
    found = next((one for one in _mine(desk) if one.id == workflow), None)
    if found is None:
        raise NotFound()
    return found


@pages.get("/")
@shows("workflow", "list")
def choose(desk: Desk) -> Page:
    makes = [one for one in live_stack(desk).records.values() if access.may_create(desk, one.id)]
    return page("start/choose.html", _("Start something"), workflows=_mine(desk), makes=makes)


@pages.get("/<workflow>")
@shows("record", "find")
def about(desk: Desk, workflow: str) -> Page:
    found = _workflow(desk, workflow)
    words = request.args.get("q", "").strip()
    there = records.find(desk, words, types=found.about, closed=False, limit=30)
    near = _near(desk, words, found.about) if words and not there else []
    offered = [one.id for one in there] + [one.hit.record for one in near]
    access.foresee(desk, offered)
    mine = {one for one in offered if access.may(desk, "submit", one)}
    return page(
        "start/about.html",
        found.start.label if found.start else found.title,
        workflow=found,
        words=words,
        # Whoever looks for somebody must see that they are there, lest they make them twice; a list of whom one
        # might begin this for holds nobody for whom one may not.
        found=there if words else [one for one in there if one.id in mine],
        mine=mine,
        only_theirs=ONLY_THEIRS,
        near=near,
        kinds={one.id: one.title for one in live_stack(desk).records.values()},
        makes=[
            (one, type_title(live_stack(desk), one)) for one in found.about if access.may_create(desk, one)
        ],
    )


def _near(desk: Desk, words: str, types: Iterable[str]) -> list[Line]:
    """Open records spelt almost so: whoever mistypes a name should not make the same young person twice."""
    filters = searching.Filters(kinds=("record",), types=tuple(types), closed=False)
    hits = searching.search(desk, words[: likeness.LONGEST_SEARCH], filters).hits
    return list(excerpts.of(desk, hits, words, lambda stack: pinned(desk, stack).stack))


@pages.route("/<workflow>/<record>", methods=["GET", "POST"])
@shows("case", "start")
def begin(desk: Desk, workflow: str, record: str) -> Page | Response:
    found = _workflow(desk, workflow)
    about = records.get(desk, record)
    if request.method == "POST":
        case = cases.start(desk, workflow, record=record, key=request.form.get("key", "")[:64] or None)
        form = only_form(desk, case, about.type)
        return into_form(desk, case, form) if form else go("cases.show", case=case.id)
    if about.type not in found.about:
        raise NotFound()
    if not about.open:
        raise CaseworkError(_("This record is closed. Open it again before something new is begun about it."))
    if all(one.id != workflow for one in cases.startable(desk, record)):
        raise NotPermitted("start", _(ONLY_THEIRS))
    running = [one for one in cases.of_record(desk, record) if one.open and one.workflow == workflow]
    first = found.state(found.initial)
    stack = live_stack(desk)
    return page(
        "start/begin.html",
        found.start.label if found.start else found.title,
        caption=about.name,
        workflow=found,
        record=about,
        running=running,
        forms=[stack.forms[one].title for one in (first.forms if first else ()) if one in stack.forms],
        key=uuid4().hex,
    )
