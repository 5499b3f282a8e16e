"""What people see when something cannot be done: one calm page a kind, never a traceback.

`NotFound` has one answer for what does not exist, what belongs to somebody else and what may not be seen, to the
byte the same as for an address that leads nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import structlog
from flask import Flask, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.casework import Busy, CaseworkError, NotFound, NotPermitted, NotReady, Refused, SchemaMismatch
from engine.casework.errors import NoStack
from webapp.bodies import UNREADABLE, UnreadableLetters, nothing_arrived
from webapp.clock import now
from webapp.dead_sessions import keep_typed, typed_by
from webapp.kept import NEVER_KEPT, written
from webapp.logs import passed
from webapp.security import wants_json
from webapp.tongues import N_, _

log = structlog.get_logger("webapp")
Answer = tuple[str | Response, int]


KEPT_WHEN = frozenset({403, 404, 409, 500})
KEPT = N_("What you typed was not saved. It is kept for you for an hour: you find it at the top of My work.")


def plain(title: str, *lines: str, status: int, reference: str | None = None) -> Answer:
    if wants_json():
        return _told(title, lines, reference), status
    lines = (*lines, *_kept_of_it(status))
    return render_template("problem.html", title=title, lines=lines, reference=reference), status


def _kept_of_it(status: int) -> tuple[str, ...]:
    """Words that were typed and that nothing came of are kept for their writer, who is told where they are."""
    lost = request.method == "POST" and status in KEPT_WHEN and current_user.is_authenticated
    if not lost or not any(written(*pair) for pair in _posted()):
        return ()
    return (_(KEPT),) if typed_by() == current_user.person and keep_typed(current_user.person) else ()


def _posted() -> Sequence[tuple[str, str]]:
    try:
        return list(request.form.items(multi=True))
    except HTTPException:
        # More than may be sent, or broken off: none of it can be read.
        return ()


def _told(title: str, lines: Sequence[str], reference: str | None = None) -> Response:
    """The same for a script, which says it beside what is typed."""
    return jsonify(state="trouble", title=title, said=" ".join(lines), reference=reference)


def not_found(error: Exception) -> Answer:
    _read_surroundings()
    return plain(
        _("Page not found"),
        _("This page may not exist, or you may not have access to it."),
        _("If you typed the address, check it. If you followed a link, tell whoever gave it to you."),
        status=404,
    )


def _read_surroundings() -> None:
    """An address that leads nowhere reached no view, and so no desk: its page must look like any other's."""
    if "surroundings" in g or not current_user.is_authenticated:
        return
    from webapp.showing import store
    from webapp.surroundings import note_surroundings

    try:
        with store().desk(current_user.authority, current_user.person, now=now()) as desk:
            note_surroundings(desk)
    except CaseworkError:
        # The page can do without; what went wrong will be said where somebody works.
        return


def not_permitted(error: NotPermitted) -> Answer:
    return plain(_("You cannot do that"), str(error), status=403)


def refused(error: CaseworkError) -> Answer:
    return plain(_("That could not be done"), *str(error).split("\n"), _("Nothing was changed."), status=409)


def nothing_published(error: CaseworkError) -> Answer:
    return plain(_("Not ready yet"), str(error), _("Ask whoever runs the service."), status=503)


def busy(error: Busy) -> tuple[str | Response, int, dict[str, str]]:
    """What was typed goes back to the person in the page itself, to be sent again."""
    soon = {"Retry-After": "5"}
    if wants_json() or request.method != "POST":
        return *plain(_("The service is busy"), _("Try again in a moment."), status=503), soon
    lines = (_("Too many people are saving at this moment. Nothing you typed is lost."),)
    return _typed_again(_("The service is busy"), lines, _("Try again")), 503, soon


def _typed_again(title: str, lines: Sequence[str], go_on: str) -> str:
    """A page with what was just posted in it, to look at and send once more."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in NEVER_KEPT]
    hidden = [one for one in typed if not written(*one) and UNREADABLE not in one[1]]
    return render_template(
        "kept.html", title=title, lines=lines, action=request.path, carried=hidden,
        typed=[one for one in typed if one not in hidden], go_on=go_on, drop=None, token=request.form.get("kept"),
    )  # fmt: skip


def unreadable(error: UnreadableLetters) -> Answer:
    """Nothing was saved: a letter that reads otherwise than it was typed must not stand as somebody's words."""
    _read_surroundings()
    title = _("Some letters could not be read")
    happened = _(
        "What you typed reached us with letters that we cannot read, so it was not saved. Nothing was changed."
    )
    if wants_json() or not current_user.is_authenticated:
        return plain(title, happened, _("Go back and type those words again."), status=400)
    todo = _(
        "It stands below, with %(sign)s for each letter that could not be read. Put those right, then save it.",
        sign=UNREADABLE,
    )
    return _typed_again(title, (happened, todo), _("Save it now")), 400


def _nothing_arrived() -> Answer:
    _read_surroundings()
    return plain(
        _("What you sent did not arrive"),
        _("None of it could be read; the connection may have been cut. Nothing was changed."),
        _("Go back: what you typed should still stand there. Copy it if it is long, and send it again."),
        status=400,
    )


def forged(error: CSRFError) -> Answer | Response:
    """What was typed is kept for whoever typed it, and shown to nobody else; what names no writer is refused."""
    if wants_json():
        return jsonify(state="forged"), 400
    if nothing_arrived():
        return _nothing_arrived()
    person = typed_by()
    token = keep_typed(person) if person and current_user.is_authenticated else None
    if token and current_user.person == person:
        return redirect(url_for("kept.show", token=token), 303)
    if token:
        return plain(
            _("Somebody else has signed in"),
            _("That page was opened by somebody else, before you signed in here. Nothing was changed."),
            _(
                "What they typed on it is kept for them for an hour. They find it in their work when they sign in."
            ),
            status=400,
        )
    return plain(
        _("That page was too old"),
        _("Go back, open the page again and try once more. Nothing was changed."),
        status=400,
    )


_TOO_MUCH = N_(
    "Send less text, or fewer and smaller files, at a time. Nothing was changed: go back, and what you typed should "
    "still stand there."
)


def from_the_web(error: HTTPException) -> Answer | HTTPException:
    code = error.code or 500
    if code in (404, 405):
        return not_found(error)
    if code == 413:
        return plain(_("That is too much at once"), _(_TOO_MUCH), status=413)
    if code < 400:
        return error
    if code >= 500:
        return unexpected(error)
    return plain(_("That could not be done"), _("The request could not be understood."), status=code)


def unexpected(error: Exception) -> Answer:
    """The last handler: the page says nothing of what went wrong, the log under the same reference does."""
    reference = secrets.token_hex(4).upper()
    log.error(
        "unexpected",
        reference=reference,
        endpoint=request.endpoint,
        kind=type(error).__name__,
        at=passed(error),
    )
    g.pop("surroundings", None)
    return plain(
        _("Something went wrong"),
        _("It is not your doing. What you saved before is safe; what you were just doing was not saved."),
        _("Go back and try again. If it happens again, tell whoever runs the service."),
        status=500,
        reference=reference,
    )


def handle_problems(app: Flask) -> None:
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(NotPermitted, not_permitted)
    refusals: tuple[type[CaseworkError], ...] = (Refused, NotReady, CaseworkError)
    unready: tuple[type[CaseworkError], ...] = (NoStack, SchemaMismatch)
    for kind in refusals:
        app.register_error_handler(kind, refused)
    app.register_error_handler(Busy, busy)
    for kind in unready:
        app.register_error_handler(kind, nothing_published)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(UnreadableLetters, unreadable)
    app.register_error_handler(HTTPException, from_the_web)
    app.register_error_handler(Exception, unexpected)
