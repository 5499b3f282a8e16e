"""Certificates of destruction: signed, and kept outside the database too.

A backup made before a destruction still holds what was destroyed. Restoring it repeats every destruction in this
list, so the list stands beside the key and not in the data folder. It holds ids, a reason and a day, no content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import select

from engine.casework import files, ids
from engine.casework.errors import CaseworkError
from engine.casework.keys import Keys
from engine.casework.store import Store
from engine.casework.tables import destroyed


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a record was destroyed: which, when, why and by whom."""

    id: str
    authority: str
    record: str
    reason: str
    by: str | None
    at: datetime


def list_file(store: Store) -> Path:
    """Where this installation keeps its list of destructions: beside its key."""
    return store.key_file.with_name(f"{store.key_file.name}.destroyed")


def text(keys: Keys, certificate: Certificate) -> str:
    """One signed line. The same certificate always gives the same line."""
    body = ids.canonical(
        {
            "id": certificate.id,
            "authority": certificate.authority,
            "record": certificate.record,
            "reason": certificate.reason,
            "by": certificate.by,
            "at": certificate.at.isoformat(),
        }
    )
    return json.dumps({"body": body, "signature": keys.signing.sign(body.encode()).hex()})


def read(keys: Keys, line: str) -> Certificate:
    """The certificate in a line. Raises ValueError unless this installation signed it."""
    try:
        signed = json.loads(line)
        body = signed["body"]
        keys.signing.public_key().verify(bytes.fromhex(signed["signature"]), body.encode())
        said = json.loads(body)
        at = datetime.fromisoformat(said["at"])
        return Certificate(said["id"], said["authority"], said["record"], said["reason"], said["by"], at)
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise ValueError("not a certificate of this installation") from error


def read_file(keys: Keys, path: Path) -> list[Certificate]:
    """Every certificate in a list. Raises CaseworkError where a line was not written by this installation.

    A last line without an end was cut off by a crash while it was added; the database still holds that one.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise CaseworkError(
            f"The list of destructions {path} could not be read: {error.strerror}."
        ) from error
    found = []
    for number, line in enumerate(lines[:-1], 1):
        if not line.strip():
            continue
        try:
            found.append(read(keys, line))
        except ValueError:
            raise CaseworkError(
                f"Line {number} of {path} is not a certificate that this installation signed. Restore the list "
                "from its own copy; without it a restored backup could bring back what was destroyed."
            ) from None
    return found


def in_database(connection: Any) -> list[Certificate]:
    found = connection.execute(select(destroyed).order_by(destroyed.c.at, destroyed.c.id))
    return [Certificate(row.id, row.authority, row.record, row.reason, row.by, row.at) for row in found]


def note_down(store: Store) -> int:
    """Bring the list outside up to date with the database; returns how many were added.

    Called after every destruction and before every backup, so that one missed in a crash is soon there.
    """
    with store.reading() as connection:
        present = in_database(connection)
    path = list_file(store)
    if not present:
        return 0
    known = set() if not path.exists() else {one.id for one in read_file(store.keys, path)}
    missing = [one for one in present if one.id not in known]
    files.append(path, [text(store.keys, one) for one in missing])
    return len(missing)
