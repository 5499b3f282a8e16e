"""How soon a thing is wanted: overdue, today, this week (to Sunday), later, or without a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import FromClause, func, select

from engine.casework.tables import deadline

GROUPS = ("overdue", "today", "week", "later", "undated")


def of_day(due: date | None, today: date) -> str:
    """Which of GROUPS a day falls in."""
    if due is None:
        return "undated"
    if due <= today:
        return "overdue" if due < today else "today"
    return "week" if due <= sunday(today) else "later"


def sunday(today: date) -> date:
    """The last day of this week."""
    return today + timedelta(days=6 - today.weekday())


def due_of(within: FromClause) -> Any:
    """The soonest date that runs for a case, as a part of a query over cases."""
    return (
        select(func.min(deadline.c.due))
        .where(
            deadline.c.authority == within.c.authority,
            deadline.c.case == within.c.id,
            deadline.c.met_at.is_(None),
        )
        .correlate(within)
        .scalar_subquery()
    )
