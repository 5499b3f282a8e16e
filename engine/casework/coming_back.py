"""Work that came back to whoever wrote it: which form of a case was returned and is not handed in again.

A part of queries over what needs doing. Must not know who reads them: the caller narrows what is asked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, cast, exists, literal_column, null, select

from engine.casework import narrowing
from engine.casework.store import Desk
from engine.casework.tables import case, record, submission

# Named once: conditions over them are made once for all who ask alike.
CAME, ABOUT, WITHIN = submission.alias("came_back"), record.alias("came_about"), case.alias("came_within")
NOTHING: ColumnElement[Any] = cast(null(), submission.c.id.type)


def not_begun_again() -> ColumnElement[bool]:
    """Of a submission that was returned: nobody has begun it anew."""
    newer = submission.alias()
    return ~exists().where(
        newer.c.authority == submission.c.authority,
        newer.c.case == submission.c.case,
        newer.c.form == submission.c.form,
        newer.c.begun_at > submission.c.submitted_at,
        newer.c.id != submission.c.id,
    )


def returned_for(desk: Desk, thing: FromClause) -> ColumnElement[Any]:
    """The id of the submission that was returned, of the form and case that a task or draft is about, or nothing:
    only where this person may see that submission."""
    found: ColumnElement[Any] = (
        select(CAME.c.id)
        .join(ABOUT, and_(ABOUT.c.authority == CAME.c.authority, ABOUT.c.id == CAME.c.record))
        .join(WITHIN, and_(WITHIN.c.authority == CAME.c.authority, WITHIN.c.id == CAME.c.case))
        .where(
            CAME.c.authority == thing.c.authority,
            CAME.c.case == thing.c.case,
            CAME.c.form == thing.c.form,
            CAME.c.state == "returned",
            narrowing.forms(desk, table=ABOUT, of=CAME, within=WITHIN),
        )
        .order_by(CAME.c.decided_at.desc(), CAME.c.id)
        .limit(literal_column("1"))
        .correlate(thing)
        .scalar_subquery()
    )
    return found
