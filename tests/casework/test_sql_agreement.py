"""Expressions mean the same in the database as in closures: random expressions over random answers, in both databases
and over both kinds of access. (The browser is held to the closures beside `engine.expressions`.)

`TREFOIL_AGREEMENT_CASES=20000` asks for more, `TREFOIL_AGREEMENT_SEED=…` for others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from engine.casework import Store
from engine.casework.sql import postgresql
from engine.expressions import parse, tree, typed
from tests.support.expressions import specimen_scope
from tests.support.sql_agreement import Case, Found, agree, cases_of

CASES = int(os.environ.get("TREFOIL_AGREEMENT_CASES", "2000"))
BATCH = 2_000
SEED = int(os.environ.get("TREFOIL_AGREEMENT_SEED", "20261122"))


@pytest.fixture
def asked(store: Store) -> Iterator[Engine]:
    """The engine of a real database: an embedded one has our functions on every connection."""
    yield store.engine


def test_databases_and_closures_agree(asked: Engine) -> None:
    found = Found()
    chance = Random(SEED)
    for _ in range(0, CASES, BATCH):
        agree(asked, cases_of(chance, min(CASES, BATCH)), found)
    print(
        f"seed {SEED}, {found.cases} cases, {len(found.differing)} differ; {dict(sorted(found.covered.items()))}"
    )
    assert found.differing[:3] == []
    assert found.cases == 2 * CASES
    for kind in tree.Node.__subclasses__():
        assert found.covered[kind.__name__] >= CASES / 50, f"{kind.__name__} is hardly tried"
    for kind in ("number", "text", "date", "time", "yes_no", "choice", "choices", "rows", "record"):
        assert found.covered[f"reads {kind}"] >= CASES / 50, f"{kind} is hardly tried"
    for result in ("True", "False", "None", "value"):
        assert found.covered[f"result {result}"] >= CASES / 6, f"{result} is hardly seen"


def test_a_difference_would_be_noticed(asked: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a database that rounds halves away from nought is caught by one case."""
    expression, _ = typed(parse("adults * 0.5")[0], specimen_scope())
    assert expression is not None
    case = Case(expression, (({"adults": "0.000001"}, {}),))
    well = Found()
    agree(asked, [case], well)
    assert (well.cases, well.differing) == (2, [])
    monkeypatch.setattr(postgresql, "_halves_to_even", lambda top, bottom: f"round({top} / {bottom})")
    if asked.dialect.name == "sqlite":
        with asked.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.create_function("trefoil_multiply", 2, lambda a, b: (2 * a * b + 10**6) // (2 * 10**6))
    spoilt = Found()
    agree(asked, [case], spoilt)
    assert [(wanted, given) for *_, wanted, given in spoilt.differing] == [("0", "0.000001")] * 2


def test_text_that_could_be_sql_stays_text(asked: Engine) -> None:
    """What somebody typed or a definition says never becomes part of the statement."""
    odd = "'; DROP TABLE tried; --:x %s {alias}"
    expression, _ = typed(parse(f'name = "{odd}"')[0], specimen_scope())
    assert expression is not None
    found = Found()
    agree(asked, [Case(expression, (({"name": odd}, {}), ({"name": "Ana"}, {}), ({}, {})))], found)
    assert found.differing == []
    assert (found.covered["result True"], found.covered["result False"], found.covered["result None"]) == (
        2,
        2,
        2,
    )


def test_rows_by_the_hundred_are_looked_at_where_closures_stop(asked: Engine) -> None:
    """The one difference that is meant: a database has no budget of steps."""
    expression, _ = typed(parse("any row of places where cost > 3")[0], specimen_scope())
    assert expression is not None
    places = [*({"cost": "1"} for _ in range(3000)), {"cost": "4"}]
    found = Found()
    agree(asked, [Case(expression, (({"places": places}, {}),))], found)
    assert [(way.split(", ")[1], wanted, given) for way, _, _, wanted, given in found.differing] == [
        ("json", None, True),
        ("columns", None, True),
    ]
