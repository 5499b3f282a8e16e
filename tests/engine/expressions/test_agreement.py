"""The server and the browser agree: the same random expressions over the same random answers, in both.

`TREFOIL_AGREEMENT_CASES=20000` asks for more, `TREFOIL_AGREEMENT_SEED=…` for others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.expressions import (
    Typed,
    as_json,
    calendar_table,
    closure,
    dump,
    facts_reader,
    load,
    nations,
    parse,
    tree,
    typed,
)
from engine.expressions.scope import Name
from engine.expressions.values import rows
from tests.support.expressions import TODAY, specimen_scope
from tests.support.javascript import ROOT, by_chromium, by_node, node
from tests.support.random_expressions import Maker

MODULE = ROOT / "webapp" / "static" / "js" / "expressions.js"
CASES = int(os.environ.get("TREFOIL_AGREEMENT_CASES", "2000"))
SEED = int(os.environ.get("TREFOIL_AGREEMENT_SEED", "20261122"))

BODY = """(engine, data) => data.cases.map((one) => {
    try {
        const run = engine.compile(one.tree, one.days ? data.calendars : {});
        return engine.dump(run((key) => one.table[key] ?? null));
    } catch (error) {
        return `raised ${error}`;
    }
})"""


def expression_of(maker: Maker) -> Typed:
    wanted = maker.chance.random()
    text = maker.condition(3) if wanted < 0.75 else maker.number(3) if wanted < 0.9 else maker.date(1)
    written, findings = parse(text)
    found, more = typed(written, specimen_scope())
    # Fixed values alone, chains with two meanings and what is too deep are refused; another one is made instead.
    if found is None:
        errors = {one.code for one in findings + more if one.severity == "error"}
        assert errors <= {"E437", "E438", "E466", "E411"}, (text, findings + more)
        return expression_of(maker)
    return found


def table_of(expression: Typed, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Every key that the expression asks for, with its answer as JSON."""
    read = facts_reader(facts, TODAY, answers)
    keys = {"today()"}
    for one in tree.walk(expression.tree):
        if isinstance(one, tree.Read | tree.FormState):
            keys.add(one.key)
    return {key: value for key in sorted(keys) if (value := read(key)) is not None}


def values_of(expression: Typed, table: Mapping[str, Any]) -> dict[str, Any]:
    """The same table as values, as forms hand them over."""
    found: dict[str, Any] = {"today()": TODAY, **{key: one for key, one in table.items() if "_state" in key}}
    for one in tree.walk(expression.tree):
        if isinstance(one, tree.Read) and one.key in table:
            found[one.key] = value_of(specimen_scope().find(one.key), one, table[one.key])
    return {key: value for key, value in found.items() if value is not None}


def value_of(name: object, read: tree.Read, json: Any) -> Any:
    if not isinstance(name, Name) or read.kind != "rows":
        return load(read.kind, json)
    return [
        {
            key: value_of(column, tree.Read(key, key, column.type.kind), row[key])
            for key, column in name.columns.items()
            if key in row
        }
        for row in rows(json)
    ]


def test_server_and_browser_agree(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    maker = Maker(Random(SEED))
    cases: list[dict[str, Any]] = []
    expected: list[Any] = []
    texts: list[str] = []
    seen: Counter[str] = Counter()
    for _ in range(CASES):
        expression = expression_of(maker)
        table = table_of(expression, maker.answers(), maker.facts())
        result = dump(closure(expression, json=True)(lambda key, table=table: table.get(key)))
        assert dump(closure(expression)(values_of(expression, table).get)) == result, (
            expression.expression.text
        )
        cases.append({"tree": as_json(expression), "table": table, "days": bool(nations(expression))})
        expected.append(result)
        texts.append(expression.expression.text)
        seen.update({type(one).__name__ for one in tree.walk(expression.tree)})
        seen[f"result {result if isinstance(result, bool) or result is None else 'value'}"] += 1
    data = {"cases": cases, "calendars": {"england": calendar_table("england")}}
    command = None if os.environ.get("TREFOIL_AGREEMENT_IN") == "chromium" else node()
    if command is not None:
        found = by_node(command, MODULE, BODY, data, tmp_path)
    else:
        found = by_chromium(request.getfixturevalue("browser"), MODULE, BODY, data)
    differing = [
        (text, case["table"], one, other)
        for text, case, one, other in zip(texts, cases, expected, found, strict=True)
        if one != other
    ]
    print(f"seed {SEED}, {CASES} cases, {len(differing)} differ; {dict(sorted(seen.items()))}")
    assert differing[:3] == []
    for kind in tree.Node.__subclasses__():
        assert seen[kind.__name__] >= CASES / 100, f"{kind.__name__} is hardly tried"
    for result in ("result True", "result False", "result None", "result value"):
        assert seen[result] >= CASES / 12, f"{result} is hardly tried"


def test_a_difference_would_be_noticed(tmp_path: Path) -> None:
    """The control: a browser engine that rounds halves up is caught by one case."""
    command = node()
    if command is None:
        pytest.skip("the control needs Node; the test itself runs in Chromium too")
    spoilt = tmp_path / "spoilt.js"
    source = MODULE.read_text(encoding="utf-8")
    assert "twice === bottom && result % 2n === 1n" in source
    spoilt.write_text(source.replace("twice === bottom && result % 2n === 1n", "twice === bottom"), "utf-8")
    written, _ = parse("adults * 0.5")
    expression, _ = typed(written, specimen_scope())
    assert expression is not None
    data = {
        "cases": [{"tree": as_json(expression), "table": {"adults": "0.000001"}, "days": False}],
        "calendars": {},
    }
    assert by_node(command, spoilt, BODY, data, tmp_path) == ["0.000001"]
    assert by_node(command, MODULE, BODY, data, tmp_path) == ["0"]
