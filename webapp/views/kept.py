"""What was typed before a session ended, shown again to whoever typed it, to look at and save."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound
from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.kept import written
from webapp.showing import Page, page, shows
from webapp.tongues import _

pages = Blueprint("kept", __name__)


@pages.get("/kept/<token>")
@shows("kept")
def show(desk: Desk, token: str) -> Page | Response:
    kept = kept_posts().find(token, current_user.person, now())
    if kept is None:
        raise NotFound()
    try:
        endpoint, values = current_app.url_map.bind("").match(kept.path, "POST")
    except HTTPException:
        raise NotFound() from None
    if endpoint == "filling.section":
        # The page itself shows what was typed, each answer in its field.
        return redirect(url_for(endpoint, kept=token, **values), 303)
    typed = kept.visible()
    carried = [
        (name, text) for name, texts in kept.fields.items() for text in texts if (name, text) not in typed
    ]
    short = [one for one in typed if not written(*one)]
    return page(
        "kept.html",
        _("What you typed is still here"),
        lines=(_("This was not saved when you sent it. Look at it, then save it, or copy it."),),
        action=kept.path,
        token=token,
        carried=carried + short,
        typed=[one for one in typed if one not in short],
        go_on=_("Save it now"),
        drop=url_for("work.home"),
    )
