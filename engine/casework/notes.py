"""Notes on a record or a case: written by those who may, corrected with every earlier text kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from engine.casework import access, audit, ids, indexing, merging, once, records, revising
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, NotFound, NotPermitted
from engine.casework.store import Desk
from engine.casework.tables import note, note_revision
from engine.casework.values import Note


def add(desk: Desk, record_id: str, text: str, *, case: str | None = None, key: str | None = None) -> Note:
    """Write a note. Raises NotFound, NotPermitted, CaseworkError for an empty one."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "note", record_id)
    done = once.before(desk, key, "note")
    if done is not None:
        return _note(_row(desk, done))
    row = cases_.row_of(desk, case) if case else None
    if row is not None and row.record != record_id:
        raise NotFound("case")
    text = _words(text)
    made = ids.new()
    who = {"made_by": desk.person, "made_at": desk.now, "changed_by": desk.person, "changed_at": desk.now}
    what = {"record": record_id, "case": row.id if row else None, "text": text, "revision": 1}
    desk.run(note.insert(), {"authority": desk.authority, "id": made, **who, **what})
    revising.keep(desk, note_revision, "note", made, 1, {"text": text})
    _traced(desk, record_id, "note.added", made, 1, text)
    once.after(desk, key, "note", made)
    indexing.of_note(desk, written := _row(desk, made))
    return _note(written)


def edit(desk: Desk, note_id: str, text: str, *, revision: int) -> Note:
    """Correct a note of one's own. Raises Stale with both texts under the path `text`."""
    row = _row(desk, note_id, lock=True)
    access.require(desk, "note", row.record)
    if row.made_by != desk.person and not desk.system:
        raise NotPermitted("note", "A note is corrected by whoever wrote it. Add a note of your own.")
    text = _words(text)
    stamp = {"text": text, "changed_by": desk.person, "changed_at": desk.now}
    saved = revising.save(desk, note, note_revision, row, {"text": row.text}, {"text": text}, revision, stamp)
    if saved["text"] != row.text:
        indexing.of_note(desk, _row(desk, row.id))
        _traced(desk, row.record, "note.edited", row.id, row.revision + 1, text)
    return _note(_row(desk, row.id))


def own(desk: Desk, note_id: str) -> Note:
    """A note that this person wrote and may correct. Raises NotFound for any other."""
    row = _row(desk, note_id)
    if row.made_by != desk.person or not access.may(desk, "note", row.record):
        raise NotFound("note")
    audit.viewed(desk, row.record, "notes.viewed")
    return _note(row)


def of_record(desk: Desk, record_id: str) -> list[Note]:
    """Notes on a record, newest first. Only for those who see the record itself."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        return []
    audit.viewed(desk, record_id, "notes.viewed")
    return [_note(row) for row in desk.about(_OF_RECORD, record_id)]


_OF_RECORD = (
    select(note)
    .where(note.c.authority == bindparam("of"), note.c.record == bindparam("about"))
    .order_by(note.c.made_at.desc(), note.c.id)
)


def _words(text: str) -> str:
    text = merging.stored(text).strip()
    if not text:
        raise CaseworkError("Write the note before saving it.")
    return str(text)


def _traced(desk: Desk, record_id: str, action: str, item: str, revision: int, text: str) -> None:
    salt = records.row_of(desk, record_id).salt
    digests = audit.digests(desk, salt, {"text": text})
    audit.changed(desk, record_id, action, item=item, questions=["text"], revision=revision, digests=digests)


def _row(desk: Desk, note_id: str, *, lock: bool = False) -> Any:
    wanted = select(note).where(note.c.authority == desk.authority, note.c.id == ids.known(note_id, "note"))
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("note")
    return found


def _note(row: Any) -> Note:
    return Note(
        id=row.id,
        record=row.record,
        case=row.case,
        text=row.text,
        revision=row.revision,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
