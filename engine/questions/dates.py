"""Dates as people type them: three boxes, month names, or a whole date pasted into the first box.

Day comes before month, as in Britain; year first only as 2026-01-05. A fault says which part is wrong.
Must not know questions; the words of a fault are its key in the catalogue and what fills it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from engine.questions import welsh

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAMES = {"cy": welsh.MONTHS}
# People type and paste the month of either language, whichever their page is in.
_KNOWN = tuple(
    (name.lower(), number) for names in (MONTHS, welsh.MONTHS) for number, name in enumerate(names, 1)
)
_SHORTEST = 3
"""So many letters say which month it is, in either language."""
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?"
    r"|dydd (?:llun|mawrth|mercher|iau|gwener|sadwrn|sul))[,.]?\s+",
    re.I,
)
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.Z+]*)?")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+(?:of|o)\s+|[\s/.,-]+|(?<=[0-9a-z])(?=[a-z]))"
    r"([a-z]+|[0-9]{1,2})\.?(?:[\s/.,-]+|(?<=[a-z])(?=[0-9]))['’]?([0-9]{4}|[0-9]{2})",
    re.I,
)
_MONTH_FIRST = re.compile(
    r"([a-z]{3,})\.?[\s-]+([0-9]{1,2})(?:st|nd|rd|th)?[\s,]+['’]?([0-9]{4}|[0-9]{2})",
    re.I,
)
_LONGEST = 40
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1, "heddiw": 0, "ddoe": -1, "yfory": 1}


class NotADate(ValueError):
    """What was typed is no date. `key` and `words` say why, for the catalogue of messages."""

    def __init__(self, key: str, **words: object) -> None:
        super().__init__(key)
        self.key = key
        self.words = words


def typed(day: str, month: str, year: str, today: date | None = None) -> date | None:
    """The date in three boxes; None if all are empty. Raises NotADate."""
    day, month, year = day.strip(), month.strip(), year.strip()
    if not (day or month or year):
        return None
    if day and not month and not year and not re.fullmatch("[0-9]{1,2}", day):
        return pasted(day, today)
    missing = [name for name, text in (("a day", day), ("a month", month), ("a year", year)) if not text]
    if missing:
        raise NotADate("date_missing", missing=missing)
    return _whole(re.sub(r"(?<=[0-9])(st|nd|rd|th)$", "", day, flags=re.I), month, year)


def pasted(text: str, today: date | None = None) -> date:
    """A whole date in one box. Raises NotADate."""
    text = re.sub(r"\s+", " ", text.strip())
    if len(text) > _LONGEST:
        raise NotADate("not_date")
    if today is not None and text.lower() in _NEAR:
        return today + timedelta(days=_NEAR[text.lower()])
    text = _WEEKDAY.sub("", text)
    if found := _ISO.fullmatch(text):
        return _whole(found[3], found[2], found[1])
    if found := _DAY_FIRST.fullmatch(text):
        return _whole(found[1], found[2], found[3])
    if found := _MONTH_FIRST.fullmatch(text):
        return _whole(found[2], found[1], found[3])
    raise NotADate("not_date")


def stored(json: object) -> date:
    """The date in a JSON value, as 2026-01-05 only. Raises ValueError."""
    if not isinstance(json, str) or len(json) != 10 or json[7] != "-":
        raise ValueError
    return date.fromisoformat(json)


def long(day: date, language: str = "en") -> str:
    """5 January 2026; 5 Ionawr 2026."""
    return f"{day.day} {month(day.month, language)} {day.year}"


def month(number: int, language: str = "en") -> str:
    """The name of a month, 1 to 12."""
    return _NAMES.get(language, MONTHS)[number - 1]


def _whole(day: str, month: str, year: str) -> date:
    if not re.fullmatch("[0-9]{1,2}", day) or not 1 <= int(day) <= 31:
        raise NotADate("date_day", typed=day)
    number = _month(month)
    if number is None:
        raise NotADate("date_month", typed=month)
    if not re.fullmatch("[0-9]{4}|['’]?[0-9]{2}", year) or year == "0000":
        raise NotADate("date_year", typed=year)
    digits = year.lstrip("'’")
    full = int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 50 else 1900)
    length = calendar.monthrange(full, number)[1]
    if int(day) > length:
        raise NotADate("date_length", month=(number, full), days=length)
    return date(full, number, int(day))


def _month(text: str) -> int | None:
    text = text.strip().rstrip(".").lower()
    if re.fullmatch("[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= 12 else None
    if len(text) < _SHORTEST:
        return None
    return next((number for name, number in _KNOWN if name.startswith(text)), None)
