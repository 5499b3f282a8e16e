"""`long_text`: an answer of any length, in paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language.model import OptionList, Question
from engine.questions import messages, texts
from engine.questions.base import Checking, Fault, Json, Schema
from engine.questions.types.text import LENGTHS, Text


class LongText(Text):
    name = "long_text"
    summary = "An answer of any length, in paragraphs."
    settings_schema: Schema = {
        **LENGTHS,
        "max_words": {"type": "integer", "minimum": 1, "description": "The most words an answer may have."},
        "lines": {
            "type": "integer",
            "minimum": 2,
            "maximum": 40,
            "description": "How many lines tall the box is drawn.",
        },
    }
    example: Json = "Seen at the park with older young people on three evenings."
    _clean: Callable[[str], str] = staticmethod(texts.cleaned)

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        lengths = super().checking(question, lists)
        most = question.settings.get("max_words")
        if not isinstance(most, int):
            return lengths

        def check(value: str) -> Fault | None:
            words = len(value.split())
            if words > most:
                return Fault("range", messages.say("too_many_words", question, most=most, count=words))
            return lengths(value) if lengths is not None else None

        return check
