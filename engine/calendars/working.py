"""Counting working days in one nation's calendar, with any extra holidays an authority has declared.

A working day is Monday to Friday and no bank holiday. This module must not know deadlines or their rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from engine.calendars import bank_holidays

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days in one nation. `extra` are further days off that the authority has declared."""

    nation: str
    extra: frozenset[date] = frozenset()

    def with_holidays(self, days: Iterable[date]) -> Calendar:
        """This calendar with further days off."""
        more = frozenset(days) - self.extra
        return replace(self, extra=self.extra | more) if more else self

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on this day, or None. Weekends have no name."""
        name = bank_holidays.in_year(self.nation, day.year).get(day)
        if name is None and day in self.extra:
            return "Declared holiday"
        return name

    def working(self, day: date) -> bool:
        """Whether this is a working day."""
        return (
            day.weekday() < 5
            and day not in bank_holidays.in_year(self.nation, day.year)
            and day not in self.extra
        )

    def next_working(self, day: date) -> date:
        """This day if it is a working day, else the first one after it."""
        while not self.working(day):
            day += _DAY
        return day

    def previous_working(self, day: date) -> date:
        """This day if it is a working day, else the last one before it."""
        while not self.working(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, amount: int) -> date:
        """`amount` working days on from a day; one that is not a working day counts as the next that is.

        A negative amount counts back, a day that is not a working day then counting as the last that was.
        Raises OverflowError past the last day there is (31 December 9999).
        """
        if amount < 0:
            return self._walk(self.previous_working(day), -amount, -_DAY)
        return self._walk(self.next_working(day), amount, _DAY)

    def _walk(self, day: date, amount: int, step: timedelta) -> date:
        while amount:
            day += step
            if self.working(day):
                amount -= 1
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative if `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        table = _table(self)
        off = bisect_right(table, last.toordinal()) - bisect_right(table, first.toordinal())
        return _weekdays_through(last) - _weekdays_through(first) - off

    def holidays(self, first: date, last: date) -> tuple[date, ...]:
        """Every day off from `first` to `last`, both included, but no weekend: the table backends share."""
        return tuple(sorted(self._days_off(first, last)))

    def _days_off(self, first: date, last: date) -> set[date]:
        years = range(max(first.year, bank_holidays.FIRST_YEAR), min(last.year, bank_holidays.LAST_YEAR) + 1)
        days = {
            day for year in years for day in bank_holidays.in_year(self.nation, year) if first <= day <= last
        }
        days.update(day for day in self.extra if day.weekday() < 5 and first <= day <= last)
        return days


@cache
def _table(calendar: Calendar) -> tuple[int, ...]:
    """Every day off of a calendar but weekends, in order, as ordinals: conditions count days by the thousand."""
    return tuple(day.toordinal() for day in calendar.holidays(date.min, date.max))


def _weekdays_through(day: date) -> int:
    """How many Mondays to Fridays there have been from the first day there is to this one, included."""
    # Day 1 of `toordinal` was a Monday.
    weeks, over = divmod(day.toordinal(), 7)
    return weeks * 5 + min(over, 5)


@cache
def calendar(nation: str) -> Calendar:
    """The calendar of a nation: england (or england_and_wales), wales, scotland, northern_ireland.

    Days that an authority has declared stand behind the nation, as in `england+2026-06-15`, so that whoever counts
    days, in whatever language, is told of them by the calendar's name. Raises UnknownNation.
    """
    name, *declared = nation.split("+")
    known = Calendar(bank_holidays.nation_id(name))
    return known.with_holidays(date.fromisoformat(day) for day in declared)
