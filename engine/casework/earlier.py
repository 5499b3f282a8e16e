"""What the same form said of the same record the time before: for whoever fills it in again, to be read beside it.

A form that goes on from another (returned, taken back, amended) is the same time. What is handed out has been through
the same access as any submission. Must not know pages.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from engine.casework import answering, listing, standing, together
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.casework.values import Submission

STOOD = ("submitted", "approved", "superseded")
LOOKED_AT = 5
"""How many of those before are tried, should this person not see the newest."""


def last_time(desk: Desk, submission_id: str) -> Submission | None:
    """The newest submission of the same form on the same record before this one, that this person may see."""
    row = answering.seen(desk, submission_id)
    home = answering.shown(desk, row).record if together.form_of(desk, row).several else row.record
    which = {
        "of": desk.authority,
        "about": home,
        "of_form": row.form,
        "of_id": row.id,
        "corrects": row.corrects,
    }
    if row.submitted_at is None:
        rows = desk.rows(_before(False), which)
    else:
        rows = desk.rows(_before(True), which | {"before": row.submitted_at})
    same = _gone_on_from(row, rows)
    for tried in [one.id for one in rows if one.id not in same][:LOOKED_AT]:
        # One at a time: a look at what is not shown is no look.
        found = listing.listed(desk, submission.c.id == tried, home)
        if found:
            return found[0]
    return None


@cache
def _before(handed_in: bool) -> Select[Any]:
    """Others of the same form about a record; of one that is handed in those before it."""
    wanted = select(submission.c.id, submission.c.corrects).where(
        submission.c.authority == bindparam("of"),
        submission.c.form == bindparam("of_form"),
        together.ABOUT,
        submission.c.id != bindparam("of_id"),
        or_(submission.c.state.in_(STOOD), submission.c.id == bindparam("corrects")),
    )
    if handed_in:
        wanted = wanted.where(submission.c.submitted_at < bindparam("before"))
    return standing.kept_whole(wanted.order_by(submission.c.submitted_at.desc(), submission.c.id).limit(100))


def _gone_on_from(row: Any, rows: list[Any]) -> set[str]:
    """The submissions that this one goes on from, one after the other."""
    before = {one.id: one.corrects for one in rows}
    found: set[str] = set()
    next_one = row.corrects
    while next_one is not None and next_one not in found:
        found.add(next_one)
        next_one = before.get(next_one)
    return found
