"""`trefoil db`, `backup` and `restore`: the schema, and copies that can be put back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from webapp.commands.common import now, opened, settings


def add_to(commands: Any) -> None:
    made = commands.add_parser("db", help="set the database up or bring it to this version")
    made.add_argument("what", choices=["upgrade"])
    made.set_defaults(run=upgrade)
    copying = commands.add_parser("backup", help="write an encrypted copy of everything")
    copying.add_argument("file", type=Path)
    copying.set_defaults(run=backup)
    back = commands.add_parser("restore", help="put a copy back; never over what is there")
    back.add_argument("file", type=Path, help="the copy; the database must be empty")
    back.set_defaults(run=restore)


def upgrade(_: argparse.Namespace) -> int:
    with opened(settings()) as store:
        store.upgrade()
    print("The database is up to date.")
    return 0


def backup(given: argparse.Namespace) -> int:
    from engine.casework import keeping

    with opened(settings()) as store:
        made = keeping.backup(store, given.file, now())
    print(
        f"{made.rows} rows are copied to {made.file}. The key file is needed to open it; keep that elsewhere."
    )
    return 0


def restore(given: argparse.Namespace) -> int:
    from engine.casework import keeping

    with opened(settings()) as store:
        put = keeping.restore(given.file, store, now=now())
    again = f" {len(put.repeated)} destructions since then were repeated." if put.repeated else ""
    print(f"{put.rows} rows are put back, and the trail of {put.events} events verifies.{again}")
    return 0
