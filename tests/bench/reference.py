"""The reference form in no form library's terms: 120 questions, 30 shown and 20 required by conditions, a repeat.

Made by a fixed seed, so that every peer answers the same. Must not know Trefoil nor any peer.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

COUNTS = {
    "text": 22, "long_text": 12, "date": 12, "yes_no": 26, "choose_one": 16, "choose_many": 10, "number": 11,
}  # fmt: skip
ONE = ("a", "b", "c", "d", "e")
MANY = tuple(f"k{number}" for number in range(1, 21))
LAST_DAY = "2030-12-31"
ROWS = 5

Test = tuple[str, ...]
"""`("is", question, value)`, `("less", question, number)`, `("has", question, option)`."""


@dataclass(frozen=True)
class Rule:
    """Tests joined by `and` or `or`."""

    joint: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Asked:
    name: str
    type: str
    show: Rule | None = None
    require: Rule | None = None
    required: bool = False


@cache
def questions() -> tuple[Asked, ...]:
    """109 questions of seven types; rules read only what stands before them."""
    random_ = random.Random(7)
    types = [type_ for type_, count in COUNTS.items() for _ in range(count)]
    random_.shuffle(types)
    head = ["yes_no", "choose_one", "number", "choose_many", "yes_no", "number"]
    for type_ in head:
        types.remove(type_)
    types = head + types
    names = [f"q{index}" for index in range(len(types))]
    places = list(range(8, len(types)))
    random_.shuffle(places)
    shown, required, always = set(places[:30]), set(places[30:50]), {0, 1, *places[50:75]}

    def test(before: int) -> Test:
        while True:
            at = random_.randrange(before)
            match types[at]:
                case "yes_no":
                    return ("is", names[at], "yes")
                case "choose_one":
                    return ("is", names[at], "a")
                case "number":
                    return ("less", names[at], "18")
                case "choose_many":
                    return ("has", names[at], random_.choice(["k1", "k3", "k5"]))

    def rule(before: int) -> Rule:
        return Rule(
            random_.choice(["and", "or"]), tuple(test(before) for _ in range(random_.choice([1, 1, 2, 3])))
        )

    return tuple(
        Asked(
            name,
            type_,
            show=rule(index) if index in shown else None,
            require=rule(index) if index in required else None,
            required=index in always or (index in shown and index % 2 == 1),
        )
        for index, (name, type_) in enumerate(zip(names, types, strict=True))
    )


ROW = (
    Asked("pname", "text", required=True),
    Asked("relation", "choose_one", required=True),
    Asked("born", "date"),
    Asked("consulted", "yes_no", required=True),
    Asked("amount", "number"),
    Asked("remarks", "long_text"),
)


def holds(rule: Rule | None, answers: Mapping[str, Any]) -> bool:
    """The rule on plain answers; what is missing holds nothing."""
    if rule is None:
        return True
    return (all if rule.joint == "and" else any)(_test(one, answers) for one in rule.tests)


def _test(test: Test, answers: Mapping[str, Any]) -> bool:
    kind, name, wanted = test
    value = answers.get(name)
    if value is None:
        return False
    if kind == "has":
        return wanted in value
    return value < int(wanted) if kind == "less" else value == wanted


def submission(full: bool) -> dict[str, Any]:
    """Plain answers, valid: about half of the questions, or all that can be shown."""
    random_ = random.Random(3)
    answers: dict[str, Any] = {}
    for index, one in enumerate(questions()):
        if not holds(one.show, answers):
            continue
        needed = one.required or (one.require is not None and holds(one.require, answers))
        if full or needed or random_.random() < 0.55:
            answers[one.name] = _value(one.type, index, full)
    count = ROWS if full else 2
    answers["people"] = [
        {row.name: _value(row.type, index, full) for row in ROW if full or row.required}
        for index in range(count)
    ]
    return answers


def invalid() -> dict[str, Any]:
    """All answers, seven of them wrong or missing."""
    answers = submission(full=True)
    first: dict[str, list[str]] = {}
    for one in questions():
        if one.name in answers and one.show is None:
            first.setdefault(one.type, []).append(one.name)
    missing = [one.name for one in questions() if one.required and one.show is None and one.type == "text"][
        :2
    ]
    for name in missing:
        del answers[name]
    answers[first["number"][-1]] = 999
    answers[first["long_text"][0]] = "z" * 2500
    answers[first["date"][0]] = "2025-02-31"
    answers[first["choose_one"][-1]] = "zzz"
    del answers["people"][2]["pname"]
    return answers


def _value(type_: str, index: int, full: bool) -> Any:
    match type_:
        case "text":
            return f"Some recorded answer {index}"
        case "long_text":
            return "The worker visited and recorded what was said, and what was agreed. " * 5
        case "date":
            return f"2025-{index % 12 + 1:02}-{index % 27 + 1:02}"
        case "yes_no":
            return "yes" if full or index % 2 else "no"
        case "choose_one":
            return "a" if full or index % 3 == 0 else "b"
        case "choose_many":
            return list(MANY[:8]) if full else ["k2", "k3"]
        case _:
            return 12 if full or index % 2 else 44
