"""Has an archive or a change to definitions judged in a process of its own, which can do nothing but answer.

Whatever is in it, whoever asked goes on: a process that takes too long or too much is ended, and that is told as a
refusal. Must not know what is judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.packs.archive import LARGEST_ARCHIVE
from engine.packs.archive_reading import Refusal

PATIENCE = 120
_HOME = Path(__file__).resolve().parents[2]


def judge_archive(data: bytes, around: Mapping[str, str] | None, today: date) -> dict[str, Any]:
    """The verdict on an archive to be put among packs whose files are `around`; None where that is not known."""
    if len(data) > LARGEST_ARCHIVE:
        return _refused("too_large", "The archive is larger than 21 MB, the most that is read.", "size")
    job = {"what": "archive", "around": dict(around or {}), "alone": around is None}
    return _judge({**job, "today": today.isoformat()}, data)


def judge_definitions(
    texts: Mapping[str, str], pack: str, today: date, before: Mapping[str, str]
) -> dict[str, Any]:
    """The verdict on a pack with all that it extends, and how it differs from `before`."""
    job = {"what": "definitions", "texts": dict(texts), "before": dict(before)}
    return _judge({**job, "pack": pack, "today": today.isoformat()}, b"")


def _judge(job: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    told = json.dumps(job).encode()
    command = [sys.executable, "-I", "-c", _START, str(_HOME)]
    try:
        done = subprocess.run(
            command, input=len(told).to_bytes(8, "big") + told + data, capture_output=True, timeout=PATIENCE,
            env={"LANG": "C.UTF-8"}, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _overwhelmed()
    if done.returncode != 0:
        return _overwhelmed()
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


_START = "import sys; sys.path.insert(0, sys.argv[1]); from engine.packs.archive_child import main; sys.exit(main())"


def _overwhelmed() -> dict[str, Any]:
    return _refused(
        "limits",
        "Looking at it took more time or memory than any pack should need, and was stopped. If nothing in it looks "
        "strange, take out what was added last and try again.",
        "limits",
    )


def _refused(reason: str, message: str, stage: str) -> dict[str, Any]:
    from engine.packs.archive_judging import Verdict

    return Verdict(stage, refusals=[Refusal(reason, message)]).as_json()
