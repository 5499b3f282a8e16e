"""`choose_one`: one option of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import (
    Context,
    Fault,
    Json,
    Posted,
    QuestionType,
    Reading,
    Schema,
    ValueType,
    one_text,
)
from engine.questions.choosing import choices


class ChooseOne(QuestionType):
    name = "choose_one"
    summary = "One option of a list."
    settings_schema: Schema = {
        "style": {
            "type": "string",
            "enum": ["radios", "menu"],
            "description": "How the choices are drawn. Radios unless there are more than ten.",
        },
    }
    takes_options = True
    parts = ("", "other")
    example: Json = "outside_family"

    def value_type(self, question: Question) -> ValueType:
        return "option"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        text = one_text(posted)
        if not text:
            return None
        offered = choices(question, context.lists)
        chosen = offered.found(text)
        return chosen if chosen in offered.order else offered.fault(chosen, question).at(question.id)

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        offered = choices(question, lists)
        allowed = offered.order

        def read(json: Json) -> Any:
            if json.__class__ is str:
                if json in allowed:
                    return json
                return offered.fault(json, question) if json else None
            return None if json is None else Fault("type", messages.say("not_option", question))

        return read

    def display(self, value: Any, question: Question, context: Context) -> str:
        return choices(question, context.lists).labels.get(value, value) if value else ""

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)
