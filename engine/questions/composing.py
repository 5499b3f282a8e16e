"""Answers made of several smaller ones: what person and action share, each part asked by a type of its own.

A part is a question inside the question: it posts under `QUESTION.PART` and is stored under its id in one map.
Conditions see whether the whole is answered. Must not know how the parts are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
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


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its id, the type that asks it, what it is called unless the definition says otherwise.

    `options` names the list that it chooses from; without that list in the stack it is a text, `plain`.
    """

    id: str
    type: QuestionType
    label: str
    hint: str | None = None
    options: str | None = None
    plain: QuestionType | None = None


def settings_of(parts: Sequence[Part], usual: Sequence[str]) -> Schema:
    """The settings that all of these types have: which parts are asked, and what each is called."""
    listed = ", ".join(f"`{one}`" for one in usual)
    asks: dict[str, object] = {
        "type": "array",
        "items": {"type": "string", "enum": [part.id for part in parts]},
        "description": f"The parts that are asked, in this order; {listed} if not said.",
    }
    labels: dict[str, Mapping[str, object]] = {
        f"{part.id}_label": {
            "type": "string",
            "description": f"What the part `{part.id}` is called; ‘{part.label}’ if not said.",
        }
        for part in parts
    }
    return {"asks": asks, **labels}


def every_box(parts: Sequence[Part]) -> tuple[str, ...]:
    """The names of all boxes of these parts, behind the question's own."""
    return tuple(
        f"{part.id}.{box}" if box else part.id for part in parts for box in part.type.parts if box != "other"
    )


def boxes_of(posted: Posted, part: str) -> dict[str, Sequence[str]]:
    """What was posted for one part, by the names that its own type gives its boxes."""
    start = f"{part}."
    inside = {name.removeprefix(start): texts for name, texts in posted.items() if name.startswith(start)}
    return {**inside, **({"": posted[part]} if part in posted else {})}


class Composite(QuestionType):
    """A type whose answer is a map of its parts' answers.

    `usual` are the parts asked if a definition does not say; `lead` is told first, without its label; without `main`
    the rest says nothing.
    """

    all_parts: tuple[Part, ...] = ()
    usual: tuple[str, ...] = ()
    lead: str = ""
    main: str = ""

    def value_type(self, question: Question) -> ValueType:
        return "parts"

    def inner(self, question: Question, lists: Mapping[str, OptionList]) -> tuple[Question, ...]:
        asked = question.settings.get("asks")
        wanted = [str(one) for one in asked] if isinstance(asked, list | tuple) and asked else self.usual
        known = {part.id: part for part in self.all_parts}
        return tuple(_asked(known[one], question, lists) for one in dict.fromkeys(wanted) if one in known)

    def posts(self, question: Question, lists: Mapping[str, OptionList]) -> tuple[str, ...]:
        asked = {one.id for one in self.inner(question, lists)}
        return tuple(box for box in self.parts if box.partition(".")[0] in asked)

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        value: dict[str, Any] = {}
        for one, kind in self._typed(question, context.lists):
            found = kind.parse(boxes_of(posted, one.id), one, context)
            if isinstance(found, Problem):
                return Problem(question.id, found.code, _said(question, found.message))
            if found is not None:
                value[one.id] = found
        return value or None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        readers = {one.id: kind.reading(one, lists) for one, kind in self._typed(question, lists)}
        wrong = Fault("type", messages.say("not_parts", question))

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            if not isinstance(json, Mapping) or not all(key in readers for key in json):
                return wrong
            value: dict[str, Any] = {}
            for key, reader in readers.items():
                found = reader(json.get(key))
                if isinstance(found, Fault):
                    return Fault(found.code, _said(question, found.message))
                if found is not None:
                    value[key] = found
            return value or None

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        checks = [
            (one.id, found)
            for one, kind in self._typed(question, lists)
            if (found := kind.checking(one, lists)) is not None
        ]
        main = next((one for one in self.inner(question, lists) if one.id == self.main), None)
        missing = None
        if main is not None:
            missing = Fault("required", _said(question, messages.say("enter", main)))

        def check(value: Mapping[str, Any]) -> Fault | None:
            if missing is not None and self.main not in value:
                return missing
            for key, one in checks:
                fault = one(value[key]) if key in value else None
                if fault is not None:
                    return Fault(fault.code, _said(question, fault.message))
            return None

        return check

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        writers = {one.id: kind.writing(one, lists) for one, kind in self._typed(question, lists)}

        def write(value: Mapping[str, Any]) -> Json:
            return {
                key: one if (writer := writers.get(key)) is None else writer(one)
                for key, one in value.items()
            }

        return write

    def boxes(self, json: Json) -> dict[str, list[str]]:
        if not isinstance(json, Mapping):
            return {}
        kinds = {part.id: part.type for part in self.all_parts}
        return {
            f"{key}.{box}" if box else key: texts
            for key, one in json.items()
            if key in kinds
            for box, texts in kinds[key].boxes(one).items()
        }

    def unread(self, posted: Posted) -> Json:
        kept = {part.id: part.type.unread(boxes_of(posted, part.id)) for part in self.all_parts}
        return {key: one for key, one in kept.items() if one not in (None, "", [])}

    def display(self, value: Any, question: Question, context: Context) -> str:
        lines: list[str] = []
        for one, kind in self._typed(question, context.lists):
            text = kind.display(value[one.id], one, context) if value and one.id in value else ""
            if text and one.id == self.lead:
                lines.insert(0, text)
            elif text:
                lines.append(f"{one.label.rstrip('?')}: {text}")
        return "\n".join(lines)

    def _typed(
        self, question: Question, lists: Mapping[str, OptionList]
    ) -> list[tuple[Question, QuestionType]]:
        kinds = {
            one.name: one for part in self.all_parts for one in (part.type, part.plain) if one is not None
        }
        return [(one, kinds[one.type]) for one in self.inner(question, lists)]


def _asked(part: Part, question: Question, lists: Mapping[str, OptionList]) -> Question:
    label = question.settings.get(f"{part.id}_label")
    listed = part.options is not None and part.options in lists
    kind = part.type if part.options is None or listed or part.plain is None else part.plain
    return Question(
        part.id,
        kind.name,
        label=str(label) if label else messages.word(part.label, question.language),
        hint=messages.word(part.hint, question.language) if part.hint else None,
        language=question.language,
        options=part.options if listed else None,
        place=question.place,
    )


def _said(question: Question, message: str) -> str:
    """A part's message with the question that it belongs to in front, since parts are called alike everywhere."""
    label = question.label.strip() or question.id.replace("_", " ")
    return f"{label.rstrip('?:')}: {messages.lowered(message)}"
