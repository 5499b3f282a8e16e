"""What stands where something was found: read through what shows it everywhere else, as far as this person may see it.

A line that may no longer be shown gives nothing: the index decides what is counted, never what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.casework import access, audit, findable, holding, likeness, listing, naming, stacks
from engine.casework.searching import Hit
from engine.casework.store import Desk
from engine.casework.tables import action, case, identifier, note, submission
from engine.casework.values import Submission
from engine.language.model import Question, Stack

ROUND = 90
"""How many characters are shown on each side of what was found."""
Pieces = tuple[tuple[str, bool], ...]
StackOf = Callable[[str], Stack]


@dataclass(frozen=True, slots=True)
class Said:
    """A passage in pieces, each with whether it is what was asked for, and the question or part it answers."""

    label: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found, as it is listed. `state` and `what` are ids: of a form or workflow, and where it stands."""

    hit: Hit
    name: Pieces
    type: str
    closed_at: datetime | None
    said: tuple[Said, ...] = ()
    what: str | None = None
    state: str | None = None
    stack: str | None = None
    at: datetime | None = None


def of(desk: Desk, hits: Sequence[Hit], words: str, stack_of: StackOf | None = None) -> list[Line]:
    """The lines of these hits, in their order. `stack_of` gives definitions in the language of the page."""
    given = stack_of or (lambda pinned: stacks.pinned(desk, pinned).stack)
    asked = list(likeness.asked(words).words)
    number = likeness.asked(words).number
    looking = _Looking(desk, [*asked, *([number] if number else [])], given)
    about = {one.record for one in hits}
    access.foresee(desk, about)
    rows = holding.rows_of(desk, about)
    made = {
        kind: read(looking, [one for one in hits if one.kind == kind], rows) for kind, read in READ.items()
    }
    for one in sorted(about):
        audit.viewed(desk, one, "record.listed")
    return [line for one in hits if (line := made[one.kind].get((one.item, one.record))) is not None]


@dataclass(frozen=True, slots=True)
class _Looking:
    desk: Desk
    asked: list[str]
    stack_of: StackOf

    def pieces(self, text: str) -> Pieces:
        return tuple(likeness.marked(text, self.asked))

    def said(self, parts: Iterable[tuple[str, str]], most: int = 2) -> tuple[Said, ...]:
        """The passages that say what was asked for, cut to what stands around it."""
        found = []
        for label, text in parts:
            pieces = self.pieces(text)
            if any(hit for _, hit in pieces):
                found.append(Said(label, shortened(pieces)))
            if len(found) == most:
                break
        return tuple(found)


def shortened(pieces: Pieces) -> Pieces:
    """What stands around the first match; what is left out shows as …"""
    joined = "".join(text for text, _ in pieces)
    first = next((n for n, (_, hit) in enumerate(pieces) if hit), 0)
    at = sum(len(text) for text, _ in pieces[:first])
    start, end = max(0, at - ROUND), at + len(pieces[first][0]) + ROUND * 2
    start = joined.find(" ", start, at) + 1 if start else 0
    end = (
        max(joined.rfind(" ", at + len(pieces[first][0]), end), at + 1) if end < len(joined) else len(joined)
    )
    if end <= at + len(pieces[first][0]):
        end = min(len(joined), at + len(pieces[first][0]) + ROUND * 2)
    found: list[tuple[str, bool]] = [("…", False)] if start else []
    place = 0
    for text, hit in pieces:
        part = text[max(0, start - place) : max(0, end - place)]
        place += len(text)
        if part:
            found.append((part, hit))
    return (*found, ("…", False)) if end < len(joined) else tuple(found)


Lines = dict[tuple[str, str], Line]
Read = Callable[[_Looking, Sequence[Hit], Mapping[str, Any]], Lines]


def _records(looking: _Looking, hits: Sequence[Hit], rows: Mapping[str, Any]) -> Lines:
    desk = looking.desk
    numbers: dict[str, list[Any]] = {}
    if hits:
        held = (identifier.c.authority == desk.authority) & identifier.c.record.in_(
            [one.item for one in hits]
        )
        for row in desk.rows(select(identifier).where(held).order_by(identifier.c.system)):
            numbers.setdefault(row.record, []).append(row)
    found = {}
    for one in hits:
        row = rows[one.record]
        name = looking.pieces(row.name)
        parts = list(_about(looking, row, numbers.get(row.id, [])))
        found[one.item, one.record] = Line(one, name, row.type, row.closed_at, looking.said(parts))
    return found


def _about(looking: _Looking, row: Any, numbers: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """What a record says of itself beside its name, as this person may see it."""
    desk = looking.desk
    stack = looking.stack_of(desk.stack.hash)
    declared = stack.records.get(row.type)
    grants = access.grants(desk, row.id)
    if declared is None:
        return
    if grants.whole:
        systems = {one.id: one.label for one in declared.identifiers}
        for one in numbers:
            yield systems.get(one.system, one.system), one.number
    hidden = access.hidden_fields(grants, desk.stack.records[row.type])
    for question in declared.fields:
        if question.id in hidden:
            continue
        for chain, value in findable.written(question, row.fields):
            said = _in_words(chain[-1], value, stack)
            # What the name says already is not said twice.
            if said and said not in row.name:
                yield chain[-1].label, said


def _cases(looking: _Looking, hits: Sequence[Hit], rows: Mapping[str, Any]) -> Lines:
    there = looking.desk.by_id(case, [one.item for one in hits])
    found = {}
    for one in hits:
        row, about = there.get(one.item), rows[one.record]
        if row is None or not access.grants(looking.desk, one.record).may("view", state=row.state):
            continue
        found[one.item, one.record] = Line(
            one, looking.pieces(about.name), about.type, row.closed_at, what=row.workflow, state=row.state,
            stack=row.stack, at=row.started,
        )  # fmt: skip
    return found


def _notes(looking: _Looking, hits: Sequence[Hit], rows: Mapping[str, Any]) -> Lines:
    there = looking.desk.by_id(note, [one.item for one in hits])
    return _whole(
        looking,
        hits,
        rows,
        "notes.viewed",
        {one: ((("", row.text),), row.made_at) for one, row in there.items()},
    )


def _actions(looking: _Looking, hits: Sequence[Hit], rows: Mapping[str, Any]) -> Lines:
    there = looking.desk.by_id(action, [one.item for one in hits])
    said = {
        one: (
            tuple(("", part) for part in (row.what, row.owner, row.measure, row.progress) if part),
            row.made_at,
        )
        for one, row in there.items()
    }
    return _whole(looking, hits, rows, "actions.viewed", said)


def _whole(
    looking: _Looking,
    hits: Sequence[Hit],
    rows: Mapping[str, Any],
    look: str,
    said: Mapping[str, tuple[tuple[tuple[str, str], ...], datetime]],
) -> Lines:
    """What only those read who see the record itself."""
    found = {}
    for one in hits:
        about = rows[one.record]
        if one.item not in said or not access.grants(looking.desk, one.record).whole:
            continue
        parts, at = said[one.item]
        audit.viewed(looking.desk, one.record, look)
        found[one.item, one.record] = Line(
            one, looking.pieces(about.name), about.type, about.closed_at, looking.said(parts), at=at
        )
    return found


def _forms(looking: _Looking, hits: Sequence[Hit], rows: Mapping[str, Any]) -> Lines:
    if not hits:
        return {}
    wanted = submission.c.id.in_([one.item for one in hits])
    there = {one.id: one for one in listing.listed(looking.desk, wanted)}
    found = {}
    for one in hits:
        given, about = there.get(one.item), rows[one.record]
        if given is None or (given.records and one.record not in given.records):
            continue
        said = looking.said(_answers(looking, given, one.record))
        found[one.item, one.record] = Line(
            one, looking.pieces(about.name), about.type, about.closed_at, said, what=given.form,
            state=given.state, stack=given.stack, at=given.submitted_at,
        )  # fmt: skip
    return found


def _answers(looking: _Looking, given: Submission, record_id: str) -> Iterator[tuple[str, str]]:
    """What was written in a form as this person sees it, with the questions; only of this record."""
    stack = looking.stack_of(given.stack)
    form = stack.forms.get(given.form)
    for section in form.sections if form else ():
        rows = [given.answers] if not section.each else given.answers.get(section.id) or ()
        for row in rows:
            if section.each and row.get("_row") != record_id:
                continue
            for question in section.questions:
                for chain, value in findable.written(question, row):
                    yield chain[-1].label, _in_words(chain[-1], value, stack)


def _in_words(question: Question, value: Any, stack: Stack) -> str:
    """An answer as it is read; what an option's `other` or a row's own label says is text already."""
    typed = question.type in findable.WRITTEN or question.type == "date"
    return naming.shown(question, value, stack) if typed else str(value)


READ: Mapping[str, Read] = {
    "record": _records, "case": _cases, "form": _forms, "note": _notes, "action": _actions,
}  # fmt: skip
