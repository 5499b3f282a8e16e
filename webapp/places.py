"""Whose pages these are: each authority stands at a host name of its own, and nobody can ask for another's.

The host name alone decides, never what a person types or posts: signing in looks among the people of the authority
whose page it is, and a session is worth nothing anywhere else. Must not know any page.
"""

from __future__ import annotations

from flask import Flask, abort, current_app, g, request

from engine.casework import Store, authorities

EVERYBODYS = frozenset({"static", "sign_in.health"})
"""Addresses that are no authority's: what they give is the same for all."""


def standing() -> str | None:
    """The authority at the host name of this request, if one is."""
    if "authority" not in g:
        store: Store = current_app.extensions["trefoil_store"]
        g.authority = authorities.at_address(store, request.host.partition(":")[0])
    return g.authority[0] if g.authority else None


def here() -> str:
    """The same; answers as for an address that leads nowhere where none is."""
    found = standing()
    if found is None:
        abort(404)
    return found


def name_of_it() -> str:
    """What the authority is called; nothing where none stands here."""
    return g.authority[1] if g.get("authority") else ""


def stand_apart(app: Flask) -> None:
    """Has every request belong to the authority of its host name before anything else is looked at."""

    @app.before_request
    def whose() -> None:
        if request.endpoint not in EVERYBODYS:
            here()
