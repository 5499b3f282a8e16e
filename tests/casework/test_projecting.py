"""Typed columns beside the documents: made for a stack, kept up with each submission, the same when made anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, text, update

from engine import packs
from engine.casework import Store, destroying, projecting, shapes, stacks
from engine.casework.sql import Documents, compiled, dialect_of
from engine.casework.tables import submission
from engine.expressions import form_scope, parse, typed
from tests.support.casework import Town, harbour

TABLE = "answers_harbour__referral"
FIRST = {"level", "markers", "received"}
ANSWERS = {
    "worry": "Wrenlingcanary",
    "level": "higher",
    "markers": ["exploited", "missing"],
    "received": "2026-01-02",
}


@cache
def pack_with(*reportable: str) -> packs.Pack:
    """The test pack with these questions of the referral marked reportable."""
    texts = dict(harbour().texts)
    for path, content in texts.items():
        for one in reportable:
            content = content.replace(f"{{id: {one}, type", f"{{reportable: yes, id: {one}, type", 1)
        texts[path] = content
    return packs.load_texts(texts).pack("harbour")


def publish(town: Town, *reportable: str) -> None:
    with town.desk() as desk:
        stacks.publish(desk, pack_with(*sorted(reportable)))
        projecting.widen(desk.connection, pack_with(*sorted(reportable)).stack)


def hand_in(town: Town, **answers: Any) -> str:
    """A referral that is handed in and stands in the columns; returns the child's id."""
    child, case = town.checked(**answers)
    with town.desk() as desk:
        found = desk.run(
            select(submission.c.id).where(submission.c.case == case.id, submission.c.form == "referral")
        )
        projecting.refresh(desk, found.scalar_one())
    return child.id


def destroy(town: Town, record: str) -> None:
    with town.desk() as desk:
        projecting.forget(desk, record)
        destroying.erase(desk, record, desk.now)


def kept(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that stands in the projections."""
    with store.reading() as connection:
        found = {}
        for name in (TABLE, "projection_chosen", "projection_rollup"):
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            found[name] = sorted((tuple(map(str, sorted(row.items()))) for row in rows), key=repr)
        return found


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
    hand_in(town, **ANSWERS)
    assert rolled(store)
    with town.desk() as desk:
        referral = submission.c.form == "referral"
        desk.run(update(submission).where(referral).values(state="superseded"))
        projecting.refresh(desk, desk.run(select(submission.c.id).where(referral)).scalar_one())
    assert kept(store) == {name: [] for name in kept(store)}


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
    stack = pack_with(*sorted(FIRST)).stack
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


def test_what_is_said_of_who_keeps_projections_is_so() -> None:
    """Once publishing or submitting calls the module, these sentences are false and go."""
    top = Path(__file__).parents[2]
    sources = [one for folder in ("engine", "webapp") for one in (top / folder).rglob("*.py")]
    called = any(
        re.search(r"import[^#\n]*\bprojecting\b|^    projecting,", one.read_text("utf-8"), re.M)
        for one in sources
    )
    said = "publishing and submitting do not call it yet"
    for place in ("engine/casework/projecting.py", "docs/architecture.md", "docs/decisions.md"):
        assert (said in (top / place).read_text("utf-8")) is not called, place
