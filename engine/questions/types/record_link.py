"""`record_link`: a record, or several, of the types named."""

from __future__ import annotations

from engine.language.model import Question
from engine.questions.base import Json, Schema, ValueType
from engine.questions.linking import Linking


class RecordLink(Linking):
    name = "record_link"
    summary = "A record – or several – of the types named, found by searching."
    settings_schema: Schema = {
        "to": {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "names": "record",
            "description": "The record type, or list of record types, that may be chosen.",
        },
        "many": {"type": "boolean", "description": "Whether several may be chosen."},
    }
    needs = ("to",)
    example: Json = "0b7c3f1e5d5a4c0f9a3f6d0c2f1b7e11"

    def value_type(self, question: Question) -> ValueType:
        return "records" if question.settings.get("many") is True else "record"
