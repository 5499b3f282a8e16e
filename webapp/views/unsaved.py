"""What somebody typed outside forms and has not saved: kept for scripts as it is typed, shown to be gone on with or
copied, and thrown away by one press. Its writer's alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, current_app, jsonify, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, ids, records, unsaved
from engine.casework.unsaved import Left, Sheet, Unsaved
from webapp import not_saved
from webapp.clock import now
from webapp.dead_sessions import not_the_writer, typed_by
from webapp.kept import NEVER_KEPT
from webapp.numbers import whole
from webapp.sessions import ends_in
from webapp.showing import Page, page, shows
from webapp.tongues import N_, _
from webapp.views.saving import zone
from webapp.words import time_of_day

pages = Blueprint("unsaved", __name__, url_prefix="/unsaved")

TYPED = "t."
"""What begins the names of boxes as a script sends them."""
NO_WORDS = frozenset({"revision", "who", "case"})
"""Of what such pages hold what nobody wrote: ids and choices."""
WHAT: Mapping[str, str] = {
    "records.add_note": N_("A note"),
    "correcting.edit_note": N_("A change to a note"),
    "cases.do": N_("A step of a case"),
    "standing.add_task": N_("A task"),
    "standing.pause": N_("A reason to stop the clock"),
    "standing.take_back_case": N_("A reason to take a case back"),
    "standing.take_back_form": N_("A reason to take a form back"),
    "standing.withdraw_task": N_("A reason to take a task back"),
    "reviewing.ask": N_("A question"),
    "reviewing.one": N_("An answer to a question"),
}
"""By the page where it was typed what it would become."""


@pages.post("/keep-typed")
@shows("unsaved", "edit")
def keep(desk: Desk) -> Response:
    """Keeps what stands in the boxes of a page now; none of them is nothing."""
    sheet = not_saved.named(request.form.get(not_saved.FIELD, ""))
    if typed_by() != current_user.person:
        # Somebody else has signed in meanwhile in this browser: what the page holds is not theirs.
        return not_the_writer()
    if sheet is None:
        raise NotFound()
    typed = {
        name.removeprefix(TYPED): texts
        for name, texts in request.form.lists()
        if name.startswith(TYPED) and name.removeprefix(TYPED) not in NEVER_KEPT
    }
    if unsaved.keep(desk, sheet, typed, whole(request.form.get("number", ""))):
        return jsonify(state="kept", at=time_of_day(desk.now, zone()), ends_in=ends_in(current_user, now()))
    # What its page kept was saved or thrown away, perhaps in another window, and somebody goes on typing there.
    anew = replace(sheet, id=ids.new(), before=None, number=0)
    return jsonify(state="over", seal=not_saved.sealed(anew))


@pages.get("/<unsaved>")
@shows("unsaved", "view")
def show(desk: Desk, unsaved: str) -> Page:
    """The words, whatever has become of the page where they were typed."""
    found = _one(desk, unsaved)
    return page(
        "unsaved.html",
        _("What you typed and have not saved"),
        caption=records.names(desk, [found.record])[found.record],
        what=what(found),
        at=found.at,
        texts=[
            text
            for name, each in found.typed.items()
            for text in each
            if text.strip() and name not in NO_WORDS
        ],
        onward=not_saved.back_to(found),
        seal=not_saved.sealed(
            Sheet(ids.new(), found.record, found.place, before=found.id, number=found.number)
        ),
    )


@pages.post("/drop")
@shows("unsaved", "edit")
def drop(desk: Desk) -> Response:
    """Throws away what a page had kept, and what it goes on from."""
    sheet = not_saved.named(request.form.get(not_saved.FIELD, ""))
    if sheet is None:
        raise NotFound()
    unsaved.end(desk, sheet, thrown_away=True)
    back = url_for("work.home") if request.form.get("back") == "work" else sheet.place.partition("#")[0]
    return redirect(back, 303)


def _one(desk: Desk, unsaved_id: str) -> Unsaved:
    return unsaved.get(desk, unsaved_id)


def what(one: Left) -> str:
    """What the words would become, by the page where they were typed."""
    path = urlsplit(one.place).path.removeprefix(request.script_root)
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        endpoint = ""
    return str(_(WHAT.get(endpoint, N_("Something typed on a page"))))
