"""How long a record is kept: what its type declares, under every definition it was written under; the longest wins.

Pure but for the reading of definitions: it destroys nothing and decides nothing about who may.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.language.model import Keeping
from engine.language.saying import say, say_count, say_day


@dataclass(frozen=True, slots=True)
class Until:
    """The last word on one record: kept until `on`, for ever (`ever`), or for now as its event has not come."""

    on: date | None
    rule: str
    ever: bool = False

    def due(self, today: date) -> bool:
        return self.on is not None and self.on <= today


def until(rules: Iterable[Keeping | None], events: Mapping[str, date | None]) -> Until:
    """The longest of several rules, given the days of the events they may count from.

    A type that declares no keeping is kept: nothing is ever destroyed because a definition is silent. A rule
    whose event has not come (or has no known day) keeps too.
    """
    longest: Until | None = None
    for rule in rules:
        if rule is None:
            return Until(None, say("No time of keeping is declared."))
        if rule.amount is None:
            return Until(None, say("Kept for ever."), ever=True)
        start = events.get(rule.after)
        if start is None:
            return Until(None, say("%(rule)s, which has not come or has no known day.", rule=in_words(rule)))
        on = add(start, rule.amount, rule.unit)
        if longest is None or longest.on is None or on > longest.on:
            longest = Until(on, f"{in_words(rule)} ({say_day(start)}).")
    return longest or Until(None, say("No time of keeping is declared."))


def in_words(rule: Keeping) -> str:
    match rule.unit.rstrip("s"):
        case "year":
            time = say_count("%(num)s year", "%(num)s years", rule.amount or 0)
        case "month":
            time = say_count("%(num)s month", "%(num)s months", rule.amount or 0)
        case unit:
            time = f"{rule.amount} {unit}{'' if rule.amount == 1 else 's'}"
    match rule.after:
        case "closed":
            return say("Kept for %(time)s after it was closed", time=time)
        case "made":
            return say("Kept for %(time)s after it was made", time=time)
        case event:
            return say("Kept for %(time)s after %(event)s", time=time, event=event.replace("_", " "))


def add(start: date, amount: int, unit: str) -> date:
    """A day so many months or years later; the last of the month where there is no such day."""
    months = start.month - 1 + amount * (12 if unit.startswith("year") else 1)
    year, month = start.year + months // 12, months % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def days(fields: Mapping[str, Any]) -> dict[str, date]:
    """Those of a record's fields that are days, as events to count from."""
    found = {}
    for name, value in fields.items():
        if isinstance(value, str):
            try:
                found[name] = date.fromisoformat(value)
            except ValueError:
                continue
    return found
