"""`date`: a day, typed in three boxes or pasted whole into the first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from engine.language.model import OptionList, Question
from engine.questions import dates, messages
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
    one_text,
)


class Date(QuestionType):
    name = "date"
    summary = "A day: three boxes that also take month names, or a whole date pasted into the first."
    settings_schema: Schema = {
        "earliest": {"type": "string", "format": "date", "description": "The first day that may be given."},
        "latest": {"type": "string", "format": "date", "description": "The last day that may be given."},
    }
    parts = ("day", "month", "year")
    example: Json = "2026-01-05"

    def value_type(self, question: Question) -> ValueType:
        return "date"

    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        day = one_text(posted, "day") or one_text(posted)
        try:
            return dates.typed(day, one_text(posted, "month"), one_text(posted, "year"), context.today)
        except dates.NotADate as problem:
            return _said(problem, question).at(question.id)

    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        stored = dates.stored

        def read(json: Json) -> Any:
            if json is None or json == "":
                return None
            try:
                return stored(json)
            except ValueError:
                return _unread(json, question)

        return read

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        earliest, latest = _bound(question, "earliest"), _bound(question, "latest")
        if earliest is None and latest is None:
            return None

        def check(value: datetime.date) -> Fault | None:
            if earliest is not None and value < earliest:
                least = dates.long(earliest, question.language)
                return Fault("range", messages.say("too_early", question, least=least))
            if latest is not None and value > latest:
                most = dates.long(latest, question.language)
                return Fault("range", messages.say("too_late", question, most=most))
            return None

        return check

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        return datetime.date.isoformat

    def boxes(self, json: Json) -> dict[str, list[str]]:
        if not isinstance(json, str):
            return {}
        try:
            day = dates.stored(json)
        except ValueError:
            typed = json.split("/") if json.count("/") == 2 else [json, "", ""]
            return {part: [text] for part, text in zip(self.parts, typed, strict=True)}
        return {"day": [str(day.day)], "month": [str(day.month)], "year": [str(day.year)]}

    def unread(self, posted: Posted) -> Json:
        day, month, year = (one_text(posted, part) for part in self.parts)
        return f"{day}/{month}/{year}" if month or year else day or one_text(posted)

    def display(self, value: Any, question: Question, context: Context) -> str:
        return "" if value is None else dates.long(value, question.language)


def _said(problem: dates.NotADate, question: Question) -> Fault:
    words: dict[str, Any] = dict(problem.words)
    if "missing" in words:
        words["parts"] = messages.listed(words.pop("missing"), question.language)
    if "month" in words:
        number, year = words["month"]
        words["month"] = f"{dates.month(number, question.language)} {year}"
    return Fault("type", messages.say(problem.key, question, **words))


def _unread(json: Json, question: Question) -> Fault:
    """Why this is no date; what was typed in the three boxes comes as ‘31/2/2026’."""
    if isinstance(json, str) and len(json) < 40:
        try:
            if json.count("/") == 2:
                day, month, year = json.split("/")
                dates.typed(day, month, year)
            else:
                dates.pasted(json)
        except dates.NotADate as problem:
            return _said(problem, question)
    return Fault("type", messages.say("not_date", question))


def _bound(question: Question, setting: str) -> datetime.date | None:
    value = question.settings.get(setting)
    if isinstance(value, datetime.date):
        return value
    try:
        return dates.stored(value)
    except ValueError:
        return None
