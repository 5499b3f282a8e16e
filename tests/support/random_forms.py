"""Random forms full of conditions, and random changes to answers, path by path. Seeded: the same each run.

Conditions read anything of the form, so that circles happen; whoever asks for forms gets those without.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from engine import forms
from engine.forms import CompiledForm, Evaluation
from engine.forms.plan import Item, Leaf, Rows
from tests.support.forms import stack_of

LISTS = """
---
list: kinds
title: Kinds
other: yes
options:
  - {id: each_one, label: All, group: yes}
  - {id: a, label: A, under: each_one}
  - {id: b, label: B, under: each_one}
  - {id: c, label: C}
---
list: lines
title: Lines
options: [{id: one, label: One}, {id: two, label: Two}]
"""
RECORD = """
---
record: child
title: Child
fields: [{id: years, type: number, label: Years}]
name: "{years}"
"""
TYPES = {
    "yes_no": "", "number": "min: 0, max: 20", "text": "max_length: 5", "date": "",
    "choose_one": "options: kinds", "choose_many": "options: kinds",
}  # fmt: skip
ANSWERS: dict[str, list[Any]] = {
    "yes_no": [True, False, "maybe"], "number": ["0", "-0", "3", "3.50", "30", "x"],
    "text": ["Park", "a longer text", " ", ""], "date": ["2026-01-05", "2025-02-28", "2025-02-30"],
    "choose_one": ["a", "b", "c", "other", "each_one", "z"],
    "choose_many": [["a"], ["a", "b"], ["other"], ["c", "other"], ["z"], []],
}  # fmt: skip
WORDS = ["Words", "", None, "  "]


class _Maker:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.types: dict[str, str] = {}
        self.lines: list[str] = []

    def test(self, row: Mapping[str, str]) -> str:
        """One comparison of anything in the form, or in the row that it stands in."""
        chance = self.chance
        if chance.random() < 0.2:
            return chance.choice(
                [
                    "count(places) > 1",
                    "any row of places where p1",
                    "sum(places.p2) > 3",
                    "places is answered",
                    "grid.one.g1 is answered",
                    "grid.two.g2 > 2",
                    "grid is answered",
                    "record.years > 3",
                    "count(places.p2) > 1",
                    "every row of places where p2 > 2",
                ]
            )
        known = row if row and chance.random() < 0.6 else self.types
        name = chance.choice(list(known))
        match known[name]:
            case "yes_no":
                return name
            case "number":
                return f"{name} {chance.choice(['<', '>', '='])} {chance.randrange(5)}"
            case "choose_one":
                return f"{name} is {chance.choice(['a', 'b', 'each_one', 'other', 'not_there'])}"
            case "choose_many":
                return f"{name} includes {chance.choice(['a', 'each_one', 'other'])}"
            case kind:
                words = "is answered" if kind == "date" or chance.random() < 0.5 else 'is "Park"'
                return f"{name}{chance.choice(['', '.other'])} {words}"

    def condition(self, row: Mapping[str, str]) -> str:
        tests = [self.test(row) for _ in range(self.chance.choice([1, 1, 2, 3]))]
        if self.chance.random() < 0.2:
            tests[0] = f"not ({tests[0]})"
        return self.chance.choice([" and ", " or "]).join(tests)

    def question(self, name: str, kind: str, row: Mapping[str, str]) -> str:
        chance = self.chance
        parts = [f"id: {name}", f"type: {kind}", f"label: {name}", TYPES[kind]]
        if chance.random() < 0.4:
            parts.append(f"show_if: '{self.condition(row)}'")
        if kind == "number" and chance.random() < 0.3:
            sums = ["count(places)", "sum(places.p2)", *(f"{one} + 1" for one in self.types if one[0] == "n")]
            parts.append(f"calculate: {chance.choice(sums)}")
        elif kind == "number" and chance.random() < 0.3:
            parts.append("default: 3")
        elif chance.random() < 0.3:
            parts.append(f"required_if: '{self.condition(row)}'")
        elif chance.random() < 0.3:
            parts.append(f"answer: {chance.choice(['required', 'advised'])}")
        if chance.random() < 0.2:
            parts.append(f"valid_if: '{self.condition(row)}'")
        if chance.random() < 0.1:
            parts.append(f"advised_if: '{self.condition(row)}'")
        return "{" + ", ".join(part for part in parts if part) + "}"

    def section(self, name: str, names: list[str]) -> str:
        head = f"  - id: {name}\n    title: {name}\n"
        if self.chance.random() < 0.5:
            head += f"    show_if: '{self.condition({})}'\n"
        lines = [f"      - {self.question(one, self.types[one], {})}\n" for one in names]
        return head + "    questions:\n" + "".join(lines)

    def rows(self, name: str, more: str, columns: Mapping[str, str], under: str) -> str:
        show = f"        show_if: '{self.condition({})}'\n" if self.chance.random() < 0.3 else ""
        row = columns if name == "places" else {}
        inner = [f"          - {self.question(one, kind, row)}\n" for one, kind in columns.items()]
        return (
            f"      - id: {name}\n        label: {name}\n        answer: advised\n{more}{show}"
            f"        {under}:\n{''.join(inner)}"
        )

    def text(self) -> str:
        kinds = self.chance.choices(list(TYPES), k=9)
        self.types = {f"{kind[0]}{index}": kind for index, kind in enumerate(kinds)}
        names = list(self.types)
        text = "form: made\ntitle: Made\nabout: child\nseveral: yes\nsections:\n"
        text += self.section("first", names[:4])
        text += self.rows("places", "        type: repeat\n        max_rows: 3\n",
                          {"p1": "yes_no", "p2": "number", "p3": "choose_one"}, "questions")  # fmt: skip
        text += self.section("second", names[4:7])
        text += self.rows("grid", "        type: grid\n        rows: lines\n",
                          {"g1": "text", "g2": "number"}, "columns")  # fmt: skip
        text += self.section("third", names[7:])
        if self.chance.random() < 0.5:
            text += "  - id: records\n    title: Records\n    each: yes\n    questions:\n"
            show = self.chance.choice(["record.years > 3", self.condition({}), "e1"])
            text += "      - {id: e1, type: yes_no, label: E1}\n"
            text += f"      - {{id: e2, type: number, label: E2, show_if: '{show}', required_if: e1}}\n"
        return text + LISTS + RECORD


def random_form(chance: Random) -> CompiledForm:
    """A form without circles; conditions that make no sense in it are as if not written."""
    while True:
        stack = stack_of.__wrapped__(_Maker(chance).text())
        form = forms.compile(stack.forms["made"], stack)
        if not form.compiled.circles:
            return form


def random_change(form: CompiledForm, now: Evaluation, chance: Random) -> dict[str, Any]:
    """One or two answers given, altered or taken away, now and then a whole repeat or what is no question."""
    found: dict[str, Any] = {}
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        items: list[Item] = [*form.plan.leaves.values(), *form.plan.rows.values()]
        item = chance.choice(items)
        if chance.random() < 0.02:
            found["nowhere"] = chance.choice(["x", None])
        elif isinstance(item, Rows):
            found.update(_in_rows(item, now, chance, item.id in found))
        else:
            found.update(_leaf(item, item.id, chance))
    return found


def _leaf(leaf: Leaf, path: str, chance: Random) -> dict[str, Any]:
    if leaf.other and chance.random() < 0.3:
        return {f"{path}.other": chance.choice(WORDS)}
    return {path: None if chance.random() < 0.1 else answer(leaf, chance)}


def answer(leaf: Leaf, chance: Random) -> Any:
    """Some answer of the leaf's type, not always one that can be read."""
    known = ANSWERS.get(leaf.question.type)
    return chance.choice(known) if known is not None else "x"


def _in_rows(rows: Rows, now: Evaluation, chance: Random, stale: bool) -> dict[str, Any]:
    """A cell changed, rows put in, taken out or exchanged, or what is no row at all."""
    there = now.working.rows[rows.id]
    given = now.working.top.given.get(rows.id)
    if rows.fixed is not None:
        if given is not None and not isinstance(given, dict):
            return {rows.id: {}}
        row_id = chance.choice([*(one for one, _ in rows.fixed), "unheard_of"])
        leaf = chance.choice(rows.leaves)
        return {} if chance.random() < 0.05 else _leaf(leaf, f"{rows.id}.{row_id}.{leaf.id}", chance)
    listed: list[Any] = list(given) if isinstance(given, list) else []
    sound = isinstance(given, list) and all(isinstance(one, dict) for one in given)
    if there and (sound or rows.each) and chance.random() < 0.6 and not stale:
        leaf = chance.choice(rows.leaves)
        return _leaf(leaf, f"{rows.id}[{chance.randrange(len(there))}].{leaf.id}", chance)
    listed = listed if sound else []
    match chance.randrange(6):
        case 0 if listed:
            del listed[chance.randrange(len(listed))]
        case 1:
            chance.shuffle(listed)
        case 2 if chance.random() < 0.2:
            return {rows.id: chance.choice([None, "x", ["x"], {}])}
        case _:
            made = {leaf.id: answer(leaf, chance) for leaf in rows.leaves if chance.random() < 0.7}
            extra = {"unheard_of": 1} if chance.random() < 0.1 else {}
            listed.append({"_row": f"r{chance.randrange(100)}", **made, **extra})
    return {rows.id: listed}
