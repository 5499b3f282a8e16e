"""How much work is under way with the forms and workflows that a change would touch: numbers alone, not whose it is.

For those who look after definitions. Must not know what a change is.
"""

from __future__ import annotations

from sqlalchemy import func, select

from engine.casework import access
from engine.casework.store import Desk
from engine.casework.tables import case, submission


def counts(desk: Desk) -> tuple[dict[str, int], dict[str, int]]:
    """How many drafts of each form and open cases of each workflow there are: what stays as it was begun."""
    access.require_job(desk, "definitions")
    drafts = (
        select(submission.c.form, func.count().label("number"))
        .where(submission.c.authority == desk.authority, submission.c.state == "draft")
        .group_by(submission.c.form)
    )
    cases = (
        select(case.c.workflow, func.count().label("number"))
        .where(case.c.authority == desk.authority, case.c.closed_at.is_(None))
        .group_by(case.c.workflow)
    )
    return (
        {row.form: row.number for row in desk.rows(drafts)},
        {row.workflow: row.number for row in desk.rows(cases)},
    )
