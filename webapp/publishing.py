"""Publishing a workspace's pack to the authorities that work with it: as a release, or as a working copy.

A working copy is called `VERSION+dev.HASH`, so that nobody takes it for a release. Publishing may make columns, so a
process that serves pages never does it itself: `in_a_process` runs the command as a step of its own, under the
settings of the tables' owner. Must not know Flask.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import engine
from engine.casework import SYSTEM, Store, authorities, proposals, stacks
from engine.casework.errors import CaseworkError, NoStack
from webapp.settings import Settings

VERSION = re.compile(r"^(version:\s*)(\S+)", re.MULTILINE)
CODE = Path(__file__).resolve().parent.parent
LONGEST = 600.0
"""Seconds after which a publishing step is given up."""


def dev_pack(pack: engine.Pack, kept: engine.packs.Cache | None = None) -> engine.Pack:
    """The same pack under a version that says it is a working copy: `1.4.0+dev.9f2c1b7a`."""
    path = f"form_definitions/{pack.id}/pack.yaml"
    texts: Mapping[str, str] = pack.texts
    named = VERSION.sub(
        lambda found: f"{found[1]}{pack.version.partition('+')[0]}+dev.{pack.hash[:8]}", texts[path], 1
    )
    return engine.load_texts({**texts, path: named}, kept).pack(pack.id)


def publish_release(store: Store, pack: engine.Pack, authority: str | None, *, now: datetime) -> list[str]:
    """Publishes a pack as it is: to one authority, or to all that work with it. Returns whom it is live for."""
    chosen = authorities.names(store)
    if authority is not None:
        chosen = {authority: chosen[authority]}
    done = []
    for one, name in chosen.items():
        with store.desk(one, SYSTEM, now=now) as desk:
            if authority is None and _live(desk) not in (None, pack.id):
                continue
            stacks.publish(desk, pack)
            done.append(name)
    return done


def _live(desk: engine.casework.Desk) -> str | None:
    try:
        return stacks.live(desk).id
    except NoStack:
        return None


def publish_workspace(store: Store, root: Path, pack_id: str, *, now: datetime | None = None) -> str:
    """Publishes to every authority the workspace's copy of the pack that it works with, or reports why not.

    One that has none yet gets `pack_id`; one that works with a pack which is not here is left alone. Each pack is
    judged by itself, so that nobody reads of faults in another authority's. Returns `live` (all are published
    already), `published` or `broken`, whichever of these any came to, the last first.
    """
    at = now or datetime.now(UTC)
    judged: dict[str, engine.Pack | dict[str, Any] | None] = {}
    outcomes = set()
    for authority in authorities.names(store):
        with store.desk(authority, SYSTEM, now=at) as desk:
            wanted = _live(desk) or pack_id
            if wanted not in judged:
                judged[wanted] = _judged(store, root, wanted, needed=wanted == pack_id)
            pack = judged[wanted]
            if isinstance(pack, engine.Pack):
                outcomes.add(_publish(desk, pack))
            elif pack is not None:
                stacks.report_trouble(desk, pack)
                outcomes.add("broken")
    return next((one for one in ("broken", "published") if one in outcomes), "live")


def _judged(store: Store, root: Path, pack_id: str, *, needed: bool) -> engine.Pack | dict[str, Any] | None:
    """The workspace's pack, or the report of why it cannot be published; None where it is not there, nor has to be."""
    try:
        return engine.load_pack(root, pack_id, store.kept)
    except engine.DefinitionError as error:
        return error.report.as_json()
    except (engine.NoWorkspace, engine.UnknownName, OSError) as error:
        if isinstance(error, engine.UnknownName) and not needed:
            return None
        return {"ok": False, "diagnostics": [_plain_trouble(root, str(error))], "packs": []}


def _plain_trouble(root: Path, message: str) -> dict[str, object]:
    return {"severity": "error", "code": "", "file": str(root), "line": 0, "message": message, "help": ""}


def _publish(desk: engine.casework.Desk, pack: engine.Pack) -> str:
    try:
        live = stacks.live(desk)
    except NoStack:
        stacks.publish(desk, pack)
        return "published"
    if live.hash == pack.hash or live.version.endswith(f"+dev.{pack.hash[:8]}"):
        # Publishing what is live clears the banner and changes nothing else.
        if stacks.trouble(desk) is not None:
            stacks.publish(desk, live)
        return "live"
    if _went_on_from(desk, pack):
        return "live"
    stacks.publish(desk, dev_pack(pack, desk.store.kept))
    return "published"


def _went_on_from(desk: engine.casework.Desk, pack: engine.Pack) -> bool:
    """Whether this very pack was live before, and people have made something else live since: then the workspace has
    nothing new to say, and what two people decided stands."""
    newest, *earlier = proposals.history(desk)
    here = {
        one.hash for one in earlier if one.hash == pack.hash or one.version.endswith(f"+dev.{pack.hash[:8]}")
    }
    return newest.published_by is not None and bool(here)


OUTCOMES = ("live", "published", "broken")


def in_a_process(settings: Settings, ending: Event) -> str:
    """Runs `trefoil publish --working-copy` and says what came of it. Raises CaseworkError with its words.

    Ends it when `ending` is set.
    """
    words, errors = _ran(["--working-copy"], settings, ending)
    if words not in OUTCOMES:
        raise CaseworkError(errors or "Publishing was stopped.")
    return words


def publish_agreed(store: Store, authority: str | None = None, *, now: datetime) -> int:
    """Makes live what second persons agreed to, each as that person; returns how many changes are live now.

    One that cannot be made live stops no other, nor another authority's. Raises CaseworkError for the first such once
    the rest is done.
    """
    done, trouble = 0, []
    for one in authorities.names(store) if authority is None else (authority,):
        with store.desk(one, SYSTEM, now=now) as desk:
            waiting = [(found, proposals.texts(desk, found)) for found in proposals.agreed(desk)]
            own = stacks.live(desk).id if waiting else ""
        for found, texts in waiting:
            if found.decided_by is None:
                continue
            try:
                pack = engine.load_texts(texts).pack(own)
                with store.desk(one, found.decided_by, now=now) as desk:
                    proposals.carry_out(desk, found.id, pack)
            except (CaseworkError, engine.DefinitionError) as error:
                trouble.append(f"Change {found.number}: {str(error).partition(chr(10))[0]}")
                continue
            done += 1
    if trouble:
        raise CaseworkError(trouble[0])
    return done


def publish_agreed_in_a_process(settings: Settings, authority: str) -> None:
    """Runs `trefoil publish --agreed` for one authority. Raises CaseworkError with its words."""
    words, errors = _ran(["--agreed", "--authority", authority], settings, Event())
    if not words.isdigit():
        raise CaseworkError(errors or "Publishing was stopped.")


def _ran(what: list[str], settings: Settings, ending: Event) -> tuple[str, str]:
    """Runs `trefoil publish` in one way; what it said, and the last line of its complaint."""
    child = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "publish", *what],
        cwd=CODE,
        env={**os.environ, **settings.as_environment()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    waited = 0.0
    with child:
        while True:
            try:
                out, errors = child.communicate(timeout=0.25)
                break
            except subprocess.TimeoutExpired:
                waited += 0.25
                if ending.is_set() or waited > LONGEST:
                    child.terminate()
    return out.strip(), errors.strip().rpartition("\n")[2]
