"""Which days are bank holidays in which nation, with their names.

The government's own list (the copy inside govuk-bank-holidays) is taken for the years it covers; the
`holidays` package answers for the years before and after it. This module must not know weekends or
counting, and never asks the network: the library's downloading class is left alone and only its data is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

# Outside these years no bank holidays are known and only weekends are free. The bound keeps the table that
# every backend shares finite.
FIRST_YEAR = 1980
LAST_YEAR = 2099

_DIVISIONS = {
    "england": ("england-and-wales", "ENG"),
    "wales": ("england-and-wales", "WLS"),
    "scotland": ("scotland", "SCT"),
    "northern_ireland": ("northern-ireland", "NIR"),
}
NATIONS = tuple(_DIVISIONS)
_ALSO_CALLED = {"england_and_wales": "england"}


class UnknownNation(ValueError):
    """A nation was named that has no calendar; the text says which there are."""

    def __init__(self, nation: str) -> None:
        self.nation = nation
        super().__init__(f"There is no calendar for '{nation}'. The calendars are: {', '.join(NATIONS)}.")


def nation_id(name: str) -> str:
    """The one id of a nation that may have more than one name. Raises UnknownNation."""
    nation = _ALSO_CALLED.get(name, name)
    if nation not in _DIVISIONS:
        raise UnknownNation(name)
    return nation


@cache
def in_year(nation: str, year: int) -> Mapping[date, str]:
    """The bank holidays of one nation in one year, those on a weekend left out, by day with their names."""
    division, subdivision = _DIVISIONS[nation]
    official = _official(division)
    if year in official:
        return official[year]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return MappingProxyType({})
    return _calculated(subdivision, year)


def declared_years(nation: str) -> tuple[int, int]:
    """First and last year that the government's own list covers; outside them the days are calculated."""
    years = _official(_DIVISIONS[nation][0])
    return min(years), max(years)


@cache
def _official(division: str) -> Mapping[int, Mapping[date, str]]:
    text = resources.files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8")
    years: dict[int, dict[date, str]] = {}
    for event in json.loads(text)[division]["events"]:
        day = date.fromisoformat(event["date"])
        names = years.setdefault(day.year, {})
        if day.weekday() < 5:
            names[day] = event["title"]
    return MappingProxyType({year: MappingProxyType(names) for year, names in years.items()})


def _calculated(subdivision: str, year: int) -> Mapping[date, str]:
    # Imported here: it is slow to import and most systems never look beyond the government's list.
    from holidays.countries import UnitedKingdom

    days = UnitedKingdom(subdiv=subdivision, years=year, observed=True)
    # Observed days can spill into the neighbouring year; each year keeps its own.
    return MappingProxyType(
        {day: str(name) for day, name in sorted(days.items()) if day.year == year and day.weekday() < 5}
    )
