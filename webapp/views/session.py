"""For the scripts of a page: how long its reader stays signed in, staying so, and signing in again where they are.

What is typed never leaves the page for anybody but its writer: a page knows by its sealed note whose it is, and only
they can sign in on it again.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, session
from flask_login import current_user, login_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from engine.casework import Desk, signing_in
from engine.casework.errors import NotYours, SignInRefused
from webapp.clock import now
from webapp.dead_sessions import typed_by, whose
from webapp.places import here
from webapp.sessions import SignedIn, ends_in
from webapp.showing import PUBLIC, shows, store
from webapp.tongues import _

pages = Blueprint("session", __name__, url_prefix="/session")

WHO = "X-Who"
"""The header in which a page sends its sealed note."""


@pages.get("")
@shows(PUBLIC)
def look() -> Response:
    """Whether this page's reader is still signed in, and for how long. Asking does not prolong it."""
    token = session.get("_user_id")
    found = signing_in.left(store(), here(), str(token), now=now()) if token else None
    if found is None:
        return _told("ended")
    person, left = found
    if person != whose(request.headers.get(WHO, "")):
        return _told("another")
    return _told("here", ends_in=int(left.total_seconds()))


@pages.post("")
@shows("session", "prolong")
def prolong(_desk: Desk) -> Response:
    """Stay signed in: being asked for is all that it takes, as with any page."""
    return _told("here", ends_in=ends_in(current_user, now()))


@pages.post("/again")
@shows(PUBLIC)
def again() -> Response:
    """Sign in where one was working, as the person whose page it is and nobody else."""
    person = typed_by()
    if person is None:
        return _told("refused", 400, said=_("This page is too old to go on with. Copy what you typed."))
    try:
        begun = signing_in.begin(
            store(),
            here(),
            request.form.get("sign_in", ""),
            request.form.get("password", ""),
            address=request.remote_addr or "",
            now=now(),
            replaces=current_user.token if current_user.is_authenticated else None,
            only=person,
        )
    except SignInRefused as refused:
        return _told("refused", 429 if refused.wait else 401, said=str(refused))
    except NotYours as refused:
        return _told("refused", 403, said=str(refused))
    session.clear()
    known = SignedIn(begun, begun.token or "")
    login_user(known)
    return _told("here", ends_in=ends_in(known, now()))


def _told(state: str, status: int = 200, /, **words: Any) -> Response:
    """A token for the next post comes with it: the one in the page may be of a session that is over."""
    answer = jsonify(state=state, csrf=generate_csrf(), **words)
    answer.status_code = status
    return answer
