"""Deadlines: every rule of the written language by example, and what must hold of any of them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars import NATIONS, Pause, calendar, due, explain
from engine.language.model import DeadlineRule

SPEC = Path(__file__).parents[2] / "spec" / "calendars" / "deadlines.yaml"
CASES = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
DAYS = st.dates(date(2020, 1, 1), date(2029, 12, 31))
UNITS = st.sampled_from(["working days", "days", "weeks", "months"])


def rule_of(text: str) -> DeadlineRule:
    amount, unit = text.split(" ", 1)
    return DeadlineRule(int(amount), unit if unit.endswith("s") else unit + "s")


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_due_as_written(case):
    pauses = [Pause(start, end) for start, end in case.get("pauses", [])]
    found = due(
        rule_of(case["rule"]),
        case["event"],
        calendar(case.get("nation", "england")),
        extra=case.get("extra", []),
        pauses=pauses,
    )
    assert case["due"] == found


def test_the_reckoning_is_told_in_words():
    reckoned = explain(
        rule_of("5 working days"),
        date(2026, 4, 4),
        calendar("england"),
        extra=[date(2026, 4, 9)],
        pauses=[Pause(date(2026, 4, 13), date(2026, 4, 14))],
    )

    assert date(2026, 4, 16) == reckoned.on
    assert reckoned.in_words() == (
        "5 working days from 4 April 2026. 4 April 2026 is not a working day, so counting starts from "
        "7 April 2026. Not counted: 6 April 2026 (Easter Monday); 9 April 2026 (Declared holiday). "
        "Paused for 1 working day, added on. Due by the end of 16 April 2026."
    )


@given(DAYS, st.integers(0, 60), UNITS, st.sampled_from(NATIONS))
def test_never_before_the_event_and_a_longer_rule_never_earlier(event, amount, unit, nation):
    days = calendar(nation)
    shorter, longer = (due(DeadlineRule(n, unit), event, days) for n in (amount, amount + 1))

    assert event <= shorter < longer


@given(DAYS, st.integers(0, 60), st.sampled_from(NATIONS))
def test_working_day_rules_end_on_a_working_day_that_many_on(event, amount, nation):
    days = calendar(nation)
    on = due(DeadlineRule(amount, "working days"), event, days)

    assert days.working(on)
    assert amount == days.working_days_between(days.next_working(event), on)


@given(DAYS, st.integers(0, 400), st.sampled_from(NATIONS))
def test_calendar_day_rules_are_never_moved(event, amount, nation):
    assert event + timedelta(days=amount) == due(DeadlineRule(amount, "days"), event, calendar(nation))


@given(DAYS, st.integers(0, 40), st.integers(1, 30), UNITS, st.sampled_from(NATIONS))
def test_a_pause_from_the_event_delays_by_its_own_days(event, amount, length, unit, nation):
    """For rules in days and working days it is as if the event had happened when the pause ended."""
    days, rule = calendar(nation), DeadlineRule(amount, unit)
    resumed = event + timedelta(days=length)
    paused = due(rule, event, days, pauses=[Pause(event, resumed)])

    if unit == "months":
        assert due(rule, event, days) + timedelta(days=length) == paused
    else:
        assert due(rule, resumed, days) == paused


@given(DAYS, st.integers(0, 40), UNITS, st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=4))
def test_the_order_of_pauses_does_not_matter(event, amount, unit, lengths):
    pauses = [Pause(day, day + timedelta(days=length)) for day, length in lengths]
    days, rule = calendar("wales"), DeadlineRule(amount, unit)

    assert due(rule, event, days, pauses=pauses) == due(rule, event, days, pauses=pauses[::-1])
    assert due(rule, event, days, pauses=pauses) >= due(rule, event, days)
