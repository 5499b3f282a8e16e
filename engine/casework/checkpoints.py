"""Showing that the audit log is what it was: walking its chains, and signed checkpoints that leave the house.

A chain alone does not stop somebody who can rewrite the whole database; a checkpoint kept elsewhere does.
Whoever has the log, a checkpoint and the public key can verify; nothing secret is needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.engine import Connection

from engine.casework import files, ids
from engine.casework.audit import beginning, hashed
from engine.casework.errors import CaseworkError
from engine.casework.store import Store
from engine.casework.tables import audit_event, audit_head, authority, checkpoint

Chain = tuple[str, str]
"""(authority, chain)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the log. `kind`: edited, deleted, reordered, truncated, rolled_back or signature."""

    kind: str
    chain: str
    number: int
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What walking the whole log came to. `signed` counts the checkpoints it was held against."""

    chains: int
    events: int
    findings: tuple[Finding, ...]
    signed: int = 0

    @property
    def ok(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Signed:
    """One authority's checkpoint: every chain's length and head at a moment."""

    authority: str
    at: str
    heads: Mapping[str, tuple[int, str]]


@dataclass(slots=True)
class _Walk:
    """Where the walk along one chain has come to; `kept` holds the hashes at the numbers asked for."""

    chain: Chain
    last: int = 0
    previous: str = ""
    kept: dict[int, str] = field(default_factory=dict)


def public_key(store: Store) -> str:
    """What verifies this installation's checkpoints, in hexadecimal. Fit to be published."""
    return store.keys.signing.public_key().public_bytes_raw().hex()


# --- Signing


def sign(store: Store, now: datetime, path: str | Path) -> int:
    """Write signed checkpoints over all heads to a new file, to be kept outside; returns how many chains they cover.

    That they were made is remembered in the database too. Raises CaseworkError where the file cannot be written.
    """
    with store.writing() as connection:
        texts = signed(store, connection, now)
        rows = [_remembered(one, now) for one in texts]
        if rows:
            connection.execute(checkpoint.insert(), rows)
        # Written before the commit: a checkpoint that nobody got is not remembered.
        files.write_new(Path(path), as_file(store, texts).encode())
    return sum(len(json.loads(one["body"])["heads"]) for one in texts)


def signed(store: Store, connection: Connection, now: datetime) -> list[dict[str, str]]:
    """A signed checkpoint for each authority, as of this transaction. Writes nothing."""
    made = []
    for owner in connection.execute(select(authority.c.id).order_by(authority.c.id)).scalars().all():
        found = connection.execute(select(audit_head).where(audit_head.c.authority == owner))
        heads = {row.chain: [row.number, row.hash] for row in found}
        body = ids.canonical({"authority": owner, "at": now.isoformat(), "heads": heads})
        made.append({"body": body, "signature": store.keys.signing.sign(body.encode()).hex()})
    return made


def as_file(store: Store, texts: list[dict[str, str]]) -> str:
    return (
        json.dumps({"trefoil": "checkpoint", "key": public_key(store), "checkpoints": texts}, indent=1) + "\n"
    )


def _remembered(one: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """That a checkpoint was made and of what; the heads themselves are for the file outside."""
    said = json.loads(one["body"])
    body = {
        "at": said["at"],
        "chains": len(said["heads"]),
        "sha256": hashlib.sha256(one["body"].encode()).hexdigest(),
    }
    return {
        "authority": said["authority"],
        "id": ids.new(),
        "at": now,
        "body": ids.canonical(body),
        "signature": one["signature"],
    }


# --- Verifying


def verify(store: Store, checkpoint: str | None = None, key: str | None = None) -> Verdict:
    """Walk every chain of every authority. `checkpoint` is the text of a checkpoint file; `key` the public key
    trusted (this installation's own unless given)."""
    with store.snapshot() as connection:
        return verify_within(connection, checkpoint, key or public_key(store))


def verify_file(store: Store, path: str | Path | None, key: str | None = None) -> Verdict:
    """The same against a file. Raises CaseworkError where it cannot be read."""
    if path is None:
        return verify(store, None, key)
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CaseworkError(f"The checkpoint {path} could not be read: {error.strerror}.") from error
    return verify(store, text, key)


def verify_within(connection: Connection, checkpoint: str | None, key: str) -> Verdict:
    findings: list[Finding] = []
    pledged: list[Signed] = []
    if checkpoint is not None:
        try:
            pledged = read(checkpoint, key)
        except ValueError:
            findings.append(
                Finding("signature", "", 0, "The checkpoint is not one that this installation signed.")
            )
    heads = {
        (row.authority, row.chain): (row.number, row.hash) for row in connection.execute(select(audit_head))
    }
    wanted: dict[Chain, set[int]] = {}
    for chain, (number, _) in heads.items():
        wanted.setdefault(chain, set()).add(number)
    for one in pledged:
        for name, (number, _) in one.heads.items():
            wanted.setdefault((one.authority, name), set()).add(number)
    walked, events = _walk_all(connection, wanted, findings)
    findings += _against_heads(walked, heads)
    for one in pledged:
        findings += _against(walked, one)
    return Verdict(len(walked), events, tuple(findings), len(pledged))


def read(text: str, key: str) -> list[Signed]:
    """The checkpoints in a file's text. Raises ValueError unless every one is signed by `key`."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        found = []
        for one in json.loads(text)["checkpoints"]:
            public.verify(bytes.fromhex(one["signature"]), one["body"].encode())
            said = json.loads(one["body"])
            heads = {chain: (int(number), str(head)) for chain, (number, head) in said["heads"].items()}
            found.append(Signed(said["authority"], said["at"], heads))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
        raise ValueError("not a checkpoint of this key") from error
    if not found:
        raise ValueError("the file holds no checkpoint")
    return found


def _walk_all(
    connection: Connection, wanted: Mapping[Chain, set[int]], findings: list[Finding]
) -> tuple[dict[Chain, _Walk], int]:
    ordered = select(audit_event).order_by(
        audit_event.c.authority, audit_event.c.chain, audit_event.c.number, audit_event.c.id
    )
    walked: dict[Chain, _Walk] = {}
    events = 0
    walk: _Walk | None = None
    for row in connection.execute(ordered.execution_options(yield_per=2000)):
        events += 1
        chain = (row.authority, row.chain)
        if walk is None or walk.chain != chain:
            walk = walked[chain] = _Walk(chain, previous=beginning(*chain))
        findings += _step(walk, row)
        if row.number in wanted.get(chain, ()):
            walk.kept[row.number] = row.hash
    return walked, events


def _step(walk: _Walk, row: Any) -> Iterator[Finding]:
    owner, chain = walk.chain
    where = f"Event {row.number} of {chain}"
    if row.number > walk.last + 1:
        first, last = walk.last + 1, row.number - 1
        which = f"Event {first}" if first == last else f"Events {first} to {last}"
        yield Finding("deleted", chain, first, f"{which} of {chain} missing: the numbers jump.")
        # What follows a gap is judged by itself, so that one deletion is told once.
        walk.previous = row.previous
    elif row.number <= walk.last:
        yield Finding("reordered", chain, row.number, f"{where} is there twice.")
    if hashed(row.body) != row.hash:
        yield Finding("edited", chain, row.number, f"{where} is not what was written.")
    elif _place(row.body) != (owner, chain, row.number):
        yield Finding("reordered", chain, row.number, f"{where} was written in another place of the log.")
    elif row.previous != walk.previous or _previous(row.body) != row.previous:
        yield Finding("reordered", chain, row.number, f"{where} does not follow the event before it.")
    walk.last, walk.previous = max(walk.last, row.number), row.hash


def _place(body: str) -> tuple[Any, Any, Any]:
    said = _said(body)
    return said.get("authority"), said.get("chain"), said.get("number")


def _previous(body: str) -> Any:
    return _said(body).get("previous")


def _said(body: str) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _against_heads(
    walked: Mapping[Chain, _Walk], heads: Mapping[Chain, tuple[int, str]]
) -> Iterator[Finding]:
    for chain, (number, head) in heads.items():
        name, walk = chain[1], walked.get(chain) or _Walk(chain)
        if walk.last < number:
            yield Finding(
                "truncated", name, walk.last, f"{name} ends at {walk.last}; its head says {number}."
            )
        elif walk.last > number or (number and walk.kept.get(number) != head):
            yield Finding("edited", name, number, f"The head of {name} does not fit its events.")
    for owner, name in walked.keys() - heads.keys():
        yield Finding("edited", name, 0, f"The head of {name} (authority {owner}) is missing.")


def _against(walked: Mapping[Chain, _Walk], pledged: Signed) -> Iterator[Finding]:
    for name, (number, head) in pledged.heads.items():
        walk = walked.get((pledged.authority, name)) or _Walk((pledged.authority, name))
        if walk.last < number:
            yield Finding(
                "rolled_back",
                name,
                walk.last,
                f"{name} had {number} events at the checkpoint of {pledged.at} and has {walk.last} now: "
                "it was cut short, or an older copy was put in place.",
            )
        elif number and walk.kept.get(number) != head:
            yield Finding(
                "edited", name, number, f"Event {number} of {name} is not what the checkpoint signed."
            )
