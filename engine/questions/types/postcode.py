"""`postcode`: a UK postcode, typed with any spacing and in any case, kept as SW1A 1AA."""

from __future__ import annotations

import re
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

_OUTWARD = "(?:[A-Z]{1,2}[0-9][0-9A-Z]?|GIR)"
_FULL = re.compile(f"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}}|0AA)")
_PART = re.compile(_OUTWARD)


class Postcode(QuestionType):
    name = "postcode"
    summary = "A UK postcode, in any spacing and case."
    settings_schema: Schema = {
        "partial": {
            "type": "boolean",
            "description": "Whether the first half alone will do, where an exact address would say too much.",
        },
    }
    example: Json = "SW1A 1AA"

    def value_type(self, question: Question) -> ValueType:
        return "text"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        value = self.reading(question, context.lists)(one_text(posted))
        return value.at(question.id) if isinstance(value, Fault) else value

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        partial = question.settings.get("partial") is True
        wrong = Fault("pattern", messages.say("not_postcode_part" if partial else "not_postcode", question))
        not_text = Fault("type", messages.say("not_postcode", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, str):
                return not_text
            return _written(json, partial) or wrong

        return read

    def display(self, value: Any, question: Question, context: Context) -> str:
        return value or ""


def _written(text: str, partial: bool) -> str | None:
    letters = re.sub(r"[\s.,-]", "", text[:40]).upper()
    if found := _FULL.fullmatch(letters):
        return f"{found[1]} {found[2]}"
    return letters if partial and _PART.fullmatch(letters) else None
