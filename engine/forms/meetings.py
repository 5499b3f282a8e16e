"""What a form's `meeting` comes to for one set of answers: the places where lines go, and the rows agreed line by line.

Pure. A place is a text of the form, or one cell of a grid's column: as many as the grid has rows, those that people
added included. Must not know who writes, nor where answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.growing import added, label_of
from engine.language.model import Form, OptionList, Question

TEXTS = ("text", "long_text")


@dataclass(frozen=True, slots=True)
class NotedAt:
    """A place for lines: its answer's path (`home_talk`, `framework.peers.worried`) and what it is called."""

    path: str
    label: str
    guidance: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row agreed in a meeting asks: the text itself, who (a text or a person of the staff), a day, a choice."""

    repeat: Question
    what: Question
    who: Question | None = None
    due: Question | None = None
    where: Question | None = None
    beside: Question | None = None

    def questions(self) -> tuple[Question, ...]:
        found = (self.what, self.beside, self.where, self.who, self.due)
        return tuple(one for one in found if one is not None)


def places(form: Form, lists: Mapping[str, OptionList], answers: Mapping[str, Any]) -> tuple[NotedAt, ...]:
    """Where lines of a meeting go, in the order that the form says; none for a form that is not held in one."""
    if form.meeting is None:
        return ()
    heads = [one.partition(".")[0] for one in form.meeting.notes]
    found: list[NotedAt] = []
    for name in form.meeting.notes:
        head, _, column = name.partition(".")
        question = _question(form, head)
        if question is None:
            continue
        if not column:
            found.append(NotedAt(head, question.label, question.guidance))
            continue
        cell = next((one for one in question.questions if one.id == column and not one.retired), None)
        if cell is not None:
            found += _cells(question, cell, heads.count(head) > 1, lists, answers.get(head))
    return tuple(found)


def actions(form: Form) -> Asked | None:
    """The repeat of actions: what, who, by when, and where it acts."""
    repeat = _question(form, form.meeting.actions) if form.meeting and form.meeting.actions else None
    if repeat is None:
        return None
    asked = {one.id: one for one in repeat.questions if not one.retired}
    who, due, where = asked.get("owner"), asked.get("due"), asked.get("social_field")
    return Asked(
        repeat,
        asked["what"],
        who=who if who and who.type in (*TEXTS, "staff") else None,
        due=due if due and due.type == "date" else None,
        where=where if where and where.type == "choose_one" else None,
    )


def taken_away(form: Form) -> Asked | None:
    """The repeat of questions that people take away: what is asked, of whom, and who took it."""
    repeat = _question(form, form.meeting.take_away) if form.meeting and form.meeting.take_away else None
    if repeat is None:
        return None
    inside = [one for one in repeat.questions if not one.retired]
    texts = [one for one in inside if one.type in TEXTS]
    who = next(one for one in inside if one.type == "staff")
    return Asked(repeat, texts[0], who=who, beside=texts[1] if texts[1:] else None)


def _question(form: Form, name: str) -> Question | None:
    every = (one for section in form.sections for one in section.questions)
    return next((one for one in every if one.id == name and not one.retired), None)


def _cells(
    grid: Question, cell: Question, several: bool, lists: Mapping[str, OptionList], given: Any
) -> Iterator[NotedAt]:
    rows = lists[grid.rows].options if grid.rows is not None and grid.rows in lists else ()
    named = [(one.id, one.label) for one in rows if not one.retired and not one.group]
    named += [(row, label_of(cells)) for row, cells in added(given, [one for one, _ in named])]
    for row, label in named:
        said = f"{label}: {cell.label}" if several else label
        yield NotedAt(f"{grid.id}.{row}.{cell.id}", said, cell.guidance)
