"""Copies given out: who may give one to whom, and the list on file of what was given and what was left out.

The list holds ids, never content, and goes with its record. What is in a copy is decided before: `readers` says what
its reader may not have, `access` what whoever gives it may see. Must not know how a copy is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from engine.casework import access, audit, ids, records, restricting
from engine.casework.errors import CaseworkError
from engine.casework.readers import Reader
from engine.casework.store import Desk
from engine.casework.tables import release

FORMATS = ("pdf", "docx", "html", "text")
WRITES = ("edit", "submit", "decide", "note")


@dataclass(frozen=True, slots=True)
class Release:
    """One copy as it was given out. `left_out`: (question path, why) each."""

    id: str
    record: str
    what: str
    stack: str
    reader: str
    reads_as: str
    format: str
    language: str
    left_out: tuple[tuple[str, str], ...]
    digest: str
    made_by: str | None
    made_at: datetime
    form: str | None = None
    submission: str | None = None
    case: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is given: a form (with its submission and revision), a chronology or a case's decisions."""

    what: str
    stack: str
    reader: Reader
    format: str
    language: str
    left_out: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    submission: str | None = None
    case: str | None = None
    revision: int | None = None


def require_give(desk: Desk, record_ids: Iterable[str], reader: Reader) -> None:
    """That this person may give a copy about these records to the reader. Raises NotFound, NotPermitted and, while
    a record is restricted, CaseworkError with words for all but those who may restrict it.

    Whoever may look may copy for the own file; giving out takes working on the record.
    """
    for one in sorted(set(record_ids)):
        found = access.grants(desk, one)
        if reader.reads_as == "file":
            continue
        if not any(found.may(verb, form=None) for verb in WRITES):
            raise CaseworkError(
                "Copies for others are given by those who work on this record. Ask one of them, or choose your own "
                "file."
            )
        if restricting.stands(desk, one) and not found.may("restrict"):
            raise CaseworkError(
                "This record is restricted. A copy for anybody else is given by those who may restrict it: ask a "
                "manager."
            )


def give(desk: Desk, record_ids: Iterable[str], given: Given, content: bytes) -> None:
    """Write down that a copy was given out, on every record that it is about. Raises as `require_give`."""
    about = sorted(set(record_ids))
    require_give(desk, about, given.reader)
    if given.format not in FORMATS:
        raise CaseworkError("Choose what kind of file it should be.")
    fingerprint = hashlib.sha256(content).hexdigest()
    for one in about:
        # Keyed, and bound to the record: when its content is destroyed nothing can be guessed from it.
        digest = audit.digests(desk, records.row_of(desk, one).salt, {"copy": fingerprint})["copy"]
        made = ids.new()
        row = {
            "authority": desk.authority,
            "id": made,
            "record": one,
            "submission": given.submission,
            "case": given.case,
            "what": given.what,
            "stack": given.stack,
            "form": given.form,
            "revision": given.revision,
            "reader": given.reader.id,
            "reads_as": given.reader.reads_as,
            "format": given.format,
            "language": given.language,
            "left_out": [[path, why] for path, why in sorted(given.left_out.items())],
            "digest": digest,
            "made_by": desk.person,
            "made_at": desk.now,
        }
        desk.run(release.insert(), row)
        audit.changed(
            desk,
            one,
            "copy.given",
            item=made,
            form=given.form,
            reader=given.reader.id,
            digests={"copy": digest},
        )


def of_record(desk: Desk, record_id: str) -> list[Release]:
    """The copies given out about a record, newest first; for those who see the record itself."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        return []
    here = (release.c.authority == desk.authority) & (release.c.record == record_id)
    rows = desk.rows(select(release).where(here).order_by(release.c.made_at.desc(), release.c.id))
    return [
        Release(
            row.id, row.record, row.what, row.stack, row.reader, row.reads_as, row.format, row.language,
            tuple((path, why) for path, why in row.left_out), row.digest, row.made_by, row.made_at, row.form,
            row.submission, row.case, row.revision,
        )
        for row in rows
    ]  # fmt: skip
