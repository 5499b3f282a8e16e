"""Watches a workspace: when a file of it changes, it is published for new work, or a banner tells why not.

Work under way stays pinned to what it was begun under. How it is published is the caller's. Must not know Flask.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import structlog

log = structlog.get_logger("webapp.watching")
FOLDERS = ("form_definitions", "workflows")


def fingerprint(root: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes whenever a file of the workspace does."""
    found = []
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            try:
                facts = file.stat()
            except OSError:
                # Gone meanwhile, or a link that leads round: what is wrong with it is told on reading.
                continue
            if stat.S_ISREG(facts.st_mode):
                found.append((str(file), facts.st_mtime_ns, facts.st_size))
    return tuple(found)


class Watcher:
    """Looks at the workspace now and then; publishes when it changed."""

    def __init__(self, root: Path, publish: Callable[[], str]) -> None:
        self._root, self._publish = root, publish
        self._seen: tuple[tuple[str, int, int], ...] | None = None

    def look(self) -> str | None:
        """Publishes or reports if anything changed since the last look; says what came of it."""
        found = fingerprint(self._root)
        if found == self._seen:
            return None
        outcome = self._publish()
        # Noted only now: a change while publishing is seen at the next look.
        self._seen = found
        log.info("workspace", outcome=outcome)
        return outcome
