"""Ids that answers point with: naming what they point at, and refusing what the one who answers may not see.

Without this a guessed id in a link field would tell a name, or that somebody is known here at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from engine.casework import access, ids, paths
from engine.casework.errors import NotReady
from engine.casework.store import Desk
from engine.casework.tables import person, record, upload
from engine.language.model import Form, Question
from engine.questions import Problem


def names(desk: Desk, wanted: Iterable[str]) -> dict[str, str]:
    """Names of those of these records that this person may see, for showing what an answer points at."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    if not asked:
        return {}
    found = desk.rows(select(record.c.id, record.c.name).where(record.c.id.in_(asked), access.visible(desk)))
    return {row.id: row.name for row in found}


def people_there(desk: Desk, wanted: Iterable[str]) -> set[str]:
    """Those of these ids that are people with an account here."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    if not asked:
        return set()
    here = (person.c.authority == desk.authority) & person.c.id.in_(asked) & person.c.active
    return set(desk.run(select(person.c.id).where(here)).scalars())


def check(
    desk: Desk, form: Form, base: Mapping[str, Any], mine: Mapping[str, Any], submission: str | None = None
) -> None:
    """Refuse a record or a person newly named in `mine` that this person may not see, as if it did not exist.

    A file newly named has to be one that was added to the same question of this very `submission`.
    """
    if not any(_points(one) for section in form.sections for one in section.questions):
        return
    named = _new(form, "record_link", base, mine)
    staff = _new(form, "staff", base, mine)
    seen = names(desk, (one for _, one in named))
    there = people_there(desk, (one for _, one in staff))
    wrong = [path for path, one in named if one not in seen] + [
        path for path, one in staff if one not in there
    ]
    files = _new(form, "file", base, mine)
    added = _added(desk, submission, (one for _, one in files))
    wrong += [path for path, one in files if (one, paths.without_rows(path)) not in added]
    if wrong:
        raise NotReady([Problem(path, "option", "Choose one that is listed.") for path in wrong])


def _points(question: Question) -> bool:
    """Whether it is answered with ids. Most forms ask for none, and then nothing is to be looked at."""
    return question.type in ("record_link", "staff", "file") or any(map(_points, question.questions))


def _added(desk: Desk, submission: str | None, wanted: Iterable[str]) -> set[tuple[str, str]]:
    """Those of these ids that are files of the submission, each with the question that it was added to."""
    asked = sorted({one for one in wanted if ids.looks_like(one)})
    if not asked or submission is None:
        return set()
    here = (upload.c.authority == desk.authority) & (upload.c.submission == submission)
    found = desk.rows(select(upload.c.id, upload.c.question).where(here, upload.c.id.in_(asked)))
    return {(row.id, row.question) for row in found}


def _new(form: Form, kind: str, base: Mapping[str, Any], mine: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = {one for _, one in paths.values_of(form, kind, base)}
    return [(path, one) for path, one in paths.values_of(form, kind, mine) if one not in known]
