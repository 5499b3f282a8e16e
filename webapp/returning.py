"""Comments on a form that was sent back, as pages speak of them: offered to whoever returns it, and told to its writer.

Which there are, and who may read them, is casework's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.casework import Desk, commenting, submissions
from engine.casework.values import Comment
from engine.forms.summary import SectionSummary
from webapp.besides import said_by
from webapp.drawing.values import row_ids
from webapp.folding import folded
from webapp.form_parts import page_of, part_page
from webapp.naming import person_names
from webapp.opened import Opened, open_submission
from webapp.summaries import first_control, name_of_path, question_at, section_of
from webapp.tongues import _


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment in a list: at which question, who asked what, what was done, and where the question stands."""

    id: str
    question: str
    label: str
    by: str
    text: str
    answer: str
    dealt: bool
    page: str = ""
    change: Any = None
    """What the answer was and what it is, where that is shown (`changes.Change`)."""


def comment_lines(desk: Desk, opened: Opened, *, of_this: bool = False) -> list[CommentLine]:
    """What was asked of what this submission goes on from; `of_this`: of this one, when it was sent back."""
    found = (commenting.of_submission if of_this else commenting.asked)(desk, opened.submission.id)
    names = person_names(desk, {one.made_by for one in found}) if found else {}
    draft = opened.submission.state == "draft"
    return [
        CommentLine(
            one.id,
            one.question,
            label_of(opened, one.question),
            said_by(one, names),
            one.text,
            one.answer or "",
            one.dealt_at is not None,
            _page(opened, one) if draft else "",
        )
        for one in found
    ]


def label_of(opened: Opened, name: str) -> str:
    """What a question is called, with the row it stands in; what is said of the whole form says so."""
    if not name:
        return str(_("The form as a whole"))
    asked = question_at(opened.form, name)
    head, _dot, rest = name.partition(".")
    row = rest.partition(".")[0]
    around = next(
        (one for section in opened.form.sections for one in section.questions if one.id == head), None
    )
    label = asked.label if asked is not None else around.label if around is not None else name
    if row in opened.people and len(opened.people) > 1:
        return f"{opened.people[row]}: {label}"
    if around is None or around is asked:
        return label
    offered = opened.stack.lists.get(around.rows) if around.rows else None
    fixed = next((one.label for one in offered.options if one.id == row), "") if offered is not None else ""
    return f"{around.label}, {fixed}: {label}" if fixed else f"{around.label}: {label}"


def _page(opened: Opened, one: Comment) -> str:
    """Where the question stands now; nothing for one that is not asked any more."""
    if not one.question or section_of(opened.form, one.question) is None:
        return ""
    part = page_of(opened, one.question)
    if part[0].id not in opened.evaluate().shown:
        return ""
    return f"{part_page(opened, part)}#{first_control(one.question, question_at(opened.form, one.question))}"


@dataclass(frozen=True, slots=True)
class SentBack:
    by: str
    at: Any
    reason: str


def sent_back(desk: Desk, opened: Opened) -> SentBack | None:
    """Who sent back what a draft goes on from, when and why."""
    found = commenting.sent_back(desk, opened.submission.id)
    if found is None or found.reason is None:
        return None
    by = person_names(desk, [found.decided_by]).get(found.decided_by, "Trefoil")
    return SentBack(by, found.decided_at, found.reason)


# --- Returning a form


@dataclass(frozen=True, slots=True)
class ToReturn:
    """A form that a step sends back, with its answers, at each of which a comment can be made."""

    submission: str
    form: str
    title: str
    summary: Sequence[SectionSummary]
    names: Mapping[str, str] = field(default_factory=dict)
    """By the path of a line the name of its box, `comment.SUBMISSION.QUESTION`."""
    written: Mapping[str, str] = field(default_factory=dict)


def to_return(desk: Desk, case: str, forms: Iterable[str], posted: Mapping[str, str]) -> list[ToReturn]:
    """The forms of a case that a step would send back, as this person reads them, with what they wrote so far."""
    wanted = set(forms)
    found = submissions.of_case(desk, case) if wanted else []
    newest = {
        one.form: one
        for one in reversed(found)
        if one.form in wanted and one.state in ("submitted", "approved")
    }
    return [_to_return(open_submission(desk, one.id), posted) for one in newest.values()]


def _to_return(opened: Opened, posted: Mapping[str, str]) -> ToReturn:
    rows = row_ids(opened.form, opened.submission.answers)
    start = f"comment.{opened.submission.id}."
    summary = folded(opened.summary())
    names = {item.path: f"{start}{name_of_path(item.path, rows)}" for part in summary for item in part.items}
    written = {name: text for name, text in posted.items() if name.startswith(start)}
    return ToReturn(opened.submission.id, opened.form.id, opened.form.title, summary, names, written)


def ready_to_say(desk: Desk, returned: Sequence[ToReturn]) -> list[commenting.Ready]:
    """What is to be said once the forms are returned, seen to while this person still sees them."""
    found = []
    for one in returned:
        start = f"comment.{one.submission}."
        texts = {name[len(start) :]: text for name, text in one.written.items() if text.strip()}
        ready = commenting.ready(desk, one.submission, texts)
        if ready is not None:
            found.append(ready)
    return found
