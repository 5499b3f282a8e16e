"""Switching the language of pages: what was typed on them is kept, see `switching`."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from engine.casework import Desk
from webapp.security import safe_path
from webapp.showing import shows
from webapp.switching import kept_for

pages = Blueprint("language", __name__)


@pages.post("/language")
@shows("language", "choose")
def switch(_: Desk) -> Response:
    """Shows the page anew; `remember_choices` leaves the choice with the browser."""
    wanted = request.args.get("next") or request.form.get("next")
    return redirect(kept_for(safe_path(wanted) or "/"), 303)
