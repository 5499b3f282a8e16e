"""A form that saves itself while somebody types: what its page changed, kept question by question, told as JSON.

The page posts what it holds, and beside it (`was.NAME`) what stood in each changed field when it last heard that it was
saved: from these two and what is saved now every change is merged, so that no page overwrites what it never touched.
Nothing is confirmed, nothing set aside and nothing shown here; the page says what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, g, jsonify
from flask_login import current_user
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, NotReady, autosaving, submissions
from engine.casework.autosaving import Kept, Typed
from engine.casework.values import Submission
from engine.forms import CompiledForm
from engine.forms.entry import Entry
from engine.language.model import Form
from webapp import answering, speaking
from webapp.clock import now
from webapp.dead_sessions import not_the_writer, typed_by
from webapp.naming import person_names
from webapp.numbers import whole
from webapp.sessions import ends_in
from webapp.showing import shows
from webapp.summaries import question_at
from webapp.tongues import _
from webapp.words import time_of_day

pages = Blueprint("saving", __name__, url_prefix="/forms")

WAS, CHANGED = "was.", "changed"
FIELD, SECTION, ROW = "a.", "a.@section", "a.@row"


@pages.post("/<submission>/keep-typed")
@shows("submission", "edit")
def keep(desk: Desk, submission: str) -> Response:
    """Keeps what the page changed since it last heard from here."""
    if typed_by() != current_user.person:
        # Somebody else has signed in meanwhile in this browser: what the page holds is not theirs.
        return not_the_writer()
    try:
        found, form = autosaving.present(desk, submission)
    except NotFound:
        raise
    except CaseworkError:
        if submissions.get(desk, submission).state == "draft":
            raise
        words = _("This form was sent meanwhile. Copy what you typed before you leave this page.")
        return _told("sent", 409, said=words)
    posted = answering.posted_fields()
    after = {name: texts for name, texts in posted.items() if name.startswith(FIELD)}
    mine = _entry(form, found, after, desk.today)
    base = _entry(form, found, _before(posted, after), desk.today)
    base = _without_defaults(form, found, base, mine, desk.today)
    answering.log_ignored(answering.not_offered(posted, mine.ignored, found.hidden), found.form)
    revision = whole(posted.get("revision", [""])[0])
    refused: tuple[Any, ...] = ()
    try:
        kept = _kept(desk, found, base, mine, revision)
    except NotReady as error:
        # A record or person chosen that is no longer to be had: everything else is kept.
        refused = tuple(error.problems)
        kept = _kept(desk, found, base, _without(mine, base, refused), revision)
    asked = speaking.pinned(desk, found.stack).stack.forms[found.form]
    by = person_names(desk, [found.changed_by])[found.changed_by]
    return _told(
        "saved",
        revision=kept.submission.revision,
        exact=kept.exact and not refused,
        at=time_of_day(kept.submission.changed_at, zone()),
        by=by,
        conflicts=[
            {"name": f"{FIELD}{one.path}", "label": _label(asked, one.path)} for one in kept.conflicts
        ],
        others=sorted({_label(asked, one) for one in kept.others}),
        refused=[
            {"name": f"{FIELD}{_head(str(one.question))}", "label": str(one.message)} for one in refused
        ],
    )


def _kept(desk: Desk, found: Submission, base: Entry, mine: Entry, revision: int) -> Kept:
    was, is_now = (Typed(one.answers, one.raw) for one in (base, mine))
    return autosaving.keep(desk, found.id, was, is_now, revision=revision)


def _before(posted: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The page's fields as they stood when it last heard from here."""
    changed = set(posted.get(CHANGED, ()))
    was = {name.removeprefix(WAS): texts for name, texts in posted.items() if name.startswith(WAS)}
    kept = {name: texts for name, texts in after.items() if name not in changed}
    return kept | {name: texts for name, texts in was.items() if name in changed}


def _entry(form: CompiledForm, found: Submission, fields: Mapping[str, Sequence[str]], today: Any) -> Entry:
    """The page's answers. A page that says no part holds the whole form."""
    parts = [one.id for one in form.form.sections]
    on_page = [one for one in fields.get(SECTION, parts) if one in parts]
    given = {ROW: list(found.records), **fields, SECTION: on_page}
    return form.entry(given, before=found.answers, today=today)


def _without_defaults(form: CompiledForm, found: Submission, base: Entry, mine: Entry, today: Any) -> Entry:
    """What the page showed by default and somebody now changes was nobody's answer: changing it clashes with none."""
    changed = {
        name for name, one in base.answers.items() if mine.answers.get(name) != one
    } - found.answers.keys()
    if not changed:
        return base
    shown = form.evaluate(found.answers, today=today).with_defaults(found.answers)
    answers = {
        name: one for name, one in base.answers.items() if name not in changed or one != shown.get(name)
    }
    return replace(base, answers=answers)


def _without(mine: Entry, base: Entry, problems: Iterable[Any]) -> Entry:
    """What is typed now, with the questions of these problems as they stood before."""
    heads = {_head(str(one.question)) for one in problems}
    answers = {name: one for name, one in mine.answers.items() if name.partition(".")[0] not in heads}
    stood = {name: one for name, one in base.answers.items() if name.partition(".")[0] in heads}
    return replace(mine, answers=answers | stood)


def _head(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _label(form: Form, path: str) -> str:
    """What a stored path's question is called; in a row, what the rows are called."""
    asked = question_at(form, path) or question_at(form, _head(path))
    return asked.label if asked is not None else str(_("another answer"))


def zone() -> Any:
    """Where the authority is, whose clock pages go by."""
    return g.surroundings.zone


def _told(state: str, status: int = 200, /, **words: Any) -> Response:
    moment: datetime = now()
    answer = jsonify(state=state, ends_in=ends_in(current_user, moment), **words)
    answer.status_code = status
    return answer
