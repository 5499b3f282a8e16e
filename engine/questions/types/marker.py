"""`marker`: options of a dated list, each with the day from which it holds, and, where asked, to when and why it ended.

What is chosen stays in the form until a workflow's `mark` puts it on the record. Must not know markers of records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import dates, messages
from engine.questions.base import (
    Checking,
    Context,
    Fault,
    Json,
    Posted,
    Problem,
    QuestionType,
    Reading,
    Schema,
    ValueType,
    Writing,
)
from engine.questions.choosing import Choices, choices
from engine.questions.composing import boxes_of
from engine.questions.types.date import Date
from engine.questions.types.text import Text

ASKED = ("from", "to", "why")
LABELS = {"from": "From when?", "to": "Until when, if it has ended", "why": "Why it ended"}
_KINDS: Mapping[str, QuestionType] = {"from": Date(), "to": Date(), "why": Text()}


class Marked(frozenset[str]):
    """The options chosen, which is what conditions see, with what is known of each in `told`."""

    told: Mapping[str, Mapping[str, Any]]

    def __new__(cls, told: Mapping[str, Mapping[str, Any]]) -> Marked:
        made = super().__new__(cls, told)
        made.told = told
        return made


class Marker(QuestionType):
    name = "marker"
    summary = (
        "Options of a dated list, each with the day from which it holds. `mark: {from: FORM.QUESTION}` puts them on "
        "the record, and ends those that have ended."
    )
    settings_schema: Schema = {
        "asks": {
            "type": "array",
            "items": {"type": "string", "enum": list(ASKED)},
            "description": "What is asked of each option that is chosen; `from` if not said.",
        },
    }
    takes_options = True
    example: Json = {"missing": {"from": "2026-01-05"}}

    def value_type(self, question: Question) -> ValueType:
        return "options"

    def asked(self, question: Question) -> tuple[str, ...]:
        """What is asked of each option that is chosen."""
        given = question.settings.get("asks")
        return tuple(one for one in ASKED if one in given) if isinstance(given, list | tuple) else ASKED[:1]

    def details(self, question: Question, option: str) -> tuple[Question, ...]:
        """The same as questions in their own right, told apart by the option's label."""
        return tuple(
            Question(
                one,
                _KINDS[one].name,
                label=f"{option}: {messages.word(LABELS[one], question.language)}",
                language=question.language,
                place=question.place,
            )
            for one in self.asked(question)
        )

    def posts(self, question: Question, lists: Mapping[str, OptionList]) -> tuple[str, ...]:
        boxes = [f"{one}.{box}" if box else one for one in self.asked(question) for box in _KINDS[one].parts]
        return ("", *(f"{option}.{box}" for option in _offered(question, lists).order for box in boxes))

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        offered = _offered(question, context.lists)
        chosen = {offered.found(text.strip()) for text in posted.get("", ()) if text.strip()}
        told: dict[str, dict[str, Any]] = {}
        for option in sorted(chosen, key=lambda one: offered.order.get(one, -1)):
            if option not in offered.order:
                return offered.fault(option, question).at(question.id)
            told[option] = {}
            for one in self.details(question, offered.labels[option]):
                found = _KINDS[one.id].parse(boxes_of(posted, f"{option}.{one.id}"), one, context)
                if isinstance(found, Problem):
                    return Problem(question.id, found.code, found.message)
                if found is not None:
                    told[option][one.id] = found
        return Marked(told) if told else None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        offered = _offered(question, lists)
        wrong = Fault("type", messages.say("not_parts", question))
        readers = {
            option: {
                one.id: _KINDS[one.id].reading(one, lists)
                for one in self.details(question, offered.labels[option])
            }
            for option in offered.order
        }

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, Mapping):
                return wrong
            told: dict[str, dict[str, Any]] = {}
            for option, given in json.items():
                if option not in readers:
                    return offered.fault(option, question)
                if not isinstance(given, Mapping) or not all(key in readers[option] for key in given):
                    return wrong
                told[option] = {}
                for key, reader in readers[option].items():
                    found = reader(given.get(key))
                    if isinstance(found, Fault):
                        return found
                    if found is not None:
                        told[option][key] = found
            return Marked(told) if told else None

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        if not {"from", "to"} <= set(self.asked(question)):
            return None
        labels = _offered(question, lists).labels

        def check(value: frozenset[str]) -> Fault | None:
            for option, told in _told(value).items():
                since, until = told.get("from"), told.get("to")
                if since is not None and until is not None and until < since:
                    words = {"option": labels[option], "least": _long(since, question)}
                    return Fault("range", messages.say("ends_first", question, **words))
            return None

        return check

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        order = _offered(question, lists).order

        def write(value: frozenset[str]) -> Json:
            told = _told(value)
            return {
                option: {
                    key: one if isinstance(one, str) else one.isoformat() for key, one in told[option].items()
                }
                for option in sorted(told, key=order.__getitem__)
            }

        return write

    def boxes(self, json: Json) -> dict[str, list[str]]:
        if not isinstance(json, Mapping):
            return super().boxes(json)
        found = {"": [str(option) for option in json]}
        for option, given in json.items():
            for key, one in given.items() if isinstance(given, Mapping) else ():
                if key in _KINDS:
                    for box, texts in _KINDS[key].boxes(one).items():
                        found[f"{option}.{key}.{box}" if box else f"{option}.{key}"] = texts
        return found

    def unread(self, posted: Posted) -> Json:
        def typed(option: str) -> dict[str, Any]:
            return {
                key: text
                for key, kind in _KINDS.items()
                if (text := kind.unread(boxes_of(posted, f"{option}.{key}")))
            }

        return {text.strip(): typed(text.strip()) for text in posted.get("", ()) if text.strip()}

    def display(self, value: Any, question: Question, context: Context) -> str:
        lines = []
        for option, label in _offered(question, context.lists).labels.items() if value else ():
            if option in value:
                told = _told(value)[option]
                days = [
                    " " + messages.word(words, question.language).format(day=_long(told[one], question))
                    for one, words in (("from", "since {day}"), ("to", "until {day}"))
                    if one in told
                ]
                lines.append(f"{label}{''.join(days)}{': ' if 'why' in told else ''}{told.get('why', '')}")
        return "\n".join(lines)

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)


def _told(value: frozenset[str]) -> Mapping[str, Mapping[str, Any]]:
    """What is known of each option; nothing where somebody has only the options, as conditions see them."""
    return value.told if isinstance(value, Marked) else {option: {} for option in value}


def _long(day: date, question: Question) -> str:
    return dates.long(day, question.language)


def _offered(question: Question, lists: Mapping[str, OptionList]) -> Choices:
    """The list's own options: what nobody foresaw is no marker that a record could carry."""
    return choices(question, lists, other=False)
