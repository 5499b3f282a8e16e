"""`scale`: one point on a scale with words at its ends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages, numbers
from engine.questions.base import Checking, Context, Fault, Json, Schema
from engine.questions.types.number import BOUNDS, Number, bound


class Scale(Number):
    name = "scale"
    summary = "One point on a scale, from 0 to 10 unless said otherwise."
    settings_schema: Schema = {
        **BOUNDS,
        "step": {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "The distance between points; 1 if not said.",
        },
        "min_label": {"type": "string", "description": "What the lowest point means."},
        "max_label": {"type": "string", "description": "What the highest point means."},
    }
    example: Json = "7"

    @staticmethod
    def points(question: Question) -> list[Decimal]:
        """Every point of the scale, lowest first; at most a hundred."""
        least, most = bound(question, "min") or Decimal(0), bound(question, "max")
        step = bound(question, "step") or Decimal(1)
        top = Decimal(10) if most is None else most
        count = int((top - least) / step) if step > 0 and top >= least else 0
        return [least + step * position for position in range(min(count, 99) + 1)]

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        points = self.points(question)
        allowed = frozenset(points)
        step = bound(question, "step") or Decimal(1)
        too_small = Fault("range", messages.say("too_small", question, least=numbers.grouped(points[0])))
        too_big = Fault("range", messages.say("too_big", question, most=numbers.grouped(points[-1])))
        between = Fault(
            "range",
            messages.say("not_step", question, least=numbers.grouped(points[0]), step=numbers.grouped(step)),
        )

        def check(value: Decimal) -> Fault | None:
            if value in allowed:
                return None
            return too_small if value < points[0] else too_big if value > points[-1] else between

        return check

    def display(self, value: Any, question: Question, context: Context) -> str:
        if value is None:
            return ""
        points = self.points(question)
        meaning = {
            points[0]: question.settings.get("min_label"),
            points[-1]: question.settings.get("max_label"),
        }.get(value)
        text = f"{numbers.grouped(value)} out of {numbers.grouped(points[-1])}"
        return f"{text} ({meaning})" if meaning else text

    def silent(self, question: Question) -> bool:
        return True

    def required_message(self, question: Question) -> str:
        return messages.say("select", question)
