"""Answers that are ids of records or people: what record_link and staff share.

Whether a record or person exists, and may be seen, is for the room that knows the database; here an id only
has to look like one. Must not know where ids come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import Context, Fault, Json, Posted, QuestionType, Reading, Writing

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
UNNAMED = "Someone or something you may not see"


class Linking(QuestionType):
    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        ids = list(dict.fromkeys(text.strip() for text in posted.get("", ()) if text.strip()))
        value = self.reading(question, context.lists)(ids if _many(question) else ids[0] if ids else None)
        return value.at(question.id) if isinstance(value, Fault) else value

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_link", question))
        several = Fault("type", messages.say("one_link", question))
        many = _many(question)

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if isinstance(json, list):
                if not all(isinstance(one, str) and _ID.fullmatch(one) for one in json):
                    return wrong
                if many:
                    return frozenset(json) or None
                return several if json else None
            if not isinstance(json, str) or not _ID.fullmatch(json):
                return wrong
            return frozenset((json,)) if many else json

        return read

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        return sorted if _many(question) else None

    def unread(self, posted: Posted) -> Json:
        return [text.strip() for text in posted.get("", ()) if text.strip()]

    def display(self, value: Any, question: Question, context: Context) -> str:
        ids = value if isinstance(value, frozenset) else (value,) if value else ()
        return ", ".join(sorted(context.name_of(one) or UNNAMED for one in ids))

    def silent(self, question: Question) -> bool:
        return _many(question)

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)


def _many(question: Question) -> bool:
    return question.settings.get("many") is True
