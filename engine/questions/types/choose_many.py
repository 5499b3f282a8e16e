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
    Writing,
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
        return frozenset(chosen) or None

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
            return frozenset(json) or None

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        least, most = question.settings.get("at_least"), question.settings.get("at_most")
        if not isinstance(least, int) and not isinstance(most, int):
            return None

        def check(value: frozenset[str]) -> Fault | None:
            if isinstance(least, int) and len(value) < least:
                return Fault("range", messages.say("too_few_chosen", question, least=least))
            if isinstance(most, int) and len(value) > most:
                return Fault("range", messages.say("too_many_chosen", question, most=most))
            return None

        return check

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        order = choices(question, lists).order
        return lambda value: [one for one in order if one in value] if len(value) > 1 else [*value]

    def display(self, value: Any, question: Question, context: Context) -> str:
        labels = choices(question, context.lists).labels
        chosen = value or ()
        known = [label for option_id, label in labels.items() if option_id in chosen]
        return ", ".join([*known, *sorted(one for one in chosen if one not in labels)])

    def unread(self, posted: Posted) -> Json:
        return [text.strip() for text in posted.get("", ()) if text.strip()]

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)
