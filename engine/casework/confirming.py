"""Noting that carried answers are still right, and what waits for it before a form is handed in for good.

What was carried from where is `carrying`'s; who may open and write a submission is decided before this is called.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import update

from engine.casework import answering, carrying, paths, performing, together
from engine.casework import cases as cases_
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.questions import Problem


def note(desk: Desk, row: Any, questions: Collection[str]) -> bool:
    """Note that this person says of carried answers that they are still right; of those they may see and write."""
    kept_from = answering.hidden_from(desk, row) | answering.hidden_from(desk, row, "submit")
    mine = [
        one
        for one in carrying.unconfirmed(row.carried, row.answers)
        if one in questions and not paths.hides(kept_from, one)
    ]
    if not mine:
        return False
    here = (submission.c.authority == desk.authority) & (submission.c.id == row.id)
    carried = carrying.kept(row.carried, row.answers, row.answers, mine)
    desk.run(update(submission).where(here).values(carried=carried))
    together.trace(desk, row, "submission.confirmed", dict.fromkeys(mine), written=False)
    return True


def to_be_confirmed(desk: Desk, row: Any, answers: Mapping[str, Any]) -> list[Problem]:
    """What must be confirmed before a form that nothing approves is handed in, as problems of its questions."""
    workflow = performing.machine_of(desk, cases_.row_of(desk, row.case)).workflow if row.case else None
    if carrying.approved_by(workflow, row.form):
        return []
    return [
        Problem(one, "carried", "Say that this is still right, or change it. It was carried from earlier.")
        for one in carrying.unconfirmed(row.carried, answers)
    ]
