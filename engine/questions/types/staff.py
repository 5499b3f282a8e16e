"""`staff`: a person who works in the authority, or several."""

from __future__ import annotations

from engine.language.model import Question
from engine.questions.base import Json, Schema, ValueType
from engine.questions.linking import Linking


class Staff(Linking):
    name = "staff"
    summary = "Somebody who works in the authority, or several people."
    settings_schema: Schema = {
        "role": {"type": "string", "names": "role", "description": "Only people with this role are offered."},
        "many": {"type": "boolean", "description": "Whether several may be chosen."},
    }
    example: Json = "5f2d8a1c3b7e4d6f8091a2b3c4d5e6f7"

    def value_type(self, question: Question) -> ValueType:
        return "records" if question.settings.get("many") is True else "record"
