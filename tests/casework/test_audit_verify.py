"""The audit log against somebody who may do anything to the database: each way of changing it is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.casework import CaseworkError, Store, checkpoints, ids, keys, records
from tests.support.casework import Town

Row = dict[str, Any]


@pytest.fixture
def chain(town: Town) -> str:
    """A record with six events in its chain; its name."""
    child = town.child()
    for number in range(5):
        with town.desk("anna") as desk:
            records.edit(desk, child.id, {"last_name": f"Example {number}"}, revision=number + 1)
    return f"record:{child.id}"


@contextmanager
def administrator(store: Store) -> Iterator[Connection]:
    """A database administrator at work: no triggers, no rules."""
    with store.engine.begin() as connection:
        if store.embedded:
            for name in ("audit_event_kept_update", "audit_event_kept_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("DROP TRIGGER audit_event_kept ON audit_event"))
        yield connection


def events(connection: Connection, chain: str) -> list[Row]:
    found = connection.execute(
        text("SELECT number, body, previous, hash FROM audit_event WHERE chain = :chain ORDER BY number"),
        {"chain": chain},
    )
    return [dict(row) for row in found.mappings()]


def put(connection: Connection, chain: str, at: int, **values: Any) -> None:
    columns = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        text(f"UPDATE audit_event SET {columns} WHERE chain = :chain AND number = :at"),
        {**values, "chain": chain, "at": at},
    )


def edited(connection: Connection, chain: str) -> None:
    body = events(connection, chain)[2]["body"]
    put(connection, chain, 3, body=body.replace("record.edited", "record.closed"))


def edited_with_its_hash(connection: Connection, chain: str) -> None:
    body = events(connection, chain)[2]["body"].replace("record.edited", "record.closed")
    put(connection, chain, 3, body=body, hash=hashlib.sha256(body.encode()).hexdigest())


def edited_into_nonsense(connection: Connection, chain: str) -> None:
    put(connection, chain, 3, body="[]", hash=hashlib.sha256(b"[]").hexdigest())


def deleted(connection: Connection, chain: str) -> None:
    connection.execute(text("DELETE FROM audit_event WHERE chain = :chain AND number = 3"), {"chain": chain})


def deleted_and_closed_up(connection: Connection, chain: str) -> None:
    deleted(connection, chain)
    for number in (4, 5, 6):
        put(connection, chain, number, number=number - 1)


def reordered(connection: Connection, chain: str) -> None:
    put(connection, chain, 2, number=99)
    put(connection, chain, 3, number=2)
    put(connection, chain, 99, number=3)


def truncated(connection: Connection, chain: str) -> None:
    connection.execute(text("DELETE FROM audit_event WHERE chain = :chain AND number > 4"), {"chain": chain})


def truncated_with_its_head(connection: Connection, chain: str) -> None:
    truncated(connection, chain)
    last = events(connection, chain)[-1]
    connection.execute(
        text("UPDATE audit_head SET number = :number, hash = :hash WHERE chain = :chain"),
        {"number": last["number"], "hash": last["hash"], "chain": chain},
    )


def removed_whole(connection: Connection, chain: str) -> None:
    for table in ("audit_event", "audit_head"):
        connection.execute(text(f"DELETE FROM {table} WHERE chain = :chain"), {"chain": chain})


def written_anew(connection: Connection, chain: str) -> None:
    """One event changed and every later hash computed again, the head too: the chain fits in itself."""
    previous = None
    for number, row in enumerate(events(connection, chain), 1):
        body = row["body"]
        if number == 3:
            body = body.replace("record.edited", "record.closed")
        if previous is not None:
            body = ids.canonical({**json.loads(body), "previous": previous})
        hashed = hashlib.sha256(body.encode()).hexdigest()
        put(connection, chain, number, body=body, previous=previous or row["previous"], hash=hashed)
        previous = hashed
    connection.execute(
        text("UPDATE audit_head SET hash = :hash WHERE chain = :chain"), {"hash": previous, "chain": chain}
    )


Tampering = Callable[[Connection, str], None]
BY_ITSELF: list[tuple[Tampering, str]] = [
    (edited, "edited"),
    (edited_with_its_hash, "reordered"),
    (edited_into_nonsense, "reordered"),
    (deleted, "deleted"),
    (deleted_and_closed_up, "reordered"),
    (reordered, "reordered"),
    (truncated, "truncated"),
]
WITH_CHECKPOINT: list[tuple[Tampering, str]] = [
    (truncated_with_its_head, "rolled_back"),
    (removed_whole, "rolled_back"),
    (written_anew, "edited"),
]


def kinds(verdict: checkpoints.Verdict) -> set[str]:
    return {one.kind for one in verdict.findings}


@pytest.fixture
def checkpoint(town: Town, chain: str, tmp_path: Path) -> str:
    path = tmp_path / "outside.json"
    checkpoints.sign(town.store, town.now, path)
    return path.read_text()


def test_an_untouched_log_verifies(town: Town, chain: str, checkpoint: str) -> None:
    verdict = checkpoints.verify(town.store, checkpoint)
    assert verdict.ok, verdict.findings
    assert verdict.events > 6
    assert verdict.signed == 1
    with town.desk("anna") as desk:
        records.get(desk, chain.removeprefix("record:"))
    # Later events do not disturb an older checkpoint.
    assert checkpoints.verify(town.store, checkpoint).ok


@pytest.mark.parametrize(("tamper", "kind"), BY_ITSELF, ids=[one.__name__ for one, _ in BY_ITSELF])
def test_the_log_alone_tells(town: Town, chain: str, tamper: Tampering, kind: str) -> None:
    with administrator(town.store) as connection:
        tamper(connection, chain)
    verdict = checkpoints.verify(town.store)
    assert kind in kinds(verdict)
    assert {one.chain for one in verdict.findings} == {chain}


@pytest.mark.parametrize(
    ("tamper", "kind"), WITH_CHECKPOINT, ids=[one.__name__ for one, _ in WITH_CHECKPOINT]
)
def test_only_a_checkpoint_tells(
    town: Town, chain: str, checkpoint: str, tamper: Tampering, kind: str
) -> None:
    with administrator(town.store) as connection:
        tamper(connection, chain)
    # Somebody who rewrites everything consistently cannot be told by the log alone: that is why checkpoints leave.
    assert checkpoints.verify(town.store).ok
    assert kinds(checkpoints.verify(town.store, checkpoint)) == {kind}


def test_a_rollback_of_the_whole_database_is_found(town: Town, chain: str, tmp_path: Path) -> None:
    if not town.store.embedded:
        pytest.skip("an older copy is put in place by restoring; tests of backups do that on PostgreSQL")
    town.store.close()
    assert town.store.data_file is not None
    older = town.store.data_file.read_bytes()
    with town.desk("anna") as desk:
        records.edit(desk, chain.removeprefix("record:"), {"last_name": "Later"}, revision=6)
    checkpoints.sign(town.store, town.now, tmp_path / "outside.json")
    town.store.close()
    town.store.data_file.write_bytes(older)
    town.store.data_file.with_name("trefoil.db-wal").unlink(missing_ok=True)
    town.store.data_file.with_name("trefoil.db-shm").unlink(missing_ok=True)
    assert checkpoints.verify(town.store).ok
    found = checkpoints.verify_file(town.store, tmp_path / "outside.json")
    assert kinds(found) == {"rolled_back"}
    assert "older copy" in found.findings[0].message


def test_a_forged_or_foreign_checkpoint_is_no_checkpoint(town: Town, checkpoint: str, tmp_path: Path) -> None:
    forged = json.loads(checkpoint)
    forged["checkpoints"][0]["body"] = forged["checkpoints"][0]["body"].replace('"heads"', '"Heads"')
    for wrong in (json.dumps(forged), "{}", "", '{"checkpoints": []}', "[1]"):
        assert kinds(checkpoints.verify(town.store, wrong)) == {"signature"}
    other = keys.create(tmp_path / "other").signing.public_key().public_bytes_raw().hex()
    assert kinds(checkpoints.verify(town.store, checkpoint, other)) == {"signature"}
    # Whoever has only the public key verifies as well.
    assert checkpoints.verify(town.store, checkpoint, checkpoints.public_key(town.store)).ok


def test_a_checkpoint_is_never_written_over(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "outside.json"
    checkpoints.sign(town.store, town.now, path)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CaseworkError, match="there already"):
        checkpoints.sign(town.store, town.now, path)
    assert path.read_bytes() == before
    with pytest.raises(CaseworkError, match="could not be written"):
        checkpoints.sign(town.store, town.now, tmp_path / "no folder" / "x.json")
    with pytest.raises(CaseworkError, match="could not be read"):
        checkpoints.verify_file(town.store, tmp_path / "nothing.json")


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET body = ''", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_events(town: Town, statement: str) -> None:
    with pytest.raises(Exception, match="only ever added to"), town.store.engine.begin() as connection:
        connection.execute(text(statement))


def test_verifying_while_others_write_finds_nothing(town: Town, chain: str) -> None:
    with town.store.snapshot() as connection:
        connection.execute(text("SELECT count(*) FROM audit_head")).scalar()
        with town.desk("anna") as desk:
            records.get(desk, chain.removeprefix("record:"))
        verdict = checkpoints.verify_within(connection, None, checkpoints.public_key(town.store))
    assert verdict.ok, verdict.findings
