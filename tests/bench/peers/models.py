"""The reference form as pydantic, jsonschema, jsonschema-rs and fastjsonschema have it, rules by hand if need be.

Each answers with the names of the questions it finds wrong, so that all can be held to each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Optional

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry

from tests.bench import reference
from tests.bench.peers import reach
from tests.bench.reference import LAST_DAY, MANY, ONE, ROW, ROWS, Asked, Rule, questions

Answers = Mapping[str, Any]
Failing = Callable[[Answers], set[str]]
DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def pydantic() -> tuple[Callable[[Answers], object], Failing]:
    """A model whose fields hold types and bounds, with one validator for all that is conditional."""
    reach()
    import pydantic as library

    bound = library.Field
    kinds: dict[str, Any] = {
        "text": Annotated[str, bound(max_length=200)],
        "long_text": Annotated[str, bound(max_length=2000)],
        "date": Annotated[datetime.date, bound(le=datetime.date.fromisoformat(LAST_DAY))],
        "yes_no": Literal["yes", "no"],
        "choose_one": Literal[ONE],
        "choose_many": list[Literal[MANY]],
        "number": Annotated[int, bound(ge=0, le=120)],
    }

    def field(one: Asked) -> tuple[Any, Any]:
        if one.required and one.show is None:
            return kinds[one.type], ...
        return Optional[kinds[one.type]], None  # noqa: UP045 - made while running

    row = library.create_model("Row", **{one.name: field(one) for one in ROW})
    conditional = [
        (one.name, by_hand(one.show), one.required, by_hand(one.require))
        for one in questions()
        if one.show is not None or one.require is not None
    ]
    first, second = [one.name for one in questions() if one.type == "number"][:2]
    many = next(one.name for one in questions() if one.type == "choose_many")

    def rules(self: Any) -> Any:
        values, missing = self.__dict__, []
        for name, show, required, require in conditional:
            if show is not None and not show(values):
                values[name] = None
            elif values[name] is None and (required or (require is not None and require(values))):
                missing.append(name)
        if missing:
            raise ValueError("required: " + " ".join(missing))
        values["sum0"] = (values[first] or 0) + (values[second] or 0)
        values["sum1"] = (values[first] or 0) * 4
        values["sum2"] = len(values[many] or ())
        values["sum3"] = sum(one.amount or 0 for one in values["people"])
        values["sum4"] = len(values["people"])
        return self

    made: Any = library.create_model(
        "Reference",
        __validators__={"rules": library.model_validator(mode="after")(rules)},
        people=(Annotated[list[row], bound(max_length=ROWS)], []),  # type: ignore[valid-type]
        **{one.name: field(one) for one in questions()},  # type: ignore[arg-type]
    )

    def run(answers: Answers) -> object:
        try:
            return made.model_validate(answers)
        except library.ValidationError as error:
            return error

    def failing(answers: Answers) -> set[str]:
        found: set[str] = set()
        told = run(answers)
        for error in told.errors() if isinstance(told, library.ValidationError) else ():
            missing = error["msg"].partition("required: ")[2]
            found |= set(missing.split()) if missing else {".".join(map(str, error["loc"][:3]))}
        return {_question(name) for name in found}

    return run, failing


def by_hand(rule: Rule | None) -> Callable[[Answers], bool] | None:
    """The rule as closures, which is the quickest that plain Python has."""
    if rule is None:
        return None
    tests = tuple(map(_test, rule.tests))
    if len(tests) == 1:
        return tests[0]
    return (
        (lambda values: all(test(values) for test in tests))
        if rule.joint == "and"
        else (lambda values: any(test(values) for test in tests))
    )


def _test(test: reference.Test) -> Callable[[Answers], bool]:
    kind, name, wanted = test
    if kind == "has":
        return lambda values: wanted in (values[name] or ())
    if kind == "less":
        return lambda values: (value := values[name]) is not None and value < int(wanted)
    return lambda values: bool(values[name] == wanted)


def _question(name: str) -> str:
    """`q7.2` is one of several options of `q7`; a row's question keeps its row."""
    return name if name.startswith("people") else name.partition(".")[0]


def jsonschema() -> tuple[Callable[[Answers], object], Failing]:
    """All errors, as its users ask for them."""
    validator = Draft202012Validator(schema(), registry=Registry(), format_checker=FormatChecker())

    def failing(answers: Answers) -> set[str]:
        return {_place(error.absolute_path, error.message, "'") for error in validator.iter_errors(answers)}

    return lambda answers: list(validator.iter_errors(answers)), failing


def jsonschema_rs() -> tuple[Callable[[Answers], object], Failing]:
    """The same schema in Rust."""
    reach()
    import jsonschema_rs as library

    validator = library.Draft202012Validator(schema(), validate_formats=True)

    def failing(answers: Answers) -> set[str]:
        return {_place(error.instance_path, error.message, '"') for error in validator.iter_errors(answers)}

    return lambda answers: list(validator.iter_errors(answers)), failing


def fastjsonschema() -> tuple[Callable[[Answers], object], Callable[[Answers], bool]]:
    """Generated code that stops at the first error; it can only say whether there is one."""
    reach()
    import fastjsonschema as library

    check = library.compile({**schema(), "$schema": DRAFT_7})

    def run(answers: Answers) -> bool:
        try:
            check(answers)
        except library.JsonSchemaException:
            return False
        return True

    return run, run


def _place(path: Any, message: str, quote: str) -> str:
    parts = [str(part) for part in path]
    if "is a required property" in message:
        parts.append(message.split(quote)[1])
    return _question(".".join(parts))


def schema() -> dict[str, Any]:
    """All that JSON Schema can say of the form: types, bounds, and what is asked or refused under a condition."""
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": 200},
        "long_text": {"type": "string", "maxLength": 2000},
        "date": {"type": "string", "format": "date"},
        "yes_no": {"enum": ["yes", "no"]},
        "choose_one": {"enum": list(ONE)},
        "choose_many": {"type": "array", "items": {"enum": list(MANY)}},
        "number": {"type": "number", "minimum": 0, "maximum": 120},
    }
    row = {"type": "object", "properties": {one.name: kinds[one.type] for one in ROW}}
    row["required"] = [one.name for one in ROW if one.required]
    conditional: list[dict[str, Any]] = []
    for one in questions():
        if one.show is not None and one.required:
            conditional.append({"if": _said(one.show), "then": {"required": [one.name]}})
        if one.require is not None:
            conditional.append({"if": _said(one.require), "then": {"required": [one.name]}})
    return {
        "type": "object",
        "properties": {
            **{one.name: kinds[one.type] for one in questions()},
            "people": {"type": "array", "maxItems": ROWS, "items": row},
        },
        "required": [one.name for one in questions() if one.required and one.show is None],
        "allOf": conditional,
    }


def _said(rule: Rule) -> dict[str, Any]:
    return {"allOf" if rule.joint == "and" else "anyOf": [_test_said(each) for each in rule.tests]}


def _test_said(test: reference.Test) -> dict[str, Any]:
    kind, name, wanted = test
    says: dict[str, Any] = {"is": {"const": wanted}, "has": {"contains": {"const": wanted}}}.get(kind, {})
    if kind == "less":
        says = {"exclusiveMaximum": int(wanted)}
    return {"required": [name], "properties": {name: says}}
