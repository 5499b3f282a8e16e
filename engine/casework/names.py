"""Names of records that a page mentions by id: all asked at once, and only those that this person may see.

A name is no look at the record, so what is asked here leaves one line in the trail for each that is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.casework import audit, holding
from engine.casework.store import Desk
from engine.casework.tables import record


def of_records(desk: Desk, wanted: Iterable[str]) -> dict[str, str]:
    """Name by id; an id that is unknown, or not this person's to see, is simply not there."""
    asked = sorted({one for one in wanted if one})
    if not asked:
        return {}
    rows = desk.rows(holding.visible(desk).where(record.c.id.in_(asked)))
    for row in rows:
        audit.viewed(desk, row.id, "record.listed")
    return {row.id: row.name for row in rows}
