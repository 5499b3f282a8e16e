"""How days, moments and states are said on pages. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

NOT_STARTED = ("Not started", "blue")
FORM_STATES = {
    "draft": ("Draft", "yellow"),
    "submitted": ("Sent", "turquoise"),
    "approved": ("Approved", "green"),
    "returned": ("Sent back", "orange"),
    "superseded": ("Replaced", "grey"),
    "withdrawn": ("Taken back", "grey"),
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
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """5 January 2026 at 10:42."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{day(local.date())} at {local.hour}:{local.minute:02d}"


def form_state(state: str) -> tuple[str, str]:
    """A form's state in words, and its tag's colour."""
    return FORM_STATES.get(state, (state, ""))


def and_list(items: list[str], last: str = "and") -> str:
    """a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
