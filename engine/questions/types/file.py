"""`file`: files that somebody adds. The answer is their ids; what they hold is kept and handed out elsewhere."""

from __future__ import annotations

import re
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
from engine.questions.sniffing import KINDS

USUAL, USUAL_LARGEST, USUAL_MOST = ("pdf", "document", "image", "text"), 10, 5
LARGEST, MOST = 20, 20
UNNAMED = "A file that you may not see"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


class File(QuestionType):
    name = "file"
    summary = "Files that somebody adds; what they are is told from what is in them. Not for record types' own fields."
    settings_schema: Schema = {
        "accept": {
            "type": "array",
            "items": {"type": "string", "enum": list(KINDS)},
            "description": f"The kinds of file that are taken; {', '.join(f'`{one}`' for one in USUAL)} if not said.",
        },
        "largest": {
            "type": "integer",
            "minimum": 1,
            "maximum": LARGEST,
            "description": f"The largest size of one file, in megabytes; {USUAL_LARGEST} if not said.",
        },
        "most": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST,
            "description": f"How many files there may be; {USUAL_MOST} if not said.",
        },
    }
    example: Json = ["0b7c3f1e-5d5a-4c0f-9a3f-6d0c2f1b7e11"]

    def value_type(self, question: Question) -> ValueType:
        return "files"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        value = self.reading(question, context.lists)([one for one in posted.get("", ()) if one.strip()])
        return value.at(question.id) if isinstance(value, Fault) else value

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("not_files", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, list) or not all(
                isinstance(one, str) and _ID.fullmatch(one) for one in json
            ):
                return wrong
            return tuple(dict.fromkeys(json)) or None

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        allowed = most(question)
        too_many = Fault("range", messages.say("too_many_files", question, most=allowed))
        return lambda value: too_many if len(value) > allowed else None

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        return list

    def unread(self, posted: Posted) -> Json:
        return [one.strip() for one in posted.get("", ()) if one.strip()]

    def display(self, value: Any, question: Question, context: Context) -> str:
        return "\n".join(
            context.name_of(one) or messages.word(UNNAMED, question.language) for one in value or ()
        )

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("add_file", question)


def accepted(question: Question) -> tuple[str, ...]:
    """The kinds of file that a question takes."""
    given = question.settings.get("accept")
    wanted = given if isinstance(given, list | tuple) and given else USUAL
    return tuple(kind for kind in KINDS if kind in wanted)


def largest(question: Question) -> int:
    """The largest size of one file, in bytes."""
    given = question.settings.get("largest")
    return (given if isinstance(given, int) else USUAL_LARGEST) * 1024 * 1024


def most(question: Question) -> int:
    """How many files the question takes."""
    given = question.settings.get("most")
    return given if isinstance(given, int) else USUAL_MOST
