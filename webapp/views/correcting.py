"""Setting right what stands on a record: one's own note, and a marker that is no longer so, or never was."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.casework import Desk, markers, notes, records
from webapp import not_saved
from webapp.numbers import whole
from webapp.showing import Page, go, page, shows
from webapp.speaking import live_stack
from webapp.summaries import Fault
from webapp.tongues import N_, _
from webapp.views.records import option_label

pages = Blueprint("correcting", __name__, url_prefix="/records")


@pages.route("/notes/<note>", methods=["GET", "POST"])
@shows("note", "edit")
def edit_note(desk: Desk, note: str) -> Page | Response:
    """One's own note, corrected; what it said before is kept as an earlier save."""
    found = notes.own(desk, note)
    about = records.get(desk, found.record)
    problems = []
    text = found.text
    newer = None
    if request.method == "POST":
        text = request.form.get("text", "").replace("\r\n", "\n").strip()
        revision = whole(request.form.get("revision", ""))
        if not text:
            problems = [Fault(_("Write the note"), "text")]
        elif revision != found.revision:
            newer = found.text
            problems = [
                Fault(_("You changed this note meanwhile, perhaps in another window. Look at both."), "text")
            ]
        else:
            notes.edit(desk, note, text, revision=revision)
            return go("records.show", record=about.id, _anchor="notes")
    shown = page(
        "records/edit_note.html", _("Change your note"), caption=about.name, record=about, note=found, text=text,
        problems=problems, newer=newer,
    )  # fmt: skip
    return not_saved.offered(desk, shown, about.id, "typed-form")


WHY_ENDED = {
    "no_longer_an_issue": N_("It was an issue and no longer is"),
    "never_an_issue": N_("It was never an issue"),
}


@pages.route("/markers/<marker>/end", methods=["GET", "POST"])
@shows("marker", "end")
def end_marker(desk: Desk, marker: str) -> Page | Response:
    found = markers.running(desk, marker)
    about = records.get(desk, found.record)
    why = request.form.get("why", "")
    if why in WHY_ENDED:
        markers.end(desk, marker, why=why)
        return go("records.show", record=about.id)
    return page(
        "records/end_marker.html", _("End: %(label)s", label=option_label(live_stack(desk), found.list, found.option)),
        caption=about.name,
        record=about, why={one: _(said) for one, said in WHY_ENDED.items()},
        problems=[Fault(_("Choose why it ends"), "why")] if request.method == "POST" else [],
    )  # fmt: skip
