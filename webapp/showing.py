"""How a view declares what it shows, and the one place where requests meet the database.

`@shows(kind, verb)` is on every view: it opens the desk (one transaction, as the person signed in), runs the view,
commits, and only then draws the page, so that no page is drawn while others wait for the database and a look is
logged before its reply leaves. A view without a declaration stops the application from starting. Who may see
what is decided by casework alone. Must not know any particular page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engine.casework import Desk, MustWrite, Store, access
from webapp import bodies, not_saved, speaking, surroundings, switching
from webapp.clock import now
from webapp.dead_sessions import keep_and_sign_in

PUBLIC = "public"
OWN_ROUTES = {"static"}


@dataclass(frozen=True, slots=True)
class Shows:
    """What a view shows: the kind of thing, what is done to it, and the argument that names it."""

    kind: str
    verb: str = "view"


@dataclass(frozen=True, slots=True)
class Page:
    """A page yet to be drawn, once its transaction has ended."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Outside:
    """What takes long and needs no database: `work` is done once the transaction has ended, so that nobody waits for
    it there; `then` goes on in another one, with what came of it."""

    work: Callable[[], Any]
    then: Callable[[Desk, Any], Page | Response | Outside]


def page(template: str, title: str, *, status: int = 200, **context: Any) -> Page:
    """What a view returns to have `template` drawn with `title` as its one heading."""
    return Page(template, {"title": title, **context}, status)


def go(endpoint: str, _anchor: str | None = None, **values: Any) -> Response:
    """A redirect after something was done, so that going back does not do it again."""
    return redirect(url_for(endpoint, _anchor=_anchor, **values), 303)


def go_to(address: str, anchor: str) -> Response:
    """A redirect to a place in a page of ours. `anchor` may be what somebody posted: it cannot end the header."""
    return redirect(f"{address}#{quote(anchor)}", 303)


def go_on(desk: Desk, record: str, endpoint: str, /, **values: Any) -> Response:
    """Where to go after a step that may have taken the record out of this person's sight, as ending a case may."""
    desk.grants.pop(record, None)
    if access.may(desk, "view", record):
        return go(endpoint, **values)
    flash("Done. Your part in it is over, so it is no longer among what you can see.")
    return go("work.home")


def store() -> Store:
    found: Store = current_app.extensions["trefoil_store"]
    return found


def draw(answer: Page | Response | str) -> Response:
    if isinstance(answer, Page):
        html = not_saved.filled(render_template(answer.template, **answer.context), answer)
        return make_response(switching.tied(html, surroundings.this_address()), answer.status)
    return make_response(answer)


def shows(
    kind: str, verb: str = "view", *, most: int | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares a view. Public views are called without a desk; all others get it as their first argument.

    `most` is how many bytes may be posted to it, where files are.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def at_work(**path: Any) -> Response:
            if kind == PUBLIC:
                if request.method == "POST":
                    bodies.check()
                return draw(view(**path))
            if not current_user.is_authenticated:
                return keep_and_sign_in()
            if most is not None:
                request.max_content_length = most
            if request.method == "POST":
                bodies.check()
            answer = _at_the_desk(lambda desk: view(desk, **path))
            while isinstance(answer, Outside):
                answer = _gone_on(answer)
            return draw(answer)

        at_work.declared = Shows(kind, verb)  # type: ignore[attr-defined]
        return at_work

    return declare


def _at_the_desk(act: Callable[[Desk], Any]) -> Any:
    if request.method in ("GET", "HEAD"):
        try:
            return _act(act, looks=True)
        except MustWrite:
            # A page that leaves more than its trace is made once more, in turn with those who write.
            pass
    return _act(act, looks=False)


def _act(act: Callable[[Desk], Any], *, looks: bool) -> Any:
    with store().desk(current_user.authority, current_user.person, now=now(), looks=looks) as desk:
        surroundings.note_surroundings(desk)
        speaking.keep_choice(desk)
        answer = act(desk)
        not_saved.settle(desk, done=isinstance(answer, Response) and answer.status_code in (302, 303))
        return answer


def _gone_on(outside: Outside) -> Any:
    done = outside.work()
    return _at_the_desk(lambda desk: outside.then(desk, done))


def declared(app: Flask) -> dict[str, Shows]:
    """Every endpoint with what it shows. Raises RuntimeError naming a route that does not say."""
    found: dict[str, Shows] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OWN_ROUTES:
            continue
        view = app.view_functions[rule.endpoint]
        says = getattr(view, "declared", None)
        if says is None:
            raise RuntimeError(f"the route {rule.rule} ({rule.endpoint}) does not declare what it shows")
        found[rule.endpoint] = says
    return found
