"""What can be found of each kind of thing: its parts, each with the spellings it is found by and what it shows.

Names, numbers and written fields of records, cases, notes, actions, and what was written in forms. Must not know how
it is indexed, nor who searches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from engine.casework import likeness, stacks, together
from engine.casework.store import Desk
from engine.language.model import Form, Question, RecordType

WRITTEN = frozenset({"text", "long_text", "postcode", "person", "action"})
"""Question types whose answers people write; a date is found by its day."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a part shows, as access is asked about it: `name`, `whole` (what only those see who see the record
    itself), `case`, `field`, or `form` with the questions that it stands in, each with its sensitivity."""

    type: str
    kind: str
    form: str | None = None
    section: str | None = None
    questions: tuple[tuple[str, str | None], ...] = ()

    @property
    def says(self) -> str:
        return json.dumps([self.type, self.kind, self.form, self.section, self.questions])

    @property
    def id(self) -> int:
        return int.from_bytes(blake2b(self.says.encode(), digest_size=8).digest(), signed=True)

    @classmethod
    def read(cls, says: str) -> Scope:
        type, kind, form, section, questions = json.loads(says)
        return cls(type, kind, form, section, tuple((one, sensitive) for one, sensitive in questions))


Parts = dict[Scope, set[str]]
"""The spellings that a thing is found by, by what of it they show."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be found, with its parts."""

    record: str
    case: str | None
    kind: str
    item: str
    at: datetime
    parts: Parts

    @property
    def named(self) -> bool:
        return self.kind in ("record", "case")


def record_thing(desk: Desk, row: Any, numbers: Iterable[str]) -> Thing:
    """A record by its name, its outside numbers, and each of its written fields, since not all may be for everybody."""
    parts: Parts = {
        Scope(row.type, "name"): likeness.spellings(row.name) | {likeness.spelt(row.id)},
        Scope(row.type, "whole"): {likeness.spelt(one) for one in numbers},
    }
    declared: RecordType | None = desk.stack.records.get(row.type)
    for question in declared.fields if declared else ():
        for chain, words in _words(question, row.fields):
            parts.setdefault(Scope(row.type, "field", questions=chain), set()).update(words)
    return Thing(row.id, None, "record", row.id, row.changed_at, parts)


def case_thing(desk: Desk, row: Any, record_row: Any) -> Thing:
    """A case is found by what it is about and by what it is."""
    workflow = stacks.pinned(desk, row.stack).stack.workflows.get(row.workflow)
    words = likeness.spellings(record_row.name, workflow.title if workflow else None)
    words.add(likeness.spelt(row.id))
    return Thing(row.record, row.id, "case", row.id, row.started, {Scope(record_row.type, "case"): words})


def note_thing(row: Any, type: str) -> Thing:
    parts = {Scope(type, "whole"): likeness.spellings(row.text)}
    return Thing(row.record, row.case, "note", row.id, row.changed_at, parts)


def action_thing(row: Any, type: str) -> Thing:
    words = likeness.spellings(row.what, row.owner, row.measure, row.progress)
    if row.due:
        words.add(likeness.day(row.due))
    return Thing(row.record, row.case, "action", row.id, row.made_at, {Scope(type, "whole"): words})


def form_things(desk: Desk, row: Any, about: Iterable[str], types: Mapping[str, str]) -> Iterator[Thing]:
    """What was written in a form, question by question; of one about several, under each record its own part."""
    form: Form | None = stacks.pinned(desk, row.stack).stack.forms.get(row.form)
    if form is None:
        return
    for one in about:
        answers = together.only(form, row.answers, one) if form.several else row.answers
        own = row.case if one == row.record else None
        parts: Parts = {}
        for section in form.sections:
            inside = answers.get(section.id) if section.each else [answers]
            for given in inside or ():
                for question in section.questions:
                    for chain, words in _words(question, given):
                        shown = Scope(types[one], "form", form.id, section.id, chain)
                        parts.setdefault(shown, set()).update(words)
        yield Thing(one, own, "form", row.id, row.submitted_at, parts)


def _words(
    question: Question, answers: Mapping[str, Any]
) -> Iterator[tuple[tuple[tuple[str, str | None], ...], set[str]]]:
    """The spellings in an answer, with the questions it stands in: itself, and for one in a row what holds it."""
    for chain, value in written(question, answers):
        words = _spellings(value)
        if words:
            yield tuple((one.id, one.sensitive) for one in chain), words


def written(question: Question, answers: Mapping[str, Any]) -> Iterator[tuple[tuple[Question, ...], Any]]:
    """Every answer that people wrote to a question and within it, with the questions it stands in."""
    value, other = answers.get(question.id), answers.get(f"{question.id}.other")
    if isinstance(other, str) and other:
        yield (question,), other
    if question.questions:
        rows: Iterable[Any] = ()
        if isinstance(value, list):
            rows = value
        elif isinstance(value, Mapping):
            rows = value.values()
        for row in rows:
            if not isinstance(row, Mapping):
                continue
            if isinstance(row.get("_label"), str):
                yield (question,), row["_label"]
            for inner in question.questions:
                for chain, found in written(inner, row):
                    yield (question, *chain), found
    elif value and (question.type in WRITTEN or question.type == "date"):
        yield (question,), value


def _spellings(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {one for part in value.values() for one in _spellings(part)}
    if not isinstance(value, str):
        return set()
    try:
        return {likeness.day(date.fromisoformat(value))} if len(value) == 10 else likeness.spellings(value)
    except ValueError:
        return likeness.spellings(value)
