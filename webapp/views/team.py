"""How a team's work is spread: who holds how much, what is late, what nobody holds. Each number opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request

from engine.casework import Desk, access, people, workload
from engine.casework.errors import NotFound
from engine.casework.values import Team
from webapp.drawing import bars
from webapp.naming import case_lines, person_names
from webapp.showing import Page, page, shows
from webapp.tongues import _
from webapp.work_lines import due_words

pages = Blueprint("team", __name__)
FEW = 10


@dataclass(frozen=True, slots=True)
class LoadLine:
    """One row: a person of the team, or the team as such. `who` is what the lists' address calls them."""

    name: str
    who: str
    person: str | None
    open: int
    overdue: int
    week: int
    returned: int
    bar: str


@pages.get("/team")
@shows("team", "work")
def home(desk: Desk) -> Page:
    if not access.steers(desk):
        raise NotFound("page")
    teams = people.teams(desk)
    chosen = _chosen(desk, teams)
    loads = workload.by_holder(desk, chosen.id) if chosen else []
    nobodys = workload.listed(desk, workload.Wanted(nobody=True), size=FEW)
    return page(
        "team.html",
        _("Work of the team"),
        caption=chosen.name if chosen else "",
        teams={one.id: one.name for one in teams},
        team=chosen.id if chosen else "",
        loads=_lines(desk, loads, chosen),
        nobodys=case_lines(desk, nobodys.cases, nobodys.due),
        nobodys_total=nobodys.total,
        due_words=lambda day: due_words(day, desk.today),
    )


def _chosen(desk: Desk, teams: Sequence[Team]) -> Team | None:
    """The team that the address names, else one of mine, else the first there is."""
    wanted = request.args.get("team", "")
    named = [one for one in teams if one.id == wanted]
    mine = [one for one in teams if one.id in desk.teams]
    return next(iter((*named, *mine, *teams)), None)


def _lines(desk: Desk, loads: Sequence[workload.Load], team: Team | None) -> list[LoadLine]:
    names = person_names(desk, [one.person for one in loads])
    most = max((one.counts["open"] for one in loads), default=0)
    return [
        LoadLine(
            names[one.person] if one.person else _("The team itself"),
            # One's own work is what the list shows where the address names nobody.
            one.person if one.person else f"team:{team.id if team else ''}",
            one.person,
            **{part: one.counts[part] for part in workload.PARTS},
            bar=bars.draw(one.counts["overdue"], one.counts["week"], one.counts["open"], most),
        )
        for one in loads
    ]
