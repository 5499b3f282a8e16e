"""`number`: a number, kept as a decimal. `scale` builds on it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages, numbers
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
    one_text,
)

BOUNDS: Schema = {
    "min": {"type": "number", "description": "The smallest number that may be given."},
    "max": {"type": "number", "description": "The largest number that may be given."},
}


class Number(QuestionType):
    name = "number"
    summary = "A number. Up to 12 digits before the decimal point and 6 after it are kept exactly."
    settings_schema: Schema = {
        **BOUNDS,
        "whole": {"type": "boolean", "description": "Whether only whole numbers may be given."},
        "unit": {"type": "string", "description": "What is counted, shown after the box: hours, miles."},
        "prefix": {"type": "string", "description": "What stands before the box: £."},
    }
    example: Json = "12.5"

    def value_type(self, question: Question) -> ValueType:
        return "number"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        text = one_text(posted)
        for extra in (question.settings.get("prefix"), question.settings.get("unit")):
            text = text.removeprefix(str(extra or "")).removesuffix(str(extra or "")).strip()
        if not text:
            return None
        try:
            return numbers.typed(text)
        except numbers.TooLong:
            return Fault("range", messages.say("number_too_long", question)).at(question.id)
        except ValueError:
            key = "number_comma" if "," in text and any(map(str.isdigit, text)) else "not_number"
            return Fault("type", messages.say(key, question)).at(question.id)

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_number", question))
        too_long = Fault("range", messages.say("number_too_long", question))
        stored, TooLong = numbers.stored, numbers.TooLong

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            try:
                return stored(json)
            except TooLong:
                return too_long
            except ValueError:
                return wrong

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        least, most = bound(question, "min"), bound(question, "max")
        whole = question.settings.get("whole") is True
        if least is None and most is None and not whole:
            return None
        not_whole = Fault("type", messages.say("not_whole", question))
        too_small = Fault("range", messages.say("too_small", question, least=_said(least)))
        too_big = Fault("range", messages.say("too_big", question, most=_said(most)))

        def check(value: Decimal) -> Fault | None:
            if whole and value != value.to_integral_value():
                return not_whole
            if least is not None and value < least:
                return too_small
            if most is not None and value > most:
                return too_big
            return None

        return check

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        return numbers.plain

    def display(self, value: Any, question: Question, context: Context) -> str:
        if value is None:
            return ""
        text = f"{question.settings.get('prefix') or ''}{numbers.grouped(value)}"
        unit = question.settings.get("unit")
        return f"{text} {unit}" if unit else text


def bound(question: Question, setting: str) -> Decimal | None:
    """A number among a question's settings, exactly; None if it has none or it is no number."""
    value = question.settings.get(setting)
    try:
        return numbers.stored(value)
    except ValueError:
        return None


def _said(number: Decimal | None) -> str:
    return "" if number is None else numbers.grouped(number)
