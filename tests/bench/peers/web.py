"""The reference form as SurveyJS, Form.io and Defra's forms engine have it, definition and submissions.

Must not know how Trefoil works, nor how the peers are run.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.bench.reference import LAST_DAY, MANY, ONE, ROW, ROWS, Asked, Rule, Test, questions

Json = dict[str, Any]
BY_NAME = {one.name: one for one in questions()}
OPTIONS = {"yes_no": ("yes", "no"), "choose_one": ONE, "choose_many": MANY}
LENGTHS = {"text": 200, "long_text": 2000}
NUMBERS = [one.name for one in questions() if one.type == "number"]
CHOSEN = next(one.name for one in questions() if one.type == "choose_many")


# --- SurveyJS: expressions in its own language.


def surveyjs() -> Json:
    """One page; hidden answers are cleared, as ours leave the submission."""
    elements = [_survey(one) for one in questions()]
    elements.append(
        {
            "type": "paneldynamic",
            "name": "people",
            "title": "People",
            "maxPanelCount": ROWS,
            "templateElements": [_survey(one) for one in ROW],
        }
    )
    sums = (
        f"{{{NUMBERS[0]}}} + {{{NUMBERS[1]}}}", f"{{{NUMBERS[0]}}} * 4", f"{{{CHOSEN}.length}}",
        "sumInArray({people}, 'amount')", "{people.length}",
    )  # fmt: skip
    elements += [
        {"type": "expression", "name": f"sum{index}", "title": "Sum", "expression": text}
        for index, text in enumerate(sums)
    ]
    return {
        "title": "Ref",
        "clearInvisibleValues": "onHidden",
        "pages": [{"name": "first", "elements": elements}],
    }


def _survey(one: Asked) -> Json:
    kinds = {
        "yes_no": "radiogroup",
        "choose_one": "radiogroup",
        "choose_many": "checkbox",
        "long_text": "comment",
    }
    made: Json = {
        "type": kinds.get(one.type, "text"),
        "name": one.name,
        "title": f"What was recorded for {one.name}",
    }
    if one.type in OPTIONS:
        made["choices"] = [{"value": value, "text": f"Option {value}"} for value in OPTIONS[one.type]]
    if one.type in LENGTHS:
        made["validators"] = [{"type": "text", "maxLength": LENGTHS[one.type], "allowDigits": True}]
    if one.type == "date":
        made |= {"inputType": "date", "max": LAST_DAY}
    if one.type == "number":
        made |= {"inputType": "number", "validators": [{"type": "numeric", "minValue": 0, "maxValue": 120}]}
    if one.required:
        made["isRequired"] = True
    if one.show is not None:
        made["visibleIf"] = _survey_rule(one.show)
    if one.require is not None:
        made["requiredIf"] = _survey_rule(one.require)
    return made


def _survey_rule(rule: Rule) -> str:
    words = {"is": "{%s} = '%s'", "less": "{%s} < %s", "has": "{%s} contains '%s'"}
    return f" {rule.joint} ".join(words[kind] % (name, value) for kind, name, value in rule.tests)


# --- Form.io: JSONLogic, and its builder's simple conditions where they suffice.


def formio() -> Json:
    components = [_formio(one) for one in questions()]
    components.append(
        {
            "type": "datagrid",
            "key": "people",
            "label": "People",
            "input": True,
            "multiple": False,
            "validate": {"maxLength": ROWS},
            "components": [_formio(one) for one in ROW],
        }
    )
    first, second = ({"var": [f"data.{name}", 0]} for name in NUMBERS[:2])
    amounts = {"+": [{"var": ["current.amount", 0]}, {"var": "accumulator"}]}
    sums: list[Any] = [
        {"+": [first, second]},
        {"*": [first, 4]},
        f"value = Object.values(data.{CHOSEN} || {{}}).filter(Boolean).length",
        {"reduce": [{"var": ["data.people", []]}, amounts, 0]},
        "value = (data.people || []).length",
    ]
    components += [
        {
            "type": "number", "key": f"sum{index}", "label": "Sum", "input": True, "disabled": True,
            "calculateValue": value, "validate": {},
        }
        for index, value in enumerate(sums)
    ]  # fmt: skip
    return {"display": "form", "components": components}


def _formio(one: Asked) -> Json:
    kinds = {
        "text": "textfield", "long_text": "textarea", "date": "datetime", "yes_no": "radio", "choose_one": "radio",
        "choose_many": "selectboxes", "number": "number",
    }  # fmt: skip
    validate: Json = {}
    made: Json = {
        "type": kinds[one.type],
        "key": one.name,
        "label": f"What was recorded for {one.name}",
        "input": True,
        "validate": validate,
    }
    if one.type in OPTIONS:
        made["values"] = [{"value": value, "label": f"Option {value}"} for value in OPTIONS[one.type]]
        validate["onlyAvailableItems"] = True
    if one.type in LENGTHS:
        validate["maxLength"] = LENGTHS[one.type]
    if one.type == "number":
        validate |= {"min": 0, "max": 120}
    if one.type == "date":
        picker = {"maxDate": LAST_DAY}
        made |= {"format": "yyyy-MM-dd", "enableTime": False, "datePicker": picker}
        made["widget"] = {"type": "calendar", **picker}
    if one.required:
        validate["required"] = True
    if one.show is not None:
        made["conditional"] = _formio_shown(one.show)
    if one.require is not None:
        required = {"label": "Required", "value": "validate.required", "type": "boolean"}
        made["logic"] = [
            {
                "name": "asked",
                "trigger": {"type": "json", "json": _json_logic(one.require)},
                "actions": [{"name": "ask", "type": "property", "property": required, "state": True}],
            }
        ]
    return made


def _formio_shown(rule: Rule) -> Json:
    if any(kind != "is" for kind, _, _ in rule.tests):
        return {"json": _json_logic(rule)}
    return {
        "show": True,
        "conjunction": "all" if rule.joint == "and" else "any",
        "conditions": [
            {"component": name, "operator": "isEqual", "value": value} for _, name, value in rule.tests
        ],
    }


def _json_logic(rule: Rule) -> Json:
    return {rule.joint: [_json_test(test) for test in rule.tests]}


def _json_test(test: Test) -> Json:
    kind, name, value = test
    if kind == "is":
        return {"===": [{"var": f"data.{name}"}, value]}
    if kind == "has":
        return {"===": [{"var": f"data.{name}.{value}"}, True]}
    there = {"!==": [{"var": [f"data.{name}", None]}, None]}
    return {"and": [there, {"<": [{"var": f"data.{name}"}, int(value)]}]}


def formio_answers(answers: Mapping[str, Any]) -> Json:
    """Several choices are an object of yes and no."""
    return {
        name: {option: option in value for option in MANY}
        if name in BY_NAME and BY_NAME[name].type == "choose_many"
        else value
        for name, value in answers.items()
    }


# --- Defra's engine: a condition stands on a page, so each conditional question is a page of its own.

LETTERS = str.maketrans("0123456789", "abcdefghij")


def defra() -> Json:
    """Names are letters only; what is required under a condition is a page shown under it."""
    pages: list[Json] = []
    conditions: list[Json] = []
    open_page: Json | None = None
    for one in questions():
        rule = one.show or one.require
        required = one.required or one.require is not None
        if rule is None:
            if open_page is None:
                open_page = {"title": one.name, "path": f"/{one.name}", "next": [], "components": []}
                pages.append(open_page)
            open_page["components"].append(_defra(one, required))
            continue
        open_page = None
        name = f"when{one.name}"
        conditions.append(
            {"name": name, "displayName": name, "value": {"name": name, "conditions": _defra_rule(rule)}}
        )
        pages.append(
            {
                "title": one.name, "path": f"/{one.name}", "next": [], "condition": name,
                "components": [_defra(one, required)],
            }
        )  # fmt: skip
    people: Json = {
        "title": "People",
        "path": "/people",
        "controller": "RepeatPageController",
        "next": [],
        "repeat": {"options": {"name": "people", "title": "Person"}, "schema": {"min": 1, "max": ROWS}},
        "components": [_defra(one, one.required) for one in ROW],
    }
    summary = {
        "title": "Summary",
        "path": "/summary",
        "controller": "SummaryPageController",
        "next": [],
        "components": [],
    }
    lists = [
        {
            "name": name, "title": name, "type": "string",
            "items": [{"text": f"Option {value}", "value": value} for value in values],
        }
        for name, values in OPTIONS.items()
    ]  # fmt: skip
    return {
        "name": "Reference", "engine": "V2", "startPage": pages[0]["path"], "pages": [*pages, people, summary],
        "sections": [], "conditions": conditions, "lists": lists,
    }  # fmt: skip


def _defra(one: Asked, required: bool) -> Json:
    kinds = {
        "text": "TextField", "long_text": "MultilineTextField", "date": "DatePartsField", "yes_no": "RadiosField",
        "choose_one": "RadiosField", "choose_many": "CheckboxesField", "number": "NumberField",
    }  # fmt: skip
    made: Json = {
        "type": kinds[one.type],
        "name": one.name.translate(LETTERS),
        "title": f"What was recorded for {one.name}",
        "options": {"required": required},
        "schema": {},
    }
    if one.type in LENGTHS:
        made["schema"]["max"] = LENGTHS[one.type]
    if one.type == "number":
        made["schema"] = {"min": 0, "max": 120}
    if one.type in OPTIONS:
        made["list"] = one.type
    return made


def _defra_rule(rule: Rule) -> list[Json]:
    operators = {"is": "is", "less": "is less than", "has": "contains"}
    found: list[Json] = []
    for kind, name, value in rule.tests:
        one = BY_NAME[name]
        field = {"name": name.translate(LETTERS), "type": _defra(one, False)["type"], "display": name}
        test: Json = {
            "field": field,
            "operator": operators[kind],
            "value": {"type": "Value", "value": value, "display": value},
        }
        if found:
            test["coordinator"] = rule.joint
        found.append(test)
    return found


def defra_answers(answers: Mapping[str, Any]) -> Json:
    """Dates in three numbers; what is not answered is null."""
    made = _parts(questions(), answers)
    made["people"] = [
        {**_parts(ROW, row), "itemId": str(uuid.UUID(int=index))}
        for index, row in enumerate(answers.get("people", ()))
    ]
    return made


def _parts(asked: tuple[Asked, ...], answers: Mapping[str, Any]) -> Json:
    made: Json = {}
    for one in asked:
        name, value = one.name.translate(LETTERS), answers.get(one.name)
        if one.type == "date":
            texts = [None] * 3 if value is None else [int(part) for part in value.split("-")]
            for part, text in zip(("year", "month", "day"), texts, strict=True):
                made[f"{name}__{part}"] = text
        else:
            made[name] = value
    return made
