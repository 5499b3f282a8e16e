"""What a page on which a form is filled in is drawn with, whether it shows one part or the whole form.

What is saved, or what somebody just typed in its place; what was carried from earlier, what stands beside, what is
wrong, and how much guidance this person likes to see. Must not know which part is shown, or where a save leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

from engine.casework import Desk
from webapp import answering, uploading
from webapp.besides import NO_REPLIES, Replies, besides
from webapp.carried import Carried, carried_in
from webapp.drawing.ink import Ink
from webapp.opened import Opened
from webapp.remembering import remembered
from webapp.summaries import answer_faults

GUIDANCE = ("show", "fold", "hide")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`drawn` draws a section with `ink`; `told` is what both pages tell their template."""

    drawn: Any
    ink: Ink
    carried: Sequence[Carried]
    told: Mapping[str, Any]


class Unsaved(TypedDict, total=False):
    """What stands in for what is saved, where something unsaved is shown: answers, what was not understood, and replies
    to comments.

    `kept` is its token, `revision` what its writer had looked at; `more` says that saving made more to be asked.
    """

    answers: Mapping[str, Any]
    raw: Mapping[str, Any]
    replies: Replies
    kept: str
    revision: int
    more: bool


def sheet(desk: Desk, opened: Opened, *, problems: Sequence[Any], **unsaved: Unpack[Unsaved]) -> Sheet:
    """What a page is drawn with, for the person at the desk."""
    answers = unsaved.get("answers")
    guidance = remembered("guidance", GUIDANCE, "fold")
    beside = besides(desk, opened, unsaved.get("replies", NO_REPLIES))
    shown = opened.submission.answers if answers is None else answers
    ink = opened.ink(desk, shown, unsaved.get("raw", opened.submission.raw), guidance=guidance)
    carried = carried_in(opened.submission, opened.stack, opened.today)
    ink = replace(ink, carried={one.question: (one.words, one.waits) for one in carried})
    ink = uploading.inked(desk, opened.submission.id, answering.with_errors(beside.inked(ink), problems))
    told = {
        "opened": opened,
        "revision": unsaved.get("revision", opened.submission.revision),
        "problems": answer_faults(problems, opened.form, shown),
        "kept": unsaved.get("kept"),
        "typed_in": "section-form",
        "more": unsaved.get("more", False),
        "guidance": guidance,
        "beside": beside,
        "browser": opened.judge.browser(),
        "facts": opened.judge.browser_facts(answers),
    }
    return Sheet(answering.drawn_form(opened.form, opened.stack), ink, carried, told)
