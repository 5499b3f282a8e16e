"""Builds a pack's archive from a workspace, and puts an archive into one: judged first, then all of it or nothing.

Must not know commands, nor how judging is limited.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.packs import archive, archive_reading, finding, staging
from engine.packs.facade import Workspace, load


class CannotInstall(Exception):
    """The workspace cannot take an archive just now. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What came of it. `verdict` is what judging said; `replaced` where the files are that stood there before."""

    verdict: Mapping[str, Any]
    outcome: str
    replaced: Path | None = None

    @property
    def ok(self) -> bool:
        return self.outcome != "refused"


def build(root: Path, pack: str) -> archive.Archive:
    """The archive of a pack of the workspace. Raises DefinitionError, NoWorkspace, UnknownName, NotBuildable."""
    workspace: Workspace = load(root)
    found = workspace.pack(pack)
    own = {path: text for path, text in found.texts.items() if path.split("/")[1] == pack}
    return archive.made(found.stack.manifest, own)


def around(root: Path) -> dict[str, str]:
    """Every file of the workspace that can be read, by path. Raises NoWorkspace."""
    found = finding.find(root)
    return {path: text for files in found.packs.values() for path, text in files.items()}


def install(
    root: Path, data: bytes, judge: Callable[[bytes, Mapping[str, str]], Mapping[str, Any]]
) -> Installed:
    """Judge an archive and put it into the workspace. Raises NoWorkspace, CannotInstall.

    What stood there before is kept aside, never overwritten. If this process is ended in the middle, everybody goes
    on reading the old pack or the new one, and the next install finishes what was begun.
    """
    here = around(root)
    with _alone(root):
        _can_be_written(root)
        staging.tidy(root, finding.ROOMS)
        verdict = judge(data, here)
        if not verdict["ok"]:
            return Installed(verdict, "refused")
        found = archive_reading.read(data)
        _can_be_written(root, found.pack)
        if {
            path: archive.plain(text) for path, text in here.items() if path.split("/")[1] == found.pack
        } == found.files:
            return Installed(verdict, "there already")
        files = {path: text.encode() for path, text in found.files.items()}
        staging.make_ready(root, found.pack, finding.ROOMS, files)
        staging.let_count(root, found.pack, found.version)
        return Installed(verdict, "installed", staging.tidy(root, finding.ROOMS))


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One install at a time; two at once would tidy each other's files away."""
    aside = root / staging.ASIDE
    if aside.is_symlink():
        raise CannotInstall(f"‘{aside}’ is a link to another place. Take it away first.")
    try:
        aside.mkdir(exist_ok=True)
        held = (aside / "lock").open("w")
    except OSError as problem:
        raise CannotInstall(f"‘{aside}’ cannot be written to: {problem.strerror}.") from None
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotInstall(
                "Another pack is being installed here. Try again when that has ended."
            ) from None
        try:
            yield
        except OSError as problem:
            told = f"‘{problem.filename}’ cannot be written: {problem.strerror}. Nothing was changed."
            raise CannotInstall(told) from None


def _can_be_written(root: Path, pack: str | None = None) -> None:
    """Links are never followed, not even ones that the owner of the workspace has put there."""
    places = [root / room for room in finding.ROOMS]
    if pack is not None:
        places += [place / pack for place in places]
    for place in (*places, root / staging.ASIDE / "installing", root / staging.ASIDE / "replaced"):
        if place.is_symlink():
            raise CannotInstall(
                f"‘{place}’ is a link to another place, and packs are put into real folders only."
            )
