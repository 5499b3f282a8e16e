"""Facts: what conditions may read of a record, a case and the forms handed in for it, as JSON.

They are read as Trefoil, not as a person: a guard decides on what is so, whoever asks. Nothing of them is shown.
Drafts are never among them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from engine.casework import awaiting, standing, together
from engine.casework.store import Desk
from engine.casework.tables import action, link, marker, record, submission, submission_record

IN_FORCE = ("submitted", "approved")
HANDED_IN = ("submitted", "approved", "returned")


def of_record(desk: Desk, row: Any, read: Collection[str] | None = None) -> dict[str, Any]:
    """A record's own fields, and what is in force on it today.

    `read` are the names that conditions read of facts (`record.markers`): no more is asked for. None asks for all.
    """
    parts = (
        {name.split(".")[1] for name in read if name.startswith("record.")} if read is not None else _PARTS
    )
    asked = {name: ask(desk, row.id) for name, ask in _PARTS.items() if name in parts}
    return {**row.fields, "id": row.id, "type": row.type, **asked}


def of_case(desk: Desk, row: Any, record_row: Any) -> dict[str, Any]:
    """All that a case's guards and forms may read."""
    return {"record": of_record(desk, record_row), **beside_the_record(desk, row)}


def beside_the_record(desk: Desk, row: Any) -> dict[str, Any]:
    """What may be read of a case itself, and of the forms handed in for it."""
    return {
        "case": {
            "id": row.id,
            "state": row.state,
            "started": desk.day_of(row.started).isoformat(),
            "entered": desk.day_of(row.entered).isoformat(),
            "reopened": desk.day_of(row.reopened).isoformat() if row.reopened else None,
            **awaiting.facts_of(desk, row.id),
        },
        **forms_of(desk, row.id),
    }


def forms_of(desk: Desk, case_id: str) -> dict[str, Mapping[str, Any]]:
    """The newest submission of each form in a case, with its state; answers only while they are in force."""
    wanted = (
        select(submission.c.form, submission.c.state, submission.c.answers)
        .where(
            submission.c.authority == desk.authority,
            submission.c.case == case_id,
            submission.c.state.in_(HANDED_IN),
        )
        .order_by(submission.c.submitted_at, submission.c.revision)
    )
    found: dict[str, Mapping[str, Any]] = {}
    for row in desk.read_once(("forms", case_id), (submission,), lambda: desk.rows(wanted)):
        answers = row.answers if row.state in IN_FORCE else {}
        found[row.form] = {**answers, "_state": row.state}
    return found


def submitters(desk: Desk, case_id: str) -> dict[str, str]:
    """Who submitted the newest submission of each form in a case."""
    wanted = (
        select(submission.c.form, submission.c.submitted_by)
        .where(
            submission.c.authority == desk.authority,
            submission.c.case == case_id,
            submission.c.state.in_(HANDED_IN),
            submission.c.submitted_by.is_not(None),
        )
        .order_by(submission.c.submitted_at, submission.c.revision)
    )
    return {row.form: row.submitted_by for row in desk.rows(wanted)}


def _latest(desk: Desk, record_id: str) -> dict[str, Any]:
    read = (submission, submission_record)
    rows = desk.read_once(("latest", record_id), read, lambda: desk.about(_in_force(), record_id))
    newest = {row.form: row for row in rows}
    return {form: own_part(desk, row, record_id) for form, row in newest.items()}


@cache
def _in_force() -> Select[Any]:
    said = submission.c.id, submission.c.form, submission.c.stack, submission.c.answers
    wanted = select(*said).where(
        submission.c.authority == bindparam("of"), together.ABOUT, submission.c.state.in_(IN_FORCE)
    )
    return standing.kept_whole(wanted.order_by(submission.c.submitted_at, submission.c.revision))


def own_part(desk: Desk, row: Any, record_id: str) -> Mapping[str, Any]:
    """What a submission says of one record: where it is about several, what is shared and that record's part."""
    form = together.form_of(desk, row)
    answers: Mapping[str, Any] = row.answers
    return together.only(form, answers, record_id) if form.several else answers


def _markers(desk: Desk, record_id: str) -> list[dict[str, Any]]:
    wanted = select(marker).where(
        marker.c.authority == desk.authority,
        marker.c.record == record_id,
        marker.c.since <= desk.today,
        or_(marker.c.until.is_(None), marker.c.until > desk.today),
    )
    return [
        {"kind": row.option, "list": row.list, "from": row.since.isoformat(), "to": _day(row.until)}
        for row in desk.read_once(
            ("markers", record_id),
            (marker,),
            lambda: desk.rows(wanted.order_by(marker.c.since, marker.c.id)),
        )
    ]


def _links(desk: Desk, record_id: str) -> list[dict[str, Any]]:
    far = record.alias()
    wanted = (
        select(link, far.c.id.label("far"), far.c.type)
        .join(
            far,
            and_(
                far.c.authority == link.c.authority,
                or_(
                    and_(link.c.one == record_id, far.c.id == link.c.two),
                    and_(link.c.two == record_id, far.c.id == link.c.one),
                ),
            ),
        )
        .where(
            link.c.authority == desk.authority,
            far.c.destroyed_at.is_(None),
            link.c.since <= desk.today,
            or_(link.c.until.is_(None), link.c.until > desk.today),
        )
    )
    return [
        {
            "type": row.type,
            "other": row.far,
            "purpose": row.purpose,
            "from": row.since.isoformat(),
            "to": _day(row.until),
        }
        for row in desk.read_once(
            ("links", record_id), (link, record), lambda: desk.rows(wanted.order_by(link.c.since, link.c.id))
        )
    ]


def _actions(desk: Desk, record_id: str) -> list[dict[str, Any]]:
    wanted = select(action).where(
        action.c.authority == desk.authority, action.c.record == record_id, action.c.ended_at.is_(None)
    )
    return [
        {
            "what": row.what,
            "social_field": row.social_field,
            "owner": row.owner,
            "due": _day(row.due),
            "progress": row.progress,
        }
        for row in desk.read_once(
            ("actions", record_id),
            (action,),
            lambda: desk.rows(wanted.order_by(action.c.made_at, action.c.id)),
        )
    ]


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


_PARTS: Mapping[str, Callable[[Desk, str], Any]] = {
    "markers": _markers,
    "links": _links,
    "actions": _actions,
    "latest": _latest,
}
"""What is asked of other tables about a record, by the name that conditions know it by."""
