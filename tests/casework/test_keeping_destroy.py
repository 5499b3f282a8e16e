"""Destruction: a mark planted in every column of every table about a record is nowhere afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, Integer, MetaData, Table, Text, Uuid, select, text, update
from sqlalchemy.types import JSON, String

from engine.casework import (
    CaseworkError,
    NotFound,
    NotPermitted,
    Store,
    audit,
    checkpoints,
    destroying,
    ids,
    keeping,
    links,
    markers,
    notes,
    outbox,
    records,
    stacks,
    submissions,
)
from engine.casework.columns import Moment, metadata
from engine.casework.values import Outside, Record
from tests.support.casework import Town, reporting

CANARY = "Wrenlingcanary"
BESIDE = "answers_harbour__referral"
MOMENT = datetime(2026, 1, 6, tzinfo=UTC)
NOT_ABOUT_RECORDS = {
    # Whose they are: the installation's, a person's, the definitions'. None of them is about a record.
    *("setting", "authority", "person", "person_role", "team", "membership", "session"),
    *("throttle", "stack", "live_stack", "trouble", "once", "name_counter", "outbox", "proposal"),
    "handover",
    # The trace, which holds no content, and the certificate, whose reason is meant to stay.
    *("audit_head", "audit_event", "checkpoint", "destroyed"),
}


def everything(store: Store) -> dict[str, str]:
    """The whole content of every table that the database has, as text: of those made from the documents too."""
    with store.snapshot() as connection:
        there = MetaData()
        there.reflect(connection)
        return {
            name: json.dumps(
                [list(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))], default=str
            )
            for name in sorted(set(there.tables) - {"alembic_version"})
        }


def where_found(store: Store, word: str = CANARY) -> set[str]:
    return {name for name, content in everything(store).items() if word.casefold() in content.casefold()}


def plant(town: Town, table: Table, child: str, made: dict[str, str]) -> str:
    """One row of `table` about the record, with the mark in every column that can hold words."""
    row: dict[str, Any] = {}
    ties = {column.name: parent.name for column, parent in destroying._ties(table)}
    for column in table.columns:
        kind = column.type
        if column.name == "authority":
            row["authority"] = town.authority
        elif column.name == "id":
            row["id"] = ids.new()
        elif column.name in ties:
            parent = ties[column.name]
            if parent not in {"record", "person", *made} and not column.nullable:
                # What it hangs from is about no record, and is there all the same.
                made[parent] = plant(town, metadata.tables[parent], child, made)
            row[column.name] = (
                child if parent == "record" else town.people["anna"] if parent == "person" else None
            )
            if parent in made and parent != table.name:
                row[column.name] = made[parent]
        elif column.name in ("one", "two"):
            row[column.name] = child
        elif isinstance(kind, Moment):
            row[column.name] = MOMENT
        elif isinstance(kind, Date):
            row[column.name] = date(2030, 1, 6)
        elif isinstance(kind, Boolean):
            row[column.name] = False
        elif isinstance(kind, Integer):
            row[column.name] = 77
        elif isinstance(kind, JSON):
            row[column.name] = {CANARY: [CANARY, {"x": CANARY}]}
        elif isinstance(kind, Uuid):
            row[column.name] = None if column.nullable else ids.new()
        elif isinstance(kind, Text | String):
            row[column.name] = CANARY
    if table.name == "hold":
        row["ended_at"] = MOMENT
    with town.store.engine.begin() as connection:
        connection.execute(table.insert(), row)
    return str(row["id"])


@pytest.fixture
def planted(town: Town) -> Record:
    """A record with the mark in every text of every table that can be about it."""
    child = town.child(last_name=CANARY)
    made: dict[str, str] = {}
    about = [
        table
        for table in metadata.sorted_tables
        if table.name not in NOT_ABOUT_RECORDS and table.name != "record"
    ]
    for table in about:
        made[table.name] = plant(town, table, child.id, made)
    with town.store.engine.begin() as connection:
        record = metadata.tables["record"]
        words = {"name": CANARY, "name_words": CANARY.casefold(), "fields": {"first_name": CANARY}}
        connection.execute(update(record).where(record.c.id == child.id).values(**words))
    texts = {
        table.name for table in about if any(isinstance(c.type, Text | String | JSON) for c in table.columns)
    }
    assert where_found(town.store) >= texts | {"record"}
    return child


def report_in_words(town: Town) -> None:
    """From now on an answer in words stands in a column beside its document, too."""
    with town.desk() as desk:
        stacks.publish(desk, reporting("why_higher"))


def destroy(town: Town, record: str, **how: Any) -> keeping.Certificate:
    with town.desk("kit") as desk:
        return keeping.destroy(desk, record, "Its time is up", **{"early": True, **how})


def test_every_table_is_known_to_be_about_records_or_not(town: Town) -> None:
    """A table added later is either found by its keys or named here with its reason."""
    with town.desk() as desk:
        found = {
            table.name
            for table in metadata.sorted_tables
            if destroying.belongs(desk, table, town.authority) is not None
        }
    assert found | NOT_ABOUT_RECORDS == set(metadata.tables) - {"alembic_version"}
    assert not found & NOT_ABOUT_RECORDS


def test_the_mark_is_in_no_table(town: Town, planted: Record) -> None:
    destroy(town, planted.id)
    assert where_found(town.store) == set()
    assert checkpoints.verify(town.store).ok


def test_a_table_left_out_is_caught(town: Town, planted: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: forgetting one table leaves the mark there."""
    forgotten = frozenset({*destroying.STAYS, metadata.tables["note"], metadata.tables["note_revision"]})
    monkeypatch.setattr(destroying, "STAYS", forgotten)
    destroy(town, planted.id)
    assert where_found(town.store) == {"note", "note_revision"}


def test_what_people_really_write_is_gone_too(town: Town) -> None:
    """Through the doors that people use: no table beside those planted takes a copy."""
    other = town.child(by="mia")
    report_in_words(town)
    child, case = town.checked(
        worry=CANARY,
        secret=CANARY,
        level="higher",
        why_higher=CANARY,
        places=[{"detail": CANARY}],
        framework={"home": {"worried": CANARY}},
    )
    assert BESIDE in where_found(town.store)
    with town.desk("anna") as desk:
        fields = {"first_name": CANARY, "last_name": CANARY}
        records.edit(desk, child.id, fields, revision=1, identifiers=[Outside("local_id", CANARY.upper())])
        notes.add(desk, child.id, CANARY, case=case.id)
    with town.desk("mia") as desk:
        records.find(desk, CANARY)
        records.alike(desk, "child", {"first_name": CANARY})
        links.add(desk, child.id, other.id, purpose=CANARY)
        markers.open(desk, child.id, "concerns", "missing")
        outbox.put(desk, "letter", "a key", {"record": child.id, "text": CANARY})
        outbox.put(desk, "letter", "another", {"cases": [{"case": case.id}], "text": CANARY})
        outbox.put(desk, "letter", "a third", {"record": other.id})
    decision = town.draft(child.id, case.id, "decision", by="mia")
    with town.desk("mia") as desk:
        submissions.save(desk, decision.id, {}, revision=1, raw={"outcome": CANARY})
    assert len(where_found(town.store)) >= 8
    destroy(town, child.id)
    assert where_found(town.store) == set()
    assert checkpoints.verify(town.store).ok
    with town.desk("mia") as desk:
        assert [one.id for one in records.find(desk)] == [other.id]
        with pytest.raises(NotFound):
            records.get(desk, child.id)
        assert records.get(desk, other.id).name == "Robin Example"
    with town.store.reading() as connection:
        kept = connection.execute(text("SELECT key FROM outbox WHERE kind = 'letter'")).scalars().all()
    assert kept == ["a third"]


def test_a_name_with_a_number_leaves_nothing_in_the_counter(town: Town) -> None:
    group = town.group(by="anna", area=CANARY)
    assert CANARY in group.name
    destroy(town, group.id)
    assert where_found(town.store) == set()


def test_ids_trace_and_certificate_stay(town: Town) -> None:
    child, _case = town.checked(worry=CANARY)
    made = destroy(town, child.id)
    with town.store.reading() as connection:
        row = connection.execute(text("SELECT name, salt, destroyed_at FROM record")).one()
        assert (row.name, row.salt) == ("", "")
        assert row.destroyed_at is not None
        kept = connection.execute(text('SELECT id, record, reason, "by" FROM destroyed')).one()
    assert ids.known(str(kept.id)) == made.id
    assert kept.reason == "Its time is up"
    with town.desk() as desk:
        events = audit.of_chain(desk, audit.of_the_record(child.id))
    assert events[-1].action == "record.destroyed"
    assert events[-1].person == town.people["kit"]
    assert events[-1].body["certificate"] == made.id
    assert events[-1].body["rows"]["submission"] == 1
    assert {"record.made", "submission.submitted"} <= {one.action for one in events}
    line = town.store.key_file.with_name("key.destroyed").read_text().splitlines()[-1]
    assert json.loads(json.loads(line)["body"])["record"] == child.id


def test_other_records_keep_theirs(town: Town) -> None:
    """What merely mentions a destroyed case forgets it; nothing of another record goes."""
    child, case = town.checked()
    other, _ = town.checked(worry="Kept")
    before = everything(town.store)
    with town.store.engine.begin() as connection:
        theirs = metadata.tables["case"]
        connection.execute(update(theirs).where(theirs.c.record == other.id).values(came_from=case.id))
    destroy(town, child.id)
    with town.desk("anna") as desk:
        assert [one.answers["worry"] for one in submissions.of_record(desk, other.id)] == ["Kept"]
    with town.store.reading() as connection:
        theirs = metadata.tables["case"]
        assert connection.execute(select(theirs.c.came_from)).scalars().all() == [None]
    for table in ("submission_revision", "case_step", "task", "notification"):
        assert len(json.loads(everything(town.store)[table])) * 2 == len(json.loads(before[table])), table


# --- What stops it


def test_it_needs_the_right(town: Town) -> None:
    child = town.child()
    with pytest.raises(NotPermitted), town.desk("anna") as desk:
        keeping.destroy(desk, child.id, "x", early=True)
    with pytest.raises(NotFound), town.desk("ben") as desk:
        keeping.destroy(desk, child.id, "x", early=True)
    with pytest.raises(NotFound), town.desk("kit") as desk:
        keeping.destroy(desk, ids.new(), "x", early=True)
    with pytest.raises(CaseworkError, match="Say why"), town.desk("kit") as desk:
        keeping.destroy(desk, child.id, "  ", early=True)


def test_not_before_its_time_unless_meant(town: Town) -> None:
    group = town.group(by="mia")
    with pytest.raises(CaseworkError, match="still open"):
        destroy(town, group.id, early=False)
    with town.desk("mia") as desk:
        records.close(desk, group.id)
    with pytest.raises(CaseworkError, match="until 5 January 2032"):
        destroy(town, group.id, early=False)
    town.now += timedelta(days=6 * 366)
    assert destroy(town, group.id, early=False).record == group.id
    with pytest.raises(NotFound):
        destroy(town, group.id)


def test_a_hold_stops_it_until_it_is_lifted(town: Town) -> None:
    child = town.child()
    with town.desk("mia") as desk:
        held = keeping.hold(desk, child.id, "An inquiry asked for it", date(2026, 7, 1))
    with pytest.raises(CaseworkError, match="looked at again on 1 July 2026"):
        destroy(town, child.id)
    with town.desk("kit") as desk:
        assert keeping.to_review(desk) == []
    town.now += timedelta(days=200)
    with town.desk("kit") as desk:
        assert [one.id for one in keeping.to_review(desk)] == [held.id]
        keeping.lift(desk, held.id, "The inquiry has ended")
    with town.desk("kit") as desk:
        (one,) = keeping.holds(desk, child.id)
        assert (one.in_force, one.why_ended, one.ended_by) == (
            False,
            "The inquiry has ended",
            town.people["kit"],
        )
        with pytest.raises(CaseworkError, match="already"):
            keeping.lift(desk, held.id, "Again")
    destroy(town, child.id)
    assert "inquiry" not in str(everything(town.store))


@pytest.mark.parametrize("who", ["anna", "ben", "olga"])
def test_not_everybody_may_hold_or_lift(town: Town, who: str) -> None:
    child = town.child()
    with town.desk("kit") as desk:
        held = keeping.hold(desk, child.id, "An inquiry", date(2026, 7, 1))
    with pytest.raises((NotPermitted, NotFound)), town.desk(who) as desk:
        keeping.lift(desk, held.id, "x")
    with pytest.raises((NotPermitted, NotFound)), town.desk(who) as desk:
        keeping.hold(desk, child.id, "x", date(2026, 7, 1))


def test_a_hold_needs_a_reason_and_a_day_to_come(town: Town) -> None:
    child = town.child()
    with town.desk("kit") as desk:
        with pytest.raises(CaseworkError, match="day to come"):
            keeping.hold(desk, child.id, "x", desk.today)
        with pytest.raises(CaseworkError, match="Say why"):
            keeping.hold(desk, child.id, "", date(2026, 7, 1))
        with pytest.raises(NotFound):
            keeping.lift(desk, ids.new(), "x")


def test_what_is_due_is_listed_with_its_rule(town: Town) -> None:
    early, late, open_still, held = (town.group(by="mia") for _ in range(4))
    for one, days in ((early, 0), (late, 30), (held, 0)):
        town.now += timedelta(days=days)
        with town.desk("mia") as desk:
            records.close(desk, one.id)
    town.now += timedelta(days=6 * 366)
    with town.desk("kit") as desk:
        keeping.hold(desk, held.id, "An inquiry", date(2040, 1, 1))
        found = keeping.due(desk)
        assert [one.record for one in found] == [early.id, late.id]
        assert found[0].rule == "Kept for 6 years after it was closed (5 January 2026)."
        assert keeping.kept_until(desk, open_still.id).rule == "It is still open."
    with town.desk("anna") as desk:
        assert keeping.due(desk) == []


# --- What is left on the disk


@pytest.fixture
def plain(tmp_path: Path, key_file: Path) -> Iterator[Store]:
    """An embedded database that is not encrypted, so that its bytes can be looked through."""
    opened = Store(f"sqlite+plain:///{tmp_path}/plain/trefoil.db", key_file)
    opened.upgrade()
    yield opened
    opened.close()


def test_the_files_of_the_embedded_database_hold_nothing(plain: Store) -> None:
    from tests.support.casework import founded

    town = founded(plain)
    report_in_words(town)
    child, _case = town.checked(worry=CANARY * 400, secret=CANARY, level="higher", why_higher=CANARY * 3)
    assert plain.data_file is not None
    folder = plain.data_file.parent
    assert holding(folder, CANARY)
    destroy(town, child.id)
    assert holding(folder, CANARY) == []
    destroying.scrub(plain)
    assert holding(folder, CANARY) == []
    assert checkpoints.verify(plain).ok


def holding(folder: Path, word: str) -> list[str]:
    """Files below a folder in which the word stands, in any letters."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and word.casefold().encode() in path.read_bytes().lower():
            found.append(path.name)
    return found


def test_the_encrypted_database_opened_again_holds_nothing(
    town: Town, planted: Record, tmp_path: Path
) -> None:
    """The whole database, decrypted as it stands into a plain file, searched byte by byte."""
    if not town.store.embedded:
        pytest.skip("PostgreSQL's own files are looked through below")
    assert holding(decrypted(town.store, tmp_path / "before"), CANARY)
    destroy(town, planted.id)
    assert holding(decrypted(town.store, tmp_path / "after"), CANARY) == []
    assert town.store.data_file is not None
    log = town.store.data_file.with_name("trefoil.db-wal")
    assert not log.exists() or log.stat().st_size == 0 or holding(log.parent, CANARY) == []


def decrypted(store: Store, folder: Path) -> Path:
    folder.mkdir()
    raw = store.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(f"ATTACH DATABASE '{folder}/plain.db' AS plain KEY ''")
    cursor.execute("SELECT sqlcipher_export('plain')").fetchall()
    cursor.execute("DETACH DATABASE plain")
    raw.close()
    return folder


@pytest.mark.postgres
def test_postgresqls_files_hold_nothing_once_scrubbed(postgres: Any, key_file: Path) -> None:
    from tests.support.casework import founded

    with postgres.fresh() as url:
        store = Store(url, key_file)
        store.upgrade()
        town = founded(store)
        report_in_words(town)
        child, _case = town.checked(worry=CANARY, secret=CANARY, level="higher", why_higher=CANARY)
        assert BESIDE in where_found(store)
        with store.engine.connect() as connection:
            raw = connection.execution_options(isolation_level="AUTOCOMMIT")
            raw.execute(text("ANALYZE"))
            raw.execute(text("CHECKPOINT"))
            folder = raw.execute(
                text(
                    "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
                    "WHERE datname = current_database()"
                )
            ).scalar_one()
        assert holding(Path(folder), CANARY)
        destroy(town, child.id)
        keeping.scrub(store)
        with store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
        assert holding(Path(folder), CANARY) == []
        assert checkpoints.verify(store).ok
        store.close()
