"""`time`: a time of day, kept as 14:05."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import Context, Fault, Json, Posted, QuestionType, Reading, ValueType, one_text

_STORED = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_TYPED = re.compile(r"([0-9]{1,2})(?:\s*[:.h]?\s*([0-9]{2}))?\s*([ap])?\.?\s*(m)?\.?", re.I)
_NAMED = {"midnight": "00:00", "midday": "12:00", "noon": "12:00"}


class Time(QuestionType):
    name = "time"
    summary = "A time of day. 9:30am, 9.30, 0930 and 21:15 are all understood."
    example: Json = "14:05"

    def value_type(self, question: Question) -> ValueType:
        return "time"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        text = one_text(posted).lower()
        if not text:
            return None
        return _read(text) or Fault("type", messages.say("not_time", question)).at(question.id)

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_time", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            return json if isinstance(json, str) and len(json) == 5 and _STORED.fullmatch(json) else wrong

        return read

    def display(self, value: Any, question: Question, context: Context) -> str:
        return value or ""


def _read(text: str) -> str | None:
    if text in _NAMED:
        return _NAMED[text]
    found = _TYPED.fullmatch(text) if len(text) < 20 else None
    if found is None:
        return None
    hour, minute, half, m = int(found[1]), int(found[2] or 0), found[3], found[4]
    if (half is None) != (m is None) or (half is None and found[2] is None):
        return None
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
