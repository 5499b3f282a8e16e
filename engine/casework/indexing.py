"""Keeps the index of what can be found, in the transaction that writes what is found; and makes it anew by command.

Names, numbers and written fields of records, cases, notes, actions, and what was written in forms that were handed in
and still stand. A draft is nobody's to find: it is on its writer's own page. Must not know who searches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, select, text

from engine.casework import facts, ids, likeness, stacks, together
from engine.casework.columns import insert_unless_there
from engine.casework.found_tables import entry, near, scope, word
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import action, case, identifier, note, record, submission
from engine.language.model import Form, Question, RecordType

KINDS = ("record", "case", "form", "note", "action")
WRITTEN = frozenset({"text", "long_text", "postcode", "person", "action"})
"""Question types whose answers people write; a date is found by its day."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """What one entry shows, as access is asked about it: `name`, `whole` (what only those see who see the record
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


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found, with the spellings it is found by."""

    record: str
    case: str | None
    kind: str
    item: str
    scope: Scope
    words: frozenset[str]
    at: datetime

    @property
    def named(self) -> bool:
        return self.kind in ("record", "case")


# --- Kept up


def of_record(desk: Desk, record_id: str) -> None:
    """Index what a record itself says, as it stands now."""
    [row] = desk.about(_RECORD, record_id)
    numbers = [one.number for one in desk.about(_NUMBERS, record_id)]
    _anew(desk, "record", [record_id], record_entries(desk, row, numbers))


_RECORD = select(record).where(record.c.authority == bindparam("of"), record.c.id == bindparam("about"))
_NUMBERS = select(identifier.c.number).where(
    identifier.c.authority == bindparam("of"), identifier.c.record == bindparam("about")
)


def of_case(desk: Desk, row: Any, record_row: Any) -> None:
    _anew(desk, "case", [row.id], [case_entry(desk, row, record_row)])


def of_note(desk: Desk, row: Any) -> None:
    _anew(desk, "note", [row.id], [note_entry(row, _type_of(desk, row.record))])


def of_action(desk: Desk, row: Any) -> None:
    _anew(desk, "action", [row.id], [action_entry(row, _type_of(desk, row.record))])


def of_form(desk: Desk, row: Any) -> None:
    """Index what was written in a form that has just been handed in; nothing of it is in the index yet."""
    about = together.records_of(desk, row)
    types = {one: together.head_of(desk, one).type for one in about}
    _write(desk, list(form_entries(desk, row, about, types)))


def take_out(desk: Desk, items: Iterable[str]) -> None:
    """Let nobody find these any more: forms that were superseded or taken back."""
    _drop(desk, entry.c.item.in_(list(items)))


def forget(desk: Desk, record_id: str) -> None:
    """Take everything about a record out of the index, with every spelling that nothing else has."""
    _drop(desk, entry.c.record == record_id)
    if not desk.store.embedded:
        # Whoever writes a word meanwhile is waited for, so that theirs is not taken for one that nobody has.
        desk.run(text("LOCK TABLE found_near IN SHARE ROW EXCLUSIVE MODE"))
    used = exists().where(word.c.authority == near.c.authority, word.c.word == near.c.word)
    desk.run(delete(near).where(near.c.authority == desk.authority, ~used))


def keep_near(desk: Desk) -> None:
    """Write down which words are near each other; at a desk's end and in one order, so that two desks that write the
    same words never wait for each other in a ring."""
    spelt = sorted(one for one in desk.spelt if likeness.parts(one))
    desk.spelt.clear()
    if not spelt:
        return
    if not desk.store.embedded:
        # Whoever takes words out waits, or is waited for: what is found here as known must still be so at the end.
        desk.run(text("LOCK TABLE found_near IN ROW EXCLUSIVE MODE"))
    for start in range(0, len(spelt), AT_ONCE):
        some = spelt[start : start + AT_ONCE]
        known = set(desk.run(_KNOWN, {"of": desk.authority, "words": some}).scalars())
        rows = [
            {"authority": desk.authority, "part": part, "word": one}
            for one in some
            if one not in known
            for part in likeness.parts(one)
        ]
        if rows:
            desk.run(insert_unless_there(near, desk.connection.dialect.name), rows)


_KNOWN = (
    select(near.c.word).where(near.c.authority == bindparam("of"), among(near.c.word, "words")).distinct()
)


# --- Made anew


def rebuild(desk: Desk) -> int:
    """Make the authority's index anew from what is there; returns how many things can be found."""
    for one in (word, near, entry):
        desk.run(delete(one).where(one.c.authority == desk.authority))
    count = 0
    waiting: list[Entry] = []
    for found in _everything(desk):
        waiting.append(found)
        if len(waiting) >= AT_ONCE:
            count += _write(desk, waiting)
            waiting.clear()
    count += _write(desk, waiting)
    keep_near(desk)
    if not desk.store.embedded:
        # PostgreSQL counts by itself only after a while, and until then plans a search as if little were there.
        for each in (record, entry, word, near):
            desk.run(text(f"ANALYZE {each.name}"))
    return count


def is_there(desk: Desk) -> bool:
    """Whether the index was ever made: an older Trefoil's records have none."""
    mine = select(record.c.id).where(record.c.authority == desk.authority, record.c.destroyed_at.is_(None))
    return (
        desk.run(select(entry.c.id).where(entry.c.authority == desk.authority).limit(1)).first() is not None
        or desk.run(mine.limit(1)).first() is None
    )


def _everything(desk: Desk) -> Iterator[Entry]:
    numbers: dict[str, list[str]] = {}
    for row in desk.rows(select(identifier).where(identifier.c.authority == desk.authority)):
        numbers.setdefault(row.record, []).append(row.number)
    there = {}
    for row in desk.rows(
        select(record).where(record.c.authority == desk.authority, record.c.destroyed_at.is_(None))
    ):
        there[row.id] = row
        yield from record_entries(desk, row, numbers.get(row.id, []))
    types = {one: row.type for one, row in there.items()}
    for row in desk.rows(select(case).where(case.c.authority == desk.authority)):
        if row.record in there:
            yield case_entry(desk, row, there[row.record])
    for table, made in ((note, note_entry), (action, action_entry)):
        for row in desk.rows(select(table).where(table.c.authority == desk.authority)):
            if row.record in types:
                yield made(row, types[row.record])
    standing = (submission.c.authority == desk.authority) & submission.c.state.in_(facts.HANDED_IN)
    rows = desk.rows(select(submission).where(standing))
    several = together.of_many(desk, rows)
    for row in rows:
        about = [one for one in several.get(row.id, (row.record,)) if one in types]
        yield from form_entries(desk, row, about, types)


# --- What is found of each kind of thing


def record_entries(desk: Desk, row: Any, numbers: Iterable[str]) -> Iterator[Entry]:
    """A record's name, its outside numbers, and each of its written fields, since not all may be for everybody."""

    def made(shown: Scope, words: set[str]) -> Entry:
        return Entry(row.id, None, "record", row.id, shown, frozenset(words), row.changed_at)

    yield made(Scope(row.type, "name"), likeness.spellings(row.name) | {likeness.spelt(row.id)})
    yield made(Scope(row.type, "whole"), {likeness.spelt(one) for one in numbers})
    declared: RecordType | None = desk.stack.records.get(row.type)
    for question in declared.fields if declared else ():
        for chain, words in _words(question, row.fields):
            yield made(Scope(row.type, "field", questions=chain), words)


def case_entry(desk: Desk, row: Any, record_row: Any) -> Entry:
    """A case is found by what it is about and by what it is."""
    workflow = stacks.pinned(desk, row.stack).stack.workflows.get(row.workflow)
    words = likeness.spellings(record_row.name, workflow.title if workflow else None)
    words.add(likeness.spelt(row.id))
    shown = Scope(record_row.type, "case")
    return Entry(row.record, row.id, "case", row.id, shown, frozenset(words), row.started)


def note_entry(row: Any, type: str) -> Entry:
    words = frozenset(likeness.spellings(row.text))
    return Entry(row.record, row.case, "note", row.id, Scope(type, "whole"), words, row.changed_at)


def action_entry(row: Any, type: str) -> Entry:
    words = likeness.spellings(row.what, row.owner, row.measure, row.progress)
    if row.due:
        words.add(likeness.day(row.due))
    return Entry(row.record, row.case, "action", row.id, Scope(type, "whole"), frozenset(words), row.made_at)


def form_entries(desk: Desk, row: Any, about: Iterable[str], types: Mapping[str, str]) -> Iterator[Entry]:
    """What was written in a form, question by question; of one about several, under each record its own part."""
    form: Form | None = stacks.pinned(desk, row.stack).stack.forms.get(row.form)
    if form is None:
        return
    for one in about:
        answers = together.only(form, row.answers, one) if form.several else row.answers
        own = row.case if one == row.record else None
        found: dict[Scope, set[str]] = {}
        for section in form.sections:
            inside = answers.get(section.id) if section.each else [answers]
            for part in inside or ():
                for question in section.questions:
                    for chain, words in _words(question, part):
                        shown = Scope(types[one], "form", form.id, section.id, chain)
                        found.setdefault(shown, set()).update(words)
        for shown, held in found.items():
            yield Entry(one, own, "form", row.id, shown, frozenset(held), row.submitted_at)


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


# --- Within


def _anew(desk: Desk, kind: str, items: Iterable[str], entries: Iterable[Entry]) -> None:
    which = {"of": desk.authority, "of_kind": kind, "items": list(items)}
    desk.run(_WORDS_OF, which)
    desk.run(_ENTRIES_OF, which)
    _write(desk, list(entries))


_SAME = and_(
    entry.c.authority == bindparam("of"), entry.c.kind == bindparam("of_kind"), among(entry.c.item, "items")
)
_WORDS_OF = delete(word).where(
    word.c.authority == bindparam("of"), word.c.entry.in_(select(entry.c.id).where(_SAME))
)
_ENTRIES_OF = delete(entry).where(_SAME)


def _drop(desk: Desk, which: ColumnElement[bool]) -> None:
    mine = (entry.c.authority == desk.authority) & which
    held = select(entry.c.id).where(mine)
    desk.run(delete(word).where(word.c.authority == desk.authority, word.c.entry.in_(held)))
    desk.run(delete(entry).where(mine))


def _write(desk: Desk, entries: list[Entry]) -> int:
    entries = [one for one in entries if one.words]
    if not entries:
        return 0
    _know(desk, {one.scope for one in entries})
    rows, words = [], []
    for one in entries:
        made = ids.new()
        mine = {"authority": desk.authority, "id": made, "record": one.record, "case": one.case}
        what = {"kind": one.kind, "item": one.item, "scope": one.scope.id, "named": one.named, "at": one.at}
        rows.append({**mine, **what})
        words += [{"authority": desk.authority, "word": each, "entry": made} for each in sorted(one.words)]
        desk.spelt |= one.words
    desk.run(entry.insert(), rows)
    desk.run(word.insert(), words)
    return len(entries)


def _know(desk: Desk, scopes: set[Scope]) -> None:
    """Write down scopes not met before. Known ones are remembered once they are committed: they are never removed but
    by making all anew."""
    fresh = {("scope", desk.authority, one.id): one.says for one in scopes}
    fresh = {key: says for key, says in fresh.items() if key not in desk.store.cache}
    if not fresh:
        return
    rows = [{"authority": whose, "id": id, "says": says} for (_, whose, id), says in sorted(fresh.items())]
    desk.run(insert_unless_there(scope, desk.connection.dialect.name), rows)
    desk.afterwards.append(lambda store: store.cache.update(fresh))


def _one(desk: Desk, table: Any, item: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (table.c.authority == desk.authority) & (table.c.id == item)
    return found


def _records(desk: Desk, wanted: Iterable[str]) -> list[Any]:
    here = (record.c.authority == desk.authority) & record.c.id.in_(list(wanted))
    return desk.rows(select(record.c.id, record.c.type).where(here))


def _type_of(desk: Desk, record_id: str) -> str:
    return str(_records(desk, [record_id])[0].type)
