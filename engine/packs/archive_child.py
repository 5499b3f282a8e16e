"""The process in which what came from elsewhere is judged: it may read its input, think, and answer; nothing else.

Run by `archive_limits`. Its limits hold from the first byte of what is judged: memory, time, no file written, no
network, no other program. A job comes in on standard input and the verdict leaves on standard output, as JSON.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.packs import archive_judging

MEMORY = 2_000_000_000
SECONDS = 60
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.kill",
)
_CHANGING = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
)
_WRITING = 0o3  # O_WRONLY and O_RDWR


def limited() -> None:
    """Take from this process what judging does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None)
    # A network of its own, with nothing in it. Some systems allow that to nobody; the hook below stands anyway.
    getattr(library, "unshare", lambda _: -1)(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_watched)


def _watched(event: str, given: tuple[Any, ...]) -> None:
    if event.startswith((*_FORBIDDEN, *_CHANGING)):
        raise PermissionError(f"judging may not do this: {event}")
    if event == "open" and isinstance(given[2], int) and given[2] & _WRITING:
        raise PermissionError("judging may not write files")


def judged(job: Mapping[str, Any], data: bytes) -> dict[str, object]:
    """The verdict on one job, as JSON."""
    today = date.fromisoformat(job["today"])
    if job["what"] == "archive":
        verdict = archive_judging.archive(data, job["around"], today, alone=job["alone"])
    else:
        verdict = archive_judging.definitions(job["texts"], job["pack"], today, job["before"])
    return verdict.as_json()


def main() -> int:
    limited()
    length = int.from_bytes(sys.stdin.buffer.read(8), "big")
    job = json.loads(sys.stdin.buffer.read(length))
    sys.stdout.write(json.dumps(judged(job, sys.stdin.buffer.read())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
