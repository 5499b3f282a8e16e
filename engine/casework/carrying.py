"""Carrying answers forward, so that nothing is typed twice: from the newest submission of the form named.

What is carried says where it came from and when it was handed in, until somebody changes it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.casework import facts
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.language.model import Form, Question, Stack


def forward(desk: Desk, form: Form, stack: Stack, record_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a new draft begins with, and by question where it came from.

    The source is the newest submitted or approved one about this record, in any case. Options that this form
    does not offer are left out; whatever fits no more is not carried.
    """
    wanted = [one for section in form.sections for one in section.questions if one.carry is not None]
    sources = {one.carry.source.split(".")[0] for one in wanted if one.carry is not None}
    if not sources:
        return {}, {}
    newest = {
        row.form: row
        for row in desk.rows(
            select(submission)
            .where(
                submission.c.authority == desk.authority,
                submission.c.record == record_id,
                submission.c.form.in_(sorted(sources)),
                submission.c.state.in_(facts.IN_FORCE),
            )
            .order_by(submission.c.submitted_at, submission.c.revision)
        )
    }
    answers: dict[str, Any] = {}
    carried: dict[str, Any] = {}
    for question in wanted:
        carry = question.carry
        if carry is None or carry.how == "never":
            continue
        form_id, _, name = carry.source.partition(".")
        found = newest.get(form_id)
        value = _fitting(question, stack, found.answers.get(name)) if found is not None else None
        if found is None or value in (None, "", [], {}):
            continue
        answers[question.id] = value
        other = found.answers.get(f"{name}.other")
        if other and (value == "other" or (isinstance(value, list) and "other" in value)):
            answers[f"{question.id}.other"] = other
        carried[question.id] = {
            "form": form_id,
            "question": name,
            "submission": found.id,
            "on": desk.day_of(found.submitted_at).isoformat(),
            "how": carry.how,
        }
    return answers, carried


def _fitting(question: Question, stack: Stack, value: Any) -> Any:
    """The value as this question can take it: only options that it offers today."""
    offered = stack.lists.get(question.options) if question.options is not None else None
    if offered is None:
        return value
    known = {one.id for one in offered.options if not one.group and not one.retired}
    known |= {"other"} if offered.other else set()
    if isinstance(value, list):
        return [one for one in value if one in known]
    return value if value in known else None
