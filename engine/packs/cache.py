"""Checked stacks kept as data in a folder, so that what was loaded once is not read and proved again.

An entry belongs to the very texts and the very engine it was made from: its name is a hash of both, its first line a
hash of the rest. What is cut short, altered, somebody else's or another engine's is passed over and made anew; a
folder that cannot be written costs time and nothing else. Must not know what is stored.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from engine.packs.finding import Texts

_FORMAT = b"trefoil kept stacks 2"
_MOST_ENTRIES = 40
_LARGEST = 200_000_000


class Cache:
    """A folder of entries, readable by this account alone. Made when the first is kept."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def find(self, key: str) -> list[bytes] | None:
        """The lines kept under a key; None if there are none that can be trusted."""
        try:
            with open(self.folder / f"{key}.json", "rb", opener=_unfollowed) as file:
                facts = os.fstat(file.fileno())
                ours = facts.st_uid == os.geteuid() and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
                if not ours or not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
                    return None
                data = file.read()
        except OSError:
            return None
        first, _, rest = data.partition(b"\n")
        return rest.split(b"\n") if first == _checked(key, rest) else None

    def keep(self, key: str, lines: Iterable[bytes]) -> None:
        """Keep lines under a key, all or nothing; the oldest entries go."""
        rest = b"\n".join(lines)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made for this account alone, and in its place only when it is whole.
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_checked(key, rest) + b"\n" + rest)
                os.replace(name, self.folder / f"{key}.json")
            except OSError:
                os.unlink(name)
                raise
            entries = sorted(self.folder.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
            for old in entries[_MOST_ENTRIES:]:
                old.unlink(missing_ok=True)
        except OSError:
            return


def of_account(environment: Mapping[str, str]) -> Cache | None:
    """The folder for this account's commands: TREFOIL_CACHE, else where the system keeps caches; empty for none."""
    named = environment.get("TREFOIL_CACHE")
    if named is not None:
        return Cache(named) if named else None
    home = environment.get("XDG_CACHE_HOME") or (
        f"{environment['HOME']}/.cache" if "HOME" in environment else ""
    )
    return Cache(Path(home) / "trefoil" / "stacks") if Path(home).is_absolute() else None


def key_of(found: Texts) -> str:
    """The name of what these texts give with this engine."""
    digest = hashlib.sha256(_FORMAT + engine_hash())
    pieces = [repr(found.findings)]
    for pack in sorted(found.packs):
        pieces += [pack, *(piece for path in found.packs[pack] for piece in (path, found.packs[pack][path]))]
    for piece in pieces:
        data = piece.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@cache
def engine_hash() -> bytes:
    """What tells this engine from any other: its own source, its Python, and the libraries that read and prove."""
    digest = hashlib.sha256(sys.version.encode())
    top = Path(__file__).parents[1]
    for path in sorted(top.rglob("*.py")):
        if "casework" not in path.relative_to(top).parts:
            digest.update(str(path.relative_to(top)).encode() + b"\0" + path.read_bytes())
    for name in ("lark", "yaml", "z3", "re2"):
        found = sys.modules.get(name)
        digest.update(f"{name} {getattr(found, '__version__', '')}".encode())
    return digest.digest()


def _checked(key: str, rest: bytes) -> bytes:
    return f"{key} {hashlib.sha256(rest).hexdigest()}".encode()


def _unfollowed(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
