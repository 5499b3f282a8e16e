"""Small forms whose every answer can be tried: their questions, random conditions over them, and all their answers.

What is tried here is applied by this module's own means to stored answers, so that it shares nothing with the search
for the least change but the evaluation itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from itertools import combinations, product
from random import Random
from typing import Any

from engine import forms
from engine.forms import CompiledForm
from tests.support.forms import stack_of

TODAY = date(2026, 1, 5)

FORM = """
form: small
title: Small
about: child
sections:
  - id: main
    title: Main
    questions:
      - {{id: setting, type: choose_one, label: Setting, options: settings}}
      - {{id: kinds, type: choose_many, label: Kinds, options: kinds, show_if: {show_kinds}}}
      - {{id: told, type: yes_no, label: Told}}
      - {{id: adults, type: number, label: Adults, whole: yes, min: 0, max: 3, show_if: {show_adults}}}
      - {{id: doubled, type: number, label: Doubled, calculate: adults * 2}}
      - {{id: seen, type: date, label: Seen, earliest: 2026-01-03, latest: 2026-01-06,
         valid_if: seen is not 2026-01-04}}
      - {{id: note, type: text, label: Note, max_length: 20}}
      - id: places
        type: repeat
        label: Places
        max_rows: 2
        questions:
          - {{id: safe, type: yes_no, label: Safe}}
          - {{id: cost, type: number, label: Cost, whole: yes, min: 0, max: 2, show_if: safe}}
      - {{id: target, type: text, label: Target, show_if: {target}}}
---
list: settings
title: Settings
options: [{{id: home, label: Home}}, {{id: peers, label: Peers}}, {{id: both, label: Both}}]
---
list: kinds
title: Kinds
options:
  - {{id: harm, label: Harm, group: yes}}
  - {{id: a, label: A, under: harm}}
  - {{id: b, label: B, under: harm}}
  - {{id: c, label: C}}
---
record: child
title: Child
fields: [{{id: first_name, type: text, label: First name}}]
name: "{{first_name}}"
"""
DAYS = ("2026-01-03", "2026-01-05", "2026-01-06")
SPACE: Mapping[str, tuple[Any, ...]] = {
    "setting": ("home", "peers", "both"),
    "kinds": tuple(list(some) for size in (1, 2, 3) for some in combinations("abc", size)),
    "told": (True, False),
    "adults": ("0", "1", "2", "3"),
    "seen": DAYS,
    "note": ("something", "Ana"),
    "safe": (True, False),
    "cost": ("0", "1", "2"),
}
ROW_TESTS = ("safe", "cost > 0", "cost = adults")
Change = tuple[str, Any]
ADD, REMOVE = "add", "remove"


def random_form(chance: Random) -> CompiledForm:
    """A small form with random conditions, the target's last."""
    first = chance.choice(("told", "setting is not home", "note is answered or told"))
    second = chance.choice(
        ("told or kinds includes c", "setting is both", "note is answered or note is not answered")
    )
    target = condition(chance, chance.choice((1, 2, 2, 3)))
    # Not held to the checks: conditions that nothing can alter are wanted too.
    stack = stack_of(FORM.format(show_kinds=first, show_adults=second, target=target))
    return forms.compile(stack.forms["small"], stack)


def condition(chance: Random, depth: int) -> str:
    """A random condition over the small form's questions."""
    if depth:
        joint = chance.choice((" and ", " and ", " or "))
        parts = [f"({condition(chance, depth - 1)})" for _ in range(chance.choice((2, 2, 3)))]
        return ("not " if chance.random() < 0.15 else "") + f"({joint.join(parts)})"
    sign = chance.choice(("=", "<", "<=", ">", ">="))
    return chance.choice(
        (
            f"setting {chance.choice(('is', 'is not'))} {chance.choice(SPACE['setting'])}",
            f"kinds {chance.choice(('includes', 'does not include'))} {chance.choice(('harm', 'a', 'b', 'c'))}",
            f"count(kinds) {sign} {chance.choice((1, 2))}",
            "told", "not told",
            f"adults {sign} {chance.choice((0, 1, 2, 3))}",
            f"doubled {sign} {chance.choice((1, 2, 4))}",
            f"adults + count(places) {sign} {chance.choice((1, 2, 3))}",
            f"seen {sign} {chance.choice(DAYS)}",
            f"days between seen and today() {sign} {chance.choice((0, 1, 2))}",
            f"note is {chance.choice(('', 'not '))}answered",
            "count(places) > 1",
            f"sum(places.cost) {sign} {chance.choice((1, 2))}",
            f"{chance.choice(('any', 'every'))} row of places where {chance.choice(ROW_TESTS)}",
        )
    )  # fmt: skip


def random_answers(chance: Random) -> dict[str, Any]:
    """Some answers; hidden ones among them."""
    found = {key: chance.choice(SPACE[key]) for key in ("setting", "kinds", "told", "adults", "seen", "note")}
    places = [
        {key: chance.choice(SPACE[key]) for key in ("safe", "cost") if chance.random() < 0.7}
        for _ in range(chance.choice((0, 0, 1, 2)))
    ]
    kept = {key: value for key, value in found.items() if chance.random() < 0.6}
    return {**kept, **({"places": places} if places else {})}


def every_change(answers: Mapping[str, Any], number: int) -> Iterator[tuple[Change, ...]]:
    """All ways of changing so many answers, over every value there is."""
    rows = len(answers.get("places", ()))
    single: list[list[Change]] = [
        [(key, one) for one in (*SPACE[key], None) if one != answers.get(key)]
        for key in ("setting", "kinds", "told", "adults", "seen", "note")
    ]
    # Rows are numbered as they stand; those that are added come after. A new row's cells need the row.
    for row in range(2):
        if row < rows:
            single.append([(f"places.{row}", REMOVE)])
        else:
            single.append([(f"places.{row}", ADD)])
        for cell in ("safe", "cost"):
            given = answers["places"][row].get(cell) if row < rows else None
            single.append([(f"places.{row}.{cell}", one) for one in (*SPACE[cell], None) if one != given])
    for some in combinations(single, number):
        for way in product(*some):
            if _makes_sense(way, rows):
                yield way


def _makes_sense(way: tuple[Change, ...], rows: int) -> bool:
    paths = dict(way)
    if paths.get("places.1") == ADD and rows == 0 and "places.0" not in paths:
        return False
    for path in paths:
        head, _, cell = path.partition(".")[2].partition(".")
        if cell and (
            paths.get(f"places.{head}") == REMOVE or (int(head) >= rows and f"places.{head}" not in paths)
        ):
            return False
    return True


def made(answers: Mapping[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The answers with the changes made."""
    found = deepcopy(dict(answers))
    places = found.get("places", [])
    removed = []
    for path, value in sorted(changes, key=lambda one: (one[1] != ADD, one[0])):
        if not path.startswith("places."):
            found[path] = value
            continue
        row, _, cell = path.removeprefix("places.").partition(".")
        if value == ADD:
            places.append({})
        elif value == REMOVE:
            removed.append(int(row))
        else:
            places[int(row)][cell] = value
    if "places" in found or places:
        found["places"] = [one for number, one in enumerate(places) if number not in removed]
    return found


def flips(form: CompiledForm, before: Mapping[str, Any], changes: tuple[Change, ...]) -> bool:
    """Whether the target's being shown is turned by these changes, each of them shown then and refused by nothing."""
    after = made(before, changes)
    shown = "target" in form.evaluate(before, today=TODAY).shown
    found = form.evaluate(after, today=TODAY)
    if ("target" in found.shown) is shown:
        return False
    refused = {one.question for one in found.problems}
    gone = sorted(int(path.split(".")[1]) for path, value in changes if value == REMOVE)
    for path, value in changes:
        if value in (ADD, REMOVE) or value is None:
            continue
        if path.startswith("places."):
            _, row, cell = path.split(".")
            path = f"places[{int(row) - sum(one < int(row) for one in gone)}].{cell}"
        if path not in found.shown or path in refused:
            return False
    return True
