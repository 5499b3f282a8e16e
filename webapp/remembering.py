"""How somebody likes forms shown (guidance, earlier answers, whole or in parts), remembered by their browser.

A cookie of a few words of ours and ids of forms, never of people or answers. Must not know any page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import after_this_request, current_app, g, request
from werkzeug.wrappers import Response

COOKIE = "trefoil-shown"
KEPT_FOR = 365 * 24 * 3600
MOST_WHOLE = 20
WHOLE = "whole"


def remembered(name: str, allowed: Collection[str], usual: str) -> str:
    """What the address asks for under `name`, which is remembered; else what was remembered; else `usual`."""
    asked = request.args.get(name)
    if asked is not None and asked in allowed:
        _remember({**_kept(), name: asked})
        return asked
    found = _kept().get(name, usual)
    return found if found in allowed else usual


def likes_whole(form: str) -> bool:
    """Whether this form was last filled in whole, on one page."""
    return form in _kept().get(WHOLE, "").split(".")


def remember_whole(form: str, whole: bool) -> None:
    before = [one for one in _kept().get(WHOLE, "").split(".") if one and one != form]
    if whole == likes_whole(form):
        return
    forms = [*before, form] if whole else before
    _remember({**_kept(), WHOLE: ".".join(forms[-MOST_WHOLE:])})


def _kept() -> Mapping[str, str]:
    found: Mapping[str, str] = g.get("shown_as") or dict(parse_qsl(request.cookies.get(COOKIE, "")[:2000]))
    return found


def _remember(kept: Mapping[str, str]) -> None:
    g.shown_as = dict(kept)

    @after_this_request
    def keep(response: Any) -> Response:
        response.set_cookie(
            COOKIE, urlencode(g.shown_as), max_age=KEPT_FOR, httponly=True, samesite="Lax", path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )  # fmt: skip
        found: Response = response
        return found
