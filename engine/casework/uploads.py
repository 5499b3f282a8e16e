"""Files that people add to answers: sealed before they are stored, and handed out only with the answer they stand in.

They stand in the database, so that they are backed up, restored and destroyed with their record, and every web process
has them. Each file has a key of its own, sealed with the installation's. Must not know pages nor how files arrive.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select

from engine.casework import access, answering, audit, ids, paths, records, together
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import record, upload, upload_piece
from engine.language.model import Form, Question
from engine.language.saying import say
from engine.questions import sniffing
from engine.questions.types.file import accepted, largest

PIECE = 48 * 1024
"""Small enough for a backup to read a thousand of them at once."""
MOST_OF_A_RECORD = 500 * 1024 * 1024


class NotTaken(CaseworkError):
    """A file that is not taken; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it is told of. `media` is what its bytes are, never what somebody said that they are."""

    id: str
    name: str
    media: str
    size: int


def add(desk: Desk, submission_id: str, path: str, name: str, content: bytes) -> Upload:
    """Take a file for the question at `path` of a draft (`papers`, `places.ROW.photo`). No answer names it yet.

    Raises NotTaken for what the question does not take, NotFound where nothing asks this person for a file.
    """
    row = answering.writable(desk, submission_id)
    form = together.form_of(desk, row)
    question, plain = _asked(form, path), paths.without_rows(path)
    hidden = answering.hidden_from(desk, row, "submit") | answering.hidden_from(desk, row)
    if question is None or paths.hides(hidden, path):
        raise NotFound("question")
    found = judged(question, name, content)
    about = _about(desk, row, form, path)
    held = select(func.coalesce(func.sum(upload.c.size), 0)).where(
        upload.c.authority == desk.authority, upload.c.record == about
    )
    if desk.run(held).scalar_one() + len(content) > MOST_OF_A_RECORD:
        raise NotTaken(
            "There is no room for more files on this record. Take some away, or keep this one elsewhere."
        )
    made, key = ids.new(), secrets.token_bytes(32)
    pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
    kept = {
        "authority": desk.authority,
        "id": made,
        "record": about,
        "submission": row.id,
        "question": plain,
        "name": sniffing.safe_name(name, found.ending),
        "media": found.media,
        "size": len(content),
        "pieces": len(pieces),
        "sealed_key": _text(_wrapped(desk, made, key)),
        "made_by": desk.person,
        "made_at": desk.now,
    }
    rows = [
        {
            "authority": desk.authority,
            "id": ids.new(),
            "upload": made,
            "number": number,
            "content": _text(AESGCM(key).encrypt(_nonce(number), piece, made.encode())),
        }
        for number, piece in enumerate(pieces)
    ]

    def keep(at: Desk) -> None:
        at.run(upload.insert(), kept)
        for one in rows:
            at.run(upload_piece.insert(), one)

    keep(desk)
    # An answer set aside because somebody else saved first still names the file: it must be there to be chosen.
    desk.if_undone.append(keep)
    salt = records.row_of(desk, about).salt
    digests = audit.digests(desk, salt, {plain: hashlib.sha256(content).hexdigest()})
    audit.changed(desk, about, "file.added", item=made, form=row.form, questions=[plain], digests=digests)
    return Upload(made, str(kept["name"]), found.media, len(content))


def judged(question: Question, name: str, content: bytes) -> sniffing.Format:
    """What a file is, if the question takes it. Raises NotTaken."""
    if not content:
        raise NotTaken(say("‘%(name)s’ is empty. Choose the file again.", name=_short(name)))
    if len(content) > largest(question):
        raise NotTaken(
            say(
                "‘%(name)s’ is larger than %(size)s MB. Choose a smaller one.",
                name=_short(name),
                size=largest(question) // 1024 // 1024,
            )
        )
    found = sniffing.sniffed(name, content)
    if found is None or found.kind not in accepted(question):
        taken = ", ".join(sniffing.KINDS[kind] for kind in accepted(question))
        raise NotTaken(
            say(
                "‘%(name)s’ is not a kind of file that is taken here, or not what its name says. Taken: %(kinds)s.",
                name=_short(name),
                kinds=taken,
            )
        )
    return found


def read(
    desk: Desk, submission_id: str, upload_id: str, *, revision: int | None = None
) -> tuple[Upload, bytes]:
    """A file with what is in it, for whoever may see the answer that names it. The look is written to the audit.

    Raises NotFound, and CaseworkError where what is stored was damaged.
    """
    row = answering.seen(desk, submission_id)
    answers = row.answers if revision is None else answering.at(desk, row, revision)[0]
    seen = paths.cut(answers, answering.hidden_from(desk, row))
    wanted = ids.known(upload_id, "file")
    if all(one != wanted for _, one in paths.values_of(together.form_of(desk, row), "file", seen)):
        raise NotFound("file")
    this = (upload.c.authority == desk.authority) & (upload.c.id == wanted)
    found = desk.run(select(upload).where(this)).first()
    if found is None:
        raise NotFound("file")
    audit.viewed(desk, found.record, "file.viewed", item=wanted, form=row.form)
    return Upload(found.id, found.name, found.media, found.size), _content(desk, found)


def names(desk: Desk, wanted: Iterable[str]) -> dict[str, str]:
    """What those of these files are called that belong to records this person may see."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    if not asked:
        return {}
    mine = (upload.c.authority == desk.authority) & upload.c.id.in_(asked)
    here = (record.c.authority == upload.c.authority) & (record.c.id == upload.c.record)
    rows = desk.rows(select(upload.c.id, upload.c.name).where(mine, here, access.visible(desk)))
    return {row.id: row.name for row in rows}


def _content(desk: Desk, row: Any) -> bytes:
    mine = (upload_piece.c.authority == desk.authority) & (upload_piece.c.upload == row.id)
    pieces = desk.rows(select(upload_piece).where(mine).order_by(upload_piece.c.number))
    try:
        key = _unwrapped(desk, row)
        content = b"".join(
            AESGCM(key).decrypt(_nonce(number), base64.b64decode(one.content), row.id.encode())
            for number, one in enumerate(pieces)
        )
    except (InvalidTag, ValueError):
        content = b""
    if len(content) != row.size or len(pieces) != row.pieces:
        raise CaseworkError(
            "This file was damaged where it is kept. Ask whoever looks after Trefoil to restore it."
        )
    return content


def _wrapped(desk: Desk, file_id: str, key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(desk.store.keys.files).encrypt(nonce, key, file_id.encode())


def _unwrapped(desk: Desk, row: Any) -> bytes:
    sealed = base64.b64decode(row.sealed_key)
    return AESGCM(desk.store.keys.files).decrypt(sealed[:12], sealed[12:], row.id.encode())


def _nonce(number: int) -> bytes:
    # Never used twice: every file has its own key.
    return number.to_bytes(12, "big")


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"


def _asked(form: Form, path: str) -> Question | None:
    """The file question at a posted path."""
    parts = path.split(".")
    for section in form.sections:
        pool = {one.id: one for one in section.questions if not one.retired}
        if section.each and parts[0] == section.id and len(parts) == 3:
            return _file(pool.get(parts[2]))
        if not section.each and parts[0] in pool:
            if len(parts) == 1:
                return _file(pool[parts[0]])
            inner = {one.id: one for one in pool[parts[0]].questions if not one.retired}
            return _file(inner.get(parts[2]) if len(parts) == 3 else None)
    return None


def _file(question: Question | None) -> Question | None:
    return question if question is not None and question.type == "file" else None


def _about(desk: Desk, row: Any, form: Form, path: str) -> str:
    """The record that a file belongs to: that of the row, where a form is about several."""
    head, _, rest = path.partition(".")
    row_id = rest.partition(".")[0]
    if head in together.each_sections(form) and row_id in together.records_of(desk, row):
        return row_id
    return str(row.record)
