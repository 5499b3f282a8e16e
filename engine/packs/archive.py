"""A pack as one file: the same files give the same bytes on every machine, for ever.

An archive is a ZIP whose members are stored as they are (what a compressor makes differs from version to version),
in one order, at one date, with a manifest that holds each file's hash. It is written byte by byte here, so that no
library's next version changes it. Must not know folders, nor what definitions mean.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.language import sources
from engine.language.model import Manifest
from engine.packs.finding import DEEPEST, ENDINGS, LARGEST_PACK, MOST_FILES, ROOMS

FORMAT = "trefoil-pack-1"
MANIFEST = "manifest.json"
# A pack's files, and what names, hashes and the directory take beside them.
LARGEST_ARCHIVE = LARGEST_PACK + 1_000_000
LARGEST_MEMBER = sources.LARGEST

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
# Names that one common system or another keeps for its devices, whatever stands behind the point.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)
_LONGEST_PATH = 200
_EARLIEST_DAY = (1 << 5) | 1
_PLAIN_FILE = 0o100644 << 16
_MADE_ON_UNIX = (3 << 8) | 20


class NotBuildable(Exception):
    """The files of a pack cannot go into an archive. The text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A pack in one piece: its files by path, plain text, and what its manifest says."""

    pack: str
    version: str
    files: Mapping[str, str]
    manifest: Mapping[str, object]

    def as_bytes(self) -> bytes:
        members = [(MANIFEST, _json(self.manifest))]
        members += [(path, self.files[path].encode()) for path in sorted(self.files)]
        return _zipped(members)

    @property
    def sha256(self) -> str:
        """What an overlay writes under `extends.sha256`: of the archive as it is before anybody signs it."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


def made(manifest: Manifest, texts: Mapping[str, str]) -> Archive:
    """The archive of one pack's own files by path. Raises NotBuildable."""
    files = {path: plain(text) for path, text in texts.items()}
    for problem in (*(told for path in sorted(files) if (told := wrong_path(path))), *clashes(sorted(files))):
        raise NotBuildable(problem)
    if len(files) > MOST_FILES or sum(len(one.encode()) for one in files.values()) > LARGEST_PACK:
        raise NotBuildable(f"A pack has at most {MOST_FILES} files and {LARGEST_PACK // 1_000_000} MB.")
    return Archive(manifest.id, manifest.version, files, described(manifest, files))


def described(manifest: Manifest, files: Mapping[str, str]) -> dict[str, object]:
    """What the manifest says: whose files these are, each with its hash, and room for signatures over all that."""
    extends = None
    if manifest.extends is not None:
        extends = {
            "pack": manifest.extends,
            "version": manifest.extends_version,
            "sha256": manifest.extends_sha256,
        }
    return {
        "format": FORMAT,
        "pack": manifest.id,
        "version": manifest.version,
        "extends": extends,
        "engine": manifest.engine,
        "files": [_entry(path, files[path].encode()) for path in sorted(files)],
        "signatures": [],
    }


def plain(text: str) -> str:
    """Text as an archive holds it: no byte-order mark, one kind of line end, whatever system wrote it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def wrong_path(path: str) -> str | None:
    """Why a path cannot be a definition's in an archive, in words; None if it can."""
    parts = path.split("/")
    if any(_SEGMENT.match(part) is None or part.endswith(".") for part in parts) or len(path) > _LONGEST_PATH:
        told = "has a name that not every system can store. Use plain letters, digits, ‘_’, ‘-’ and ‘.’."
        return f"‘{shown(path)}’ {told}"
    if any(_DEVICES.match(part) for part in parts):
        return f"‘{path}’ has a name that Windows keeps for a device. Give the file another name."
    if len(parts) < 3 or parts[0] not in ROOMS:
        return (
            f"‘{path}’ stands outside form_definitions/PACK/ and workflows/PACK/, where a pack's files are."
        )
    if len(parts) > DEEPEST + 3:
        return f"‘{path}’ stands in more than {DEEPEST} folders inside each other."
    if not path.lower().endswith(ENDINGS):
        return f"‘{path}’ is no definition: a pack's files end in {', '.join(ENDINGS)}."
    return None


def clashes(paths: Iterable[str]) -> list[str]:
    """Names that are one and the same where capitals do not count, in words."""
    seen: dict[str, str] = {}
    told = []
    for path in paths:
        # A folder clashes as a file does: `Forms/a.yaml` and `forms/b.yaml` are one folder there.
        for end in [*(at for at, one in enumerate(path) if one == "/"), len(path)]:
            part = path[:end]
            other = seen.setdefault(part.casefold(), part)
            if other != part:
                told.append(
                    f"‘{shown(other)}’ and ‘{shown(part)}’ differ in capitals alone, and are one name on many systems. "
                    "Rename one."
                )
                break
    return told


def shown(name: str) -> str:
    """A name that somebody else chose, fit to be printed: nothing in it moves the cursor or runs on."""
    told = "".join(one if one.isprintable() else "�" for one in name)
    return told if len(told) <= 80 else f"{told[:79]}…"


def _entry(path: str, data: bytes) -> dict[str, object]:
    return {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _json(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=True, sort_keys=True, indent=1) + "\n").encode()


def _zipped(members: list[tuple[str, bytes]]) -> bytes:
    """A ZIP of stored members: what every unpacker reads, and nothing that two writers could do differently."""
    body, directory = bytearray(), bytearray()
    for name, data in members:
        path = name.encode("ascii")
        head = struct.pack(
            "<HHHHHIIIHH", 20, 0, 0, 0, _EARLIEST_DAY, zlib.crc32(data), len(data), len(data), len(path), 0
        )
        directory += struct.pack("<4sH", b"PK\x01\x02", _MADE_ON_UNIX) + head
        directory += struct.pack("<HHHII", 0, 0, 0, _PLAIN_FILE, len(body)) + path
        body += b"PK\x03\x04" + head + path + data
    count = len(members)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)
