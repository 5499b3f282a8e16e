"""The language that each person reads in: what they chose last, kept so that letters and notices to them speak it too.

A person chooses for themselves alone. Must not know which languages there are: pages offer those of a pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import or_, select, update

from engine.casework import audit
from engine.casework.errors import CaseworkError
from engine.casework.store import Desk
from engine.casework.tables import person

CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


def choose(desk: Desk, code: str) -> None:
    """The person at this desk reads in another language from now on. Raises CaseworkError for what is no code."""
    if not CODE.fullmatch(code):
        raise CaseworkError("That is not the code of a language.")
    me = (person.c.authority == desk.authority, person.c.id == desk.person)
    other = or_(person.c.language.is_(None), person.c.language != code)
    if desk.run(update(person).where(*me, other).values(language=code)).rowcount:
        audit.did(desk, "person.language", item=desk.person)


def of_people(desk: Desk, wanted: Iterable[str]) -> dict[str, str | None]:
    """What each person chose, by id; None where they never did."""
    columns = select(person.c.id, person.c.language)
    rows = desk.rows(
        columns.where(person.c.authority == desk.authority, person.c.id.in_(sorted(set(wanted))))
    )
    return {row.id: row.language for row in rows}
