"""Answers carried from an earlier form, as pages speak of them: where each comes from, how old it is, what it awaits.

What must be confirmed, and when, is casework's to say; must not decide it here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.casework import carrying
from engine.casework.values import Submission
from engine.language.model import Form, Stack


@dataclass(frozen=True, slots=True)
class Carried:
    """One carried answer: said under its question; `waits` for somebody to say that it is still right."""

    question: str
    label: str
    section: str
    words: str
    waits: bool


def carried_in(
    submission: Submission, stack: Stack, today: date, shown: Collection[str] | None = None
) -> list[Carried]:
    """What this submission carries and this person may see, in the form's order."""
    form: Form = stack.forms[submission.form]
    waiting = set(carrying.unconfirmed(submission.carried, submission.answers))
    found = []
    for section in form.sections:
        for one in section.questions:
            source: Mapping[str, object] | None = submission.carried.get(one.id)
            if source is None or one.id in submission.hidden or (shown is not None and one.id not in shown):
                continue
            came = stack.forms.get(str(source["form"]))
            age = how_long_ago(date.fromisoformat(str(source["on"])), today)
            words = f"Carried from {came.title if came else 'an earlier form'}, {age}."
            if source.get("confirmed"):
                words += " Confirmed as still right."
            found.append(Carried(one.id, one.label, section.id, words, one.id in waiting))
    return found


def still_waiting(found: Sequence[Carried], section: str | None = None) -> list[Carried]:
    return [one for one in found if one.waits and section in (None, one.section)]


def how_long_ago(then: date, today: date) -> str:
    """The age of an answer in the words that people use."""
    days = (today - then).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    for most, length, unit in ((21, 1, "day"), (62, 7, "week"), (730, 30, "month")):
        if days < most:
            count = days // length
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return f"{days // 365} years ago"
