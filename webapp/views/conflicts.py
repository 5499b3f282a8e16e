"""Two people changed the same answer: both texts side by side, and a choice for each. Nothing is lost.

For forms, what the later one typed is set aside in the database until they choose. For records, the page itself
carries it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, Stale, submissions
from engine.language.model import Form
from webapp import answering
from webapp.clock import now
from webapp.comparing import Piece, alone, pieces
from webapp.drawing.compiled import DrawnForm
from webapp.drawing.ink import Ink
from webapp.drawing.values import field_values, row_ids
from webapp.naming import person_names
from webapp.numbers import whole
from webapp.opened import Opened, open_submission
from webapp.showing import Page, draw, go, page, shows, store
from webapp.summaries import name_of_path, question_at
from webapp.surroundings import note_surroundings, stands_at
from webapp.tongues import _

pages = Blueprint("conflicts", __name__)
NOBODY: Mapping[str, str] = {}
CHOICES = ("mine", "theirs", "both", "anew")
BETWEEN = "\n\n"
"""What stands between two texts that are both kept."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question for which a person chooses; `anew` is its field, empty to be written in. Of a long text `both` can
    be kept, one after the other."""

    path: str
    label: str
    mine: str
    theirs: str
    anew: Markup
    both: bool = False

    @property
    def sides(self) -> tuple[list[Piece], list[Piece]]:
        """What is saved and what this person wrote, with what stands in one alone."""
        return pieces(self.theirs, self.mine), pieces(self.mine, self.theirs)

    @property
    def only(self) -> tuple[str, str]:
        """The same in words, for those who do not see marks."""
        theirs, mine = self.sides
        return alone(theirs), alone(mine)


def choices(
    form: Form, drawn: DrawnForm, paths: Sequence[str], mine: Mapping[str, Any], theirs: Mapping[str, Any],
    show: Any, ink: Ink, people: Mapping[str, str] = NOBODY, *, both: bool = False,
) -> list[Choice]:  # fmt: skip
    """The questions at stake with both texts. A row or cell is settled as the whole question that holds it; a
    question in one record's part by itself. `both`: the page can keep one long text after the other."""
    found = []
    each = {one.id for one in form.sections if one.each}
    for path in paths:
        head, _dot, rest = path.partition(".")
        if head in each and (asked := question_at(form, path)) is not None:
            label = f"{people.get(rest.partition('.')[0], '')}: {asked.label}"
            found.append(Choice(path, label, show(path, mine), show(path, theirs), Markup("")))
    for head in dict.fromkeys(path.partition(".")[0].partition("[")[0] for path in paths):
        question = question_at(form, head)
        if question is None:
            continue
        whole = question.type in ("repeat", "grid")
        label = question.label
        anew = Markup("") if whole else drawn.draw_one(head, ink)
        texts = isinstance(mine.get(head), str) and isinstance(theirs.get(head), str)
        long = both and question.type == "long_text" and texts
        found.append(Choice(head, label, show(head, mine), show(head, theirs), anew, long))
    return found


def shower(opened: Opened) -> Any:
    """Answers as people read them, a repeat's or grid's as its lines."""

    rows = {one.id: opened.submission.records for one in opened.form.sections if one.each}

    def show(path: str, answers: Mapping[str, Any]) -> str:
        lines = [
            item
            for section in opened.summary(answers)
            for item in section.items
            if path in (item.path.partition(".")[0].partition("[")[0], name_of_path(item.path, rows))
            and item.text
        ]
        if path.partition(".")[0] in rows:
            return "".join(str(one.text) for one in lines)
        if len(lines) == 1 and lines[0].path == path:
            return str(lines[0].text)
        return "\n".join(f"{one.label}: {one.text}" for one in lines)

    return show


def form_conflict(desk: Desk, submission: str, aside_id: str, status: int) -> Page:
    opened = open_submission(desk, submission)
    aside = next((one for one in submissions.asides(desk, submission) if one.id == aside_id), None)
    if aside is None:
        raise NotFound()
    theirs = opened.submission.answers
    base = submissions.get(desk, submission, revision=aside.base).answers
    paths = [
        one
        for one in dict.fromkeys((*aside.answers, *theirs, *base))
        if aside.answers.get(one) != base.get(one)
        and theirs.get(one) != base.get(one)
        and aside.answers.get(one) != theirs.get(one)
    ]
    for section in opened.form.sections:
        if section.each:
            paths += _parts_at_stake(section.id, base, aside.answers, theirs)
    ink = Ink(
        values=field_values(opened.form, aside.answers),
        rows=row_ids(opened.form, aside.answers),
        prefix="anew.",
        choices=answering.chooser(desk, opened.submission.record),
        guidance="hide",
    )
    drawn = answering.drawn_form(opened.form, opened.stack)
    by = person_names(desk, [opened.submission.changed_by])[opened.submission.changed_by]
    action = url_for("conflicts.choose", submission=submission, aside=aside_id)
    stands_at(action)
    return page(
        "conflict.html",
        _("Two people changed the same answers"),
        status=status,
        caption=opened.form.title,
        by=by,
        revision=opened.submission.revision,
        choices=choices(
            opened.form, drawn, paths, aside.answers, theirs, shower(opened), ink, opened.people, both=True
        ),
        when=opened.submission.changed_at,
        mine_when=aside.at,
        action=action,
        parts=url_for("filling.sections", submission=submission),
        carried=[],
    )  # fmt: skip


def _parts_at_stake(
    section: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[str]:
    """The questions that both changed in one record's part, by path."""
    old, my, their = ({row["_row"]: row for row in one.get(section) or ()} for one in (base, mine, theirs))
    found = []
    for row in dict.fromkeys((*my, *their)):
        was, one, other = (rows.get(row, {}) for rows in (old, my, their))
        for question in dict.fromkeys((*one, *other)):
            a, b, before = one.get(question), other.get(question), was.get(question)
            if a != b and before not in (a, b):
                found.append(f"{section}.{row}.{question}")
    return found


@pages.route("/forms/<submission>/choose/<aside>", methods=["GET", "POST"])
@shows("submission", "edit")
def choose(desk: Desk, submission: str, aside: str) -> Page | Response:
    if request.method == "GET":
        return form_conflict(desk, submission, aside, 200)
    opened = open_submission(desk, submission)
    chosen = posted_choices()
    keep = {path: "theirs" if choice == "theirs" else "mine" for path, choice in chosen.items()}
    together = [path for path, choice in chosen.items() if choice == "both"]
    mine = next((one.answers for one in submissions.asides(desk, submission) if one.id == aside), {})
    both = {path: _both(opened.submission.answers.get(path), mine.get(path)) for path in together}
    revision = whole(request.form.get("revision", ""))
    saved = submissions.resolve(desk, submission, aside, keep=keep, revision=revision)
    if both:
        answers = {**saved.answers, **{path: text for path, text in both.items() if text}}
        saved = submissions.save(desk, submission, answers, revision=saved.revision, raw=saved.raw)
    anew = [path for path, choice in chosen.items() if choice == "anew"]
    if anew:
        settled = opened.after(desk, saved)
        posted = {
            f"a.{name.removeprefix('anew.')}": texts
            for name, texts in answering.posted_fields().items()
            if name.startswith("anew.") and name.removeprefix("anew.").partition(".")[0] in anew
        }
        answers = dict(saved.answers)
        raw = {name: typed for name, typed in saved.raw.items() if submissions.question_of(name) not in anew}
        for section in opened.form.sections:
            entry = settled.entry(posted, section)
            for path in anew:
                if any(one.id == path for one in section.questions):
                    answers.pop(path, None)
                    answers.update({k: v for k, v in entry.answers.items() if k in (path, f"{path}.other")})
            raw |= {name: typed for name, typed in entry.raw.items() if submissions.question_of(name) in anew}
        submissions.save(desk, submission, answers, revision=saved.revision, raw=raw)
    return go("filling.sections", submission=submission)


def _both(theirs: Any, mine: Any) -> str:
    """One long text after the other; nothing where these are no texts."""
    return BETWEEN.join((theirs, mine)) if isinstance(theirs, str) and isinstance(mine, str) else ""


def posted_choices() -> dict[str, str]:
    """Which text to keep, by question; where nothing was chosen mine stays, since it is not stored elsewhere."""
    return {
        name.removeprefix("choice."): texts[0] if texts and texts[0] in CHOICES else "mine"
        for name, texts in request.form.to_dict(flat=False).items()
        if name.startswith("choice.")
    }


def handle_conflicts(app: Flask) -> None:
    """Draws the page on which to choose when a save met somebody else's."""

    @app.errorhandler(Stale)
    def stale(error: Stale) -> Response:
        with store().desk(current_user.authority, current_user.person, now=now()) as desk:
            note_surroundings(desk)
            values = request.view_args or {}
            if "submission" in values and error.aside:
                answer = form_conflict(desk, values["submission"], error.aside, 409)
            else:
                drawer = current_app.extensions["trefoil_conflicts"].get(request.endpoint)
                answer = drawer(desk, error, **values) if drawer else _plain(desk, error)
        return draw(answer)


def _plain(desk: Desk, error: Stale) -> Page:
    return page(
        "problem.html", _("Somebody else was quicker"), status=409, reference=None,
        lines=(_("What you saw had been changed by somebody else in the meantime."), _("Go back and look again.")),
    )  # fmt: skip
