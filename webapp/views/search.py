"""Searching: only ever what the person may see, counts included, since the search itself is filtered."""

from __future__ import annotations

from flask import Blueprint, request

from engine.casework import Desk, records
from webapp.showing import Page, page, shows
from webapp.speaking import live_stack
from webapp.tongues import _

pages = Blueprint("search", __name__)
MOST = 50


@pages.get("/search")
@shows("record", "find")
def look(desk: Desk) -> Page:
    words = request.args.get("q", "").strip()
    kind = request.args.get("type", "")
    known = {one.id: one.title for one in live_stack(desk).records.values()}
    types = (kind,) if kind in known else ()
    found = records.find(desk, words, types=types, limit=MOST) if words or types else []
    return page(
        "search.html",
        _("Search: %(words)s", words=words) if words else _("Search"),
        words=words,
        kind=kind if types else "",
        kinds=known,
        found=found,
        asked=bool(words or types),
        most=MOST,
    )
