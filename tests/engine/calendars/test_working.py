"""Working days: the published and the calculated holidays, and counting, over ten years and four nations."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import NATIONS, UnknownNation, bank_holidays, calendar

TEN_YEARS = [date(2020, 1, 1) + timedelta(days=n) for n in range(3653)]
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
nations = pytest.mark.parametrize("nation", NATIONS)


@nations
def test_counting_by_hand_agrees_over_ten_years(nation):
    """The quick count against one day at a time."""
    days, counted = calendar(nation), 0
    start = TEN_YEARS[0] - timedelta(days=1)
    for day in TEN_YEARS:
        counted += days.working(day)
        assert counted == days.working_days_between(start, day)
        assert -counted == days.working_days_between(day, start)


@nations
def test_every_day_of_ten_years_leads_to_a_working_day(nation):
    days = calendar(nation)
    for day in TEN_YEARS:
        following = days.next_working(day)
        assert days.working(following)
        assert not any(days.working(day + timedelta(days=n)) for n in range((following - day).days))
        assert following == days.add_working_days(day, 0)


@nations
def test_the_published_list_and_the_calculated_one_agree_but_for_known_days(nation):
    """The package that takes over beyond the published years is right where both speak."""
    _, subdivision = bank_holidays._DIVISIONS[nation]
    differ = {
        day
        for year in range(*bank_holidays.declared_years(nation))
        for day in set(bank_holidays.in_year(nation, year))
        ^ set(bank_holidays._calculated(subdivision, year))
    }
    # A day off for Scotland's football that local councils may grant: not on the government's list.
    assert differ == ({date(2026, 6, 15)} if nation == "scotland" else set())


def test_wales_keeps_the_days_of_england():
    assert all(calendar("wales").working(day) == calendar("england").working(day) for day in TEN_YEARS)


def test_known_days_off():
    assert calendar("england").holiday(date(2026, 12, 25)) == "Christmas Day"
    assert "coronation" in (calendar("england").holiday(date(2023, 5, 8)) or "")
    assert not calendar("northern_ireland").working(date(2027, 7, 12))
    assert calendar("england").working(date(2027, 7, 12))
    assert not calendar("scotland").working(date(2026, 11, 30))
    assert not calendar("england").working(date(2050, 12, 26))


def test_a_declared_holiday_is_off_and_leaves_the_shared_calendar_alone():
    day = date(2026, 3, 3)
    declared = calendar("england").with_holidays([day])

    assert not declared.working(day)
    assert calendar("england").working(day)
    assert declared.holiday(day) == "Declared holiday"
    assert declared.working_days_between(date(2026, 2, 28), date(2026, 3, 6)) == 4


def test_counting_back():
    assert date(2026, 1, 2) == calendar("england").add_working_days(date(2026, 1, 5), -1)
    assert date(2026, 1, 1) != calendar("england").add_working_days(date(2026, 1, 2), -1)


def test_far_from_any_list_only_weekends_are_off():
    days = calendar("england")
    assert days.working_days_between(date(1799, 12, 22), date(1799, 12, 29)) == 5
    assert days.working(date(2199, 12, 25))


def test_names_of_nations():
    assert calendar("england") is calendar("england")
    assert calendar("england") == calendar("england_and_wales")
    with pytest.raises(UnknownNation, match=r"There is no calendar for 'france'. The calendars are: england"):
        calendar("france")


@given(DAYS, DAYS, st.sampled_from(NATIONS))
def test_between_is_antisymmetric_and_adds_up(a, b, nation):
    days, middle = calendar(nation), a + (b - a) // 2
    assert days.working_days_between(a, b) == -days.working_days_between(b, a)
    assert days.working_days_between(a, b) == days.working_days_between(
        a, middle
    ) + days.working_days_between(middle, b)


@given(DAYS, st.integers(0, 300), st.sampled_from(NATIONS))
def test_adding_then_counting_comes_back(day, amount, nation):
    days = calendar(nation)
    start = days.next_working(day)
    assert amount == days.working_days_between(start, days.add_working_days(start, amount))
    assert start == days.add_working_days(days.add_working_days(start, amount), -amount)
