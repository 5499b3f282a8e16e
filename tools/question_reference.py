"""docs/questions.md: the question types and their settings, from the registry itself. Knows no other reference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.questions import BUILT_IN, QuestionType

_HEAD = """# Question types

Written by `python -m tools.references` from the registry in `engine/questions`; change it there.

Every question has an `id` and a `type`, and nearly every one a `label`. What all types share – who has to
answer, when it is shown, what is worked out, who may see it – means the same for each and has
[a table of its own](reference-forms.md#question-whatever-its-type). Below is what
a type adds: its own settings, what conditions see of it, and how its answer is stored.

Text is trimmed and composed before it is kept. Numbers have at most 12 digits before the decimal point and 6
after it. Days are stored as 2026-01-05. Choices are stored as the ids of options, in the list's order; the
words beside ‘other’ stand next to the answer as `QUESTION.other`.
"""
_SEEN = {
    "text": "text",
    "number": "a number",
    "date": "a day",
    "time": "a time of day",
    "yes_no": "yes or no",
    "option": "one option of its list",
    "options": "options of its list",
    "record": "somebody or something, answered or not",
    "rows": "rows",
    "grid": "rows, and its cells as `GRID.ROW.COLUMN`",
    "parts": "whether it is answered, and not its parts",
    "files": "whether there is any",
    "none": "nothing",
}


def questions() -> str:
    """The reference of all question types, in the registry's order."""
    return "\n".join([_HEAD, *(_entry(name, type_) for name, type_ in BUILT_IN.items())])


def _entry(name: str, type_: QuestionType) -> str:
    from engine.language.model import Question

    seen = _SEEN[type_.value_type(Question("example", type=name))]
    lines = [f"## {name}", "", type_.summary, "", f"Conditions see {seen}."]
    if type_.answered:
        lines[-1] += f" Stored as, for example, `{json.dumps(type_.example, ensure_ascii=False)}`."
    needs = [*(["options"] if type_.takes_options else []), *type_.needs]
    if type_.container and "columns" not in needs:
        needs.append("questions")
    if needs:
        listed = ", ".join(f"`{one}`" for one in needs)
        lines += ["", f"Must be given: {listed}."]
    if type_.settings_schema:
        lines += ["", "| setting | value | |", "|---|---|---|"]
        lines += [
            f"| `{setting}` | {_value(schema)} | {schema['description']} |"
            for setting, schema in type_.settings_schema.items()
        ]
    return "\n".join([*lines, ""])


def _value(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    kind = schema["type"]
    if isinstance(kind, list):
        return "an id, or a list of ids"
    if kind == "array":
        return f"a list of {_value(schema['items'])}"
    said = {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "yes or no"}[kind]
    if schema.get("names"):
        return "an id"
    return {"date": "a day", "re2": "a regular expression"}.get(schema.get("format", ""), said)
