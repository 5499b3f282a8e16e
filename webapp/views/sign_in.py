"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine.casework import signing_in
from engine.casework.errors import SignInRefused
from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.forms.signing_in import SignInForm
from webapp.kept import TOKEN
from webapp.places import here
from webapp.security import safe_path
from webapp.sessions import SignedIn
from webapp.showing import PUBLIC, Page, page, shows, store
from webapp.summaries import Fault, faults
from webapp.tongues import _, asked

pages = Blueprint("sign_in", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@shows(PUBLIC)
def sign_in() -> Page | Response:
    form = SignInForm()
    kept = request.args.get("kept", "")
    if asked():
        return _page(form, [], status=200)
    if request.method == "GET" or not form.validate():
        return _page(form, faults(form), status=200)
    try:
        begun = signing_in.begin(
            store(),
            here(),
            form.sign_in.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            now=now(),
            replaces=current_user.token if current_user.is_authenticated else None,
        )
    except SignInRefused as refused:
        return _page(form, [Fault(str(refused), "sign_in")], status=429 if refused.wait else 200)
    # A new cookie, a new CSRF token: nothing planted before signing in is worth anything after it.
    session.clear()
    login_user(SignedIn(begun, begun.token or ""))
    if TOKEN.fullmatch(kept) and kept_posts().find(kept, begun.person, now()):
        return redirect(url_for("kept.show", token=kept), 303)
    return redirect(safe_path(request.form.get("next")) or url_for("work.home"), 303)


def _page(form: SignInForm, problems: list[Fault], *, status: int) -> Page:
    demo = current_app.config.get("DEMO_PEOPLE")
    return page(
        "sign_in.html",
        _("Sign in"),
        status=status,
        form=form,
        problems=problems,
        next=safe_path(request.values.get("next")) or "",
        kept=bool(request.args.get("kept")),
        ended=bool(request.args.get("ended")),
        demo_people=demo.people if demo else (),
        demo_password=demo.password if demo else "",
    )


@pages.post("/sign-out")
@shows(PUBLIC)
def sign_out() -> Response:
    if current_user.is_authenticated:
        signing_in.end(store(), here(), current_user.token, now=now())
    logout_user()
    session.clear()
    answer = redirect(url_for("sign_in.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.get("/health")
@shows(PUBLIC)
def health() -> str:
    """For whatever watches over the service; says nothing of what is in it."""
    with store().reading():
        return "ok"
