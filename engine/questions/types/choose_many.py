"""`choose_many`: any number of options of a list."""

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
from engine.questions.choosing import choices


class ChooseMany(QuestionType):
    name = "choose_many"
    summary = "Any number of options of a list. None ranks above another."
    settings_schema: Schema = {
        "at_least": {"type": "integer", "minimum": 1, "description": "The fewest options, if any is chosen."},
        "at_most": {"type": "integer", "minimum": 1, "description": "The most options that may be chosen."},
    }
    takes_options = True
    parts = ("", "other")
    example: Json = ["cse", "cce"]

    def value_type(self, question: Question) -> ValueType:
        return "options"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        offered = choices(question, context.lists)
        chosen = {offered.found(text.strip()) for text in posted.get("", ()) if text.strip()}
        for one in sorted(chosen):
            if one not in offered.order:
                return offered.fault(one, question).at(question.id)
        return tuple(sorted(chosen, key=offered.order.__getitem__)) or None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        offered = choices(question, lists)
        order = offered.order

        def read(json: Json) -> Any:
            if json.__class__ is not list:
                if json is None or json == "":
                    return None
                return Fault("type", messages.say("not_option", question))
            for one in json:
                if one.__class__ is not str:
                    return Fault("type", messages.say("not_option", question))
                if one not in order:
                    return offered.fault(one, question)
            if len(json) < 2:
                return tuple(json) or None
            return tuple(sorted(set(json), key=order.__getitem__))

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        least, most = question.settings.get("at_least"), question.settings.get("at_most")
        if not isinstance(least, int) and not isinstance(most, int):
            return None

        def check(value: tuple[str, ...]) -> Fault | None:
            if isinstance(least, int) and len(value) < least:
                return Fault("range", messages.say("too_few_chosen", question, least=least))
            if isinstance(most, int) and len(value) > most:
                return Fault("range", messages.say("too_many_chosen", question, most=most))
            return None

        return check

    def dump(self, value: Any) -> Json:
        return list(value)

    def display(self, value: Any, question: Question, context: Context) -> str:
        labels = choices(question, context.lists).labels
        return ", ".join(labels.get(one, one) for one in value or ())

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)
