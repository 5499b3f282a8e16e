"""The store: keys, databases that could do damage, schemas that do not fit, and one transaction that decides."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, SingletonThreadPool

from engine.casework import (
    SYSTEM,
    Busy,
    SchemaMismatch,
    Store,
    authorities,
    engines,
    found_words,
    keys,
    records,
    schema,
    shapes,
    tables,
)
from engine.casework.columns import metadata
from engine.casework.errors import KeyTrouble, UnsafeDatabase
from tests.support.casework import NOW, Town

# --- The key


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "key"
    store = Store(str(tmp_path / "data" / "t.db"), key)
    store.upgrade()
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text()
    store.close()
    Store(str(tmp_path / "data" / "t.db"), key).check()
    assert key.read_text() == before


def test_a_key_that_others_may_read_is_refused(tmp_path: Path, key_file: Path) -> None:
    key = tmp_path / "keys" / "key"
    key.parent.mkdir()
    shutil.copy(key_file, key)
    key.chmod(0o640)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        Store(str(tmp_path / "data" / "t.db"), key)


def test_a_key_does_not_lie_with_the_data(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble, match="data folder"):
        Store(str(tmp_path / "data" / "t.db"), tmp_path / "data" / "keys" / "key")


def test_a_database_is_never_given_a_new_key(tmp_path: Path, empty_database: Path) -> None:
    data = tmp_path / "data" / "t.db"
    data.parent.mkdir()
    shutil.copy(empty_database, data)
    with pytest.raises(KeyTrouble, match="Restore the key"):
        Store(str(data), tmp_path / "keys" / "key")
    Store(str(tmp_path / "other" / "o.db"), tmp_path / "keys" / "key")
    with pytest.raises(KeyTrouble, match="another database"):
        Store(str(data), tmp_path / "keys" / "key").check()


def test_another_installations_key_is_noticed(database: str, tmp_path: Path) -> None:
    key = tmp_path / "elsewhere" / "key"
    keys.create(key)
    store = Store(database, key)
    with pytest.raises(KeyTrouble):
        store.check()
    store.close()


def test_the_file_tells_nothing_without_the_key(town: Town) -> None:
    if not town.store.embedded:
        pytest.skip("PostgreSQL leaves encryption at rest to the disk")
    town.child(last_name="Unmistakable")
    folder = town.store.data_file.parent  # type: ignore[union-attr]
    assert not [path for path in folder.iterdir() if b"Unmistakable" in path.read_bytes()]
    assert not (town.store.data_file or folder).read_bytes().startswith(b"SQLite format 3")


def test_what_was_asked_often_stays_prepared(town: Town) -> None:
    """Statements about access take many times as long to plan as to run; undoing would forget them."""
    if town.store.embedded:
        pytest.skip("about the driver of PostgreSQL")
    for _ in range(10):
        with town.store.reading() as connection:
            connection.execute(select(tables.person.c.name)).all()
    with town.store.reading() as connection:
        asked = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%person.name%'")
        assert connection.execute(asked).scalar_one() == 1


# --- Databases that could do damage (SQLite's write-ahead fault)


def test_the_embedded_database_is_one_without_the_fault(town: Town) -> None:
    if not town.store.embedded:
        pytest.skip("about the embedded database")
    with town.store.reading() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        assert tuple(int(part) for part in version.split(".")) >= engines.SAFE_WAL
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2


@pytest.mark.parametrize(
    ("version", "present", "journal"),
    [
        ((3, 51, 3), "wal", "wal"),
        ((3, 51, 3), "delete", "wal"),
        ((3, 40, 1), "delete", "delete"),
        ((3, 51, 2), "delete", "delete"),
        ((3, 51, 2), "wal", None),
        ((3, 40, 1), "WAL", None),
    ],
)
def test_plain_sqlite_writes_ahead_only_where_it_is_sound(
    version: tuple[int, ...], present: str, journal: str | None
) -> None:
    if journal is None:
        with pytest.raises(UnsafeDatabase, match="write-ahead"):
            engines.journal_for(version, present)
    else:
        assert engines.journal_for(version, present) == journal


@pytest.mark.skipif(sqlite3.sqlite_version_info >= engines.SAFE_WAL, reason="this SQLite is sound")
def test_this_machines_plain_sqlite_is_kept_from_writing_ahead(tmp_path: Path, key_file: Path) -> None:
    data = tmp_path / "data" / "t.db"
    store = Store(f"sqlite+plain:///{data}", key_file)
    store.upgrade()
    with store.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
    store.close()
    connection = sqlite3.connect(data)
    connection.execute("PRAGMA journal_mode = wal")
    connection.close()
    with pytest.raises(UnsafeDatabase):
        Store(f"sqlite+plain:///{data}", key_file).check()


def test_other_databases_are_refused(key_file: Path) -> None:
    with pytest.raises(UnsafeDatabase):
        Store("mysql://x/y", key_file)


# --- The pool


def test_threads_share_the_embedded_database_through_a_queue(town: Town) -> None:
    assert isinstance(town.store.engine.pool, QueuePool)
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                with town.desk("anna") as desk:
                    records.find(desk)
        except BaseException as error:
            trouble.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not trouble
    assert not any(thread.is_alive() for thread in threads)


def test_the_driver_left_to_itself_would_use_one_connection_a_thread(tmp_path: Path) -> None:
    """The control: what SQLAlchemy chooses for this driver where we do not choose."""
    engine = create_engine("sqlite+pysqlcipher:///" + str(tmp_path / "x.db"), module=sqlcipher)
    assert isinstance(engine.pool, SingletonThreadPool)
    engine.dispose()


# --- The schema


def test_a_database_that_was_not_set_up_is_refused(tmp_path: Path, key_file: Path) -> None:
    store = Store(str(tmp_path / "data" / "t.db"), key_file)
    with pytest.raises(SchemaMismatch, match="trefoil db upgrade"):
        store.check()
    with pytest.raises(SchemaMismatch):
        authorities.found(store, "Too early", now=NOW)
    store.close()


@pytest.mark.parametrize(("version", "words"), [("0001", "older"), ("9999", "newer")])
def test_code_and_schema_must_fit(town: Town, version: str, words: str) -> None:
    with town.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    with pytest.raises(SchemaMismatch, match=words), town.desk("anna"):
        pass
    if version == "9999":
        with pytest.raises(SchemaMismatch, match="newer"):
            town.store.upgrade()


def test_migrations_make_exactly_the_tables(town: Town) -> None:
    found = inspect(town.store.engine)
    made = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
    made.pop("alembic_version")
    if town.store.embedded:
        # The columns of an index of words are the database's own affair.
        for name in found_words.BY_EMBEDDED:
            made.pop(name)
    assert made == {
        name: {column.name for column in table.columns}
        for name, table in {**metadata.tables, **shapes.derived.tables}.items()
    }


def test_upgrading_twice_changes_nothing(town: Town) -> None:
    town.child()
    town.store.upgrade()
    with town.desk("anna") as desk:
        assert len(records.find(desk)) == 1


BROKEN_STEP = """
from alembic import op
import sqlalchemy as sa

revision = "zzzz"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("half_made", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO half_made (id) VALUES (1)")
    raise KeyboardInterrupt("killed in the middle")
"""


def with_broken_step(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder)
    (folder / "versions" / "zzzz_broken.py").write_text(BROKEN_STEP.format(before=schema.newest()))
    return folder


def test_a_migration_stopped_in_the_middle_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        schema.upgrade(town.store.engine, town.store.keys, with_broken_step(tmp_path))
    assert "half_made" not in inspect(town.store.engine).get_table_names()
    town.store.check()


def test_without_a_transaction_around_it_half_of_it_would_stay(
    tmp_path: Path, key_file: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same step where BEGIN is left to the driver, which begins nothing before a table is made."""
    data = tmp_path / "data" / "t.db"
    data.parent.mkdir()
    shutil.copy(empty_database, data)
    store = Store(str(data), key_file)
    bare = create_engine("sqlite://", creator=store.engine.pool._creator, module=sqlcipher)
    with pytest.raises(KeyboardInterrupt):
        schema.upgrade(bare, store.keys, with_broken_step(tmp_path))
    assert "half_made" in inspect(bare).get_table_names()
    bare.dispose()
    store.close()


def test_two_upgrades_at_once_wait_for_each_other(postgres: object, key_file: Path) -> None:
    with postgres.fresh() as url:  # type: ignore[attr-defined]
        trouble: list[BaseException] = []

        def upgrade() -> None:
            store = Store(url, key_file)
            try:
                store.upgrade()
                store.check()
            except BaseException as error:
                trouble.append(error)
            finally:
                store.close()

        threads = [threading.Thread(target=upgrade) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not trouble


# --- The transaction


def test_what_fails_is_undone_whole(town: Town) -> None:
    with pytest.raises(RuntimeError), town.desk("anna") as desk:
        records.create(desk, "child", {"first_name": "Gone"})
        raise RuntimeError("after the record was made")
    with town.desk("anna") as desk:
        assert records.find(desk, "Gone") == []


def test_a_busy_database_says_so_in_words(
    town: Town, monkeypatch: pytest.MonkeyPatch, key_file: Path
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    impatient = Store(town.store.url, key_file)
    child = town.child()
    with town.desk("anna") as desk:
        records.edit(desk, child.id, {"last_name": "One"}, revision=1)
        with pytest.raises(Busy, match="try again"), impatient.desk(town.authority, SYSTEM, now=NOW) as other:
            records.edit(other, child.id, {"last_name": "Two"}, revision=1)
    impatient.close()


def test_a_time_needs_its_zone(town: Town) -> None:
    with (
        pytest.raises(ValueError, match="zone"),
        town.store.desk(town.authority, SYSTEM, now=NOW.replace(tzinfo=None)),
    ):
        pass


def test_other_processes_see_what_was_committed(town: Town, key_file: Path) -> None:
    town.child(last_name="Shared")
    again = Store(town.store.url, key_file)
    with again.desk(town.authority, town.people["anna"], now=NOW) as desk:
        assert [one.name for one in records.find(desk)] == ["Robin Shared"]
        assert desk.stack.hash in {key[1] for key in again.cache}
    again.close()


def test_the_key_is_not_in_what_is_printed(town: Town) -> None:
    assert town.store.keys.database.hex() not in repr(town.store.keys)
    assert town.store.keys.database.hex() not in repr(vars(town.store))


def test_an_error_of_the_database_carries_nothing_that_people_wrote(town: Town) -> None:
    with pytest.raises(DBAPIError) as raised, town.desk() as desk:
        values = {"name": "Unmistakable", "id": None}
        desk.run(
            text("INSERT INTO team (id, name, authority, made_at) VALUES (:id, :name, 'x', 'x')"), values
        )
    assert "Unmistakable" not in str(raised.value)


def test_the_first_work_after_a_start_finds_out_who_asks(town: Town) -> None:
    """A process that has read no definitions yet reads them while it learns who asks."""
    town.store.cache.clear()
    with town.desk("anna") as desk:
        assert records.create(desk, "child", {"first_name": "Wren"}).name
