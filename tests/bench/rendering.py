"""R1 and R2: the reference form's page drawn, and its post read, judged and drawn again, beside the same by hand.

Both sides draw all questions of the form on one page within the same few lines of HTML, and neither touches a database:
what saving costs stands in C1 to C3. A post of ours goes through a Flask route, as theirs does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

from flask import Flask, request
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from engine.forms import CompiledForm, Evaluation
from engine.language.model import Stack
from engine.questions.base import Context
from tests.bench import reference
from tests.bench.bars import Figure
from tests.bench.forms import TODAY, compiled, fields, stored, written
from tests.bench.peers.by_hand import posted, written_by_hand
from tests.bench.peers.pages import FOOT, TOP, page_by_hand
from tests.bench.timing import seconds
from tests.support.forms import stack_of
from webapp import answering, tongues

SECTION = "first"


def figures() -> Iterator[Figure]:
    """R1 for a typical submission, R2 for one with seven faults. First, that both sides draw what they should."""
    form, by_hand, theirs = compiled(), written_by_hand(), page_by_hand()
    typical, wrong = reference.submission(full=False), reference.invalid()
    given, entered = stored(typical), MultiDict(posted(typical))

    def ours_drawn() -> str:
        return drawn(form, form.evaluate(given, today=TODAY), given, {}, ())

    def theirs_drawn() -> str:
        return theirs(by_hand(entered))

    asked = len(reference.questions())
    for html in (ours_drawn(), theirs_drawn()):
        assert html.count("What was recorded for q") >= asked, "a question is not on the page"
    ours, peer = (seconds(one) * 1000 for one in (ours_drawn, theirs_drawn))
    yield Figure(
        "R1", "draw the reference form ÷ WTForms and Jinja by hand", ours, peer, "ms", ours / peer, 0.25, 0.05
    )

    post_ours = posting(our_route(form), fields(wrong))
    post_theirs = posting(their_route(), _listed(posted(wrong)))
    faults = len(form.evaluate(stored(wrong), today=TODAY).problems)
    for post in (post_ours, post_theirs):
        told = post().decode().count('class="govuk-error-message"')
        assert told == faults, f"{told} of {faults} faults are told"
    ours, peer = (seconds(one) * 1000 for one in (post_ours, post_theirs))
    yield Figure(
        "R2",
        "post with errors, read, judged, drawn ÷ the same by hand",
        ours,
        peer,
        "ms",
        ours / peer,
        0.4,
        0.1,
    )


def _figure(bar: str, what: str, ours: float, theirs: float, must: float, aim: float) -> Figure:
    return Figure(bar, what, ours, theirs, "ms", ours / theirs, must, aim)


@cache
def _stack() -> Stack:
    return stack_of(written())


def drawn(
    form: CompiledForm,
    evaluation: Evaluation,
    answers: Mapping[str, Any],
    raw: Mapping[str, Any],
    problems: Sequence[Any],
) -> str:
    """The page as Trefoil draws a section, without what stands around every page."""
    stack = _stack()
    context = Context(stack.lists, TODAY, lambda _: None)
    worked_out = answering.calculated_texts(form, evaluation, context)
    ink = answering.ink_for(form, evaluation, answers, raw, model=form.form, calculated=worked_out)
    ink = answering.with_errors(ink, problems)
    summary = "".join(
        f'<li><a href="#a.{escape(one.question)}">{escape(one.message)}</a></li>' for one in problems
    )
    if summary:
        summary = f'<div class="govuk-error-summary"><h2>There is a problem</h2><ul>{summary}</ul></div>'
    fields_ = answering.drawn_form(form.form, stack).draw(SECTION, ink)
    return f'{TOP}{summary}<form method="post">{fields_}{FOOT}'


def posting(app: Flask, body: Mapping[str, Sequence[str]]) -> Callable[[], bytes]:
    """Posts one body to `/` as a server hands it over: read from its bytes each time."""
    given = EnvironBuilder(method="POST", path="/", data=dict(body)).get_environ()
    written_out = given["wsgi.input"].read()

    def post() -> bytes:
        environ = {**given, "wsgi.input": BytesIO(written_out)}
        return b"".join(app.wsgi_app(environ, lambda status, headers, trouble=None: None))

    return post


def our_route(form: CompiledForm) -> Flask:
    app = Flask("ours")
    tongues.give_words(app, lambda: tongues.OWN)

    @app.post("/")
    def save() -> str:
        posted_ = request.form.to_dict(flat=False)
        entry = form.entry({**posted_, "a.@section": [SECTION]}, before={}, today=TODAY, mint=lambda: "new")
        evaluation = form.evaluate(entry.answers, today=TODAY)
        return drawn(form, evaluation, entry.answers, entry.raw, evaluation.problems)

    return app


def their_route() -> Flask:
    app, by_hand, page = Flask("theirs"), written_by_hand(), page_by_hand()

    @app.post("/")
    def save() -> str:
        form = by_hand(request.form)
        form.validate()
        return page(form)

    return app


def _listed(post: MultiDict[str, str]) -> dict[str, list[str]]:
    return {name: post.getlist(name) for name in post}
