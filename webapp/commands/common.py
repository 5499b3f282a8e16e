"""What commands share: settings from the environment, the store they name, and the authority meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import engine
from engine.casework import CaseworkError, Store, authorities
from engine.casework.errors import SchemaMismatch
from webapp.settings import Settings, from_environment

ROOT = Path(__file__).resolve().parent.parent.parent


def now() -> datetime:
    return datetime.now(UTC)


def settings() -> Settings:
    return from_environment()


@contextmanager
def opened(found: Settings, *, alters: bool = False, set_up: bool = True) -> Iterator[Store]:
    """The store that the settings name, closed again at the end; with `alters`, as the owner of its tables.

    Raises SchemaMismatch unless it was set up for this version. Without `set_up` that is not asked: for the commands
    that set it up, or look for damage.
    """
    url = (found.owner_database if alters else None) or found.database
    store = Store(url, key_file=found.key_file, alters=alters, keeps=found.kept_stacks)
    try:
        if set_up:
            _fits(store)
        yield store
    finally:
        store.close()


def _fits(store: Store) -> None:
    try:
        store.check()
    except SchemaMismatch as error:
        # Most often it is another folder that was meant, so the words say which one was looked at.
        where = f" It is {store.data_file}; the setting TREFOIL_DATA says where." if store.embedded else ""
        raise SchemaMismatch(f"{error}.{where}") from error


def workspace_of(given: Path | None, found: Settings) -> Path:
    """The workspace meant: the one given, the setting's, the folder stood in if it is one, else what ships."""
    if given or found.workspace:
        return (given or found.workspace or ROOT).resolve()
    here = Path.cwd()
    return here if (here / "form_definitions").is_dir() else ROOT


def pack_of(given: str | None, root: Path) -> str:
    """The pack meant: the one given, TREFOIL_PACK's, else the only one there that no other extends."""
    wanted = given or os.environ.get("TREFOIL_PACK")
    if wanted:
        return wanted
    there = engine.tops(root)
    if len(there) == 1:
        return there[0]
    names = ", ".join(there) or "none"
    raise CaseworkError(f"Say which pack, with --pack. In {root} there are: {names}.")


def authority_of(store: Store, wanted: str | None) -> str:
    """The id of the authority meant: by id or name, or the only one there is. Raises CaseworkError."""
    known = authorities.names(store)
    if wanted is None and len(known) == 1:
        return next(iter(known))
    for found, name in known.items():
        if wanted in (found, name):
            return found
    names = ", ".join(known.values()) or "none yet"
    raise CaseworkError(f"Say which authority, with --authority. There are: {names}.")
