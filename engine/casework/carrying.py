"""Carrying answers forward, so that nothing is typed twice: from the newest submission of the form named.

What is carried says where it came from and when it was handed in, until somebody changes it. Where it is carried to be
confirmed it counts at once, and somebody must say that it is still right before it is approved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from engine.casework import access, facts, stacks
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.language.model import Form, Question, Stack, Workflow
from engine.workflow import Choice, Refusal
from engine.workflow import effects as fx


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


# --- Confirming what was carried


def unconfirmed(carried: Mapping[str, Any], answers: Mapping[str, Any]) -> list[str]:
    """Questions whose answer was carried to be confirmed, still stands, and nobody has confirmed."""
    return [
        question
        for question, one in carried.items()
        if one.get("how") == "confirm" and not one.get("confirmed") and question in answers
    ]


def kept(
    carried: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], confirm: Collection[str] = ()
) -> dict[str, Any]:
    """What is still carried once answers have changed; changing one makes it the writer's own."""
    return {
        question: {**one, "confirmed": True} if question in confirm and one.get("how") == "confirm" else one
        for question, one in carried.items()
        if new.get(question) == old.get(question)
        and new.get(f"{question}.other") == old.get(f"{question}.other")
    }


def approved_by(workflow: Workflow | None, form: str) -> bool:
    """Whether a transition of the workflow approves the form; where none does, sending it is the last word."""
    return workflow is not None and any(form in one.approve for one in workflow.transitions)


def refusals(desk: Desk, case_row: Any, forms: Iterable[str]) -> list[Refusal]:
    """Why these forms of a case cannot be approved yet: a refusal for each with something to be confirmed.

    Questions that the person may not see are not named.
    """
    wanted = sorted(set(forms))
    if not wanted:
        return []
    here = (submission.c.authority == desk.authority) & (submission.c.case == case_row.id)
    rows = desk.rows(
        select(submission)
        .where(here, submission.c.form.in_(wanted), submission.c.state.in_(facts.IN_FORCE))
        .order_by(submission.c.submitted_at)
    )
    newest = {row.form: row for row in rows}
    waiting = {form: unconfirmed(row.carried, row.answers) for form, row in newest.items()}
    if not any(waiting.values()):
        return []
    may = access.grants(desk, case_row.record, closed_book=False)
    declared = stacks.pinned(desk, case_row.stack).stack.forms
    return [
        Refusal("form", _words(declared[form], questions, access.hidden_questions(may, declared[form])))
        for form, questions in waiting.items()
        if questions
    ]


def held_back(desk: Desk, row: Any, choice: Choice, workflow: Workflow) -> Choice:
    """The choice with what stands against approving: answers carried from earlier that nobody has confirmed."""
    transition = workflow.transition(choice.transition)
    against = refusals(desk, row, transition.approve if transition else ())
    if not against:
        return choice
    return replace(choice, allowed=False, refusals=(*choice.refusals, *against))


def approvals(effects: Iterable[fx.EffectValue]) -> list[str]:
    return [one.form for one in effects if isinstance(one, fx.Approve)]


def labels(form: Form, questions: Collection[str]) -> list[str]:
    """What these questions are called, in the form's order."""
    return [
        one.label
        for section in form.sections
        for one in section.questions
        if one.id in questions and one.label
    ]


def _words(form: Form, waiting: Collection[str], hidden: Collection[str]) -> str:
    named = labels(form, [one for one in waiting if one not in hidden])
    told = ", ".join(f"‘{label}’" for label in named) or "answers that you may not see"
    return (
        f"{form.title} has answers carried from earlier that nobody has confirmed: {told}. "
        f"Open {form.title} and say that they are still right, or send it back to be changed."
    )
