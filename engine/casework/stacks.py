"""Published definitions: immutable by hash; one is live, others stay for what is pinned to them. Skeleton."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.casework.store import Desk
from engine.casework.values import Trouble


def publish(desk: Desk, pack: Any) -> str:
    """Make a checked pack (`workspace.pack(id)`) live for new work; returns its hash. Same hash: nothing happens."""
    raise NotImplementedError


def report_trouble(desk: Desk, report: Mapping[str, Any]) -> None:
    """Remember why the newest change was not published; the last good stack stays live."""
    raise NotImplementedError


def trouble(desk: Desk) -> Trouble | None:
    """Why the newest change was not published, for the banner; None once a publish went well."""
    raise NotImplementedError


def live(desk: Desk) -> Any:
    """The live pack (`packs.Pack`). Raises NoStack."""
    raise NotImplementedError


def pinned(desk: Desk, hash: str) -> Any:
    """The pack (`packs.Pack`) that work was pinned to, rebuilt from its texts; cached in the process."""
    raise NotImplementedError
