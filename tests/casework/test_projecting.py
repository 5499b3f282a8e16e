"""Typed columns beside the documents: made for a stack, kept up with each submission, the same when made anew."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from engine.casework import (
    Store,
    cases,
    destroying,
    ids,
    keeping,
    projecting,
    schema,
    shapes,
    stacks,
    submissions,
    withdrawing,
)
from engine.casework.errors import NeedsWidening
from engine.casework.sql import Documents, compiled, dialect_of
from engine.casework.values import Case
from engine.expressions import form_scope, parse, typed
from tests.support.casework import Town, reporting
from tests.support.sent import sent_by

TABLE = "answers_harbour__referral"
FIRST = {"level", "markers", "received"}
ANSWERS: dict[str, Any] = {
    "worry": "Wrenlingcanary",
    "level": "higher",
    "markers": ["exploited", "missing"],
    "received": "2026-01-02",
}


def publish(town: Town, *reportable: str) -> None:
    with town.desk() as desk:
        stacks.publish(desk, reporting(*sorted(reportable)))


def hand_in(town: Town, **answers: Any) -> str:
    """A referral that is handed in and stands in the columns; returns the child's id."""
    return town.checked(**answers)[0].id


def destroy(town: Town, record: str) -> None:
    with town.desk() as desk:
        destroying.erase(desk, record, desk.now)


def kept(store: Store) -> dict[str, list[str]]:
    """Everything that stands in the projections, alike from either database.

    The index of what is searched, whose rows have new ids when it is made anew, is held to the same in test_searching.
    """
    with store.reading() as connection:
        return {
            table.name: sorted(
                repr(sorted(row._mapping.items())) for row in connection.execute(select(table))
            )
            for table in projecting.tables(connection)
            if table.name != "projection" and not table.name.startswith("found_")
        }


def send_back(town: Town, case: Case) -> None:
    with town.desk("mia") as desk:
        cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Say more")


def rolled(store: Store) -> Mapping[tuple[str, str, str], int]:
    with store.reading() as connection:
        rows = connection.execute(select(shapes.rollup)).all()
    return {(row.question, row.option, row.month): row.number for row in rows}


def test_only_what_is_reportable_stands_in_columns(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    hand_in(town, **ANSWERS)
    with store.reading() as connection:
        columns = {one["name"] for one in inspect(connection).get_columns(TABLE)}
    assert columns == {"authority", "id", "month", "level__choice", "received__date"}
    assert "Wrenling" not in repr(kept(store))
    assert rolled(store) == {
        ("level", "higher", "2026-01"): 1, ("markers", "exploited", "2026-01"): 1, ("markers", "missing", "2026-01"): 1,
    }  # fmt: skip


def test_a_correction_takes_the_place_of_what_it_supersedes(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    child, case = town.checked(**ANSWERS)
    assert rolled(store)["level", "higher", "2026-01"] == 1
    send_back(town, case)
    town.later(days=40)
    town.submitted(child.id, case.id, "referral", {**ANSWERS, "markers": ["missing"], "level": "lower"})
    assert len(kept(store)[TABLE]) == 1
    assert rolled(store) == {("level", "lower", "2026-02"): 1, ("markers", "missing", "2026-02"): 1}


def test_widening_keeps_what_there_is_and_a_rebuild_gives_the_same(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    hand_in(town, **ANSWERS)
    publish(town, *FIRST, "place_count", "why_higher")
    town.later(days=40)
    hand_in(town, **{**ANSWERS, "markers": ["missing"], "places": [{}], "why_higher": "So"})
    with store.reading() as connection:
        columns = {one["name"] for one in inspect(connection).get_columns(TABLE)}
    assert {"level__choice", "place_count__number", "why_higher__text"} <= columns
    assert (
        rolled(store)["markers", "missing", "2026-01"] == rolled(store)["markers", "missing", "2026-02"] == 1
    )
    before = kept(store)
    assert len(before[TABLE]) == 2
    with town.desk() as desk:
        desk.run(shapes.rollup.delete())
        desk.run(text(f'UPDATE "{TABLE}" SET level__choice = NULL'))
    assert kept(store) != before
    for _ in range(2):
        with town.desk() as desk:
            assert projecting.rebuild(desk) == 2
        assert kept(store) == before


def test_a_whole_life_keeps_what_a_rebuild_would_make(town: Town, store: Store) -> None:
    """Handed in, sent back, corrected, approved, destroyed; under two definitions; no step on the way differs."""
    publish(town, *FIRST)
    chance = Random(20261122)
    open_cases: list[tuple[str, str]] = []
    for step in range(24):
        if step == 8:
            publish(town, *FIRST, "place_count", "told_family")
        town.later(days=chance.choice([0, 3, 20]))
        answers: dict[str, Any] = {
            **ANSWERS,
            "level": chance.choice(["lower", "higher", None]),
            "markers": chance.sample(["exploited", "missing"], chance.choice([0, 1, 2])),
        }
        if not open_cases or chance.random() < 0.5:
            child, case = town.checked(**answers)
            open_cases.append((child.id, case.id))
        else:
            child_id, case_id = chance.choice(open_cases)
            act = chance.choice(["correct", "decide", "destroy"])
            with town.desk("mia") as desk:
                case = cases.get(desk, case_id)
            if act == "correct":
                send_back(town, case)
                town.submitted(child_id, case_id, "referral", answers)
            else:
                open_cases.remove((child_id, case_id))
            if act == "decide":
                town.submitted(child_id, case_id, "decision", {"outcome": "accept"}, by="mia")
                with town.desk("mia") as desk:
                    case = cases.get(desk, case_id)
                    cases.fire(desk, case_id, "decide", revision=case.revision)
            if act == "destroy":
                destroy(town, child_id)
        before = kept(store)
        with town.desk() as desk:
            projecting.rebuild(desk)
        assert kept(store) == before, f"after step {step}"
    assert len(kept(store)[TABLE]) > 5 and len(rolled(store)) > 3


def test_a_save_asks_no_catalogue_and_alters_nothing(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    hand_in(town, **ANSWERS)
    with sent_by(store) as statements:
        hand_in(town, **ANSWERS)
    beside = [one for one in statements if re.search(r"projection|answers_harbour", one.words)]
    assert sorted(re.findall(r'(?:INTO) "?(\w+)', " ".join(one.words for one in beside))) == [
        TABLE, "projection_chosen", "projection_rollup",
    ], beside  # fmt: skip
    assert not any(
        re.match(r"\s*(CREATE|ALTER|DROP|PRAGMA table)|.*(pg_catalog|sqlite_)", one.words)
        for one in statements
    )


def test_a_process_that_serves_pages_makes_no_columns(
    town: Town, store: Store, database: str, key_file: Path
) -> None:
    publish(town, *FIRST)
    serving = Store(database, key_file, alters=False)
    pages = Town(serving, town.authority, town.people, town.now)
    with pytest.raises(NeedsWidening, match="trefoil publish"):
        publish(pages, *FIRST, "place_count")
    with sent_by(serving) as statements:
        # What asks for no more columns than there are may be published from anywhere.
        publish(pages, "level")
        hand_in(pages, **ANSWERS)
    assert not any(re.match(r"\s*(CREATE|ALTER|DROP)", one.words) for one in statements)
    assert kept(store)[TABLE]
    serving.close()


def test_columns_are_made_by_the_owner_and_filled_by_whoever_may_write(town: Town, store: Store) -> None:
    """PostgreSQL can hold pages to it: their role owns no table and may make none."""
    if store.embedded:
        pytest.skip("the embedded database has no roles")
    with store.engine.begin() as connection:
        role = f"pages_{ids.new()[:8]}"
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        rights = "SELECT, INSERT, UPDATE, DELETE"
        connection.exec_driver_sql(f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {role}")
    url = store.url.replace("postgres@", f"{role}@")
    pages = Town(Store(url, store.key_file, alters=False), town.authority, town.people, town.now)
    try:
        publish(town, *FIRST)
        hand_in(pages, **ANSWERS)
        assert len(kept(store)[TABLE]) == 1 and rolled(store)
        with pytest.raises(DBAPIError, match="owner"), pages.store.engine.begin() as connection:
            connection.exec_driver_sql(f'ALTER TABLE "{TABLE}" ADD COLUMN more text')
    finally:
        pages.store.close()
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_restored_backup_has_its_columns_again(town: Town, store: Store, tmp_path: Path) -> None:
    publish(town, *FIRST)
    gone = hand_in(town, **ANSWERS)
    made = keeping.backup(store, tmp_path / "one.backup", town.now)
    with town.desk("kit") as desk:
        keeping.destroy(desk, gone, "Its time is up", early=True)
    hand_in(town, **ANSWERS)
    everything = keeping.backup(store, tmp_path / "two.backup", town.now)
    for file, standing in ((made.file, 0), (everything.file, 1)):
        back = Store(str(tmp_path / file.stem / "trefoil.db"), store.key_file)
        keeping.restore(file, back, now=town.now)
        assert len(kept(back)[TABLE]) == standing
        assert bool(rolled(back)) is bool(standing)
        if standing:
            assert kept(back) == kept(store)
        back.close()


def test_what_an_older_trefoil_published_gets_its_columns_with_the_upgrade(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    hand_in(town, **ANSWERS)
    wanted = kept(store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f'DROP TABLE "{TABLE}"')
        for one in shapes.derived.sorted_tables:
            connection.execute(one.delete())
    store.cache.clear()
    hand_in(town, **ANSWERS)
    projecting.catch_up(store, town.now)
    assert len(kept(store)[TABLE]) == 2
    with store.engine.begin() as connection:
        connection.execute(shapes.rollup.delete())
    # There is nothing to catch up with any more, so nothing is made anew.
    projecting.catch_up(store, town.now)
    assert rolled(store) == {}
    assert set(wanted) == set(kept(store))


def test_what_is_taken_back_leaves_the_columns_until_it_is_handed_in_again(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    child, case = town.checked(**ANSWERS)
    with town.desk("anna") as desk:
        sent = submissions.of_case(desk, case.id)[0].id
        withdrawing.form(desk, sent, "Sent too soon")
    assert not any(kept(store).values())
    with town.desk() as desk:
        assert projecting.rebuild(desk) == 0
    town.submitted(child.id, case.id, "referral", {**ANSWERS, "level": "lower"})
    assert rolled(store)["level", "lower", "2026-01"] == 1 and len(kept(store)[TABLE]) == 1


def test_an_upgrade_lets_go_of_columns_in_an_older_shape(tmp_path: Path, key_file: Path) -> None:
    """What stands beside the documents is made anew from them, so no migration carries it over."""
    steps = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    newer = [one for one in sorted((steps / "versions").glob("*.py")) if one.name >= "0009"]
    for one in newer:
        one.unlink()
    store = Store(str(tmp_path / "data" / "trefoil.db"), key_file)
    schema.upgrade(store.engine, store.keys, steps)
    with store.engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE "answers_old__form" (id TEXT)')
        connection.exec_driver_sql(
            "INSERT INTO projection VALUES ('answers_old__form', 'a__text', 'form', 'a', 'text')"
        )
    store.upgrade()
    with store.reading() as connection:
        assert "answers_old__form" not in inspect(connection).get_table_names()
        assert connection.execute(select(shapes.catalogue)).all() == []
        columns = {one["name"] for one in inspect(connection).get_columns("projection_chosen")}
    assert columns == {column.name for column in shapes.chosen.columns}
    store.close()


def test_what_is_destroyed_leaves_the_columns_and_the_counts(town: Town, store: Store) -> None:
    publish(town, *FIRST)
    first, other = hand_in(town, **ANSWERS), hand_in(town, **{**ANSWERS, "markers": []})
    destroy(town, first)
    assert len(kept(store)[TABLE]) == 1
    assert kept(store)["projection_chosen"] == []
    assert rolled(store) == {("level", "higher", "2026-01"): 1}
    destroy(town, other)
    assert not any(kept(store).values())


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ("level is higher", 1),
        ("markers includes missing", 1),
        ("received < 2026-01-02", 0),
        ('worry = "x"', 0),
    ],
)
def test_expressions_read_the_columns(town: Town, store: Store, condition: str, held: int) -> None:
    publish(town, *FIRST)
    hand_in(town, **ANSWERS)
    stack = reporting(*sorted(FIRST)).stack
    form = stack.forms["referral"]
    expression, findings = typed(parse(condition)[0], form_scope(stack, form))
    assert expression is not None, findings
    shape = shapes.shape_of(stack, form)
    beside = Documents("submission.answers", "submission.answers", "submission.submitted_at")
    access = shapes.access(TABLE, shape, beside)
    with store.reading() as connection:
        holds = compiled(expression, access, dialect_of(connection.dialect.name))
        table = shapes.table_of(TABLE, shape)
        joined = text(f'submission JOIN "{TABLE}" ON submission.id = "{TABLE}".id')
        assert table.name == TABLE
        asked = select(func.count()).select_from(joined).where(holds)
        assert connection.execute(asked).scalar() == held
