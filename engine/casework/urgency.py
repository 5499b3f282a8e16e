"""How soon a thing is wanted: overdue, sent back, today, this week (to Sunday), later, or without a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, and_, bindparam, case, func, or_, select

from engine.casework.tables import deadline

GROUPS = ("overdue", "back", "today", "week", "later", "undated")


def of_day(due: date | None, today: date, *, back: bool = False) -> str:
    """Which of GROUPS a day falls in. What was sent `back` waits for nobody else: it stands before what is wanted
    today, unless it is late already."""
    if back and (due is None or due >= today):
        return "back"
    if due is None:
        return "undated"
    if due <= today:
        return "overdue" if due < today else "today"
    return "week" if due <= sunday(today) else "later"


def conditions(
    due: ColumnElement[Any], back: ColumnElement[Any], today: ColumnElement[Any]
) -> dict[str, ColumnElement[bool]]:
    """The same as parts of a query whose `sunday` is given when it is asked; `back` is empty for what was not sent
    back."""
    last, plain = bindparam("sunday", type_=Date()), back.is_(None)
    return {
        "overdue": due < today,
        "back": and_(~plain, or_(due.is_(None), due >= today)),
        "today": and_(plain, due == today),
        "week": and_(plain, due > today, due <= last),
        "later": and_(plain, due > last),
        "undated": and_(plain, due.is_(None)),
    }


def place(within: Mapping[str, ColumnElement[bool]]) -> ColumnElement[int]:
    """Where lines stand in a query: what is late, what was sent back, then all else by its day."""
    return case((within["overdue"], 0), (within["back"], 1), else_=2)


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
