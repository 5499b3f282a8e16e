"""Keeps what somebody typed when it could not be saved, so that nothing typed is lost.

A post from a session that has ended, or that met a busy database, is kept encrypted for an hour and offered to
the same person after signing in. It is never replayed: the person looks at it and saves it. Must not know
what the fields mean.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
MOST_KEPT = 2_000
MOST_EACH = 40
"""Posts kept for one person: one who posts without end leaves room for everybody else."""

NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "again", "_who", "kept", "script"})


def written(name: str, text: str) -> bool:
    """Whether a posted text is words that somebody wrote, worth showing, and not what the page carried or a choice."""
    return name not in NEVER_KEPT and not name.startswith("_") and len(text.split()) > 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed: for whom, at which address, when, under the names the page gave."""

    token: str
    person: str
    path: str
    at: datetime
    fields: Mapping[str, Sequence[str]]

    def visible(self) -> list[tuple[str, str]]:
        """Names and texts worth showing to a person: what they typed, not what the page carried."""
        return [
            (name, text)
            for name, texts in self.fields.items()
            for text in texts
            if text.strip() and not name.startswith("_") and name not in ("revision", "a.@section", "action")
        ]


class KeptPosts:
    """A folder of encrypted files, each for one person, each gone after `minutes`.

    A file is named by a keyed digest of its person and by its token: whose it is is told without opening it, and
    to nobody who has not the key.
    """

    def __init__(self, folder: Path, key: bytes, minutes: int) -> None:
        self._folder = folder
        self._key = key
        self._cipher = AESGCM(key)
        self._life = timedelta(minutes=minutes)

    def keep(self, person: str, path: str, fields: Mapping[str, Sequence[str]], now: datetime) -> str | None:
        """Keeps a post and returns its token; None when too much is kept already to take more."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.sweep(now) >= MOST_KEPT:
            return None
        for older in self.of(person, now)[MOST_EACH - 1 :]:
            self.forget(older.token, person)
        token = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        kept = {name: list(texts) for name, texts in fields.items() if name not in NEVER_KEPT}
        body = json.dumps({"person": person, "path": path, "at": now.isoformat(), "fields": kept}).encode()
        nonce = secrets.token_bytes(12)
        file = self._file(person, token)
        # The name is bound in: a file renamed to another person's or token does not open.
        file.write_bytes(nonce + self._cipher.encrypt(nonce, body, file.name.encode()))
        file.chmod(0o600)
        return token

    def find(self, token: str, person: str, now: datetime) -> Kept | None:
        """What was kept under `token`, for the person who typed it and nobody else."""
        return self._read(self._file(person, token), now) if TOKEN.fullmatch(token) else None

    def of(self, person: str, now: datetime) -> list[Kept]:
        """Everything kept for this person, newest first."""
        whose = f"{self._whose(person)}."
        mine = [file for file in self._files() if file.name.startswith(whose)]
        read = [one for file in mine if (one := self._read(file, now)) is not None]
        return sorted(read, key=lambda one: one.at, reverse=True)

    def forget(self, token: str, person: str) -> None:
        if TOKEN.fullmatch(token):
            self._file(person, token).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> int:
        """Removes what is past its time; returns how many remain."""
        remaining = 0
        for file in self._files():
            try:
                if now.timestamp() - file.stat().st_mtime > self._life.total_seconds():
                    file.unlink(missing_ok=True)
                else:
                    remaining += 1
            except FileNotFoundError:
                continue
        return remaining

    def _files(self) -> list[Path]:
        return list(self._folder.iterdir()) if self._folder.is_dir() else []

    def _file(self, person: str, token: str) -> Path:
        return self._folder / f"{self._whose(person)}.{token}"

    def _whose(self, person: str) -> str:
        return blake2b(person.encode(), key=self._key, digest_size=16, person=b"whose typed").hexdigest()

    def _read(self, file: Path, now: datetime) -> Kept | None:
        try:
            sealed = file.read_bytes()
            body = json.loads(self._cipher.decrypt(sealed[:12], sealed[12:], file.name.encode()))
        except (FileNotFoundError, InvalidTag, ValueError):
            return None
        at = datetime.fromisoformat(body["at"])
        if now - at > self._life:
            file.unlink(missing_ok=True)
            return None
        return Kept(file.name.partition(".")[2], body["person"], body["path"], at, body["fields"])
