"""The end of a record: closing it, keeping it on hold, what is due for destruction, destroying it, its certificate.

Who may, and whether the time has come, is casework's to say.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, NotPermitted, access, keeping, records, texts
from engine.casework.values import Record
from webapp import words
from webapp.naming import person_names, type_title
from webapp.numbers import whole
from webapp.showing import Page, go, go_on, page, shows
from webapp.speaking import live_stack
from webapp.summaries import Fault
from webapp.surroundings import stands_at
from webapp.tongues import _

pages = Blueprint("keeping", __name__)
LONGEST = 2000


@pages.get("/keeping")
@shows("keeping")
def due(desk: Desk) -> Page:
    """What is due for destruction, which holds are to be looked at again, and what was destroyed."""
    if not access.may_ever(desk, "destroy") and not access.manages(desk, "audit"):
        raise NotFound()
    held = keeping.to_review(desk)
    gone = keeping.certificates_seen(desk)
    return page(
        "keeping/due.html",
        _("Keeping and destroying"),
        due=[(type_title(live_stack(desk), one.type), one) for one in keeping.due(desk)],
        held=held,
        about=records.names(desk, [one.record for one in held]),
        gone=gone,
        names=person_names(desk, [one.by for one in gone]),
    )


@pages.get("/records/<record>/keeping")
@shows("record", "keep")
def about(desk: Desk, record: str) -> Page:
    return _about(desk, _keeper(desk, record))


def _keeper(desk: Desk, record: str) -> Record:
    """The record, for those who may end or hold it. Raises NotFound for all others."""
    found = records.get(desk, record)
    if not found.may & {"decide", "restrict", "destroy"} or found.reach != "whole":
        raise NotFound()
    return found


def _about(desk: Desk, found: Record, problems: tuple[Fault, ...] = ()) -> Page:
    holds = keeping.holds(desk, found.id)
    until = keeping.kept_until(desk, found.id)
    stands_at(url_for("keeping.about", record=found.id))
    return page(
        "keeping/record.html",
        _("How long this is kept"),
        caption=found.name,
        record=found,
        holds=holds,
        held=any(one.in_force for one in holds),
        until=until,
        due=until.due(desk.today),
        names=person_names(desk, [*(one.made_by for one in holds), *(one.ended_by for one in holds)]),
        problems=list(problems),
        typed=request.form,
    )


@pages.route("/records/<record>/close", methods=["GET", "POST"])
@shows("record", "close")
def close(desk: Desk, record: str) -> Page | Response:
    found = _keeper(desk, record)
    if "decide" not in found.may or found.closed_at is not None:
        raise NotFound()
    problems = []
    if request.method == "POST":
        try:
            records.close(desk, record, revision=whole(request.form.get("revision", "")) or None)
            flash(_("The record is closed. Its time of keeping has begun."))
            return go_on(desk, record, "records.show", record=record)
        except CaseworkError as error:
            problems = [Fault(str(error))]
    return page(
        "keeping/close.html", _("Close this record"), caption=found.name, record=found, problems=problems
    )


@pages.post("/records/<record>/hold")
@shows("record", "hold")
def hold(desk: Desk, record: str) -> Page | Response:
    found = _keeper(desk, record)
    if not found.may & {"restrict", "destroy"}:
        raise NotFound()
    day = _day("review")
    if day is None:
        return _about(
            desk, found, (Fault(_("Enter the day on which this is looked at again"), "review.day"),)
        )
    try:
        keeping.hold(desk, record, _text("reason"), day)
    except CaseworkError as error:
        return _about(desk, found, (Fault(str(error), "reason"),))
    return go("keeping.about", record=record)


@pages.post("/holds/<hold>/lift")
@shows("hold", "lift")
def lift(desk: Desk, hold: str) -> Page | Response:
    try:
        about = keeping.held(desk, hold)
        lifted = keeping.lift(desk, hold, _text("why"))
    except NotPermitted as error:
        # Whoever may not lift it cannot tell it from one that is not there.
        raise NotFound() from error
    except CaseworkError as error:
        if isinstance(error, NotFound):
            raise
        return _about(desk, _keeper(desk, about), (Fault(str(error), f"why-{hold}"),))
    return go("keeping.about", record=lifted.record)


@pages.route("/records/<record>/destroy", methods=["GET", "POST"])
@shows("record", "destroy")
def destroy(desk: Desk, record: str) -> Page | Response:
    """Destroying asks for the record's name, typed, so that nobody destroys the one they did not mean."""
    found = _keeper(desk, record)
    if "destroy" not in found.may:
        raise NotFound()
    until = keeping.kept_until(desk, record)
    problems: list[Fault] = []
    if request.method == "POST":
        if not _text("reason"):
            problems.append(Fault(_("Say why this is destroyed"), "reason"))
        if " ".join(_text("name").split()) != found.name:
            problems.append(Fault(_("Type the name of the record as it stands above"), "name"))
        if not problems:
            try:
                keeping.destroy(desk, record, _text("reason"), early=request.form.get("early") == "yes")
                return go("keeping.certificate", record=record)
            except CaseworkError as error:
                problems = [Fault(str(error))]
    return page(
        "keeping/destroy.html",
        _("Destroy this record"),
        caption=found.name,
        record=found,
        until=until,
        due=until.due(desk.today),
        problems=problems,
        typed=request.form,
    )


@pages.get("/keeping/gone/<record>")
@shows("certificate")
def certificate(desk: Desk, record: str) -> Page:
    found = keeping.certificate(desk, record)
    stack = live_stack(desk)
    officers = sorted(
        {stack.access.roles.get(rule.role, rule.role) for rule in stack.access.rules if "destroy" in rule.may}
        | {stack.access.roles.get(role, role) for role in stack.access.manage.get("audit", ())}
    )
    return page(
        "keeping/gone.html",
        _("This record is gone"),
        found=found,
        names=person_names(desk, [found.by]),
        officers=words.and_list(officers),
    )


def _text(name: str) -> str:
    return texts.within(request.form.get(name), LONGEST)


def _day(name: str) -> date | None:
    day, month, year = (
        whole(request.form.get(f"{name}.{part}", "").strip()) for part in ("day", "month", "year")
    )
    try:
        return date(year, month, day)
    except ValueError:
        return None
