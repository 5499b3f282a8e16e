"""What I am told, where and how often Trefoil writes to me; and, for who manages people, letters that did not go."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, flash, request
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, access, outbox, people, posting, records, told
from webapp import noticed
from webapp.letters import TROUBLE
from webapp.numbers import whole
from webapp.showing import Page, go, page, shows
from webapp.summaries import Fault
from webapp.tongues import N_, _

pages = Blueprint("notices", __name__)
HOW_OFTEN = {
    posting.ONCE: N_("At once"),
    posting.DAILY: N_("Once a day, at seven in the morning"),
    posting.NONE: N_("Never"),
}


@pages.get("/told")
@shows("notification", "list")
def every(desk: Desk) -> Page:
    """All that I am told; what I have read only where it is asked for."""
    all_of_it = request.args.get("show") == "all"
    found = told.listed(desk, unread=not all_of_it, page=whole(request.args.get("page", "")) or 1)
    return page(
        "notices/every.html",
        _("Told to you"),
        told=found.notices,
        found=found,
        all_of_it=all_of_it,
        said=noticed.said(desk, found.notices),
        about=records.names(desk, [one.record for one in found.notices if one.record]),
    )


@pages.get("/told/<notification>")
@shows("notification", "view")
def one(desk: Desk, notification: str) -> Page:
    """One thing that I was told: where a letter leads to."""
    found = told.one(desk, notification)
    return page(
        "notices/one.html",
        _("Told to you"),
        told=(found,),
        said=noticed.said(desk, [found]),
        about=records.names(desk, [found.record] if found.record else []),
    )


@pages.post("/told/read")
@shows("notification", "read")
def read_all(desk: Desk) -> Response:
    """Marks read what the page showed; the page says up to which moment that is."""
    try:
        newest = datetime.fromisoformat(request.form.get("newest", ""))
    except ValueError:
        newest = None
    if newest is not None and newest.tzinfo is not None:
        told.read_until(desk, newest)
    return _back()


@pages.post("/told/<notification>/read")
@shows("notification", "read")
def read(desk: Desk, notification: str) -> Response:
    told.read(desk, notification)
    return _back()


def _back() -> Response:
    """To the list on which this was read: the page of its own, or My work."""
    return go("notices.every") if request.form.get("back") == "told" else go("work.home", _anchor="told")


@pages.route("/settings", methods=["GET", "POST"])
@shows("settings", "edit")
def settings(desk: Desk) -> Page | Response:
    """Where and how often Trefoil writes to me."""
    wishes = posting.wishes(desk)
    email, letters = wishes.email or "", wishes.letters
    problems: list[Fault] = []
    if request.method == "POST":
        email, letters = request.form.get("email", ""), request.form.get("letters", "")
        try:
            posting.choose(desk, email=email, letters=letters)
        except CaseworkError as error:
            problems = [Fault(_(str(error)), "email")]
        else:
            flash(_("Your settings are kept."))
            return go("notices.settings")
    return page(
        "notices/settings.html",
        _("Your settings"),
        problems=problems,
        email=email,
        letters=letters if wishes.email or problems or request.method == "POST" else posting.NONE,
        choices={one: _(words) for one, words in HOW_OFTEN.items()},
    )


@pages.route("/letters", methods=["GET", "POST"])
@shows("letter", "list")
def letters(desk: Desk) -> Page | Response:
    """Letters that could not be sent, why, and what can be done about each."""
    if not access.manages(desk, "people"):
        raise NotFound()
    if request.method == "POST":
        act = outbox.let_go if request.form.get("what") == "let_go" else outbox.try_again
        act(desk, request.form.get("letter", ""))
        return go("notices.letters")
    found = outbox.stuck(desk)
    carried = current_app.config["TREFOIL"].mail
    return page(
        "notices/letters.html",
        _("Letters that did not go"),
        letters=[(one, _(TROUBLE.get(one.trouble, UNKNOWN))) for one in found],
        names=people.names(desk, [one.person for one in found]),
        server=carried.server if carried else "",
    )


UNKNOWN = N_("The letter could not be sent. Whoever runs the service finds more in its log.")
