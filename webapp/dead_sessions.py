"""What happens to a request whose session has ended: nothing typed is lost, and nothing is done unasked.

Every form carries a sealed note of who was looking at it. When it is posted after the session has ended, that
note says for whom to keep what was typed; it lets nobody in.
"""

from __future__ import annotations

from flask import Flask, current_app, jsonify, redirect, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from webapp.clock import now
from webapp.kept import Kept, KeptPosts
from webapp.security import safe_path, wants_json
from webapp.sessions import ends_in

A_WEEK = 7 * 24 * 3600


def who_typed() -> str:
    """The sealed note of who is looking at this page, for its forms to carry."""
    return _seal().dumps(current_user.person) if current_user.is_authenticated else ""


def typed_by() -> str | None:
    """Whose page the posted form was, or None where the note is missing or not ours."""
    return whose(request.form.get("_who", ""))


def whose(note: str) -> str | None:
    """The person whom a sealed note names."""
    try:
        found = _seal().loads(note, max_age=A_WEEK)
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def kept_posts() -> KeptPosts:
    found: KeptPosts = current_app.extensions["trefoil_kept"]
    return found


def keep_typed(person: str) -> str | None:
    """Keeps what this request posted; returns the token under which the person finds it."""
    return kept_posts().keep(person, request.path, request.form.to_dict(flat=False), now())


def still_kept() -> list[Kept]:
    """What whoever is signed in typed that could not be saved, newest first; what puts itself back is none of it."""
    return [one for one in kept_posts().of(current_user.person, now()) if "#" not in one.path]


def keep_and_sign_in() -> Response:
    """Sends a request without a session to the sign-in page, keeping what it posted. A script is told, and keeps
    what it holds."""
    if wants_json():
        return _unknown("ended")
    if request.method == "POST":
        person = typed_by()
        token = keep_typed(person) if person else None
        return redirect(url_for("sign_in.sign_in", kept=token, ended=None if token else "yes"), 303)
    wanted = safe_path(request.full_path.rstrip("?"))
    home = url_for("work.home")
    ended = (
        "yes" if request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) and wanted != home else None
    )
    return redirect(url_for("sign_in.sign_in", next=None if wanted == home else wanted, ended=ended), 303)


def not_the_writer() -> Response:
    """What a script is told whose page belongs to somebody else than who is signed in by now."""
    return _unknown("another")


def _unknown(state: str) -> Response:
    answer = jsonify(state=state)
    answer.status_code = 401
    return answer


def start_keeping(app: Flask, kept: KeptPosts) -> None:
    app.extensions["trefoil_kept"] = kept
    app.jinja_env.globals["who_typed"] = who_typed
    app.jinja_env.globals["session_ends_in"] = lambda: ends_in(current_user, now())


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="who typed this")
