"""F1 and F2: evaluating the reference form, beside WTForms written by hand, pydantic and the schema validators."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.forms import CompiledForm
from tests.bench import reference
from tests.bench.bars import Figure
from tests.bench.peers import models
from tests.bench.peers.by_hand import failing_names, posted, written_by_hand
from tests.bench.reference import LAST_DAY, MANY, ONE, ROW, ROWS, Asked, Rule, questions
from tests.bench.timing import seconds
from tests.support.forms import form_of

TODAY = datetime.date(2026, 1, 5)
OWN = {
    "text": "max_length: 200", "long_text": "max_length: 2000", "date": f'latest: "{LAST_DAY}"', "yes_no": "",
    "choose_one": "options: one", "choose_many": "options: many", "number": "min: 0, max: 120",
}  # fmt: skip


def figures() -> Iterator[Figure]:
    """F1 against every Python peer, F2 against ourselves; first all are held to the same failing questions."""
    ours, theirs = compiled(), written_by_hand()
    typical, full, wrong = (
        reference.submission(full=False), reference.submission(full=True), reference.invalid(),
    )  # fmt: skip
    (pydantic, by_pydantic), (schema, by_schema), (rust, by_rust) = (
        models.pydantic(), models.jsonschema(), models.jsonschema_rs(),
    )  # fmt: skip
    fast, fine = models.fastjsonschema()
    for answers in (typical, full, wrong):
        mine = failing(ours, stored(answers))
        others = [
            failing_names(theirs(posted(answers))), by_pydantic(answers), by_schema(answers), by_rust(answers),
        ]  # fmt: skip
        assert others == [mine] * len(others) and fine(answers) == (not mine), (mine, others)

    def taken(answers: Mapping[str, Any]) -> float:
        given = stored(answers)
        return seconds(lambda: ours.evaluate(given, today=TODAY)) * 1000

    def peer(run: Callable[[Mapping[str, Any]], object]) -> float:
        return seconds(lambda: run(typical)) * 1000

    ms = {"typical": taken(typical), "full": taken(full), "wrong": taken(wrong)}
    post = posted(typical)
    by_hand = seconds(lambda: theirs(post).validate()) * 1000
    yield _figure("F1", "evaluate typical ÷ WTForms by hand", ms["typical"], by_hand, 0.15, 0.05)
    entry = fields(typical)
    both = seconds(lambda: ours.evaluate(ours.entry(entry).answers, today=TODAY)) * 1000
    yield _figure("F1", "the same, the post read as well", both, by_hand, None, None)
    yield _figure("F1", "evaluate typical ÷ jsonschema", ms["typical"], peer(schema), 0.15, 0.15)
    yield _figure(
        "F1", "evaluate typical ÷ pydantic, rules by hand", ms["typical"], peer(pydantic), None, 4.0
    )
    yield _figure("F1", "evaluate typical ÷ fastjsonschema", ms["typical"], peer(fast), None, None)
    yield _figure("F1", "evaluate typical ÷ jsonschema-rs", ms["typical"], peer(rust), None, None)
    slower = max(ms["full"], ms["wrong"])
    yield _figure("F2", "full or invalid ÷ our typical", slower, ms["typical"], 2.5, 2.0)


def failing(form: CompiledForm, answers: Mapping[str, Any]) -> set[str]:
    """The questions with a problem, named as the peers name them."""
    problems = form.evaluate(answers, today=TODAY).problems
    return {one.question.replace("[", ".").replace("]", "") for one in problems}


def _figure(bar: str, what: str, ours: float, theirs: float, must: float | None, aim: float | None) -> Figure:
    return Figure(bar, what, ours, theirs, "ms", ours / theirs, must, aim)


def compiled() -> CompiledForm:
    """The reference form, compiled by Trefoil."""
    return form_of(written())


def written() -> str:
    """The reference form and its lists in Trefoil's language."""
    lines = [f"      - {_asked(one)}" for one in questions()]
    row = "\n".join(f"          - {_asked(one)}" for one in ROW)
    lines.append(f"      - id: people\n        type: repeat\n        label: People\n        max_rows: {ROWS}")
    lines.append(f"        questions:\n{row}")
    many = next(one.name for one in questions() if one.type == "choose_many")
    numbers = [one.name for one in questions() if one.type == "number"]
    for index, text in enumerate(
        (
            f"{numbers[0]} + {numbers[1]}",
            f"{numbers[0]} * 4",
            f"count({many})",
            "sum(people.amount)",
            "count(people)",
        )
    ):
        lines.append(f"      - {{id: sum{index}, type: number, label: Sum, calculate: {text}}}")
    options = {name: "\n".join(f"  - {{id: {one}, label: Option {one}}}" for one in listed)
               for name, listed in (("one", ONE), ("many", MANY))}  # fmt: skip
    lists = "".join(f"---\nlist: {name}\ntitle: {name}\noptions:\n{text}\n" for name, text in options.items())
    head = "form: ref\ntitle: Ref\nabout: child\nsections:\n  - id: first\n    title: First\n    questions:\n"
    return f"{head}{chr(10).join(lines)}\n{lists}"


def _asked(one: Asked) -> str:
    parts = [
        f"id: {one.name}",
        f"type: {one.type}",
        f"label: What was recorded for {one.name}",
        OWN[one.type],
    ]
    if one.show is not None:
        parts.append(f"show_if: {_condition(one.show)}")
    if one.required:
        parts.append("answer: required")
    elif one.require is not None:
        parts.append(f"required_if: {_condition(one.require)}")
    return "{" + ", ".join(part for part in parts if part) + "}"


def _condition(rule: Rule) -> str:
    words = {"is": "{} is {}", "less": "{} < {}", "has": "{} includes {}"}
    return f" {rule.joint} ".join(words[kind].format(name, value) for kind, name, value in rule.tests)


def stored(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Plain answers as Trefoil stores them."""
    types = {one.name: one.type for one in (*questions(), *ROW)}
    found = {
        name: value == "yes" if types.get(name) == "yes_no" else value
        for name, value in answers.items()
        if name != "people"
    }
    if "people" in answers:
        found["people"] = [
            {"_row": f"r{index}", **stored(row)} for index, row in enumerate(answers["people"])
        ]
    return json.loads(json.dumps(found))


def fields(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The same as a page of Trefoil's posts it."""
    found: dict[str, list[str]] = {}
    rows = [(f"people.r{index}.", row) for index, row in enumerate(answers["people"])]
    for start, one in [("", answers), *rows]:
        for name, value in one.items():
            if isinstance(value, str) and len(value) == 10 and value[4] == "-":
                for part, text in zip(("year", "month", "day"), value.split("-"), strict=True):
                    found[f"a.{start}{name}.{part}"] = [text]
            elif name != "people":
                found[f"a.{start}{name}"] = value if isinstance(value, list) else [str(value)]
    return found
