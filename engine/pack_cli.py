"""`trefoil pack`: one pack as one file, looked into and put into another workspace.

A door like `cli`, which adds these commands to its own. Must not know how an archive is made, read or judged.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.packs import archive_installing, archive_limits
from engine.packs.archive import LARGEST_ARCHIVE, NotBuildable
from engine.packs.archive_installing import CannotInstall, Installed

FINE, FINDINGS, USAGE = 0, 1, 2
_STAGES = {
    "size": "It was not taken, for what kind of file it is:",
    "limits": "It was not taken:",
    "syntax": "It was not taken: what is written in it cannot be read.",
    "meaning": "It was not taken: its parts do not fit together, or not with what stands here.",
    "scenarios": "It was not taken: its own scenarios do not come to what they expect.",
}


def add_to(commands: Any) -> None:
    """Add `pack` to the commands of a parser."""
    made = commands.add_parser("pack", help="make a pack into one file, look into one, or install one")
    what = made.add_subparsers(dest="what", metavar="WHAT", required=True)
    building = what.add_parser("build", help="make an archive of a pack")
    building.add_argument("pack", metavar="PACK")
    building.add_argument(
        "--out", metavar="FILE", required=True, type=Path, help="the archive, such as core-1.0.0.zip"
    )
    looking = what.add_parser("inspect", help="say what is in an archive, and whether it could be installed")
    installing = what.add_parser("install", help="put an archive into a workspace, all of it or nothing")
    for one in (looking, installing):
        one.add_argument("file", metavar="FILE", type=Path)
    for one, command in ((building, _build), (looking, _inspect), (installing, _install)):
        standing = None if one is looking else "."
        one.add_argument(
            "--root", metavar="DIR", type=Path, default=standing, help="the workspace (default: here)"
        )
        one.add_argument("--format", choices=("text", "json"), default="text")
        one.set_defaults(run=command)


def _build(given: argparse.Namespace) -> int:
    try:
        made = archive_installing.build(given.root, given.pack)
    except NotBuildable as problem:
        return _wrong(given, str(problem), FINDINGS)
    data = made.as_bytes()
    beside = given.out.with_name(f".{given.out.name}.{os.getpid()}")
    try:
        # A build that is broken off leaves no half archive under the name that was asked for.
        with beside.open("xb") as opened:
            opened.write(data)
        beside.replace(given.out)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        return _wrong(given, f"‘{given.out}’ cannot be written: {problem.strerror}.", USAGE)
    told = {"pack": made.pack, "version": made.version, "sha256": made.sha256, "files": len(made.files)}
    if given.format == "json":
        _json({"ok": True, "file": str(given.out), "size": len(data), **told})
        return FINE
    print(f"{made.pack} {made.version}: {len(made.files)} files, {len(data):,} bytes, in {given.out}.")
    print(f"SHA-256: {made.sha256}")
    print(
        f"Who extends it writes: extends: {{pack: {made.pack}, version: {made.version}, sha256: {made.sha256}}}"
    )
    return FINE


def _inspect(given: argparse.Namespace) -> int:
    data = _read(given)
    if isinstance(data, int):
        return data
    here = archive_installing.around(given.root) if given.root is not None else None
    verdict = archive_limits.judge_archive(data, here, date.today())
    if given.format == "json":
        _json(verdict)
    else:
        _tell(verdict)
        if verdict["ok"]:
            print("It can be installed here." if here is not None else _sound(verdict))
    return FINE if verdict["ok"] else FINDINGS


def _sound(verdict: Mapping[str, Any]) -> str:
    ran = verdict["scenarios"]["ran"]
    if not verdict["hash"]:
        return "Its files are sound. With --root DIR it is also tried over the base that stands in that workspace."
    if not ran:
        return "It is sound by itself. It has no scenarios that would show what it does."
    if ran == 1:
        return "It is sound by itself: its one scenario came to what it expects."
    return f"It is sound by itself: {ran} scenarios came to what they expect."


def _install(given: argparse.Namespace) -> int:
    data = _read(given)
    if isinstance(data, int):
        return data
    today = date.today()
    try:
        done = archive_installing.install(
            given.root, data, lambda one, here: archive_limits.judge_archive(one, here, today)
        )
    except CannotInstall as problem:
        return _wrong(given, str(problem), FINDINGS)
    if given.format == "json":
        kept = str(done.replaced) if done.replaced else None
        _json({**done.verdict, "outcome": done.outcome, "replaced": kept})
    else:
        _tell(done.verdict)
        if done.ok:
            print(_done(done, given.root))
    return FINE if done.ok else FINDINGS


def _done(done: Installed, root: Path) -> str:
    name = f"{done.verdict['pack']} {done.verdict['version']}"
    if done.outcome == "there already":
        return f"{name} stands there already, file by file. Nothing was changed."
    where = "here" if root == Path() else f"in {root}"
    told = [f"{name} is installed {where}."]
    if done.replaced is not None:
        told.append(f"What stood there before is kept in {done.replaced}.")
    if done.verdict["others"]:
        told.append(
            "Other packs here have to be looked at: see above, and run ‘trefoil check’ and ‘trefoil test’."
        )
    return "\n".join(told)


def _tell(verdict: Mapping[str, Any]) -> None:
    if verdict["pack"]:
        print(
            f"{verdict['pack']} {verdict['version']}: {verdict['files']} files, SHA-256 {verdict['sha256']}"
        )
    if not verdict["ok"]:
        print(_STAGES[verdict["stage"]])
    for one in verdict["refusals"]:
        print(f"  {one['message']}")
    for one in (*verdict["diagnostics"], *verdict["others"]):
        print(f"  {one['file']}:{one['line']}: {one['severity']} {one['code']}: {one['message']}")
        if one["text"]:
            print(f"      {one['text'].strip()}")
        print(f"    help: {one['help']}")
    if verdict["more"]:
        print(f"  And {verdict['more']} more.")
    for one in verdict["scenarios"]["failed"]:
        print(f"  {one['file']}:{one['line']}: ‘{one['scenario']}’: {one['message']}")


def _read(given: argparse.Namespace) -> bytes | int:
    """The archive's bytes, no more than are ever looked at; or the exit code where there are none."""
    try:
        with given.file.open("rb") as opened:
            return opened.read(LARGEST_ARCHIVE + 1)
    except OSError as problem:
        return _wrong(given, f"‘{given.file}’ cannot be read: {problem.strerror}.", USAGE)


def _wrong(given: argparse.Namespace, message: str, code: int) -> int:
    if given.format == "json":
        _json({"ok": False, "message": message})
    print(f"trefoil: {message}", file=sys.stderr)
    return code


def _json(value: Mapping[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
