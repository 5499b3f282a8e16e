"""Handing work over when somebody is away or leaves: to whom and until when, what goes and what cannot, then done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, handing_over, people
from engine.casework.errors import NotFound
from engine.casework.handing_over import Handover
from engine.casework.ids import known
from engine.casework.portable import Portable
from webapp import speaking
from webapp.naming import form_title, person_names, role_title, stack_of, state_title, workflow_title
from webapp.numbers import day_in
from webapp.showing import Page, go, page, shows
from webapp.summaries import Fault
from webapp.tongues import N_, _, day_and_month

pages = Blueprint("handing_over", __name__, url_prefix="/handing-over")

WHY_NOT = {
    "decide": N_("You may not decide who holds this. Ask a manager."),
    "role": N_("Whom you chose does not have the role that this is held in."),
    "view": N_("Whom you chose may not see this, even holding it: it is restricted, or not for their role."),
    "edit": N_("You may not change the plan that this stands in."),
}


@dataclass(frozen=True, slots=True)
class ThingLine:
    id: str
    what: str
    record: str
    why: str


@pages.get("")
@shows("work", "hand over")
def choose(desk: Desk) -> Page:
    """`of`: whose work, mine where nobody is named; `to`: to whom; `day`, `month`, `year`: until when."""
    giver = request.args.get("of") or desk.person or ""
    if not handing_over.may(desk, giver):
        raise NotFound("person")
    name = people.names(desk, [known(giver, "person")]).get(giver)
    if name is None:
        raise NotFound("person")
    taker, problems, plan = request.args.get("to", ""), [], None
    _written, until = day_in(request.args, "until")
    asked = "to" in request.args
    if asked and not taker:
        problems.append(Fault(_("Choose to whom it goes"), "to"))
    if asked and request.args.get("how") == "until" and (until is None or until <= desk.today):
        problems.append(
            Fault(_("Enter the day it comes back, after today, as numbers such as 27 3 2027"), "until.day")
        )
    if asked and request.args.get("how") not in ("until", "good"):
        problems.append(Fault(_("Choose whether it comes back"), "how"))
    if asked and not problems:
        try:
            plan = handing_over.plan(desk, giver, taker)
        except (CaseworkError, NotFound) as error:
            problems.append(Fault(str(error), "to"))
    for_a_time = request.args.get("how") == "until"
    return page(
        "handing_over.html",
        _("Hand over my work") if giver == desk.person else _("Hand over the work of %(name)s", name=name),
        giver=giver,
        name=name,
        mine=giver == desk.person,
        taker=taker,
        taker_name=people.names(desk, [taker] if plan else []).get(taker, ""),
        colleagues={one.id: one.name for one in people.colleagues(desk) if one.id != giver},
        until=until if for_a_time else None,
        typed=request.args,
        goes=_lines(desk, plan.goes) if plan else [],
        stays=_lines(desk, plan.stays) if plan else [],
        planned=plan is not None,
        current=_current(desk, handing_over.current(desk, giver)),
        key=uuid4().hex,
        problems=problems,
    )


@pages.post("")
@shows("work", "hand over")
def hand_over(desk: Desk) -> Page | Response:
    given = request.form
    until = given.get("until", "")
    try:
        back = date.fromisoformat(until) if until else None
    except ValueError:
        raise CaseworkError(_("Choose the day again.")) from None
    giver = given.get("of") or desk.person or ""
    done = handing_over.hand_over(
        desk,
        giver,
        given.get("to", ""),
        until=back,
        chosen=given.getlist("thing"),
        key=given.get("key") or None,
    )
    names = people.names(desk, [done.taker])
    flash(_("Handed over to %(name)s.", name=names[done.taker]))
    return go("handing_over.choose", of=giver) if giver == desk.person else go("team.home")


@pages.post("/back")
@shows("work", "take back")
def take_back(desk: Desk) -> Response:
    handing_over.take_back(desk, request.form.get("handover", ""))
    flash(_("It has come back."))
    giver = request.form.get("of") or desk.person or ""
    return go("handing_over.choose", of=giver)


def _lines(desk: Desk, found: Iterable[Portable]) -> list[ThingLine]:
    return [
        ThingLine(one.id, _what(desk, one), one.record_name, _(WHY_NOT[one.why]) if one.why else "")
        for one in found
    ]


def _what(desk: Desk, one: Portable) -> str:
    stack = stack_of(desk, one.stack) if one.stack else speaking.live_stack(desk)
    match one.kind:
        case "allocation":
            if one.workflow is None or one.state is None:
                return _("Holding the record")
            said = _(
                "%(workflow)s: %(state)s",
                workflow=workflow_title(stack, one.workflow),
                state=state_title(stack, one.workflow, one.state),
            )
            return f"{said} ({role_title(speaking.live_stack(desk), one.role)})" if one.role else said
        case "query":
            return _("A question to answer")
        case "action":
            return _("Plan: %(what)s", what=one.label)
        case "draft":
            return _("Form begun: ‘%(form)s’", form=form_title(stack, one.form or ""))
    return _("Task: %(what)s", what=speaking.task_labels(desk).get(one.label, one.label))


def _current(desk: Desk, found: Iterable[Handover]) -> list[tuple[str, str]]:
    listed = list(found)
    names = person_names(desk, [who for one in listed for who in (one.giver, one.taker)])
    return [
        (
            one.id,
            _(
                "%(taker)s holds work of %(giver)s until %(day)s.",
                taker=names[one.taker], giver=names[one.giver], day=day_and_month(one.until) if one.until else "",
            ),
        )
        for one in listed
    ]  # fmt: skip
