"""What stands beside the questions of a form that is being filled in: the answers of last time, and comments.

Both come from casework, cut down to what the reader may see, and are cut once more to what they see of this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.casework import Desk, commenting, earlier, paths, submissions
from engine.casework.values import Comment, Submission
from webapp import speaking, words
from webapp.drawing.beside import Remark
from webapp.drawing.ink import Ink
from webapp.drawing.values import row_ids
from webapp.naming import form_title, person_names
from webapp.opened import Opened, open_submission
from webapp.remembering import remembered
from webapp.summaries import name_of_path, question_at
from webapp.surroundings import moment_here
from webapp.tongues import _

Replies = Mapping[str, tuple[str, bool]]
"""What was done about comments, by comment id, and whether each is dealt with."""
NO_REPLIES: Replies = {}
EARLIER = ("show", "fold", "hide")


@dataclass(frozen=True, slots=True)
class LastTime:
    """What the same form said the time before: when, on which page it is read, and by posted name what was answered."""

    submission: str
    on: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Besides:
    """Everything beside the questions of one form."""

    last: LastTime | None
    shown: str
    comments: tuple[Comment, ...]
    remarks: Mapping[str, tuple[Remark, ...]]

    def inked(self, ink: Ink) -> Ink:
        ink = replace(ink, remarks=self.remarks)
        if self.last is None or self.shown == "hide":
            return ink
        when = _("Last time (%(day)s)", day=self.last.on)
        return replace(ink, earlier=self.last.texts, earlier_when=when, earlier_open=self.shown == "show")


def besides(desk: Desk, opened: Opened, replies: Replies = NO_REPLIES) -> Besides:
    """What stands beside a draft's questions for this reader; `replies` stand in for what is saved of them."""
    comments = commenting.asked(desk, opened.submission.id)
    names = person_names(desk, {one.made_by for one in comments}) if comments else {}
    remarks: dict[str, tuple[Remark, ...]] = {}
    for one in comments:
        answer, dealt = replies.get(one.id, (one.answer or "", one.dealt_at is not None))
        remark = Remark(one.id, said_by(one, names), one.text, answer, dealt=dealt)
        remarks[one.question] = (*remarks.get(one.question, ()), remark)
    return Besides(last_time(desk, opened), remembered("earlier", EARLIER, "show"), tuple(comments), remarks)


def keep_replies(desk: Desk, submission: str, replies: Replies) -> None:
    """Saves what was said of comments although the answers beside them meet somebody else's and are not saved."""
    desk.if_undone.append(lambda again: commenting.answer(again, submission, replies))


def read_with(desk: Desk, opened: Opened) -> list[tuple[str, Submission]]:
    """The forms of the same case that were sent, newest first: a decision is written on what they say."""
    case = opened.submission.case
    there = submissions.of_case(desk, case) if case else []
    return [
        (form_title(speaking.pinned(desk, one.stack).stack, one.form), one)
        for one in there
        if one.state in ("submitted", "approved") and one.id != opened.submission.id
    ]


def said_by(one: Comment, names: Mapping[str | None, str]) -> str:
    """Who made a comment, and when."""
    said: str = _(
        "%(name)s, %(moment)s", name=names.get(one.made_by, "Trefoil"), moment=moment_here(one.made_at)
    )
    return said


def last_time(desk: Desk, opened: Opened) -> LastTime | None:
    """The answers of the same form on the same record the time before, by the names that this form posts under."""
    found = earlier.last_time(desk, opened.submission.id)
    if found is None or found.submitted_at is None:
        return None
    about = opened.submission.record if opened.form.several else None
    before = open_submission(desk, found.id, about=about)
    texts = texts_by_name(before)
    hidden = opened.submission.hidden
    seen = {name: text for name, text in texts.items() if not paths.hides(hidden, name)}
    return LastTime(found.id, words.day(desk.day_of(found.submitted_at)), _gathered(opened, seen))


def texts_by_name(opened: Opened) -> dict[str, str]:
    """The answers of a submission in words, by the names that they were posted under; blanks left out."""
    rows = row_ids(opened.form, opened.submission.answers)
    return {
        name_of_path(item.path, rows): item.text
        for section in opened.summary()
        for item in section.items
        if item.text
    }


def _gathered(opened: Opened, texts: Mapping[str, str]) -> dict[str, str]:
    """A repeat's rows have no fellows in another form: all that was said in them stands at the repeat."""
    repeats = {
        one.id: one for section in opened.form.sections for one in section.questions if one.type == "repeat"
    }
    found: dict[str, Any] = {}
    rows: dict[str, dict[str, list[str]]] = {}
    for name, text in texts.items():
        head, _dot, rest = name.partition(".")
        row, _dot, inner = rest.partition(".")
        if head not in repeats or not inner:
            found[name] = text
            continue
        asked = question_at(opened.form, name) or next(
            (one for one in repeats[head].questions if one.id == inner), None
        )
        rows.setdefault(head, {}).setdefault(row, []).append(f"{asked.label}: {text}" if asked else text)
    found |= {head: "\n\n".join("\n".join(lines) for lines in each.values()) for head, each in rows.items()}
    return found
