"""What was wrong with what somebody sent, at an address that can be gone back to.

A page drawn in answer to a post cannot be shown again when a browser goes back to it. So what was typed and what was
wrong with it are kept, sealed, for its writer alone, and shown by the page itself. Must not know what the fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask_login import current_user

from webapp.clock import now
from webapp.dead_sessions import kept_posts
from webapp.summaries import Fault

ASKED = "wrong"
_TARGET, _MESSAGE = "_wrong_at", "_wrong_said"


def keep(typed: Mapping[str, str], problems: Sequence[Fault]) -> str | None:
    """Keeps both; returns the token under which `kept` finds them, or None where too much is kept already."""
    fields = {name: [text] for name, text in typed.items()}
    fields[_TARGET] = [one.target or "" for one in problems]
    fields[_MESSAGE] = [one.message for one in problems]
    return kept_posts().keep(current_user.person, _here(), fields, now())


def kept() -> tuple[dict[str, str], list[Fault]]:
    """What was typed on this page and what was wrong with it, where the address asks for that."""
    found = kept_posts().find(request.args.get(ASKED, ""), current_user.person, now())
    if found is None or found.path != _here():
        return {}, []
    fields = dict(found.fields)
    said = zip(fields.pop(_MESSAGE, ()), fields.pop(_TARGET, ()), strict=True)
    wrong = [Fault(message, target or None) for message, target in said]
    return {name: texts[0] for name, texts in fields.items()}, wrong


def forget() -> None:
    """It has been put right: going back shows it no more."""
    kept_posts().forget(request.args.get(ASKED, ""), current_user.person)


def _here() -> str:
    # What stands after the sign is put back by its own page, and offered nowhere else.
    return f"{request.path}#{ASKED}"
