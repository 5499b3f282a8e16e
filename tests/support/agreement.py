"""One value whoever evaluates: closures, the browser's twin, and SQL on two databases over two kinds of access.

A group is some expressions tried on some answers, each on each, so that one query and one call decide hundreds of
cases. What was covered is counted by stratum of the language, and told with the seed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

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
from tests.support.expressions import specimen_scope
from tests.support.javascript import ROOT
from tests.support.random_expressions import Maker
from tests.support.strata import STRATA, Make, joined

MODULE = ROOT / "webapp" / "static" / "js" / "expressions.js"
BODY = """(engine, data) => data.groups.map((group) => group.trees.map((one) => {
    const run = engine.compile(one.tree, one.days ? data.calendars : {});
    return group.tables.map((table) => {
        try {
            return engine.dump(run((key) => table[key] ?? null));
        } catch (error) {
            return `raised ${error}`;
        }
    });
}))"""
DAYS = [date(2026, 1, 5), date(2026, 3, 1), date(2024, 2, 29), date(2025, 12, 26), date(2026, 2, 28)]
RESULTS = ("true", "false", "unknown", "value")
Results = list[list[Any]]
"""By expression, then by answers."""


@dataclass(frozen=True)
class Answers:
    """One person's answers, what stands beyond them, and the day."""

    answers: dict[str, Any]
    facts: dict[str, Any]
    today: date


@dataclass(frozen=True)
class Group:
    """Expressions, each with its stratum, and what each of them is tried on."""

    strata: tuple[str, ...]
    expressions: tuple[Typed, ...]
    answers: tuple[Answers, ...]

    def texts(self) -> list[str]:
        return [one.expression.text for one in self.expressions]

    def tables(self) -> list[dict[str, Any]]:
        """For each answers, every key that an expression may ask for with its JSON."""
        keys = {"today()"} | {
            node.key
            for one in self.expressions
            for node in tree.walk(one.tree)
            if isinstance(node, tree.Read | tree.FormState)
        }
        read = [facts_reader(one.facts, one.today, one.answers) for one in self.answers]
        return [{key: value for key in sorted(keys) if (value := reader(key)) is not None} for reader in read]


def made(chance: Random, strata: Mapping[str, Make], each: int) -> Group:
    """One expression of each stratum, tried on `each` answers."""
    maker = Maker(chance)
    expressions = tuple(_expression(maker, make) for make in strata.values())
    answers = tuple(
        Answers(_held(maker.answers()), _held(maker.facts()), chance.choice(DAYS)) for _ in range(each)
    )
    return Group(tuple(strata), expressions, answers)


def groups(seed: int, cases: int, each: int = 20, strata: Mapping[str, Make] = STRATA) -> Iterator[Group]:
    """As many groups as make up `cases`, the same for one seed."""
    chance = Random(seed)
    for _ in range(-(-cases // (each * len(strata)))):
        yield made(chance, strata, each)


def _expression(maker: Maker, make: Make) -> Typed:
    """Fixed values alone, chains with two meanings and what is too deep are refused; another is made instead."""
    while True:
        maker.rows.clear()
        text = make(maker)
        found, findings = read(text)
        if found is not None and found.type.kind == "yes_no" and maker.chance.random() < 0.3:
            found = read(joined(maker, text))[0] or found
        if found is not None:
            return found
        assert {one.code for one in findings if one.severity == "error"} <= {
            "E437",
            "E438",
            "E466",
            "E411",
        }, (text, findings)


def read(text: str) -> tuple[Typed | None, list[Any]]:
    written, findings = parse(text)
    found, more = typed(written, specimen_scope())
    return found, [*findings, *more]


def _held(value: Any) -> Any:
    """What a database holds of it: casework lets no NUL through."""
    return json.loads(json.dumps(value).replace("\\u0000", ""))


# --- The server and the browser


def by_closures(group: Group) -> Results:
    """The values, asked of answers as JSON and as values, which must be the same."""
    tables = group.tables()
    kinds = {
        node.key: node
        for one in group.expressions
        for node in tree.walk(one.tree)
        if isinstance(node, tree.Read)
    }
    values = [
        {
            "today()": answers.today,
            **{key: one for key, one in table.items() if key.endswith("._state")},
            **{
                key: _value(specimen_scope().find(key), kinds[key], table[key])
                for key in kinds
                if key in table
            },
        }
        for answers, table in zip(group.answers, tables, strict=True)
    ]
    found = []
    for one in group.expressions:
        by_json, by_value = closure(one, json=True), closure(one)
        results = [dump(by_json(table.get)) for table in tables]
        assert [dump(by_value(value.get)) for value in values] == results, one.expression.text
        found.append(results)
    return found


def _value(name: object, read: tree.Read, json: Any) -> Any:
    if not isinstance(name, Name) or read.kind != "rows":
        return load(read.kind, json)
    return [
        {
            key: _value(column, tree.Read(key, key, column.type.kind), row[key])
            for key, column in name.columns.items()
            if key in row
        }
        for row in rows(json)
    ]


def for_browser(some: Sequence[Group]) -> dict[str, Any]:
    """What the browser's side is given: trees and tables."""
    return {
        "groups": [
            {
                "trees": [{"tree": as_json(one), "days": bool(nations(one))} for one in group.expressions],
                "tables": group.tables(),
            }
            for group in some
        ],
        "calendars": {"england": calendar_table("england")},
    }


# --- What came of it


@dataclass
class Found:
    """What was tried, what differed, and how evenly the language was covered."""

    seed: int = 0
    cases: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[str, str, str, Answers, Any, Any]] = field(default_factory=list)
    strata: dict[str, Counter[str]] = field(default_factory=dict)
    parts: Counter[str] = field(default_factory=Counter)

    def wanted(self, group: Group, results: Results) -> None:
        """Count what a group covers."""
        many = len(group.answers)
        for stratum, one, given in zip(group.strata, group.expressions, results, strict=True):
            self.cases += many
            seen = self.strata.setdefault(stratum, Counter())
            seen["cases"] += many
            seen.update(result_of(value) for value in given)
            nodes = list(tree.walk(one.tree))
            self.parts.update(dict.fromkeys({type(node).__name__ for node in nodes}, many))
            reads = {f"reads {node.kind}" for node in nodes if isinstance(node, tree.Read)}
            self.parts.update(dict.fromkeys(reads, many))

    def compare(self, way: str, group: Group, wanted: Results, given: Results) -> None:
        """Note where one way gave something else than closures did."""
        shared = zip(group.strata, group.expressions, wanted, given, strict=True)
        for stratum, one, should, did in shared:
            self.ways[way] += len(should)
            if should != did:
                self.differing += [
                    (way, stratum, one.expression.text, answers, value, other)
                    for answers, value, other in zip(group.answers, should, did, strict=True)
                    if value != other
                ]

    def table(self) -> str:
        """The coverage as people read it."""
        lines = [f"{'stratum':24}{'cases':>9}" + "".join(f"{one:>9}" for one in RESULTS)]
        for name, seen in self.strata.items():
            shares = "".join(f"{100 * seen[one] / seen['cases']:8.1f}%" for one in RESULTS)
            lines.append(f"{name:24}{seen['cases']:9}{shares}")
        lines.append("parts of the language, in cases: " + _listed(self.parts))
        lines.append("ways, in cases: " + _listed(self.ways))
        lines.append(f"seed {self.seed}: {len(self.differing)} of {self.cases} cases differ")
        lines += [f"  {way}, {stratum}: {text}" for way, stratum, text, *_ in self.differing[:3]]
        return "\n".join(lines)

    def thin(self) -> list[str]:
        """What was hardly tried: a stratum without its share, or without results of each sort it can have; a node or
        a type of the language, or a kind of access, in less than one case of fifty."""
        found = []
        fair = self.cases / max(1, len(self.strata))
        for name, seen in self.strata.items():
            if seen["cases"] < 0.9 * fair:
                found.append(f"{name}: {seen['cases']} cases")
            if seen["true"] + seen["false"]:
                found += [f"{name}: {one}" for one in ("true", "false") if seen[one] < 0.03 * seen["cases"]]
            if name not in ALWAYS_KNOWN and seen["unknown"] < 0.03 * seen["cases"]:
                found.append(f"{name}: unknown")
        nodes = sorted({node.__name__ for node in tree.Node.__subclasses__()})
        kinds = [f"reads {kind}" for kind in READ_KINDS]
        found += [one for one in (*nodes, *kinds, *ACCESSES) if self.parts[one] < self.cases / 50]
        return found


READ_KINDS = (
    "number", "text", "date", "time", "yes_no", "choice", "choices", "rows", "record", "records", "thing",
)  # fmt: skip
ACCESSES = ("from columns", "from a table of options", "from documents beside columns")
ALWAYS_KNOWN = {"answered", "answers of parts", "counting", "record rows", "linked records", "form states"}
"""Strata in which most of what is asked has an answer whatever is missing."""


def result_of(value: Any) -> str:
    if value is None:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else "value"


def _listed(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {number}" for key, number in sorted(counter.items()))
