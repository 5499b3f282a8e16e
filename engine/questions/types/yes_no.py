"""`yes_no`: yes or no."""

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

_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on", "ie", "ydy", "oes"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off", "na", "nac ydy", "nac oes"), False),
}


class YesNo(QuestionType):
    name = "yes_no"
    summary = "Yes or no. Not answering is neither."
    settings_schema: Schema = {
        "yes_label": {"type": "string", "description": "What stands beside the first choice instead of Yes."},
        "no_label": {"type": "string", "description": "What stands beside the second choice instead of No."},
    }
    example: Json = True

    def value_type(self, question: Question) -> ValueType:
        return "yes_no"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        text = one_text(posted)
        if not text:
            return None
        known = _WORDS | {
            str(label).lower(): value
            for setting, value in (("yes_label", True), ("no_label", False))
            if (label := question.settings.get(setting))
        }
        value = known.get(text.lower())
        if value is None:
            return Fault("type", messages.say("not_yes_no", question)).at(question.id)
        return value

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_yes_no", question))

        def read(json: Json) -> Any:
            if json is True or json is False or json is None:
                return json
            if json.__class__ is str:
                return None if json == "" else {"yes": True, "no": False}.get(json, wrong)
            return wrong

        return read

    def display(self, value: Any, question: Question, context: Context) -> str:
        if value is None:
            return ""
        setting, usual = ("yes_label", "Yes") if value else ("no_label", "No")
        return str(question.settings.get(setting) or messages.word(usual, question.language))

    def boxes(self, json: Json) -> dict[str, list[str]]:
        return {} if json is None else {"": ["yes" if json is True else "no" if json is False else str(json)]}

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("select_yes_no", question)
