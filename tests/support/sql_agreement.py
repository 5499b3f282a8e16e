"""Random expressions over random answers, evaluated by closures and by a database over both kinds of access."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, MetaData, Table, insert, select
from sqlalchemy.engine import Connection, Engine

from engine.casework import ids, shapes
from engine.casework.columns import Document, Key
from engine.casework.sql import Documents, compiled, dialect_of
from engine.casework.sql.functions import unscaled
from engine.expressions import Reader, Typed, closure, dump, facts_reader, parse, tree, typed
from tests.support.expressions import TODAY, specimen, specimen_scope
from tests.support.random_expressions import Maker

ANSWERS_EACH = 4
TRIED = Table(
    "tried",
    MetaData(),
    Column("id", Key, primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("answers", Document, nullable=False),
    Column("facts", Document, nullable=False),
    Column("today", Date, nullable=False),
    Index("ix_tried", "batch"),
)
DOCUMENTS = Documents("tried.answers", "tried.facts", "tried.today")


@dataclass(frozen=True)
class Case:
    """One expression and the answers that it is tried on."""

    expression: Typed
    answers: tuple[tuple[dict[str, Any], dict[str, Any]], ...]

    def readers(self) -> Iterator[Reader]:
        for answers, facts in self.answers:
            yield facts_reader(facts, TODAY, answers)


@dataclass
class Found:
    """What came of a run, and what it covered."""

    cases: int = 0
    differing: list[tuple[str, str, Any, Any, Any]] = field(default_factory=list)
    covered: Counter[str] = field(default_factory=Counter)


def expression_of(maker: Maker) -> Typed:
    """A random expression that makes sense."""
    while True:
        wanted = maker.chance.random()
        text = maker.condition(3) if wanted < 0.75 else maker.number(3) if wanted < 0.9 else maker.date(1)
        found, _ = typed(parse(text)[0], specimen_scope())
        if found is not None:
            return found


def cases_of(chance: Random, many: int, each: int = ANSWERS_EACH) -> list[Case]:
    """`many` pairs of an expression and answers, `each` to an expression."""
    maker, made = Maker(chance), []
    for _ in range(-(-many // each)):
        pairs = tuple((_held(maker.answers()), _held(maker.facts())) for _ in range(each))
        made.append(Case(expression_of(maker), pairs))
    return made


def _held(value: Any) -> Any:
    """What a database holds of it: casework lets no NUL through."""
    return json.loads(json.dumps(value).replace("\\u0000", ""))


def expected(case: Case) -> list[Any]:
    run = closure(case.expression, json=True)
    return [dump(run(reader)) for reader in case.readers()]


def agree(engine: Engine, cases: list[Case], found: Found) -> None:
    """Try all cases on a database with both kinds of access; what differs and what was tried goes into `found`."""
    dialect = dialect_of(engine.dialect.name)
    shape = shapes.shape_of(specimen(), specimen().forms["referral"], everything=True)
    table = shapes.table_of("answers_specimen__referral", shape)
    typed_access = shapes.access(table.name, shape, DOCUMENTS)
    beside = TRIED.join(table, table.c.id == TRIED.c.id)
    for made in (table, TRIED, shapes.chosen):
        made.drop(engine, checkfirst=True)
        made.create(engine)
    with engine.begin() as connection:
        _fill(connection, table, shape, cases)
        for number, case in enumerate(cases):
            wanted = expected(case)
            for way, access in (("json", DOCUMENTS), ("columns", typed_access)):
                value = compiled(case.expression, access, dialect).label("value")
                source = TRIED if way == "json" else beside
                asked = select(TRIED.c.number, value).select_from(source).where(TRIED.c.batch == number)
                given = connection.execute(asked.order_by(TRIED.c.number)).all()
                results = [dump(_plain(case.expression.type.kind, row.value)) for row in given]
                _note(found, f"{engine.dialect.name}, {way}", case, wanted, results)


def _fill(connection: Connection, table: Table, shape: shapes.Shape, cases: list[Case]) -> None:
    rows, typed_rows, chosen = [], [], []
    for batch, case in enumerate(cases):
        for answers, facts in case.answers:
            key = {"authority": ids.new(), "id": ids.new()}
            values, options = shapes.values_of(shape, answers)
            number = len(rows)
            rows.append(
                {
                    "id": key["id"],
                    "batch": batch,
                    "number": number,
                    "answers": answers,
                    "facts": facts,
                    "today": TODAY,
                }
            )
            typed_rows.append({**key, "month": "2026-01", **values})
            chosen += [
                {**key, "form": "referral", "question": one, "option": option} for one, option in options
            ]
    connection.execute(insert(TRIED), rows)
    connection.execute(insert(table), typed_rows)
    if chosen:
        connection.execute(insert(shapes.chosen), chosen)


def _plain(kind: str, value: Any) -> Any:
    """What a database gave, as closures give it."""
    if value is None:
        return None
    if kind == "yes_no":
        return bool(value)
    if kind == "number":
        return unscaled(value)
    return date.fromisoformat(value) if kind == "date" and isinstance(value, str) else value


def _note(found: Found, way: str, case: Case, wanted: list[Any], results: list[Any]) -> None:
    assert len(wanted) == len(results)
    text = case.expression.expression.text
    for pair, one, other in zip(case.answers, wanted, results, strict=True):
        found.cases += 1
        found.covered[way] += 1
        found.covered[f"result {one if isinstance(one, bool) or one is None else 'value'}"] += 1
        if one != other:
            found.differing.append((way, text, pair, one, other))
    for node in tree.walk(case.expression.tree):
        found.covered[type(node).__name__] += len(results)
        if isinstance(node, tree.Read):
            found.covered[f"reads {node.kind}"] += len(results)
