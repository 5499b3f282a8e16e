"""The page of one case: where it stands, what can be done now and by whom, its dates, and the whole of its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.casework import (
    Desk,
    cases,
    deadlines,
    handing_over,
    looks,
    notes,
    pausing,
    people,
    queries,
    records,
    submissions,
    tasks,
    telling,
    waits,
    withdrawing,
)
from engine.casework.chronology import deadline_title
from engine.casework.values import Case, Deadline, Step, Submission
from engine.language.model import Stack
from engine.workflow import Machine
from webapp import chronicle, speaking, tongues, words
from webapp.drawing.machine import draw_machine
from webapp.naming import form_title, lineage_lines, person_names, role_title, state_title, task_lines
from webapp.onward import moved_on, next_lines, still_needed, waited_for
from webapp.showing import Page, page, shows
from webapp.tongues import _, day_and_month
from webapp.views.cases import form_lines, pages
from webapp.words import QUERY_STATES

SHORT = 5
"""How many steps of the history stand open."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One state of the way in words: whether the case is or was there, what is written there, and how it goes on."""

    title: str
    here: bool
    final: bool
    since: date | None
    forms: tuple[tuple[str, Submission | None], ...]
    ways: tuple[tuple[str, str, str], ...]
    """Of each way out: what it is called, where it leads, and who may take it (nobody where it goes by itself)."""


@pages.get("/<case>")
@shows("case", "view")
def show(desk: Desk, case: str) -> Page:
    found = cases.get(desk, case)
    looks.note(desk, record=found.record, case=found.id)
    record = records.get(desk, found.record)
    pack = speaking.case_pack(desk, case)
    stack: Stack = pack.stack
    workflow, machine = stack.workflows[found.workflow], pack.workflow(found.workflow)
    state = workflow.state(found.state)
    history = cases.history(desk, case)
    forms = submissions.of_case(desk, case)
    case_notes = [one for one in notes.of_record(desk, found.record) if one.case == case]
    pauses = pausing.of_case(desk, case)
    since = looks.since(desk, record=found.record, case=found.id)
    names = person_names(
        desk,
        [
            *(one.person for one in history),
            *(one.by for one in pauses),
            *(one.made_by for one in case_notes),
            *(one.person for one in found.allocated),
            *chronicle.people_of(since),
        ],
    )
    teams = (
        {one.id: one.name for one in people.teams(desk)} if any(one.team for one in found.allocated) else {}
    )
    lines = form_lines(desk, found, record.type, state.forms if state else (), forms, stack)
    to_fill_in = any(one.can_open for one in lines)
    nexts = next_lines(
        [
            *cases.choices(desk, case, language=tongues.language()),
            *waits.of_case(desk, case, language=tongues.language()),
        ],
        machine,
        stack,
        to_fill_in=to_fill_in,
        may_see=telling.in_case(desk, case),
    )
    to_do = [one for one in tasks.of_case(desk, case) if not one.done_at and one.kind != "form"]
    dates = [(deadline_title(stack, found.workflow, one.what), one) for one in deadlines.of_case(desk, case)]
    stands = _stands(machine, stack, found, history, forms, desk)
    asked = queries.of_case(desk, case)
    return page(
        "cases/show.html",
        f"{workflow.title}: {found.record_name}",
        queries=asked,
        asked_states=QUERY_STATES,
        asked_names=person_names(desk, [one.person for one in asked]),
        case=found,
        record=record,
        state=state,
        state_name=state_title(stack, found.workflow, found.state),
        lines=lines,
        main_form=next((one for one in lines if one.can_open), None),
        earlier=[
            (form_title(stack, one.form), one) for one in forms if not state or one.form not in state.forms
        ],
        nexts=nexts,
        first=next((one for one in nexts if one.first), None),
        still_needed=still_needed(nexts) if not to_fill_in else (),
        waited_for=waited_for(nexts, to_fill_in=to_fill_in),
        stands=stands,
        picture=draw_machine(
            machine.drawing(),
            found.state,
            {one.came_from for one in history} | {one.to for one in history},
            gone={(one.came_from, one.to) for one in history},
            name=_("The way of this case: %(title)s", title=workflow.title),
            says=_said(stands),
        ),
        tasks=task_lines(desk, to_do),
        dates=[one for one in dates if one[1].met_at is None],
        dates_met=[one for one in dates if one[1].met_at is not None],
        next_date=_next_date(dates, [(one.label, one.due) for one in task_lines(desk, to_do)]),
        history=[
            (_step(machine, stack, one), state_title(stack, found.workflow, one.to), one)
            for one in reversed(history)
        ],
        short=SHORT,
        notes=sorted(case_notes, key=lambda one: one.made_at, reverse=True),
        names=names,
        holders=_holders(found, stack, names, teams),
        held_for=_held_for(desk, found),
        pauses=pauses,
        ended_tasks=tasks.ended(desk, case),
        lineage=lineage_lines(desk, case),
        may_take_back=withdrawing.may_take_back_case(desk, case),
        since=chronicle.news(desk, since, found.record, names),
    )


def _next_date(
    dates: Sequence[tuple[str, Deadline]], to_do: Sequence[tuple[str, date | None]]
) -> tuple[str, date] | None:
    """What is due soonest, or is late the longest, with its day."""
    running = [(title, one.due) for title, one in dates if one.met_at is None]
    running += [(label, due) for label, due in to_do if due is not None]
    return min(running, key=lambda one: one[1], default=None)


def _held_for(desk: Desk, found: Case) -> list[str]:
    """Who holds the case for whom while they are away, in words."""
    listed = handing_over.of_cases(desk, [found])[found.id]
    called = person_names(desk, [who for one in listed for who in (one.giver, one.taker)])
    return [
        _(
            "%(taker)s holds this for %(giver)s until %(day)s",
            taker=called[one.taker],
            giver=called[one.giver],
            day=day_and_month(one.until),
        )
        for one in listed
        if one.until
    ]


def _holders(
    case: Case, stack: Stack, names: Mapping[str | None, str], teams: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Who works on the case, each once, with all they do on it. Two of one name are two."""
    found: dict[tuple[str | None, str | None], tuple[str, list[str]]] = {}
    for one in case.allocated:
        if one.until is None:
            name = (
                names.get(one.person, _("Someone")) if one.person else teams.get(one.team or "", _("A team"))
            )
            roles = found.setdefault((one.person, one.team), (name, []))[1]
            title = role_title(stack, one.role)
            if title and title not in roles:
                roles.append(title)
    return [(name, ", ".join(roles)) for name, roles in found.values()]


def _step(machine: Machine, stack: Stack, step: Step) -> str:
    if step.transition is None:
        return str(_("Started"))
    if step.transition == withdrawing.WITHDRAWN:
        return str(_("Taken back"))
    found = machine.workflow.transition(step.transition)
    return (found.label if found else "") or moved_on(step.transition, step.to, machine, stack)


def _stands(
    machine: Machine,
    stack: Stack,
    case: Case,
    history: Sequence[Step],
    forms: Sequence[Submission],
    desk: Desk,
) -> list[Stand]:
    """Every state of the way, in the order in which they are drawn."""
    since = {one.to: desk.day_of(one.at) for one in history}
    newest: dict[str, Submission] = {}
    for one in forms:
        if one.state != "superseded":
            newest.setdefault(one.form, one)
    titles = {one.id: one.title for one in machine.workflow.states}
    ways: dict[str, dict[tuple[str, str], str]] = {}
    for arrow in machine.drawing().arrows:
        written = machine.workflow.transition(arrow.transition)
        who = words.and_list([role_title(stack, role) for role in written.by], "or") if written else ""
        label = (written.label if written else "") or str(_("By itself"))
        ways.setdefault(arrow.source, {})[label, titles[arrow.target]] = "" if arrow.automatic else who
    found = []
    for listed in machine.drawing().listed:
        state = machine.workflow.state(listed.state)
        written_here = [one for one in (state.forms if state else ()) if one in stack.forms]
        found.append(
            Stand(
                listed.title,
                listed.state == case.state,
                listed.final,
                since.get(listed.state),
                tuple((form_title(stack, one), newest.get(one)) for one in written_here),
                tuple((label, to, who) for (label, to), who in ways.get(listed.state, {}).items()),
            )
        )
    return found


def _said(stands: Sequence[Stand]) -> str:
    """The drawing in sentences, for whoever does not see it."""
    here = next((one for one in stands if one.here), None)
    said = []
    if here is not None:
        said.append(_("Now at: %(state)s.", state=here.title))
    been = [one.title for one in stands if one.since and not one.here]
    if been:
        said.append(_("It has been at: %(states)s.", states="; ".join(been)))
    onward = list(dict.fromkeys(to for _label, to, _who in here.ways)) if here else []
    if onward:
        said.append(_("From here it can go to: %(states)s.", states="; ".join(onward)))
    said.append(_("The list after the picture says the whole way."))
    return " ".join(said)
