"""`trefoil audit`: showing that the trail is what it was, and taking a signed checkpoint out of the house."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.casework import checkpoints
from webapp.commands.common import now, opened, settings


def add_to(commands: Any) -> None:
    made = commands.add_parser("audit", help="verify the audit trail, or sign a checkpoint of it")
    what = made.add_subparsers(dest="what", metavar="WHAT", required=True)
    verifying = what.add_parser("verify", help="walk every chain, and compare with a checkpoint")
    verifying.add_argument("--checkpoint", type=Path, help="a checkpoint kept outside")
    verifying.add_argument(
        "--key", help="the public key it was signed with, where it is not this installation's"
    )
    signing = what.add_parser("checkpoint", help="sign the heads of all chains")
    signing.add_argument("file", type=Path, help="a new file, to be kept outside")
    for one in what.choices.values():
        one.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    return _verify(given) if given.what == "verify" else _checkpoint(given)


def _verify(given: argparse.Namespace) -> int:
    with opened(settings()) as store:
        verdict = checkpoints.verify_file(store, given.checkpoint, given.key)
    for finding in verdict.findings:
        print(f"{finding.kind}: {finding.chain}, event {finding.number}: {finding.message}")
    print(
        f"{verdict.events} events in {verdict.chains} chains: "
        + ("nothing was changed." if verdict.ok else f"{len(verdict.findings)} findings.")
    )
    return 0 if verdict.ok else 1


def _checkpoint(given: argparse.Namespace) -> int:
    with opened(settings()) as store:
        chains = checkpoints.sign(store, now(), given.file)
        key = checkpoints.public_key(store)
    print(
        f"{chains} chains are signed in {given.file}. Keep it outside. It verifies with the public key {key}."
    )
    return 0
