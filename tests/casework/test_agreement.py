"""A condition is written once and decides in the browser, on the server and in the database: random expressions over
random answers have one value in all of them, in both databases and over both kinds of access.

`TREFOIL_AGREEMENT_CASES=100000` asks for more, `TREFOIL_AGREEMENT_SEED=…` for others, `TREFOIL_AGREEMENT_IN=chromium`
for a browser where there is Node. `make soak` tries a million.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from engine.casework import Store
from engine.casework.sql import functions, postgresql
from tests.support import agreement
from tests.support.agreement import Answers, Found, Group, groups, read
from tests.support.javascript import by_chromium, by_node, node
from tests.support.postgres import Postgres
from tests.support.sql_agreement import agree, prepare
from tests.support.strata import STRATA

CASES = int(os.environ.get("TREFOIL_AGREEMENT_CASES", "20000"))
SEED = int(os.environ.get("TREFOIL_AGREEMENT_SEED", "20261122"))
EACH = 5
TODAY = date(2026, 1, 5)
Browser = Callable[[Any], Any]
ROUNDING = {"rounding": STRATA["rounding"]}

pytestmark = pytest.mark.postgres


@pytest.fixture
def engines(
    empty_database: Path, key_file: Path, tmp_path: Path, postgres: Postgres, founded_postgres: object
) -> Iterator[dict[str, Engine]]:
    """Both databases: every connection of the embedded one has our functions."""
    (tmp_path / "data").mkdir()
    embedded = shutil.copy(empty_database, tmp_path / "data" / "trefoil.db")
    with postgres.fresh("casework") as url:
        stores = {"embedded": Store(str(embedded), key_file), "postgresql": Store(url, key_file)}
        for one in stores.values():
            prepare(one.engine)
        yield {name: one.engine for name, one in stores.items()}
        for one in stores.values():
            one.close()


@pytest.fixture
def browser_side(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], Browser]:
    """The browser's module at a path, with data: in Node where there is one, else in Chromium."""

    def running(module: Path) -> Browser:
        command = None if os.environ.get("TREFOIL_AGREEMENT_IN") == "chromium" else node()
        if command is not None:
            return lambda data: by_node(command, module, agreement.BODY, data, tmp_path)
        chromium = request.getfixturevalue("browser")
        return lambda data: by_chromium(chromium, module, agreement.BODY, data)

    return running


@pytest.mark.timeout(400)
def test_browser_server_and_databases_agree(
    engines: dict[str, Engine], browser_side: Callable[[Path], Browser]
) -> None:
    found = Found(SEED)
    agree(found, groups(SEED, CASES, EACH), engines, browser_side(agreement.MODULE))
    print(found.table())
    assert found.differing[:3] == []
    assert found.cases >= CASES
    # Every case was decided five ways, beside the server's two.
    assert set(found.ways.values()) == {found.cases}
    assert sorted(found.ways) == [
        "browser", "embedded, columns", "embedded, documents", "postgresql, columns", "postgresql, documents",
    ]  # fmt: skip
    assert found.thin() == []


def test_what_is_hardly_tried_is_told() -> None:
    """The control of the coverage: without a stratum or a sort of result the run is not even."""
    some = {
        name: make for name, make in STRATA.items() if name not in ("times", "form states", "another form")
    }
    found = Found(SEED)
    for group in groups(SEED, 3000, EACH, some):
        found.wanted(group, agreement.by_closures(group))
    thin = found.thin()
    assert "FormState" in thin and "reads time" in thin and "from columns" in thin
    found.strata["ages"]["true"] = 0
    found.strata["texts"]["cases"] = 5
    assert {"ages: true", "texts: 5 cases"} <= set(found.thin())


def spoilt_embedded(engines: dict[str, Engine], *_: Any) -> None:
    def half_up(top: int, bottom: int) -> int:
        sign = -1 if (top < 0) != (bottom < 0) else 1
        return sign * ((2 * abs(top) + abs(bottom)) // (2 * abs(bottom)))

    def multiply(one: int | None, other: int | None) -> int | None:
        return None if one is None or other is None else functions._within(half_up(one * other, 10**6))

    with engines["embedded"].connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.create_function("trefoil_multiply", 2, multiply)


def spoilt_postgresql(_: object, monkeypatch: pytest.MonkeyPatch, __: object) -> None:
    monkeypatch.setattr(postgresql, "_halves_to_even", lambda top, bottom: f"round({top} / {bottom})")


def spoilt_browser(_: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = agreement.MODULE.read_text(encoding="utf-8")
    rule = "twice === bottom && result % 2n === 1n"
    assert rule in source
    (tmp_path / "spoilt.js").write_text(source.replace(rule, "twice === bottom"), "utf-8")
    monkeypatch.setattr(agreement, "MODULE", tmp_path / "spoilt.js")


@pytest.mark.parametrize("spoil", [spoilt_embedded, spoilt_postgresql, spoilt_browser])
def test_one_that_rounds_halves_up_is_noticed(
    engines: dict[str, Engine],
    browser_side: Callable[[Path], Browser],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    spoil: Callable[..., None],
) -> None:
    """The control: each is spoilt in its turn, and random cases alone show it, and show nothing of the others."""
    spoil(engines, monkeypatch, tmp_path)
    found = Found(SEED)
    agree(found, groups(SEED, 400, 20, ROUNDING), engines, browser_side(agreement.MODULE))
    spoilt = spoil.__name__.removeprefix("spoilt_")
    assert {way.split(",")[0] for way, *_ in found.differing} == {spoilt}
    assert len(found.differing) > 3


def one(text: str, *answers: dict[str, Any]) -> Group:
    expression, findings = read(text)
    assert expression is not None, findings
    return Group(("one",), (expression,), tuple(Answers(given, {}, TODAY) for given in answers))


def test_text_that_could_be_sql_stays_text(engines: dict[str, Engine]) -> None:
    """What somebody typed or a definition says never becomes part of the statement."""
    odd = "'; DROP TABLE tried; --:x %s {alias}"
    found = Found()
    agree(found, [one(f'name = "{odd}"', {"name": odd}, {"name": "Ana"}, {})], engines)
    assert found.differing == []
    assert [found.strata["one"][each] for each in ("true", "false", "unknown")] == [1, 1, 1]


def test_rows_by_the_hundred_are_looked_at_where_closures_stop(engines: dict[str, Engine]) -> None:
    """The one difference that is meant: a database has no budget of steps."""
    places = [*({"cost": "1"} for _ in range(3000)), {"cost": "4"}]
    found = Found()
    agree(found, [one("any row of places where cost > 3", {"places": places})], engines)
    assert [(way, wanted, given) for way, _, _, _, wanted, given in found.differing] == [
        (f"{kind}, {way}", None, True) for kind in engines for way in ("documents", "columns")
    ]


def test_a_seed_gives_the_same_cases_again() -> None:
    assert [group.texts() for group in groups(7, 300)] == [group.texts() for group in groups(7, 300)]
    assert replace(next(groups(7, 300)), expressions=()) != replace(next(groups(8, 300)), expressions=())
