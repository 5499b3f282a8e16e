"""Answers carried from an earlier form, as pages speak of them: where each comes from, how old it is, what it awaits.

What must be confirmed, and when, is casework's to say; must not decide it here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.casework import carrying
from engine.casework.values import Submission
from engine.language.model import Form, Question, Section, Stack
from webapp.tongues import _, ngettext


@dataclass(frozen=True, slots=True)
class Carried:
    """One carried answer: said under its question; `waits` for somebody to say that it is still right."""

    question: str
    label: str
    section: str
    words: str
    waits: bool
    row: str | None = None


def carried_in(
    submission: Submission, stack: Stack, today: date, shown: Collection[str] | None = None
) -> list[Carried]:
    """What this submission carries and this person may see, in the form's order."""
    form: Form = stack.forms[submission.form]
    waiting = set(carrying.unconfirmed(submission.carried, submission.answers))
    found = []
    for section, row, one in _places(form, submission.records):
        key = f"{section.id}.{row}.{one.id}" if row else one.id
        path = f"{section.id}[{submission.records.index(row)}].{one.id}" if row else one.id
        source: Mapping[str, object] | None = submission.carried.get(key)
        if source is None or one.id in submission.hidden or (shown is not None and path not in shown):
            continue
        came = stack.forms.get(str(source["form"]))
        age = how_long_ago(date.fromisoformat(str(source["on"])), today)
        words = _(
            "Carried from %(form)s, %(age)s.", form=came.title if came else _("an earlier form"), age=age
        )
        if source.get("confirmed"):
            words = f"{words} {_('Confirmed as still right.')}"
        found.append(Carried(key, one.label, section.id, words, key in waiting, row))
    return found


def _places(form: Form, records: Sequence[str]) -> Iterator[tuple[Section, str | None, Question]]:
    """Every question with its section, and once a record where each has its own."""
    for section in form.sections:
        for row in records if section.each else (None,):
            for one in section.questions:
                yield section, row, one


def still_waiting(found: Sequence[Carried], part: tuple[Section, str | None] | None = None) -> list[Carried]:
    """What waits to be confirmed: in all of the form, or on one page of it."""
    return [
        one
        for one in found
        if one.waits and (part is None or (part[0].id, part[1]) == (one.section, one.row))
    ]


def how_long_ago(then: date, today: date) -> str:
    """The age of an answer in the words that people use."""
    days = (today - then).days
    if days <= 0:
        return str(_("today"))
    if days == 1:
        return str(_("yesterday"))
    if days < 21:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", days))
    if days < 62:
        return str(ngettext("%(num)s week ago", "%(num)s weeks ago", days // 7))
    if days < 730:
        return str(ngettext("%(num)s month ago", "%(num)s months ago", days // 30))
    return str(ngettext("%(num)s year ago", "%(num)s years ago", days // 365))
