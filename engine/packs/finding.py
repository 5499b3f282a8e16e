"""Finds the files of a workspace and reads their text: the only place where the engine opens definitions.

A workspace is a folder with `form_definitions/` and `workflows/`, each with a folder a pack. What the
database holds comes in as `{path: text}` instead, under the same limits. Must not know what the texts mean.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from engine.language import codes, sources
from engine.language.diagnostics import Diagnostic
from engine.language.places import Place
from engine.packs import staging

ROOMS = ("form_definitions", "workflows")
ENDINGS = (".yaml", ".yml", ".csv")
MOST_FILES = 500
LARGEST_PACK = 20_000_000
DEEPEST = 8
_TIMES = 5

# What an editor adds without saying so: such a file looks right in its folder and would not be read.
_HIDDEN_ENDING = re.compile(r"\.(?:ya?ml|csv)\.txt\Z")
_PACK_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


class NoWorkspace(Exception):
    """The folder named is not a workspace. The text says what was looked for and what to do."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The files of a workspace: by pack, then by path relative to the root; with what was wrong with some."""

    packs: Mapping[str, Mapping[str, str]]
    findings: tuple[Diagnostic, ...] = ()


@dataclass
class _Gathering:
    packs: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


def find(root: Path | str) -> Texts:
    """Every definition under `root`. Raises NoWorkspace if it is no workspace; all else becomes findings."""
    try:
        return _found(Path(root))
    except OSError as problem:
        raise NoWorkspace(f"‘{problem.filename}’ cannot be read: {problem.strerror}.") from None


def _found(top: Path) -> Texts:
    if not top.is_dir():
        raise NoWorkspace(f"There is no folder ‘{top}’. Give the folder that holds form_definitions/.")
    if not (top / ROOMS[0]).is_dir():
        raise NoWorkspace(
            f"‘{top}’ is not a workspace: it has no folder form_definitions/. "
            "Give the folder that holds form_definitions/ and workflows/."
        )
    for _ in range(_TIMES):
        before = staging.state(top)
        gathered = _Gathering()
        for room in ROOMS:
            _gather(top, room, gathered)
        if staging.state(top) == before:
            break
    return Texts(gathered.packs, tuple(gathered.findings))


def given(texts: Mapping[str, str]) -> Texts:
    """The same from texts already in hand, by path; paths that lead out of a workspace are refused."""
    gathered = _Gathering()
    for path in sorted(texts):
        parts = PurePosixPath(path).parts
        if len(parts) < 3 or parts[0] not in ROOMS or ".." in parts or "\\" in path or path.startswith("/"):
            gathered.findings.append(_unread(path))
            continue
        _take(path, texts[path].encode("utf-8", "surrogatepass"), gathered)
    return Texts(gathered.packs, tuple(gathered.findings))


def _gather(top: Path, room: str, gathered: _Gathering) -> None:
    for path, file, problem in _files(top, room):
        if problem is not None:
            gathered.findings.append(problem)
            continue
        data = _bytes(file)
        if data is None:
            gathered.findings.append(codes.finding("P709", _whole(path), file=path))
        else:
            _take(path, data, gathered)


def _files(top: Path, room: str) -> Iterator[tuple[str, Path, Diagnostic | None]]:
    """Paths in a room with the files they stand for; a pack being installed is read where it waits."""
    waiting = staging.waiting(top)
    folder = staging.folder_of(top, room, waiting) if waiting else top
    elsewhere = waiting is not None and folder != top / room / waiting
    for path, problem in _walk(top / room, room, 0):
        if not (elsewhere and path.startswith(f"{room}/{waiting}/")):
            yield path, top / path, problem
    if elsewhere:
        for path, problem in _walk(folder, f"{room}/{waiting}", 1):
            yield path, folder / path.removeprefix(f"{room}/{waiting}/"), problem


def _bytes(path: Path) -> bytes | None:
    """A file's first bytes, as many as any may have and one more; None if it is a link or no plain file by now.

    What was looked at may have been swapped since: nothing is followed elsewhere, and no pipe is waited for.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return b""
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as opened:
        return opened.read(sources.LARGEST + 1)


def _walk(folder: Path, relative: str, depth: int) -> Iterator[tuple[str, Diagnostic | None]]:
    if not folder.is_dir() or folder.is_symlink():
        if folder.is_symlink():
            yield relative, codes.finding("P709", _whole(relative), file=relative)
        return
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        name = entry.name.encode("utf-8", "replace").decode()
        path = f"{relative}/{name}"
        if entry.name.startswith("."):
            continue
        if name != entry.name:
            yield path, _unread(path)
        elif entry.is_symlink():
            yield path, codes.finding("P709", _whole(path), file=path)
        elif entry.is_dir(follow_symlinks=False):
            if depth >= DEEPEST:
                yield (
                    path,
                    codes.finding("P710", _whole(path), what="folders inside each other", limit=DEEPEST),
                )
            else:
                yield from _walk(folder / entry.name, path, depth + 1)
        elif entry.is_file(follow_symlinks=False) and _HIDDEN_ENDING.search(entry.name.lower()):
            yield path, _unread(path)
        elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ENDINGS):
            yield path, None if depth else _unread(path)


def _take(path: str, data: bytes, gathered: _Gathering) -> None:
    pack = PurePosixPath(path).parts[1]
    if pack in gathered.refused:
        return
    if not _PACK_ID.match(pack):
        gathered.refused.add(pack)
        gathered.findings.append(codes.finding("P711", _whole(path), folder=pack))
        return
    files = gathered.packs.setdefault(pack, {})
    size = gathered.sizes.get(pack, 0) + len(data)
    if len(files) >= MOST_FILES or size > LARGEST_PACK:
        gathered.refused.add(pack)
        over = (
            ("files in one pack", MOST_FILES) if len(files) >= MOST_FILES else ("bytes", f"{LARGEST_PACK:,}")
        )
        gathered.findings.append(codes.finding("P710", _whole(path), what=over[0], limit=over[1]))
        return
    text, findings = table_text(data) if path.lower().endswith(".csv") else sources.decode(data, path)
    if text is None:
        gathered.findings += findings
        return
    gathered.sizes[pack] = size
    files[path] = text


def table_text(data: bytes) -> tuple[str | None, list[Diagnostic]]:
    """The text of a CSV however a spreadsheet saved it: UTF-8, UTF-16 with its mark, else Windows' own."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), []


def _whole(path: str) -> Place:
    return Place(path, 1, 1, 1, 1)


def _unread(path: str) -> Diagnostic:
    """A file that somebody surely meant to be read, and why it is not."""
    if _HIDDEN_ENDING.search(path.lower()):
        name = PurePosixPath(path)
        why = f"read: its name ends in ‘{name.suffix}’"
        advice = (
            f"Rename it to ‘{name.stem}’. (Windows hides such endings: in its window choose View, then ‘File "
        )
        advice += "name extensions’.)"
        return codes.finding("P708", _whole(path), file=path, why=why, advice=advice)
    advice = "Put it into form_definitions/ID-OF-THE-PACK/ or workflows/ID-OF-THE-PACK/, under a name in plain letters."
    return codes.finding(
        "P708", _whole(path), file=path, why="where definitions are looked for", advice=advice
    )
