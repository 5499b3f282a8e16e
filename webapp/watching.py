"""Watches a workspace: a change that checks clean is published for new work; a broken one is told in a banner.

What is published this way is called `VERSION+dev.HASH`, so that nobody takes it for a release. Work under way stays
pinned to what it was begun under. Must not know Flask.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog

import engine
from engine.casework import SYSTEM, Store, people, stacks
from engine.casework.errors import NoStack

log = structlog.get_logger("webapp.watching")
FOLDERS = ("form_definitions", "workflows")
VERSION = re.compile(r"^(version:\s*)(\S+)", re.MULTILINE)


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


def dev_pack(pack: engine.Pack) -> engine.Pack:
    """The same pack under a version that says it is a working copy: `1.4.0+dev.9f2c1b7a`."""
    path = f"form_definitions/{pack.id}/pack.yaml"
    texts: Mapping[str, str] = pack.texts
    named = VERSION.sub(
        lambda found: f"{found[1]}{pack.version.partition('+')[0]}+dev.{pack.hash[:8]}", texts[path], 1
    )
    return engine.load_texts({**texts, path: named}).pack(pack.id)


def publish_workspace(store: Store, root: Path, pack_id: str, *, now: datetime | None = None) -> str:
    """Publishes the workspace's pack to every authority that has it, or reports why not.

    Returns `live` (it is published already), `published` or `broken`.
    """
    at = now or datetime.now(UTC)
    try:
        workspace = engine.load(root)
        pack = workspace.pack(pack_id)
    except engine.DefinitionError as error:
        report = error.report.as_json()
    except (engine.NoWorkspace, engine.UnknownName, OSError) as error:
        report = {"ok": False, "diagnostics": [_plain_trouble(root, str(error))], "packs": []}
    else:
        return _publish(store, pack, at)
    for authority in people.authorities(store):
        with store.desk(authority, SYSTEM, now=at) as desk:
            stacks.report_trouble(desk, report)
    return "broken"


def _plain_trouble(root: Path, message: str) -> dict[str, object]:
    return {"severity": "error", "code": "", "file": str(root), "line": 0, "message": message, "help": ""}


def _publish(store: Store, pack: engine.Pack, at: datetime) -> str:
    outcome = "live"
    dev: engine.Pack | None = None
    for authority in people.authorities(store):
        with store.desk(authority, SYSTEM, now=at) as desk:
            try:
                live = stacks.live(desk)
            except NoStack:
                stacks.publish(desk, pack)
                outcome = "published"
                continue
            if live.id != pack.id:
                continue
            if live.hash == pack.hash or live.version.endswith(f"+dev.{pack.hash[:8]}"):
                # Publishing what is live clears the banner and changes nothing else.
                if stacks.trouble(desk) is not None:
                    stacks.publish(desk, live)
                continue
            dev = dev or dev_pack(pack)
            stacks.publish(desk, dev)
            outcome = "published"
    return outcome


class Watcher:
    """Looks at the workspace now and then; publishes when it changed."""

    def __init__(self, store: Store, root: Path, pack_id: str) -> None:
        self._store, self._root, self._pack = store, root, pack_id
        self._seen: tuple[tuple[str, int, int], ...] | None = None

    def look(self) -> str | None:
        """Publishes or reports if anything changed since the last look; says what came of it."""
        found = fingerprint(self._root)
        if found == self._seen:
            return None
        outcome = publish_workspace(self._store, self._root, self._pack)
        # Noted only now: a change while publishing is seen at the next look.
        self._seen = found
        log.info("workspace", outcome=outcome)
        return outcome
