"""`trefoil db`, `backup` and `restore`: the schema, and copies that can be put back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from webapp.commands.common import opened, settings


def add_to(commands: Any) -> None:
    made = commands.add_parser("db", help="set the database up or bring it to this version")
    made.add_argument("what", choices=["upgrade"])
    made.set_defaults(run=upgrade)
    copying = commands.add_parser("backup", help="write an encrypted copy of everything")
    copying.add_argument("file", type=Path)
    copying.set_defaults(run=backup)
    back = commands.add_parser("restore", help="put a copy back; never over what is there")
    back.add_argument("file", type=Path)
    back.set_defaults(run=restore)


def upgrade(_: argparse.Namespace) -> int:
    with opened(settings()) as store:
        store.upgrade()
    print("The database is up to date.")
    return 0


def backup(given: argparse.Namespace) -> int:
    from engine.casework import keeping

    with opened(settings()) as store:
        keeping.backup(store, given.file)
    print(f"Everything is copied to {given.file}. The key file is needed to open it; keep that elsewhere.")
    return 0


def restore(given: argparse.Namespace) -> int:
    from engine.casework import keeping

    found = settings()
    keeping.restore(given.file, found.database, key_file=found.key_file)
    print("The copy is put back.")
    return 0
