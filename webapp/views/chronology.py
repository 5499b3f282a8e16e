"""The chronology of a record or a case: all dated things in one order, narrowed by what its address says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for

from engine.casework import Desk, cases, chronology, people, records
from engine.casework.chronology import KINDS, Entry, Filters, filtered
from engine.questions.dates import NotADate, pasted
from webapp import chronicle, speaking
from webapp.naming import person_names, workflow_title
from webapp.numbers import whole
from webapp.showing import Page, page, shows
from webapp.summaries import Fault
from webapp.tongues import _

pages = Blueprint("chronology", __name__)
SIZE = 50
FIELDS = "social_fields"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it was typed, and the filters made of it."""

    typed: Mapping[str, str]
    kinds: tuple[str, ...]
    filters: Filters
    problems: tuple[Fault, ...]

    @property
    def address(self) -> dict[str, Any]:
        """The part of the address that says all this but for the page."""
        said: dict[str, Any] = {name: one for name, one in self.typed.items() if one}
        return {**said, "kind": list(self.kinds)} if self.kinds else said

    @property
    def narrowed(self) -> bool:
        return any(name != "order" for name in self.address)


@pages.get("/records/<record>/chronology")
@shows("record", "view")
def of_record(desk: Desk, record: str) -> Page:
    found = records.get(desk, record)
    entries = chronology.of_record(desk, record)
    return _page(desk, found.id, found.name, entries, url_for("records.show", record=record), found.name)


@pages.get("/cases/<case>/chronology")
@shows("case", "view")
def of_case(desk: Desk, case: str) -> Page:
    found = cases.get(desk, case)
    stack = speaking.case_pack(desk, case).stack
    title = f"{workflow_title(stack, found.workflow)}: {found.record_name}"
    back = url_for("cases.show", case=case)
    return _page(desk, found.record, title, chronology.of_case(desk, case), back, title)


def _page(desk: Desk, record: str, caption: str, entries: Sequence[Entry], back: str, named: str) -> Page:
    asked = _asked(desk)
    names = person_names(desk, [one.person for one in entries])
    teams = {one.id: one.name for one in people.teams(desk)} if any(one.team for one in entries) else {}
    left = filtered(entries, asked.filters)
    pages_ = max(1, -(-len(left) // SIZE))
    at = min(max(1, whole(request.args.get("page", "1"))), pages_)
    shown = chronicle.lines(desk, left[(at - 1) * SIZE : at * SIZE], record, names, teams)
    fields = speaking.live_stack(desk).lists.get(FIELDS)
    present = {one.kind for one in entries}
    return page(
        "records/chronology.html",
        _("Chronology"),
        caption=caption,
        record=record,
        back=back,
        named=named,
        asked=asked,
        problems=list(asked.problems),
        wrong={one.target: one.message for one in asked.problems},
        kinds=[(one, _(chronicle.KIND_NAMES[one])) for one in KINDS if one in present],
        fields=[(one.id, one.label) for one in fields.options] if fields else [],
        who=sorted(
            {(one.person, names[one.person]) for one in entries if one.person}, key=lambda one: one[1]
        ),
        lines=shown,
        total=len(left),
        in_all=len(entries),
        at=at,
        pages=pages_,
        plain=_here(),
        before=_here(asked, at - 1) if at > 1 else "",
        following=_here(asked, at + 1) if at < pages_ else "",
        ahead=[one for one in shown if one.day > desk.today],
        past=[one for one in shown if one.day <= desk.today],
        oldest_first=asked.filters.oldest_first,
    )


def _here(asked: Asked | None = None, at: int = 0) -> str:
    """The address of this page without any filter, or with what was asked for at a page of the list."""
    more = {**asked.address, "page": at} if asked else {}
    return url_for(str(request.endpoint), **{**more, **(request.view_args or {})})


def _asked(desk: Desk) -> Asked:
    given = {
        name: request.args.get(name, "").strip()[:200]
        for name in ("field", "from", "to", "who", "q", "order")
    }
    kinds = tuple(one for one in dict.fromkeys(request.args.getlist("kind")) if one in KINDS)
    days: dict[str, date | None] = {}
    problems = []
    for name in ("from", "to"):
        try:
            days[name] = pasted(given[name], desk.today) if given[name] else None
        except NotADate:
            days[name] = None
            problems.append(
                Fault(_("‘%(text)s’ is not a date. Write one such as 5 January 2026", text=given[name]), name)
            )
    filters = Filters(
        frozenset(kinds),
        given["field"] or None,
        days["from"],
        days["to"],
        given["who"] or None,
        given["q"],
        given["order"] == "oldest",
    )
    return Asked(given, kinds, filters, tuple(problems))
