"""Showing that the audit log is what it was: walking its chains, and signed checkpoints that leave the house.

A chain alone does not stop somebody who can rewrite the whole database; a checkpoint kept elsewhere does.
Whoever has the log, a checkpoint and the public key can verify; nothing secret is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from engine.casework import ids
from engine.casework.audit import beginning, hashed
from engine.casework.store import Store
from engine.casework.tables import audit_event, audit_head, checkpoint


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the log. `kind`: edited, deleted, reordered, truncated, rolled_back or signature."""

    kind: str
    chain: str
    number: int
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    chains: int
    events: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Walked:
    """What a chain turned out to be: its length, and the hash at each number."""

    hashes: dict[int, str]
    last: int


def public_key(store: Store) -> str:
    """What verifies this installation's checkpoints, in hexadecimal. Fit to be published."""
    return store.keys.signing.public_key().public_bytes_raw().hex()


def sign(store: Store, authority: str, *, now: datetime) -> str:
    """A signed checkpoint over all heads, as text to be kept outside. It is remembered here too."""
    with store.writing() as connection:
        found = connection.execute(select(audit_head).where(audit_head.c.authority == authority))
        heads = {row.chain: [row.number, row.hash] for row in found}
        body = ids.canonical({"authority": authority, "at": now.isoformat(), "heads": heads})
        signature = store.keys.signing.sign(body.encode()).hex()
        connection.execute(
            checkpoint.insert(),
            {"authority": authority, "id": ids.new(), "at": now, "body": body, "signature": signature},
        )
    return json.dumps({"body": body, "signature": signature, "key": public_key(store)}, indent=1) + "\n"


def verify(store: Store, *, against: str | None = None, key: str | None = None) -> Verdict:
    """Walk every chain of every authority; `against` is a checkpoint's text, `key` the public key trusted."""
    findings: list[Finding] = []
    walked: dict[tuple[str, str], _Walked] = {}
    events = 0
    with store.reading() as connection:
        ordered = select(audit_event).order_by(
            audit_event.c.authority, audit_event.c.chain, audit_event.c.number
        )
        rows: list[Any] = []
        for row in connection.execution_options(yield_per=2000).execute(ordered):
            if rows and (rows[0].authority, rows[0].chain) != (row.authority, row.chain):
                walked[rows[0].authority, rows[0].chain] = _walk(rows, findings)
                rows = []
            rows.append(row)
            events += 1
        if rows:
            walked[rows[0].authority, rows[0].chain] = _walk(rows, findings)
        heads = list(connection.execute(select(audit_head)))
    findings += _against_heads(walked, heads)
    if against is not None:
        findings += _against_checkpoint(walked, against, key or public_key(store))
    return Verdict(len(walked), events, tuple(findings))


def _walk(rows: list[Any], findings: list[Finding]) -> _Walked:
    authority, chain = rows[0].authority, rows[0].chain
    previous, number = beginning(authority, chain), 0
    hashes: dict[int, str] = {}
    for row in rows:
        number += 1
        if row.number != number:
            findings.append(
                Finding(
                    "deleted", chain, number, f"Events {number} to {row.number - 1} of {chain} are missing."
                )
            )
            number = row.number
            previous = row.previous
        findings += _one(row, authority, chain, previous)
        previous = hashes[number] = row.hash
    return _Walked(hashes, number)


def _one(row: Any, authority: str, chain: str, previous: str) -> Iterator[Finding]:
    where = f"Event {row.number} of {chain}"
    if hashed(row.body) != row.hash:
        yield Finding("edited", chain, row.number, f"{where} is not what was written.")
        return
    said = json.loads(row.body)
    if (said["authority"], said["chain"], said["number"]) != (authority, chain, row.number):
        yield Finding("reordered", chain, row.number, f"{where} was written as number {said['number']}.")
    elif said["previous"] != row.previous or row.previous != previous:
        yield Finding("reordered", chain, row.number, f"{where} does not follow the event before it.")


def _against_heads(walked: Mapping[tuple[str, str], _Walked], heads: list[Any]) -> Iterator[Finding]:
    seen = set()
    for head in heads:
        seen.add((head.authority, head.chain))
        chain = walked.get((head.authority, head.chain), _Walked({}, 0))
        if chain.last < head.number:
            yield Finding(
                "truncated",
                head.chain,
                chain.last,
                f"{head.chain} ends at {chain.last}; its head says {head.number}.",
            )
        elif head.number and chain.hashes.get(head.number) != head.hash or chain.last > head.number:
            yield Finding(
                "edited", head.chain, head.number, f"The head of {head.chain} does not fit its events."
            )
    for authority, name in walked.keys() - seen:
        yield Finding("edited", name, 0, f"The head of {name} (authority {authority}) is missing.")


def _against_checkpoint(walked: Mapping[tuple[str, str], _Walked], text: str, key: str) -> Iterator[Finding]:
    try:
        signed = json.loads(text)
        body, signature = signed["body"], bytes.fromhex(signed["signature"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, body.encode())
        said = json.loads(body)
        authority, heads = said["authority"], said["heads"]
    except (ValueError, KeyError, TypeError, InvalidSignature):
        yield Finding("signature", "", 0, "The checkpoint is not one that this installation signed.")
        return
    for chain, (number, head) in heads.items():
        present = walked.get((authority, chain), _Walked({}, 0))
        if present.last < number:
            yield Finding(
                "rolled_back",
                chain,
                present.last,
                f"{chain} had {number} events at the checkpoint of {said['at']} and has {present.last} now: it was "
                "cut short, or an older copy was put in place.",
            )
        elif number and present.hashes.get(number) != head:
            yield Finding(
                "edited", chain, number, f"Event {number} of {chain} is not what the checkpoint signed."
            )
