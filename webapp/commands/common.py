"""What commands share: settings from the environment, the store they name, and the authority meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.casework import CaseworkError, Store, people
from webapp.settings import Settings, from_environment

ROOT = Path(__file__).resolve().parent.parent.parent


def now() -> datetime:
    return datetime.now(UTC)


def settings() -> Settings:
    return from_environment()


@contextmanager
def opened(found: Settings, *, alters: bool = False) -> Iterator[Store]:
    """The store that the settings name, closed again at the end; with `alters`, as the owner of its tables."""
    url = (found.owner_database if alters else None) or found.database
    store = Store(url, key_file=found.key_file, alters=alters, keeps=found.kept_stacks)
    try:
        yield store
    finally:
        store.close()


def authority_of(store: Store, wanted: str | None) -> str:
    """The id of the authority meant: by id or name, or the only one there is. Raises CaseworkError."""
    known = people.authorities(store)
    if wanted is None and len(known) == 1:
        return next(iter(known))
    for found, name in known.items():
        if wanted in (found, name):
            return found
    names = ", ".join(known.values()) or "none yet"
    raise CaseworkError(f"Say which authority, with --authority. There are: {names}.")
