"""How long a record is kept: the longest rule wins, silence and unknown days keep."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casework import retention
from engine.language.model import Keeping

CLOSED = {"closed": date(2020, 2, 29), "made": date(2019, 1, 1), "date_of_birth": date(2010, 5, 6)}
SIX = Keeping(6, "years", "closed")
CASES = {
    "a year or more after": ([SIX], date(2026, 2, 28)),
    "a leap day has an anniversary": ([Keeping(4, "years", "closed")], date(2024, 2, 29)),
    "months end where the month ends": ([Keeping(1, "months", "closed")], date(2020, 3, 29)),
    "the longest wins": ([SIX, Keeping(25, "years", "date_of_birth")], date(2035, 5, 6)),
    "in whatever order": ([Keeping(25, "years", "date_of_birth"), SIX], date(2035, 5, 6)),
    "a longer time may end sooner": ([SIX, Keeping(7, "years", "made")], date(2026, 2, 28)),
    "for ever wins": ([SIX, Keeping(None)], None),
    "silence keeps": ([SIX, None], None),
    "nothing declared keeps": ([], None),
    "an unknown day keeps": ([SIX, Keeping(1, "years", "moved_away")], None),
    "further than any calendar": ([Keeping(9999, "years", "closed")], date.max),
}


@pytest.mark.parametrize("case", CASES)
def test_until(case: str) -> None:
    rules, on = CASES[case]
    assert retention.until(rules, CLOSED).on == on


def test_it_says_why() -> None:
    assert retention.until([SIX], CLOSED).rule == "Kept for 6 years after it was closed (29 February 2020)."
    one = Keeping(1, "years", "date_of_birth")
    assert retention.until([one], CLOSED).rule == "Kept for 1 year after date of birth (6 May 2010)."
    assert "has not come" in retention.until([one], {}).rule


@given(
    st.lists(st.builds(Keeping, st.integers(0, 200), st.sampled_from(["years", "months"])), min_size=1),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_no_rule_is_cut_short(rules: list[Keeping], closed: date) -> None:
    found = retention.until(rules, {"closed": closed})
    assert found.on is not None
    assert all(found.on >= retention.add(closed, rule.amount or 0, rule.unit) for rule in rules)
    assert found.due(found.on)
    assert found.on == date.min or not found.due(date.fromordinal(found.on.toordinal() - 1))


def test_only_days_are_events() -> None:
    assert retention.days({"a": "2020-01-02", "b": "x", "c": ["2020-01-02"], "d": None, "e": True}) == {
        "a": date(2020, 1, 2)
    }
