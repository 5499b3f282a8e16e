"""`trefoil authority`: several authorities in one deployment, each at an address and with a pack of its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import engine
from engine.casework import SYSTEM, CaseworkError, Store, authorities, stacks
from engine.casework.errors import NoStack
from webapp.commands.common import authority_of, now, opened, settings, workspace_of


def add_to(commands: Any) -> None:
    made = commands.add_parser("authority", help="found authorities, and say where each one's pages stand")
    what = made.add_subparsers(dest="what", metavar="WHAT", required=True)
    adding = what.add_parser("add", help="found one, with its pack published to it")
    adding.add_argument("name", help="what it is called, as its people read it")
    adding.add_argument("--pack", required=True, metavar="P", help="a pack of the workspace")
    adding.add_argument("--root", type=Path, help="the workspace (default: here)")
    adding.add_argument(
        "--address",
        metavar="HOST",
        help="the host name of its pages; the first needs none and stands anywhere",
    )
    moving = what.add_parser("address", help="have its pages stand at another host name")
    moving.add_argument("name", help="its name")
    moving.add_argument("address", metavar="HOST")
    what.add_parser("list", help="list all, with their addresses and packs")
    for one in what.choices.values():
        one.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    with opened(settings(), alters=given.what == "add") as store:
        match given.what:
            case "add":
                print(_added(store, given))
            case "address":
                authorities.set_address(store, authority_of(store, given.name), given.address)
                print(f"The pages of {given.name} stand at {given.address}.")
            case _:
                print("\n".join(_lines(store)) or "There is no authority yet.")
    return 0


def _added(store: Store, given: argparse.Namespace) -> str:
    # Loaded first: an authority without its pack could do nothing.
    wanted = engine.load_pack(workspace_of(given.root, settings()), given.pack, store.kept)
    made = founded(store, given.name, wanted, given.address)
    with store.desk(made, SYSTEM, now=now()) as desk:
        pack = stacks.live(desk)
    where = given.address or "any address that is nobody else's"
    return f"{given.name} works with {pack.id} {pack.version}, at {where}."


def founded(store: Store, name: str, pack: engine.Pack, address: str | None) -> str:
    """A new authority at work with this pack; its id. Raises CaseworkError where its name or address is taken."""
    known = authorities.names(store)
    if name in known.values():
        raise CaseworkError(f"There is an authority called {name} already.")
    if known and address is None:
        raise CaseworkError(
            "Say with --address at which host name its pages stand: another authority is here already."
        )
    made = authorities.found(store, name, now=now(), address=address)
    with store.desk(made, SYSTEM, now=now()) as desk:
        stacks.publish(desk, pack)
    return made


def _lines(store: Store) -> list[str]:
    stand = authorities.addresses(store)
    found = []
    for authority, name in authorities.names(store).items():
        with store.desk(authority, SYSTEM, now=now()) as desk:
            try:
                live = stacks.live(desk)
                works_with = f"{live.id} {live.version}"
            except NoStack:
                works_with = "nothing published yet"
        found.append(f"{name:<40} {stand[authority] or 'anywhere else':<32} {works_with}")
    return found
