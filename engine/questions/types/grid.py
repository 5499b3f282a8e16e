"""`grid`: rows that are given, by columns that ask. What is in a cell is evaluated by `forms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import Context, Fault, Json, Posted, QuestionType, Reading, Schema, ValueType


class Grid(QuestionType):
    name = "grid"
    summary = "A table: its rows are given, or are a list's options; its columns ask."
    settings_schema: Schema = {
        "rows_may": {
            "type": "string",
            "enum": ["add"],
            "description": "`add` lets people add rows of their own, which they name; stored with `_label` and `_at`.",
        },
    }
    needs = ("rows", "columns")
    container = True
    example: Json = {"peers": {"worried": "Older young people wait for her outside school."}}

    def value_type(self, question: Question) -> ValueType:
        return "grid"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        return None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_grid", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, dict) or not all(isinstance(row, dict) for row in json.values()):
                return wrong
            return json or None

        return read

    def display(self, value: Any, question: Question, context: Context) -> str:
        cells = [cell for row in (value or {}).values() for cell in row.values()]
        count = sum(cell not in (None, "", []) for cell in cells)
        return "" if not count else "1 box filled in" if count == 1 else f"{count} boxes filled in"

    def required_message(self, question: Question) -> str:
        return messages.say("fill_cell", question)
