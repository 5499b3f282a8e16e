"""F1 and F2: evaluating the reference form, beside WTForms written by hand and jsonschema, results cross-checked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, StopValidation, ValidationError

from engine.forms import CompiledForm
from tests.bench import reference
from tests.bench.bars import Figure
from tests.bench.reference import LAST_DAY, MANY, ONE, ROW, ROWS, Asked, Rule, questions
from tests.bench.timing import seconds
from tests.support.forms import form_of

TODAY = datetime.date(2026, 1, 5)
OWN = {
    "text": "max_length: 200", "long_text": "max_length: 2000", "date": f'latest: "{LAST_DAY}"', "yes_no": "",
    "choose_one": "options: one", "choose_many": "options: many", "number": "min: 0, max: 120",
}  # fmt: skip


def figures() -> Iterator[Figure]:
    """F1 against both peers, F2 against ourselves."""
    ours, theirs = compiled(), written_by_hand()
    typical, full, wrong = (
        reference.submission(full=False), reference.submission(full=True), reference.invalid(),
    )  # fmt: skip
    for answers in (typical, full, wrong):
        mine = ours.evaluate(stored(answers), today=TODAY)
        failing = {one.question.replace("[", ".").replace("]", "") for one in mine.problems}
        assert failing == failing_names(theirs(posted(answers))), "the peers disagree"

    def taken(answers: Mapping[str, Any]) -> float:
        given = stored(answers)
        return seconds(lambda: ours.evaluate(given, today=TODAY)) * 1000

    ms = {"typical": taken(typical), "full": taken(full), "wrong": taken(wrong)}
    post = posted(typical)
    by_hand = seconds(lambda: theirs(post).validate()) * 1000
    yield _figure("F1", "evaluate typical ÷ WTForms by hand", ms["typical"], by_hand, 0.15, 0.05)
    entry = fields(typical)
    both = seconds(lambda: ours.evaluate(ours.entry(entry).answers, today=TODAY)) * 1000
    yield _figure("F1", "the same, the post read as well", both, by_hand, 0.3, 0.15)
    validator = Draft202012Validator(schema(), registry=Registry())
    plain = typical
    by_schema = seconds(lambda: list(validator.iter_errors(plain))) * 1000
    yield _figure("F1", "evaluate typical ÷ jsonschema", ms["typical"], by_schema, 0.15, 0.15)
    slower = max(ms["full"], ms["wrong"])
    yield _figure("F2", "full or invalid ÷ our typical", slower, ms["typical"], 2.5, 2.0)


def _figure(bar: str, what: str, ours: float, theirs: float, must: float, aim: float) -> Figure:
    return Figure(bar, what, ours, theirs, "ms", ours / theirs, must, aim)


def compiled() -> CompiledForm:
    """The reference form in Trefoil's language."""
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
    return form_of(f"{head}{chr(10).join(lines)}\n{lists}")


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


def posted(answers: Mapping[str, Any]) -> MultiDict[str, str]:
    """The same as a page of WTForms' posts it."""
    post: MultiDict[str, str] = MultiDict()
    for name, value in answers.items():
        if name == "people":
            for index, row in enumerate(value):
                for key, cell in row.items():
                    post.add(f"people-{index}-{key}", str(cell))
        elif isinstance(value, list):
            for one in value:
                post.add(name, one)
        else:
            post.add(name, str(value))
    return post


class When:
    """Shown and required, as somebody writes it by hand with WTForms."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def __call__(self, form: Form, field: Any) -> None:
        asked = self.asked
        if asked.show is not None and not _holds(asked.show, form):
            field.errors = []
            raise StopValidation()
        if not field.raw_data or not any(field.raw_data):
            field.errors = []
            if asked.required or (asked.require is not None and _holds(asked.require, form)):
                raise StopValidation("Answer this question")
            raise StopValidation()


def _holds(rule: Rule, form: Form) -> bool:
    return (all if rule.joint == "and" else any)(_test(one, form) for one in rule.tests)


def _test(test: tuple[str, ...], form: Form) -> bool:
    kind, name, wanted = test
    value = form[name].data
    if kind == "has":
        return wanted in (value or ())
    if kind == "less":
        return value is not None and value < int(wanted)
    return bool(value == wanted)


def _not_after(form: Form, field: Any) -> None:
    if field.data is not None and field.data > datetime.date(2030, 12, 31):
        raise ValidationError("The date is too late")


def written_by_hand() -> type[Form]:
    """The form as a WTForms class."""
    one, many, yes = (
        [SelectChoice(value, value) for value in listed] for listed in (ONE, MANY, ("yes", "no"))
    )  # fmt: skip
    kinds: dict[str, tuple[Any, dict[str, Any], list[Any]]] = {
        "text": (StringField, {}, [Length(max=200)]),
        "long_text": (TextAreaField, {}, [Length(max=2000)]),
        "date": (DateField, {}, [_not_after]),
        "yes_no": (RadioField, {"choices": yes}, []),
        "choose_one": (RadioField, {"choices": one}, []),
        "choose_many": (SelectMultipleField, {"choices": many}, []),
        "number": (IntegerField, {}, [NumberRange(0, 120)]),
    }

    def field(asked: Asked) -> Any:
        kind, extra, validators = kinds[asked.type]
        return kind(asked.name, validators=[When(asked), *validators], **extra)

    row = type("Row", (Form,), {one.name: field(one) for one in ROW})
    made = {one.name: field(one) for one in questions()}
    return type("Reference", (Form,), {**made, "people": FieldList(FormField(row), max_entries=ROWS)})


def failing_names(form: Form) -> set[str]:
    form.validate()
    found: set[str] = set()
    for name, errors in form.errors.items():
        if name == "people":
            found |= {f"people.{index}.{key}" for index, row in enumerate(errors) for key in row}
        else:
            found.add(str(name))
    return found


def schema() -> dict[str, Any]:
    """What JSON Schema can say of it: types, bounds, and required under a condition."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": 200},
        "long_text": {"type": "string", "maxLength": 2000},
        "date": {"type": "string", "format": "date"},
        "yes_no": {"enum": ["yes", "no"]},
        "choose_one": {"enum": list(ONE)},
        "choose_many": {"type": "array", "items": {"enum": list(MANY)}},
        "number": {"type": "number", "minimum": 0, "maximum": 120},
    }

    def test(one: tuple[str, ...]) -> dict[str, Any]:
        kind, name, wanted = one
        said: dict[str, Any] = {"is": {"const": wanted}, "has": {"contains": {"const": wanted}}}.get(kind, {})
        if kind == "less":
            said = {"exclusiveMaximum": int(wanted)}
        return {"required": [name], "properties": {name: said}}

    def rule(one: Rule) -> dict[str, Any]:
        return {"allOf" if one.joint == "and" else "anyOf": [test(each) for each in one.tests]}

    conditional = [
        {"if": rule(one.show or one.require), "then": {"required": [one.name]}}  # type: ignore[arg-type]
        for one in questions()
        if (one.show is not None and one.required) or one.require is not None
    ]
    row = {"type": "object", "properties": {one.name: kinds[one.type] for one in ROW}}
    row["required"] = [one.name for one in ROW if one.required]
    return {
        "type": "object",
        "properties": {
            **{one.name: kinds[one.type] for one in questions()},
            "people": {"type": "array", "maxItems": ROWS, "items": row},
        },
        "required": [one.name for one in questions() if one.required and one.show is None],
        "allOf": conditional,
    }
