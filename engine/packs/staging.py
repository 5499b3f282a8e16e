"""A pack that is being put into a workspace: where it waits, and how everybody sees the old one or the new, never half.

A pack is two folders, and no system renames two folders at once. So the new ones are made ready aside; one small file
then says that they count, and from that moment whoever reads the workspace reads them there. Moving them to their
places only tidies up, and can be done by whoever comes next. Must not know what is in a pack.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

ASIDE = ".trefoil"
_COUNTS = "installing.json"
_READY = "installing"
_REPLACED = "replaced"
_PACK_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def waiting(top: Path) -> str | None:
    """The pack whose new folders count although not all are in their places yet."""
    if any((top / one).is_symlink() for one in (ASIDE, f"{ASIDE}/{_READY}")):
        return None
    try:
        said = json.loads((top / ASIDE / _COUNTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    pack = said.get("pack") if isinstance(said, dict) else None
    return pack if isinstance(pack, str) and _PACK_ID.match(pack) else None


def folder_of(top: Path, room: str, pack: str) -> Path:
    """Where a pack's files of one room are read from just now."""
    ready = top / ASIDE / _READY / room / pack
    return ready if waiting(top) == pack and ready.is_dir() else top / room / pack


def state(top: Path) -> tuple[object, ...]:
    """What changes whenever a step of putting a pack in place is done: who reads across one reads again."""
    pack = waiting(top)
    if pack is None:
        return (None,)
    rooms = (
        sorted(one.name for one in os.scandir(top / ASIDE / _READY))
        if (top / ASIDE / _READY).is_dir()
        else []
    )
    return (pack, *((one, (top / ASIDE / _READY / one / pack).is_dir()) for one in rooms))


def make_ready(top: Path, pack: str, rooms: tuple[str, ...], files: Mapping[str, bytes]) -> None:
    """Write the new folders aside, all of them down to the disk. Nothing counts yet."""
    ready = top / ASIDE / _READY
    _clear(ready)
    for room in rooms:
        # A room without files is an empty folder here, so that the old one goes.
        (ready / room / pack).mkdir(parents=True)
    for path, data in files.items():
        target = ready / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
    for folder, _, _ in os.walk(ready):
        _settle(Path(folder))


def let_count(top: Path, pack: str, version: str) -> None:
    """From here on everybody reads the new folders."""
    aside = top / ASIDE
    made = aside / f"{_COUNTS}.new"
    with made.open("w", encoding="utf-8") as opened:
        json.dump({"pack": pack, "version": version}, opened)
        opened.flush()
        os.fsync(opened.fileno())
    made.rename(aside / _COUNTS)
    _settle(aside)


def tidy(top: Path, rooms: tuple[str, ...]) -> Path | None:
    """Move what counts to its place, and what it took the place of aside; returns where to. Can be done again."""
    pack = waiting(top)
    if pack is None:
        _clear(top / ASIDE / _READY)
        return None
    kept = _kept(top, pack)
    for room in rooms:
        ready, place = top / ASIDE / _READY / room / pack, top / room / pack
        if not ready.is_dir():
            continue
        if place.is_dir():
            (kept / room).mkdir(parents=True, exist_ok=True)
            place.rename(kept / room / pack)
        if any(ready.iterdir()):
            place.parent.mkdir(parents=True, exist_ok=True)
            ready.rename(place)
        else:
            ready.rmdir()
        _settle(place.parent if place.parent.is_dir() else top)
    (top / ASIDE / _COUNTS).unlink()
    _settle(top / ASIDE)
    _clear(top / ASIDE / _READY)
    return kept if kept.is_dir() else None


def _kept(top: Path, pack: str) -> Path:
    """A folder of its own for what is replaced; the same one when tidying is taken up again."""
    said = json.loads((top / ASIDE / _COUNTS).read_text(encoding="utf-8"))
    number = said.get("number")
    if not isinstance(number, int):
        number = 1
        while (top / ASIDE / _REPLACED / f"{pack}-{number}").exists():
            number += 1
        made = top / ASIDE / f"{_COUNTS}.new"
        made.write_text(json.dumps({**said, "number": number}), encoding="utf-8")
        made.rename(top / ASIDE / _COUNTS)
    return top / ASIDE / _REPLACED / f"{pack}-{number}"


def _clear(folder: Path) -> None:
    """Take away what an earlier try left: our own files alone, and never through a link."""
    for at, folders, files in os.walk(folder, topdown=False):
        for name in files:
            (Path(at) / name).unlink()
        for name in folders:
            inner = Path(at) / name
            inner.unlink() if inner.is_symlink() else inner.rmdir()
    if folder.is_dir():
        folder.rmdir()


def _settle(folder: Path) -> None:
    """Have the disk remember what a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
