"""What will happen to a case by itself, and what it waits for. For pages that explain a case."""

from __future__ import annotations

from engine.casework import access, cases, facts, moving, performing, records
from engine.casework.store import Desk
from engine.workflow import Choice


def of_case(desk: Desk, case_id: str, *, language: str | None = None) -> list[Choice]:
    """Automatic ways out of the present state, each with what is still missing. Raises NotFound, NotPermitted."""
    row = cases.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    if row.closed_at is not None:
        return []
    read = facts.of_case(desk, row, records.row_of(desk, row.record))
    return performing.machine_of(desk, row, language).waiting(moving.state_of(row), facts=read, now=desk.now)
