"""What was agreed and is somebody's to do: actions whose owner is written as a person here is called.

Owners are written down as words, since many work elsewhere: whose name it is finds theirs on their own page and is
told of it, by its day; two of one name both do. Must not know how an action is agreed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, false, func, literal, select

from engine.casework import coming_back, narrowing, notices, reach
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import action, person, record
from engine.casework.tables import case as cases_
from engine.casework.whose import PEOPLE, Asked


def lines(desk: Desk, asked: Asked) -> Select[Any]:
    """Open actions of these people, or of everybody here, on records that this person sees whole; see `needing`."""
    names = select(func.lower(func.trim(person.c.name))).where(
        person.c.authority == reach.VIEWER.authority, person.c.active
    )
    if not asked.everyone:
        names = names.where(among(person.c.id, PEOPLE))
    wanted = (
        select(
            literal("action").label("kind"),
            action.c.id.label("id"),
            action.c.record.label("record"),
            action.c.case.label("case"),
            action.c.due.label("due"),
            action.c.made_at.label("since"),
            coming_back.NOTHING.label("back"),
        )
        .join(record, and_(record.c.authority == action.c.authority, record.c.id == action.c.record))
        .outerjoin(cases_, and_(cases_.c.authority == action.c.authority, cases_.c.id == action.c.case))
        .where(
            action.c.authority == reach.VIEWER.authority,
            action.c.ended_at.is_(None),
            func.lower(func.trim(action.c.owner)).in_(names),
            narrowing.whole(desk),
        )
    )
    # An owner is named, and in no role: it is not among what waits for a role.
    return wanted.where(false()) if asked.role else wanted


def tell(desk: Desk, record_id: str, case_id: str | None, owner: str | None) -> None:
    """Tell whoever is named as the owner that something was agreed; they find what it is where they may see it."""
    if not owner or not owner.strip():
        return
    here = (person.c.authority == desk.authority) & person.c.active
    called = func.lower(func.trim(person.c.name)) == func.lower(func.trim(literal(owner)))
    for one in desk.run(select(person.c.id).where(here, called)).scalars().all():
        notices.of(desk, "agreed", record_id, case_id, person=one)
