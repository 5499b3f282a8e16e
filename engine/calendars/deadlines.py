"""When a deadline falls due, and why on that day.

Day 0 is the day of the event; the deadline is met until the end of the day it is due. For a rule in working
days an event on a day that is not one counts as the next working day; a rule in days, weeks or months is
never moved off a weekend or holiday. A pause adds its days, counted in the rule's own kind. It must not
know cases or the clock: it is given days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.calendars.working import Calendar
from engine.language.model import DeadlineRule
from engine.language.saying import say, say_count, say_day


@dataclass(frozen=True, slots=True, order=True)
class Pause:
    """A time when the clock stood still: from the day it stopped until the day before it went on.

    For a pause that has not ended, give today: the answer is then what it would be if it ended now.
    """

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date with what it was worked out from, so that it can be explained and worked out again."""

    on: date
    rule: DeadlineRule
    start: date
    counted_from: date
    nation: str
    holidays: tuple[tuple[date, str], ...]
    pauses: tuple[Pause, ...]
    paused_days: int

    def in_words(self) -> str:
        """The whole reckoning in a few plain sentences."""
        parts = [say("%(amount)s from %(day)s.", amount=_amount(self.rule), day=say_day(self.start))]
        if self.counted_from != self.start:
            parts.append(
                say(
                    "%(day)s is not a working day, so counting starts from %(first)s.",
                    day=say_day(self.start),
                    first=say_day(self.counted_from),
                )
            )
        if self.holidays:
            named = "; ".join(f"{say_day(day)} ({name})" for day, name in self.holidays)
            parts.append(say("Not counted: %(days)s.", days=named))
        if self.paused_days:
            unit = "working days" if self.rule.unit == "working days" else "days"
            parts.append(say("Paused for %(days)s, added on.", days=_counted(self.paused_days, unit)))
        parts.append(say("Due by the end of %(day)s.", day=say_day(self.on)))
        return " ".join(parts)


def due(
    rule: DeadlineRule,
    start: date,
    calendar: Calendar,
    *,
    extra: Iterable[date] = (),
    pauses: Sequence[Pause] = (),
) -> date:
    """The last day on which this deadline is still met.

    `extra` are holidays declared beyond the calendar's own. A date past the last there is (31 December 9999)
    becomes that last day.
    """
    return explain(rule, start, calendar, extra=extra, pauses=pauses).on


def explain(
    rule: DeadlineRule,
    start: date,
    calendar: Calendar,
    *,
    extra: Iterable[date] = (),
    pauses: Sequence[Pause] = (),
) -> DueDate:
    """The same reckoning as `due`, with everything that went into it."""
    calendar = calendar.with_holidays(extra)
    working = rule.unit == "working days"
    counted_from, on, paused = start, date.max, 0
    used: tuple[Pause, ...] = ()
    try:
        counted_from = calendar.next_working(start) if working else start
        on, paused, used = _with_pauses(rule, start, counted_from, calendar, pauses)
    except OverflowError:
        on = date.max
    skipped = _skipped(calendar, start, on) if working else ()
    return DueDate(on, rule, start, counted_from, calendar.nation, skipped, used, paused)


def _with_pauses(
    rule: DeadlineRule, start: date, counted_from: date, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[date, int, tuple[Pause, ...]]:
    """A pause moves a deadline only if it begins before it has passed; each may bring the next into reach."""
    paused = 0
    used: list[Pause] = []
    on = _count(rule, counted_from, calendar, 0)
    for pause in _merged(pauses, start):
        if pause.start > on:
            break
        used.append(pause)
        paused += _days_in(pause, calendar, rule)
        on = _count(rule, counted_from, calendar, paused)
    return on, paused, tuple(used)


def _count(rule: DeadlineRule, day: date, calendar: Calendar, paused: int) -> date:
    if rule.unit == "working days":
        return calendar.add_working_days(day, rule.amount + paused)
    if rule.unit == "months":
        return _add_months(day, rule.amount) + timedelta(days=paused)
    days = rule.amount * 7 if rule.unit == "weeks" else rule.amount
    return day + timedelta(days=days + paused)


def _add_months(day: date, amount: int) -> date:
    years, month = divmod(day.month - 1 + amount, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError("past the last year there is")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _merged(pauses: Sequence[Pause], start: date) -> list[Pause]:
    """The pauses in order, none before the event, overlapping ones made into one."""
    merged: list[Pause] = []
    for pause in sorted(pauses):
        begun = max(pause.start, start)
        if pause.end <= begun:
            continue
        if merged and begun <= merged[-1].end:
            merged[-1] = Pause(merged[-1].start, max(merged[-1].end, pause.end))
        else:
            merged.append(Pause(begun, pause.end))
    return merged


def _days_in(pause: Pause, calendar: Calendar, rule: DeadlineRule) -> int:
    if rule.unit != "working days":
        return (pause.end - pause.start).days
    return calendar.working_days_between(pause.start, pause.end) + (
        calendar.working(pause.start) - calendar.working(pause.end)
    )


def _skipped(calendar: Calendar, start: date, on: date) -> tuple[tuple[date, str], ...]:
    if on == date.max:
        return ()
    return tuple((day, calendar.holiday(day) or "") for day in calendar.holidays(start, on))


def _amount(rule: DeadlineRule) -> str:
    return _counted(rule.amount, rule.unit)


def _counted(amount: int, unit: str) -> str:
    match unit:
        case "working days":
            return say_count("%(num)s working day", "%(num)s working days", amount)
        case "days":
            return say_count("%(num)s day", "%(num)s days", amount)
        case "weeks":
            return say_count("%(num)s week", "%(num)s weeks", amount)
        case "months":
            return say_count("%(num)s month", "%(num)s months", amount)
        case _:
            return f"{amount} {unit}"
