"""Questions that people take away from a meeting: each row of the form that names somebody becomes a query to them.

Which repeat they stand in is what the form's `meeting` says. Sent again after it was taken back or returned, a row that
is still there asks nothing twice; one that is gone is withdrawn. Must not know who may read a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.casework import queries, tasks, together
from engine.casework.store import Desk
from engine.casework.tables import query
from engine.forms import meetings


def put(desk: Desk, row: Any, answers: Mapping[str, Any]) -> None:
    """Write down what the answers handed in with this submission say was taken away, and by whom."""
    form = together.form_of(desk, row)
    asked = meetings.taken_away(form)
    if asked is None or form.several:
        return
    name = asked.repeat.id
    here = f"{form.id}.{name}."
    taken = {f"{here}{one['_row']}": said for one in answers.get(name) or () if (said := _said(asked, one))}
    known = _known(desk, row, here)
    for source, (text, person) in taken.items():
        before = known.get(source)
        where = {"case": row.case, "submission": row.id, "question": name, "source": source}
        if before is None:
            queries.put(desk, row.record, text, {**where, "person": person, "due": None})
        elif before.state == queries.OPEN:
            _again(desk, before, text, person, row.id)
    for source, before in known.items():
        if source not in taken and before.state == queries.OPEN:
            queries.move(desk, before, queries.WITHDRAWN, "withdrawn", None)
            tasks.end_of_query(desk, before)


def _again(desk: Desk, before: Any, text: str, person: str, submission_id: str) -> None:
    """The same row, sent again: what it asks is asked anew only where it says something else."""
    if queries.last_asked(desk, before.id) == text and before.person == person:
        this = (query.c.authority == desk.authority) & (query.c.id == before.id)
        desk.run(update(query).where(this).values(submission=submission_id))
        return
    queries.move(desk, before, queries.OPEN, "asked_again", text, person=person, submission=submission_id)
    tasks.end_of_query(desk, before)
    tasks.of_query(desk, before, text, person=person, due=before.due)


def _known(desk: Desk, row: Any, here: str) -> dict[str, Any]:
    """What the form said before in this case (or on this record), by where it stood."""
    about = (query.c.authority == desk.authority) & (query.c.record == row.record)
    about &= query.c.case == row.case if row.case else query.c.case.is_(None)
    found = desk.rows(select(query).where(about, query.c.source.is_not(None)))
    return {one.source: one for one in found if one.source.startswith(here)}


def _said(asked: meetings.Asked, row: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a row asks, whom to ask it behind, and who took it; None where nobody did, or nothing is asked."""
    text = str(row.get(asked.what.id) or "").strip()
    whom = str(row.get(asked.beside.id) or "").strip() if asked.beside else ""
    took = row.get(asked.who.id) if asked.who else None
    person = took[0] if isinstance(took, list) and took else took
    if not text or not person:
        return None
    return (f"{text} ({whom})" if whom else text), str(person)
