"""`trefoil user`: accounts from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

import engine
from engine.casework import SYSTEM, CaseworkError, Desk, Store, people
from engine.casework.values import Person
from webapp.commands.authorities import founded
from webapp.commands.common import authority_of, now, opened, pack_of, settings, workspace_of
from webapp.settings import Settings


def add_to(commands: Any) -> None:
    made = commands.add_parser("user", help="add people, set roles and passwords, close accounts")
    what = made.add_subparsers(dest="what", metavar="WHAT", required=True)
    adding = what.add_parser("add", help="add a person; asks for a password")
    adding.add_argument("sign_in", help="the name to sign in with")
    adding.add_argument("--name", required=True, help="the person's full name")
    adding.add_argument("--role", action="append", default=[], help="a role's id; may be given again")
    adding.add_argument(
        "--found",
        metavar="COUNCIL",
        help="found this authority first, with the workspace's pack published to it",
    )
    adding.add_argument("--pack", metavar="P", help="with --found: its pack, where the workspace has several")
    adding.add_argument("--root", type=Path, help="with --found: the workspace (default: here)")
    adding.add_argument(
        "--address", metavar="HOST", help="with --found: the host name of its pages, where there are others"
    )
    roles = what.add_parser("roles", help="give a person exactly these roles")
    roles.add_argument("sign_in")
    roles.add_argument("role", nargs="*")
    for name, words in (("password", "set a new password"), ("deactivate", "close an account")):
        what.add_parser(name, help=words).add_argument("sign_in")
    what.add_parser("list", help="list everybody")
    for one in what.choices.values():
        one.add_argument("--authority", help="its name, where there are several")
        one.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    found = settings()
    founding = getattr(given, "found", None)
    with opened(found, alters=bool(founding)) as store:
        if given.what == "add":
            given.password = asked_password()
        authority = _founded(store, given, found) if founding else authority_of(store, given.authority)
        with store.desk(authority, SYSTEM, now=now()) as desk:
            done = _DO[given.what](desk, given)
    print(done)
    return 0


def _founded(store: Store, given: argparse.Namespace, found: Settings) -> str:
    """The authority founded for its first person. All that could refuse the person is asked before: nothing is
    founded then."""
    root = workspace_of(given.root, found)
    pack = engine.load_pack(root, pack_of(given.pack, root), store.kept)
    people.can_be_added(pack.stack, given.name, given.sign_in, given.password, given.role)
    made = founded(store, given.found, pack, given.address)
    print(f"{given.found} works with {pack.id} {pack.version}.")
    return made


def _person(desk: Desk, sign_in: str) -> Person:
    wanted = people.normal(sign_in)
    for one in people.all(desk, inactive=True):
        if one.sign_in == wanted:
            return one
    raise CaseworkError(f"Nobody signs in as {sign_in}.")


def asked_password() -> str:
    """A password typed twice, or one line from a pipe; never an argument, which others could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("The same again: "):
        raise CaseworkError("The two passwords are not the same.")
    return first


def _add(desk: Desk, given: argparse.Namespace) -> str:
    made = people.add(desk, given.name, given.sign_in, password=given.password, roles=given.role)
    return f"{made.name} can sign in as {made.sign_in}."


def _roles(desk: Desk, given: argparse.Namespace) -> str:
    found = people.set_roles(desk, _person(desk, given.sign_in).id, given.role)
    return f"{found.name}: {', '.join(found.roles) or 'no roles'}."


def _password(desk: Desk, given: argparse.Namespace) -> str:
    found = _person(desk, given.sign_in)
    people.set_password(desk, found.id, asked_password())
    return f"{found.name} has a new password and is signed out everywhere."


def _deactivate(desk: Desk, given: argparse.Namespace) -> str:
    found = _person(desk, given.sign_in)
    people.deactivate(desk, found.id)
    return f"The account of {found.name} is closed."


def _list(desk: Desk, _: argparse.Namespace) -> str:
    found = people.all(desk, inactive=True)
    return "\n".join(
        f"{one.sign_in:<24} {one.name:<28} {', '.join(one.roles)}{'' if one.active else '  (closed)'}"
        for one in found
    )


_DO = {"add": _add, "roles": _roles, "password": _password, "deactivate": _deactivate, "list": _list}
