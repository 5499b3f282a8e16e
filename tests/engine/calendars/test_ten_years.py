"""Ten years of deadlines in four nations, held against counting on one's fingers: days one by one, written apart.

The oracle knows only which days are off. It shares no code with the reckoning and takes no shortcut.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars import NATIONS, Pause, calendar, due
from engine.language.model import DeadlineRule

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)
EVERY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
AMOUNTS = (0, 1, 2, 3, 5, 10, 15, 25, 35, 45)
DAY = timedelta(days=1)
fixed = settings(max_examples=300, deadline=None, derandomize=True)


def off(nation: str, declared: frozenset[date] = frozenset()) -> frozenset[date]:
    """Every day off from 2019 to 2031, weekends included."""
    years = calendar(nation).holidays(date(2019, 1, 1), date(2031, 12, 31))
    days = [date(2019, 1, 1) + timedelta(days=n) for n in range(13 * 366)]
    return frozenset(years) | declared | {one for one in days if one.weekday() >= 5}


OFF = {nation: off(nation) for nation in NATIONS}


def fingers(event: date, amount: int, away: frozenset[date]) -> date:
    """Count working days from the event, day by day."""
    day = event
    while day in away:
        day += DAY
    while amount:
        day += DAY
        amount -= day not in away
    return day


@pytest.mark.parametrize("nation", NATIONS)
def test_every_day_of_ten_years_ends_where_fingers_end(nation: str) -> None:
    """Each day as the event, each nation, ten lengths: never on a day off, and exactly that many on."""
    days, away = calendar(nation), OFF[nation]
    working = [
        day for day in (FIRST - DAY * 40 + DAY * n for n in range(len(EVERY) + 200)) if day not in away
    ]
    place = {day: number for number, day in enumerate(working)}
    for event in EVERY:
        day = event
        while day in away:
            day += DAY
        for amount in AMOUNTS:
            on = due(DeadlineRule(amount, "working days"), event, days)
            assert on == working[place[day] + amount], (nation, event, amount)
            assert on not in away


def test_calendar_days_are_never_moved() -> None:
    """Days and weeks from each day of ten years fall where they fall, weekends and holidays alike."""
    for event in EVERY:
        for nation in NATIONS:
            days = calendar(nation)
            assert due(DeadlineRule(10, "days"), event, days) == event + 10 * DAY
            assert due(DeadlineRule(3, "weeks"), event, days) == event + 21 * DAY
        month = due(DeadlineRule(1, "months"), event, days)
        following = (event.replace(day=28) + 4 * DAY).replace(day=1)
        last = ((following.replace(day=28) + 4 * DAY).replace(day=1) - DAY).day
        assert month == following.replace(day=min(event.day, last))


UNITS = st.sampled_from(["working days", "days", "weeks", "months"])
DAYS = st.dates(FIRST, LAST)
PAUSES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=3)


@fixed
@given(DAYS, st.integers(0, 45), UNITS, PAUSES, st.sampled_from(NATIONS))
def test_pausing_never_shortens_and_adds_days_of_the_rules_own_kind(
    event, amount, unit, given_pauses, nation
):
    pauses = [Pause(event + DAY * a, event + DAY * (a + b)) for a, b in given_pauses]
    rule, days = DeadlineRule(amount, unit), calendar(nation)
    without, paused = due(rule, event, days), due(rule, event, days, pauses=pauses)
    assert paused >= without
    stood = {one.start + DAY * n for one in pauses for n in range((one.end - one.start).days)}
    counted = (stood - OFF[nation]) if unit == "working days" else stood
    if all(one.start <= without for one in pauses):
        more = paused - without
        if unit == "working days":
            assert len([n for n in range(1, more.days + 1) if without + DAY * n not in OFF[nation]]) == len(
                counted
            )
        else:
            assert more.days == len(counted)


@fixed
@given(
    DAYS,
    st.integers(0, 45),
    UNITS,
    st.lists(st.integers(-20, 90), min_size=1, max_size=4),
    st.sampled_from(NATIONS),
)
def test_a_declared_holiday_moves_exactly_what_runs_over_it(event, amount, unit, after, nation):
    declared = frozenset(event + DAY * n for n in after)
    rule, days = DeadlineRule(amount, unit), calendar(nation)
    before, moved = due(rule, event, days), due(rule, event, days, extra=declared)
    if unit != "working days":
        assert moved == before
        return
    assert moved == fingers(event, amount, OFF[nation] | declared)
    touched = any(event <= day <= before and day not in OFF[nation] for day in declared)
    assert (moved > before) == touched
    named = "+".join((nation, *(day.isoformat() for day in sorted(declared))))
    assert due(rule, event, calendar(named)) == moved
