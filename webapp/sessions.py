"""Who is signed in: Flask-Login over the sessions that the database keeps.

The browser's cookie carries only a token. Whether it is worth anything is asked of the database on every
request, so that signing out, closing an account or the end of its time ends it everywhere at once. Must not
know pages.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app, g
from flask_login import LoginManager, UserMixin

from engine.casework import Store, signing_in
from engine.casework.values import Session
from webapp.clock import now
from webapp.places import standing


class SignedIn(UserMixin):
    """The person signed in, as far as requests need to know before the desk opens."""

    def __init__(self, session: Session, token: str) -> None:
        self.authority = session.authority
        self.person = session.person
        self.token = token
        self.ends = session.ends

    def get_id(self) -> str:
        return self.token


def ends_in(person: SignedIn, now: datetime) -> int:
    """How many seconds this person stays signed in if nothing more is asked from here; never more than is so."""
    idle = signing_in.IDLE - signing_in.SEEN_EVERY
    return max(0, int(min(idle, person.ends - now).total_seconds()))


def start_sessions(app: Flask) -> None:
    manager = LoginManager()
    # The database decides; a cookie bound to one network address would sign people out in meetings.
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        if "signed_in" not in g:
            store: Store = current_app.extensions["trefoil_store"]
            authority = standing()
            session = signing_in.session(store, authority, token, now=now()) if authority else None
            g.signed_in = SignedIn(session, token) if session else None
        found: SignedIn | None = g.signed_in
        return found
