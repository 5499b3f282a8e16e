"""Carrying answers forward, so that nothing is typed twice: from the newest submission of the form named.

What is carried says where it came from and when it was handed in, until somebody changes it. Where it is carried to be
confirmed it counts at once, and somebody must say that it is still right before it is approved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from engine.casework import facts, paths, stacks, standing, together
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import submission
from engine.language.model import Form, Question, Stack, Workflow
from engine.language.saying import say
from engine.workflow import Choice, Refusal
from engine.workflow import effects as fx


def forward(
    desk: Desk, form: Form, stack: Stack, record_id: str, records: Iterable[str] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a new draft begins with, and by question where it came from.

    The source is the newest submitted or approved one about this record, in any case. Options that this form
    does not offer are left out; whatever fits no more is not carried. Shared answers come from `record_id`, what is
    asked of each of several `records` from that record's own forms.
    """
    shared = [one for section in form.sections if not section.each for one in section.questions]
    answers, carried = _carried(desk, shared, stack, record_id)
    for section in form.sections:
        rows = []
        for one in records if section.each else ():
            row, came = _carried(desk, section.questions, stack, one)
            if row:
                rows.append({"_row": one, **row})
            carried |= {f"{section.id}.{one}.{question}": source for question, source in came.items()}
        if rows:
            answers[section.id] = rows
    return answers, carried


def _carried(
    desk: Desk, questions: Iterable[Question], stack: Stack, record_id: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers that these questions take from the forms of one record."""
    wanted = [one for one in questions if one.carry is not None]
    sources = {one.carry.source.split(".")[0] for one in wanted if one.carry is not None}
    if not sources:
        return {}, {}
    newest = _newest(desk, record_id, sources)
    answers: dict[str, Any] = {}
    carried: dict[str, Any] = {}
    for question in wanted:
        carry = question.carry
        if carry is None or carry.how == "never":
            continue
        form_id, _, name = carry.source.partition(".")
        found = newest.get(form_id)
        source = facts.own_part(desk, found, record_id) if found is not None else {}
        if "." in name:
            source, name = _row_of(source, name)
        value = _fitting(question, stack, source.get(name)) if found is not None else None
        if found is None or value in (None, "", [], {}):
            continue
        answers[question.id] = value
        other = source.get(f"{name}.other")
        if other and (value == "other" or (isinstance(value, list) and "other" in value)):
            answers[f"{question.id}.other"] = other
        carried[question.id] = {
            "form": form_id,
            "question": carry.source.partition(".")[2],
            "submission": found.id,
            "on": desk.day_of(found.submitted_at).isoformat(),
            "how": carry.how,
        }
    return answers, carried


def _newest(desk: Desk, record_id: str, sources: Collection[str]) -> dict[str, Any]:
    """By form the newest submission in force about this record, alone or among others."""
    which = {"of": desk.authority, "about": record_id, "forms": sorted(sources)}
    return {row.form: row for row in desk.rows(_in_force(), which)}


@cache
def _in_force() -> Select[Any]:
    wanted = select(submission).where(
        submission.c.authority == bindparam("of"),
        together.ABOUT,
        among(submission.c.form, "forms"),
        submission.c.state.in_(facts.IN_FORCE),
    )
    return standing.kept_whole(wanted.order_by(submission.c.submitted_at, submission.c.revision))


def _row_of(answers: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], str]:
    """The one row that a form about several has for a record, and the question in it."""
    section, _, question = name.partition(".")
    rows = answers.get(section)
    return (rows[0] if isinstance(rows, list) and len(rows) == 1 else {}), question


def _fitting(question: Question, stack: Stack, value: Any) -> Any:
    """The value as this question can take it: only options that it offers today."""
    offered = stack.lists.get(question.options) if question.options is not None else None
    if offered is None:
        return value
    known = {one.id for one in offered.options if not one.group and not one.retired}
    known |= {"other"} if offered.other else set()
    if isinstance(value, Mapping):
        return {one: told for one, told in value.items() if one in known - {"other"}}
    if isinstance(value, list):
        return [one for one in value if one in known]
    return value if value in known else None


# --- Confirming what was carried


def unconfirmed(carried: Mapping[str, Any], answers: Mapping[str, Any]) -> list[str]:
    """Questions whose answer was carried to be confirmed, still stands, and nobody has confirmed."""
    return [
        question
        for question, one in carried.items()
        if one.get("how") == "confirm"
        and not one.get("confirmed")
        and paths.at(answers, question) is not None
    ]


def kept(
    carried: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], confirm: Collection[str] = ()
) -> dict[str, Any]:
    """What is still carried once answers have changed; changing one makes it the writer's own."""
    return {
        question: {**one, "confirmed": True} if question in confirm and one.get("how") == "confirm" else one
        for question, one in carried.items()
        if paths.at(new, question) == paths.at(old, question)
        and paths.at(new, f"{question}.other") == paths.at(old, f"{question}.other")
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
    declared = stacks.pinned(desk, case_row.stack).stack.forms
    return [
        Refusal(
            "form",
            _words(declared[form], questions, together.sight(desk, newest[form], closed_book=False).hidden),
        )
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
    wanted = {one if one.count(".") < 2 else "{0}.{2}".format(*one.split(".", 2)) for one in questions}
    return [
        one.label
        for section in form.sections
        for one in section.questions
        if (f"{section.id}.{one.id}" if section.each else one.id) in wanted and one.label
    ]


def _words(form: Form, waiting: Collection[str], hidden: Collection[str]) -> str:
    named = labels(form, [one for one in waiting if not paths.hides(hidden, one)])
    told = ", ".join(f"‘{label}’" for label in named) or say("answers that you may not see")
    return say(
        "%(form)s has answers carried from earlier that nobody has confirmed: %(questions)s. "
        "Open %(form)s and say that they are still right, or send it back to be changed.",
        form=form.title,
        questions=told,
    )
