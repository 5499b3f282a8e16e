"""Whose work a list shows, and which part of it: read from the address and written back into it, nowhere else.

A list can so be shared and kept as a bookmark. What the address asks beyond what its reader may choose is left out;
what they may see is decided by casework alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from engine.casework import Desk, access, needing, people, workload
from engine.casework.values import Person
from engine.casework.whose import Asked
from engine.language.model import Stack
from webapp import speaking
from webapp.tongues import N_, _

KIND_NAMES = {
    "task": N_("Things to do"),
    "action": N_("Actions agreed"),
    "form": N_("Forms to write"),
    "draft": N_("Other forms begun"),
    "returned": N_("Other forms sent back"),
    "decision": N_("Decisions"),
}
PART_NAMES = {
    "open": N_("All open cases"),
    "overdue": N_("Overdue"),
    "week": N_("Due this week"),
    "returned": N_("With a form sent back"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, made sound, and what there is to choose from."""

    who: str = ""
    role: str = ""
    kind: str = ""
    type: str = ""
    workflow: str = ""
    overdue: bool = False
    part: str = "open"
    q: str = ""
    page: int = 1
    whose: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    workflows: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, Any]:
        """The part of the address that says all this but for the page."""
        said = {
            "who": self.who, "role": self.role, "kind": self.kind, "type": self.type, "workflow": self.workflow,
            "overdue": "yes" if self.overdue else "", "part": self.part if self.part != "open" else "", "q": self.q,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}

    @property
    def said(self) -> list[str]:
        """The same in words, for those that narrow the list."""
        words = [
            self.whose.get(self.who, "") if self.who else "",
            self.roles.get(self.role, ""),
            _(KIND_NAMES[self.kind]) if self.kind else "",
            self.types.get(self.type, ""),
            self.workflows.get(self.workflow, ""),
            _("Overdue only") if self.overdue else "",
            _(PART_NAMES[self.part]) if self.part != "open" else "",
            _("‘%(words)s’", words=self.q) if self.q else "",
        ]
        return [one for one in words if one]

    @property
    def mine(self) -> bool:
        return not self.who

    def asked(self, desk: Desk) -> Asked:
        """Of what needs doing, what is asked for."""
        narrow: dict[str, Any] = {
            "role": self.role, "kind": self.kind, "type": self.type, "workflow": self.workflow,
            "overdue": self.overdue, "words": self.q,
        }  # fmt: skip
        if self.mine:
            return needing.mine(desk, **narrow)
        if self.who == "all":
            return Asked(everyone=True, **narrow)
        return Asked(people=self._people(), **narrow)

    def wanted(self, desk: Desk) -> workload.Wanted:
        """Of open cases, what is asked for."""
        narrow: dict[str, Any] = {
            "part": self.part, "type": self.type, "workflow": self.workflow, "words": self.q,
        }  # fmt: skip
        if self.mine:
            mine = (desk.person,) if desk.person else ()
            return workload.Wanted(people=mine, teams=tuple(sorted(desk.teams)), **narrow)
        if self.who in ("all", "nobody"):
            return workload.Wanted(nobody=self.who == "nobody", **narrow)
        team = self.who.removeprefix("team:")
        return workload.Wanted(people=self._people(), teams=(team,) if team in self.teams else (), **narrow)

    def _people(self) -> tuple[str, ...]:
        return self.teams.get(self.who.removeprefix("team:"), (self.who,))


def asked_for(desk: Desk, *, of_cases: bool = False) -> Filters:
    """What this request's address asks for. People can be chosen by whoever looks after work, and their own team by
    everybody in one."""
    stack = speaking.live_stack(desk)
    colleagues = people.colleagues(desk)
    steers = access.steers(desk)
    teams = {
        one.id: (one.name, tuple(who.id for who in colleagues if one.id in who.teams))
        for one in people.teams(desk)
        if steers or one.id in desk.teams
    }
    whose = _whose(desk, colleagues, {one: name for one, (name, _members) in teams.items()}, steers, of_cases)
    given = request.args
    page = given.get("page", "1")
    roles = {one: title for one, title in stack.access.roles.items() if steers or one in desk.roles}
    types = {one.id: one.title for one in stack.records.values()}
    workflows = {one: found.title for one, found in stack.workflows.items()}
    return Filters(
        who=_known(given.get("who"), whose),
        role=_known(given.get("role"), roles),
        kind=_known(given.get("kind"), KIND_NAMES),
        type=_known(given.get("type"), types),
        workflow=_known(given.get("workflow"), workflows),
        overdue=given.get("overdue") == "yes",
        part=_known(given.get("part"), PART_NAMES) or "open",
        q=given.get("q", "").strip()[:200],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        whose=whose,
        roles=roles,
        types=_used(stack, types),
        workflows=workflows,
        teams={one: members for one, (_name, members) in teams.items()},
    )


def _whose(
    desk: Desk, colleagues: list[Person], teams: Mapping[str, str], steers: bool, of_cases: bool
) -> dict[str, str]:
    found = {"": _("Mine")}
    found |= {f"team:{one}": _("Team: %(team)s", team=name) for one, name in teams.items()}
    if steers:
        found["all"] = _("Everybody’s that I may see")
    if of_cases:
        found["nobody"] = _("Held by nobody")
    beside = {one.id for one in colleagues if steers or desk.teams & set(one.teams)}
    found |= {one.id: one.name for one in colleagues if one.id in beside and one.id != desk.person}
    return found


def _known(given: str | None, there: Mapping[str, str]) -> str:
    return given if given and given in there else ""


def _used(stack: Stack, types: Mapping[str, str]) -> dict[str, str]:
    about = {one for workflow in stack.workflows.values() for one in workflow.about}
    return {one: title for one, title in types.items() if one in about}
