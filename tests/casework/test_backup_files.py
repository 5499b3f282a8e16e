"""Backups: one moment while others write, restored whole into either database, or refused in plain words."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from engine.casework import (
    CaseworkError,
    SchemaMismatch,
    Store,
    checkpoints,
    keeping,
    keys,
    records,
    schema,
    sealing,
    submissions,
)
from engine.casework.backing_up import digest_of_heads
from engine.casework.columns import metadata
from engine.casework.errors import KeyTrouble
from tests.support.casework import NOW, Town
from tests.support.postgres import Postgres

CANARY = "Quetzalcanary"
# The file is the same from either database: what is about the file alone is tried from one.
from_one = pytest.mark.parametrize("database", ["embedded"], indirect=True)


@pytest.fixture
def written(town: Town) -> Town:
    """An authority with something in most tables."""
    child, case = town.checked(worry=f"{CANARY} — “quoted”, ünïcode 😀", places=[{"detail": "a"}])
    town.submitted(child.id, case.id, "decision", {"outcome": "accept"}, by="mia")
    town.group()
    return town


@pytest.fixture(params=["embedded", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, key_file: Path) -> Iterator[Store]:
    """Another database with nothing in it, not even tables."""
    if request.param == "embedded":
        opened = Store(str(tmp_path / "other" / "trefoil.db"), key_file)
        yield opened
        opened.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        opened = Store(url, key_file)
        yield opened
        opened.close()


@pytest.fixture
def file(written: Town, tmp_path: Path) -> Path:
    return keeping.backup(written.store, tmp_path / "one.backup", written.now).file


@pytest.fixture
def target(tmp_path: Path, key_file: Path) -> Iterator[Store]:
    opened = Store(str(tmp_path / "target" / "trefoil.db"), key_file)
    yield opened
    opened.close()


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.snapshot() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_what_is_restored_is_what_was_there(written: Town, empty: Store, tmp_path: Path) -> None:
    made = keeping.backup(written.store, tmp_path / "one.backup", written.now)
    assert made.rows > 90
    restored = keeping.restore(made.file, empty, now=written.now)
    assert everything(empty) == everything(written.store)
    assert restored.manifest == made.manifest
    assert restored.rows == made.rows
    assert restored.repeated == ()
    with written.store.snapshot() as before, empty.snapshot() as after:
        assert digest_of_heads(before) == digest_of_heads(after) == made.manifest.heads
    assert checkpoints.verify(empty).ok
    # And people can go on working in it.
    there = Town(empty, written.authority, written.people, written.now)
    assert there.child().name == "Robin Example"


def test_a_backup_holds_neither_the_key_nor_anything_to_read(
    written: Town, file: Path, key_file: Path
) -> None:
    content = file.read_bytes()
    with file.open("rb") as reading:
        opened = b"\n".join(sealing.read(reading, written.store.keys))
    assert CANARY.encode() in opened
    root = key_file.read_text().strip()
    for secret in (
        root.encode(),
        bytes.fromhex(root),
        written.store.keys.database,
        written.store.keys.backups,
    ):
        assert secret not in content
        assert secret not in opened
        assert secret.hex().encode() not in content + opened
    for word in (CANARY, "Robin", "anna@harbour", "audit_event"):
        assert word.encode() not in content
    assert file.stat().st_mode & 0o077 == 0
    assert keeping.manifest_of(file, written.store).counts["authority"] == 1


def test_a_backup_is_of_one_moment_while_others_write(town: Town, tmp_path: Path, key_file: Path) -> None:
    """Four people make records and edit them all the while; each backup restores with chains and rows that fit."""
    stop = threading.Event()
    trouble: list[BaseException] = []

    def write(who: str) -> None:
        try:
            while not stop.is_set():
                with town.desk(who) as desk:
                    made = records.create(desk, "child", {"first_name": who})
                    records.edit(desk, made.id, {"last_name": "Later"}, revision=1)
        except BaseException as error:
            trouble.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in ("anna", "ben", "cara", "mia")]
    for one in writers:
        one.start()
    try:
        files = [keeping.backup(town.store, tmp_path / f"{n}.backup", town.now).file for n in range(5)]
    finally:
        stop.set()
        for one in writers:
            one.join(30)
    assert not trouble
    sizes = []
    for number, path in enumerate(files):
        store = Store(str(tmp_path / f"restored{number}" / "trefoil.db"), key_file)
        sizes.append(keeping.restore(path, store, now=town.now).manifest.counts["record"])
        with store.reading() as connection:
            # Every record came with both its revisions: no backup holds half of what one desk did.
            torn = text("SELECT count(*) FROM record WHERE revision != 2")
            assert connection.execute(torn).scalar() == 0
            kept = connection.execute(text("SELECT count(*) FROM record_revision")).scalar()
            assert kept == 2 * sizes[-1]
        store.close()
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def cut(content: bytes) -> bytes:
    return content[:-40]


def cut_at_a_piece(content: bytes) -> bytes:
    head = content.index(b"\n", content.index(b"\n") + 1) + 1
    return content[:head]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def label_changed(content: bytes) -> bytes:
    return content.replace(b'"made_at": "2026', b'"made_at": "2025', 1)


def added_to(content: bytes) -> bytes:
    return content + b"more"


def something_else(content: bytes) -> bytes:
    return b"%PDF-1.7 not a backup"


BROKEN: list[tuple[Callable[[bytes], bytes], str]] = [
    (cut, "cut off"),
    (cut_at_a_piece, "cut off"),
    (flipped, "changed or damaged"),
    (label_changed, "changed or damaged"),
    (added_to, "added to this backup"),
    (something_else, "not a Trefoil backup"),
    (lambda content: b"", "not a Trefoil backup"),
]


@from_one
@pytest.mark.parametrize(("breaking", "words"), BROKEN)
def test_a_broken_file_is_refused_and_leaves_nothing(
    file: Path, target: Store, written: Town, breaking: Callable[[bytes], bytes], words: str
) -> None:
    broken = file.with_name("broken.backup")
    broken.write_bytes(breaking(file.read_bytes()))
    with pytest.raises(sealing.Damaged, match=words):
        keeping.restore(broken, target, now=written.now)
    # Nothing stands in the way of the good one.
    assert keeping.restore(file, target, now=written.now).rows


@from_one
def test_every_cut_and_flip_is_noticed(written: Town, file: Path) -> None:
    content = file.read_bytes()
    keys_ = written.store.keys
    step = max(1, len(content) // 60)
    for at in range(0, len(content) - 1, step):
        for broken in (content[:at], content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]):
            path = file.with_name("broken.backup")
            path.write_bytes(broken)
            with pytest.raises(CaseworkError), path.open("rb") as opened:
                list(sealing.read(opened, keys_))


@from_one
def test_another_key_is_told_as_such(file: Path, tmp_path: Path, written: Town) -> None:
    keys.create(tmp_path / "otherkey")
    other = Store(str(tmp_path / "third" / "trefoil.db"), tmp_path / "otherkey")
    with pytest.raises(KeyTrouble, match="made with another key"):
        keeping.restore(file, other, now=written.now)
    other.close()


@from_one
def test_another_schema_is_told_as_such(
    file: Path, target: Store, written: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    with pytest.raises(SchemaMismatch, match="Restore it with the version that made it"):
        keeping.restore(file, target, now=written.now)


def test_only_an_empty_database_is_restored_into(file: Path, written: Town) -> None:
    before = everything(written.store)
    with pytest.raises(CaseworkError, match="in use"):
        keeping.restore(file, written.store, now=written.now)
    assert everything(written.store) == before


@from_one
def test_somebody_elses_database_is_left_alone(file: Path, fresh_postgres_url: str, key_file: Path) -> None:
    store = Store(fresh_postgres_url, key_file)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id integer)"))
    with pytest.raises(CaseworkError, match="something else"):
        keeping.restore(file, store, now=NOW)
    store.close()


@from_one
def test_a_backup_is_never_written_over(written: Town, file: Path) -> None:
    content = file.read_bytes()
    with pytest.raises(CaseworkError, match="there already"):
        keeping.backup(written.store, file, written.now)
    assert file.read_bytes() == content


def test_a_folder_gets_a_dated_file_and_an_aborted_backup_leaves_none(written: Town, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    made = keeping.backup(written.store, folder, written.now)
    assert made.file.name == "trefoil-20260105-100000.backup"
    with pytest.raises(CaseworkError, match="could not be written"):
        keeping.backup(written.store, tmp_path / "nowhere" / "x", written.now)
    missing = "DROP TABLE aside" if written.store.embedded else "DROP TABLE aside CASCADE"
    with written.store.engine.begin() as connection:
        connection.execute(text(missing))
    with pytest.raises(Exception, match="aside"):
        keeping.backup(written.store, folder / "second", written.now)
    assert os.listdir(folder) == [made.file.name]


def test_a_damaged_database_is_not_backed_up(written: Town, tmp_path: Path) -> None:
    store = written.store
    if not store.embedded:
        assert keeping.examine(store) == []
        return
    store.close()
    assert store.data_file is not None
    assert keeping.examine(store) == []
    store.close()
    content = bytearray(store.data_file.read_bytes())
    content[len(content) // 2] ^= 1
    store.data_file.write_bytes(content)
    with pytest.raises(CaseworkError, match="damaged"):
        keeping.backup(store, tmp_path / "bad.backup", written.now)
    assert not (tmp_path / "bad.backup").exists()


@from_one
def test_restoring_an_older_backup_shows_against_a_later_checkpoint(
    written: Town, file: Path, target: Store, tmp_path: Path
) -> None:
    written.child()
    checkpoints.sign(written.store, written.now, tmp_path / "later.json")
    keeping.restore(file, target, now=written.now)
    verdict = checkpoints.verify_file(target, tmp_path / "later.json")
    assert {one.kind for one in verdict.findings} == {"rolled_back"}


def test_what_was_destroyed_since_stays_destroyed(written: Town, empty: Store, tmp_path: Path) -> None:
    child = written.child(first_name=CANARY)
    file = keeping.backup(written.store, tmp_path / "before.backup", written.now).file
    with written.desk("kit") as desk:
        keeping.destroy(desk, child.id, "A court ordered it", early=True)
    restored = keeping.restore(file, empty, now=written.now)
    assert restored.repeated == (child.id,)
    dumped = repr({**everything(empty), "stack": ()})
    assert dumped.count(CANARY) == repr({**everything(written.store), "stack": ()}).count(CANARY)
    assert f"{CANARY} Example" not in dumped
    assert checkpoints.verify(empty).ok
    with empty.reading() as connection:
        destroyed = metadata.tables["destroyed"]
        found = connection.execute(select(destroyed)).one()
    assert (found.record, found.reason, found.by) == (child.id, "A court ordered it", written.people["kit"])


@from_one
def test_the_list_of_destructions_may_come_from_a_copy_and_is_never_believed_unsigned(
    written: Town, target: Store, tmp_path: Path, key_file: Path
) -> None:
    child = written.child()
    file = keeping.backup(written.store, tmp_path / "before.backup", written.now).file
    with written.desk("kit") as desk:
        keeping.destroy(desk, child.id, "Its time is up", early=True)
    kept = key_file.with_name("key.destroyed")
    copy = shutil.copy(kept, tmp_path / "copy")
    kept.unlink()
    forged = tmp_path / "forged"
    forged.write_text(Path(copy).read_text().replace("Its time is up", "Its time is down"))
    with pytest.raises(CaseworkError, match="not a certificate"):
        keeping.restore(file, target, now=written.now, destroyed_since=[forged])
    restored = keeping.restore(file, target, now=written.now, destroyed_since=[copy])
    assert restored.repeated == (child.id,)
    # The list beside the key is whole again.
    assert child.id in kept.read_text()


@from_one
def test_a_missed_line_in_the_list_is_written_by_the_next_backup(written: Town, tmp_path: Path) -> None:
    child = written.child()
    with written.desk("kit") as desk:
        keeping.destroy(desk, child.id, "Its time is up", early=True)
    kept = written.store.key_file.with_name("key.destroyed")
    assert child.id in kept.read_text()
    kept.write_text(kept.read_text()[:-30])  # cut off by a crash
    keeping.backup(written.store, tmp_path / "x.backup", written.now)
    assert kept.read_text().endswith("}\n")
    assert kept.read_text().count(child.id) == 1


def test_drafts_survive(town: Town, empty: Store, tmp_path: Path) -> None:
    child = town.child()
    draft = town.draft(child.id, town.case(child.id).id)
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"worry": "half"}, revision=1, raw={"received": "31 Feb"})
    file = keeping.backup(town.store, tmp_path / "x.backup", town.now).file
    keeping.restore(file, empty, now=town.now)
    with Town(empty, town.authority, town.people, town.now).desk("anna") as desk:
        found = submissions.get(desk, draft.id)
        assert (found.answers, found.raw) == ({"worry": "half"}, {"received": "31 Feb"})


@from_one
def test_an_authority_that_does_not_exist_yet(store: Store, empty: Store, tmp_path: Path, town: Town) -> None:
    bare = Store(str(tmp_path / "bare" / "trefoil.db"), store.key_file)
    bare.upgrade()
    file = keeping.backup(bare, tmp_path / "bare.backup", town.now).file
    assert keeping.restore(file, empty, now=town.now).rows == 0
    with empty.reading() as connection:
        assert connection.execute(select(func.count()).select_from(metadata.tables["record"])).scalar() == 0
    bare.close()
