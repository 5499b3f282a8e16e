"""`text`: a short answer on one line. `long_text` builds on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import re2

from engine.language.model import OptionList, Question
from engine.questions import messages, texts
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

LENGTHS: Schema = {
    "min_length": {"type": "integer", "minimum": 1, "description": "The fewest characters of an answer."},
    "max_length": {"type": "integer", "minimum": 1, "description": "The most characters of an answer."},
}


class Text(QuestionType):
    name = "text"
    summary = "A short answer on one line."
    settings_schema: Schema = {
        **LENGTHS,
        "pattern": {
            "type": "string",
            "format": "re2",
            "description": "A regular expression (RE2) that the whole answer must match.",
        },
        "pattern_message": {"type": "string", "description": "What is said when the pattern does not match."},
        "width": {
            "type": "integer",
            "enum": [2, 3, 4, 5, 10, 20, 30],
            "description": "How many characters wide the box is drawn; full width if not said.",
        },
    }
    example: Json = "Riverside Park"
    _clean: Callable[[str], str] = staticmethod(texts.one_line)

    def value_type(self, question: Question) -> ValueType:
        return "text"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        values = posted.get("", ())
        return (self._clean(values[0]) if values else "") or None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_text", question))
        clean = self._clean

        def read(json: Json) -> Any:
            if json.__class__ is str:
                # Most text is plain, and nothing needs to be made of it but to trim it.
                return (json.strip() if json.isascii() and json.isprintable() else clean(json)) or None
            return None if json is None else wrong

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        checks = [*self._length_checks(question), *self._pattern_check(question)]
        if not checks:
            return None
        if len(checks) == 1:
            return checks[0]
        return lambda value: next((fault for check in checks if (fault := check(value)) is not None), None)

    def display(self, value: Any, question: Question, context: Context) -> str:
        return value or ""

    @staticmethod
    def _length_checks(question: Question) -> list[Checking]:
        least, most = question.settings.get("min_length"), question.settings.get("max_length")
        checks: list[Checking] = []
        if isinstance(least, int):
            too_short = Fault("range", messages.say("too_short", question, least=least))
            checks.append(lambda value: too_short if len(value) < least else None)
        if isinstance(most, int):
            checks.append(
                lambda value: (
                    None
                    if len(value) <= most
                    else Fault("range", messages.say("too_long", question, most=most, count=len(value)))
                )
            )
        return checks

    @staticmethod
    def _pattern_check(question: Question) -> list[Checking]:
        pattern = question.settings.get("pattern")
        if not isinstance(pattern, str):
            return []
        said = question.settings.get("pattern_message")
        wrong = Fault("pattern", str(said) if said else messages.say("pattern", question))
        matches = re2.compile(pattern).fullmatch
        return [lambda value: None if matches(value) else wrong]
