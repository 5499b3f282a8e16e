"""`guidance`: words for whoever fills in the form. It asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import messages
from engine.questions.base import Context, Fault, Posted, QuestionType, Reading, ValueType


class Guidance(QuestionType):
    name = "guidance"
    summary = "Words for whoever fills in the form, from `guidance`. It asks nothing."
    parts = ()
    answered = False

    def value_type(self, question: Question) -> ValueType:
        return "none"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        return None

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        wrong = Fault("type", messages.say("no_answer", question))
        return lambda json: None if json is None or json == "" else wrong

    def display(self, value: Any, question: Question, context: Context) -> str:
        return ""
