"""The trail, for auditors: what one person looked at, what was done to one record. Ids and kinds, never content."""

from __future__ import annotations

from flask import Blueprint, request

from engine.casework import Desk, NotFound, access, auditing, ids, people
from engine.casework.values import Event
from webapp.naming import person_names
from webapp.showing import Page, page, shows
from webapp.speaking import live_stack
from webapp.telling import told
from webapp.tongues import _

pages = Blueprint("audit", __name__)
MOST = 500


@pages.get("/audit")
@shows("audit", "view")
def look(desk: Desk) -> Page:
    if not access.manages(desk, "audit"):
        raise NotFound()
    person = request.args.get("person", "")
    record = request.args.get("record", "").strip()
    known = {one.id: one.name for one in people.colleagues(desk)}
    found: list[Event] = []
    if ids.looks_like(record):
        found = auditing.of_record(desk, record)
    elif person in known:
        found = auditing.of_person(desk, person)
    names = person_names(desk, [one.person for one in found])
    return page(
        "audit.html",
        _("Audit"),
        people=known,
        person=person,
        record=record,
        asked=bool(record or person in known),
        lines=[
            (
                one,
                names.get(one.person, _("Someone")),
                told(one, live_stack(desk)),
                str(one.body.get("record", "")),
            )
            for one in reversed(found[-MOST:])
        ],
    )
