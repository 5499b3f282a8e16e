"""Records: what forms and cases are about. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.casework.store import Desk
from engine.casework.values import Event, Found, Likeness, Outside, Record, Revision


def create(
    desk: Desk,
    type: str,
    fields: Mapping[str, Any],
    *,
    identifiers: Iterable[Outside] = (),
    key: str | None = None,
) -> Record:
    """Make a record of a declared type and name it by its pattern. The maker is allocated to it.

    `key`: an idempotency key; the same key from the same person gives the record already made.
    Raises NotPermitted (no rule lets the roles create this type), NotReady (fields with problems).
    """
    raise NotImplementedError


def edit(
    desk: Desk,
    record: str,
    fields: Mapping[str, Any],
    *,
    revision: int,
    identifiers: Iterable[Outside] | None = None,
) -> Record:
    """Save all fields as this person has them, based on `revision`. Merges; raises Stale, NotFound, NotReady."""
    raise NotImplementedError


def get(desk: Desk, record: str) -> Record:
    """One record, as this person may see it. The look is written to the audit. Raises NotFound."""
    raise NotImplementedError


def find(
    desk: Desk, words: str = "", *, types: Iterable[str] = (), closed: bool | None = None, limit: int = 50
) -> list[Found]:
    """Records this person may see whose name or outside identifier has all the words; newest change first."""
    raise NotImplementedError


def alike(desk: Desk, type: str, fields: Mapping[str, Any], *, limit: int = 5) -> list[Likeness]:
    """Records of the type that may be the same, closed ones included, by the fields the type declares."""
    raise NotImplementedError


def name_preview(desk: Desk, type: str, fields: Mapping[str, Any]) -> str:
    """The name a record would get, with `…` where a number will stand. Writes nothing."""
    raise NotImplementedError


def close(desk: Desk, record: str, *, revision: int) -> Record:
    """Close a record: its keeping starts. Raises Refused while cases on it are open."""
    raise NotImplementedError


def reopen(desk: Desk, record: str, *, revision: int) -> Record:
    raise NotImplementedError


def history(desk: Desk, record: str) -> list[Event]:
    """What was done to a record, oldest first: who, when, which questions; never a value."""
    raise NotImplementedError


def revisions(desk: Desk, record: str) -> list[Revision]:
    raise NotImplementedError
