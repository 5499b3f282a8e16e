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
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
MOST_KEPT = 2_000
MOST_EACH = 40
"""Posts kept for one person: one who posts without end leaves room for everybody else."""

NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "again", "_who", "kept", "script"})


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
    """A folder of encrypted files, each for one person, each gone after `minutes`."""

    def __init__(self, folder: Path, key: bytes, minutes: int) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)
        self._life = timedelta(minutes=minutes)

    def keep(self, person: str, path: str, fields: Mapping[str, Sequence[str]], now: datetime) -> str | None:
        """Keeps a post and returns its token; None when too much is kept already to take more."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.sweep(now) >= MOST_KEPT:
            return None
        for older in self.of(person, now)[MOST_EACH - 1 :]:
            self.forget(older.token)
        token = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        kept = {name: list(texts) for name, texts in fields.items() if name not in NEVER_KEPT}
        body = json.dumps({"person": person, "path": path, "at": now.isoformat(), "fields": kept}).encode()
        nonce = secrets.token_bytes(12)
        file = self._folder / token
        # The token is bound in: a file renamed to another token does not open.
        file.write_bytes(nonce + self._cipher.encrypt(nonce, body, token.encode()))
        file.chmod(0o600)
        return token

    def find(self, token: str, person: str, now: datetime) -> Kept | None:
        """What was kept under `token`, for the person who typed it and nobody else."""
        kept = self._read(token, now)
        return kept if kept is not None and secrets.compare_digest(kept.person, person) else None

    def of(self, person: str, now: datetime) -> list[Kept]:
        """Everything kept for this person, newest first."""
        if not self._folder.is_dir():
            return []
        read = (self._read(file.name, now) for file in self._folder.iterdir())
        return sorted(
            (one for one in read if one and one.person == person), key=lambda one: one.at, reverse=True
        )

    def forget(self, token: str) -> None:
        if TOKEN.fullmatch(token):
            (self._folder / token).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> int:
        """Removes what is past its time; returns how many remain."""
        remaining = 0
        for file in self._folder.iterdir() if self._folder.is_dir() else ():
            try:
                if now.timestamp() - file.stat().st_mtime > self._life.total_seconds():
                    file.unlink(missing_ok=True)
                else:
                    remaining += 1
            except FileNotFoundError:
                continue
        return remaining

    def _read(self, token: str, now: datetime) -> Kept | None:
        if not TOKEN.fullmatch(token):
            return None
        try:
            sealed = (self._folder / token).read_bytes()
            body = json.loads(self._cipher.decrypt(sealed[:12], sealed[12:], token.encode()))
        except (FileNotFoundError, InvalidTag, ValueError):
            return None
        at = datetime.fromisoformat(body["at"])
        if now - at > self._life:
            self.forget(token)
            return None
        return Kept(token, body["person"], body["path"], at, body["fields"])
