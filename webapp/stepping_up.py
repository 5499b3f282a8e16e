"""Asking for the password again before something leaves the house: once, and for a quarter of an hour.

That it was given is noted in the signed cookie together with the session it was given in, so that the note is worth
nothing in any other session and for nobody else. Must not know any page.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import request, session
from flask_login import current_user

from engine.casework import signing_in
from webapp.clock import now
from webapp.places import here
from webapp.showing import store

LASTS = timedelta(minutes=15)
NOTE = "confirmed"


def confirmed_lately() -> bool:
    """Whether whoever is signed in gave their password in this session, not long ago."""
    noted = session.get(NOTE)
    if not isinstance(noted, dict) or noted.get("in") != _of_session():
        return False
    try:
        at = datetime.fromisoformat(str(noted.get("at")))
    except ValueError:
        return False
    return timedelta(0) <= now() - at < LASTS


def confirm(password: str) -> bool:
    """Whether the password is right; if so that is noted. Takes its time, and no transaction may be open."""
    right = signing_in.confirm(
        store(), here(), current_user.token, password, address=request.remote_addr or "", now=now()
    )
    if right:
        session[NOTE] = {"in": _of_session(), "at": now().isoformat()}
    return right


def _of_session() -> str:
    return hashlib.sha256(f"confirmed {current_user.token}".encode()).hexdigest()[:32]
