"""`repeat`: rows that each ask the same questions. What is in a row is evaluated by `forms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import (
    Checking,
    Context,
    Fault,
    Json,
    Posted,
    QuestionType,
    Reading,
    Schema,
    ValueType,
)


class Repeat(QuestionType):
    name = "repeat"
    summary = "Rows that each ask the same questions: places, people, actions."
    settings_schema: Schema = {
        "row_label": {"type": "string", "description": "What one row is called: Place."},
        "min_rows": {"type": "integer", "minimum": 1, "description": "The fewest rows, if there is any."},
        "max_rows": {"type": "integer", "minimum": 1, "description": "The most rows."},
    }
    container = True
    example: Json = [{"_row": "8b1d5c0c9c6b4c57a4b1d3f0c7a1e2d3"}]

    def value_type(self, question: Question) -> ValueType:
        return "rows"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        return None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_rows", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, list) or not all(isinstance(row, dict) for row in json):
                return wrong
            return json or None

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        least, most = question.settings.get("min_rows"), question.settings.get("max_rows")
        if not isinstance(least, int) and not isinstance(most, int):
            return None

        def check(rows: list[Any]) -> Fault | None:
            if isinstance(least, int) and len(rows) < least:
                return Fault("range", messages.say("too_few_rows", question, least=least))
            if isinstance(most, int) and len(rows) > most:
                return Fault("range", messages.say("too_many_rows", question, most=most))
            return None

        return check

    def display(self, value: Any, question: Question, context: Context) -> str:
        count = len(value or ())
        said = messages.word("1 row" if count == 1 else "{count} rows", question.language)
        return said.format(count=count) if count else ""

    def required_message(self, question: Question) -> str:
        row = messages.lowered(str(question.settings.get("row_label") or "row"))
        return messages.say("add_row", question, row=row)
