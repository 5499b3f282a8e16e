"""`trefoil db`, `backup` and `restore`: the schema, and copies that can be put back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.casework import SYSTEM, authorities, projecting
from webapp.commands.common import now, opened, settings


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "db", help="set the database up, examine it, clean it of what was destroyed, or make its columns anew"
    )
    what = made.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("upgrade", help="set the database up or bring it to this version").set_defaults(
        run=upgrade
    )
    what.add_parser("verify", help="look for damage in the database's own pages").set_defaults(run=verify)
    what.add_parser(
        "rebuild", help="make the columns and counts of reportable answers anew; for quiet hours"
    ).set_defaults(run=rebuild)
    scrubbing = what.add_parser(
        "scrub", help="write it anew, so that nothing destroyed lingers; for quiet hours"
    )
    scrubbing.set_defaults(run=scrub)
    copying = commands.add_parser("backup", help="write an encrypted copy of everything")
    copying.add_argument("file", type=Path)
    copying.set_defaults(run=backup)
    back = commands.add_parser("restore", help="put a copy back; never over what is there")
    back.add_argument("file", type=Path, help="the copy; the database must be empty")
    back.add_argument(
        "--destroyed",
        type=Path,
        action="append",
        default=[],
        help="a copy of the list of destructions, besides the one beside the key",
    )
    back.set_defaults(run=restore)


def upgrade(_: argparse.Namespace) -> int:
    from engine.casework import keeping

    found = settings()
    with opened(found, alters=True, set_up=False) as store:
        kept = keeping.before_upgrade(store, found.data / "backups", now())
        if kept is not None:
            print(f"What was there is copied to {kept.file}, for the version that it was made with.")
        store.upgrade()
        projecting.catch_up(store, now())
    print("The database is up to date.")
    return 0


def rebuild(_: argparse.Namespace) -> int:
    with opened(settings(), alters=True) as store:
        standing = 0
        for authority in authorities.names(store):
            with store.desk(authority, SYSTEM, now=now()) as desk:
                standing += projecting.rebuild(desk)
    print(f"Columns and counts are made anew from {standing} submission{'' if standing == 1 else 's'}.")
    return 0


def verify(_: argparse.Namespace) -> int:
    from engine.casework import keeping

    with opened(settings(), set_up=False) as store:
        found = keeping.examine(store)
        if not found:
            store.check()
    for one in found:
        print(one)
    print(f"{len(found)} findings. Restore the last good backup." if found else "The database is whole.")
    return 1 if found else 0


def scrub(_: argparse.Namespace) -> int:
    from engine.casework import keeping

    with opened(settings(), alters=True) as store:
        keeping.scrub(store)
    print("The database is written anew: nothing that was destroyed lingers in it.")
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

    with opened(settings(), alters=True, set_up=False) as store:
        put = keeping.restore(given.file, store, now=now(), destroyed_since=given.destroyed)
    count = len(put.repeated)
    again = f" {count} destruction{'' if count == 1 else 's'} since then repeated." if count else ""
    print(f"{put.rows} rows are put back, and the trail of {put.events} events verifies.{again}")
    return 0
