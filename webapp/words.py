"""How days, moments and states are said on pages. In the language spoken."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.tongues import N_, _, day_and_month, language

FORM_STATES = {
    "draft": (N_("Draft"), "yellow"),
    "submitted": (N_("Sent"), "turquoise"),
    "approved": (N_("Approved"), "green"),
    "returned": (N_("Sent back"), "orange"),
    "superseded": (N_("Replaced"), "grey"),
    "withdrawn": (N_("Taken back"), "grey"),
}
QUERY_STATES = {
    "open": (N_("Waiting for an answer"), "yellow"),
    "answered": (N_("Answered"), "turquoise"),
    "closed": (N_("Settled"), "green"),
    "withdrawn": (N_("Taken back"), "grey"),
}


def day(value: date | datetime | str | None) -> str:
    """5 January 2026."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value[:10]))
        except ValueError:
            return value
    return day_and_month(value)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """5 January 2026 at 10:42."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    said: str = _("%(day)s at %(time)s", day=day(local.date()), time=time_of_day(at, zone))
    return said


def time_of_day(at: datetime, zone: ZoneInfo) -> str:
    """10:42."""
    local = at.astimezone(zone)
    return f"{local.hour}:{local.minute:02d}"


def not_started() -> tuple[str, str]:
    """The same of a form that nobody has begun."""
    return _("Not started"), "blue"


def form_state(state: str) -> tuple[str, str]:
    """A form's state in words, and its tag's colour."""
    words, colour = FORM_STATES.get(state, (state, ""))
    return _(words), colour


def and_list(items: list[str], last: str = "and") -> str:
    """a, b and c; with `last` "or", a, b or c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_joining(last, items[-1])} {items[-1]}"


def _joining(last: str, item: str) -> str:
    if last == "or":
        return str(_("or"))
    # Welsh has another "and" before a vowel.
    return "ac" if language() == "cy" and item[:1].lower() in "aeiouwyâêîôûŵŷ" else str(_("and"))
