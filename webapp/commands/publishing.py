"""`trefoil publish`: makes a workspace's pack live for new work, and the columns for its reportable answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import engine
from webapp.commands.common import authority_of, now, opened, pack_of, settings, workspace_of
from webapp.publishing import publish_agreed, publish_release, publish_workspace


def add_to(commands: Any) -> None:
    made = commands.add_parser("publish", help="make a workspace's pack live for new work")
    made.add_argument(
        "--root", type=Path, help="the workspace (default: here); its definitions are checked first"
    )
    made.add_argument("--pack", help="the pack's id, where the workspace has several")
    made.add_argument(
        "--authority", help="to this one alone, by name; else to all that work with the pack already"
    )
    made.add_argument(
        "--working-copy",
        action="store_true",
        help="under a version that says so, to all that work with the pack; a fault is told in a banner",
    )
    made.add_argument(
        "--agreed",
        action="store_true",
        help="only what one person proposed and another agreed to, where columns had to be made first",
    )
    made.set_defaults(run=publish)


def publish(given: argparse.Namespace) -> int:
    found = settings()
    root = workspace_of(given.root, found)
    with opened(found, alters=True) as store:
        authority = authority_of(store, given.authority) if given.authority else None
        if given.agreed:
            print(publish_agreed(store, authority, now=now()))
            return 0
        wanted = pack_of(given.pack, root)
        if given.working_copy:
            outcome = publish_workspace(store, root, wanted, now=now())
            print(outcome)
            return 1 if outcome == "broken" else 0
        pack = engine.load(root).pack(wanted)
        done = publish_release(store, pack, authority, now=now())
    print(
        f"{pack.id} {pack.version} is live for: {', '.join(done) or 'nobody, as nobody works with it yet'}."
    )
    return 0
