"""Switching the language of pages. Pages with a form to fill in post the form itself: nothing typed is lost."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from engine.casework import Desk
from webapp.security import safe_path
from webapp.showing import shows

pages = Blueprint("language", __name__)


@pages.post("/language")
@shows("language", "choose")
def switch(_: Desk) -> Response:
    """Shows the page anew; `remember_choices` leaves the choice with the browser."""
    return redirect(safe_path(request.form.get("next")) or "/", 303)
