"""A submission opened for a page: with its form, its definitions and what the form makes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import url_for

from engine.casework import Desk, cases, records, submissions
from engine.casework.judging import Judge
from engine.casework.values import Submission
from engine.forms import CompiledForm, Evaluation
from engine.forms.entry import Entry
from engine.language.model import Form, Section, Stack
from engine.questions.base import Context
from webapp import answering, speaking
from webapp.drawing.ink import Ink
from webapp.drawing.triangle import Corner, corners
from webapp.drawing.values import row_ids
from webapp.words import and_list


@dataclass(frozen=True)
class Opened:
    """What pages about one submission work with."""

    submission: Submission
    stack: Stack
    compiled: CompiledForm
    record_name: str
    case_title: str
    judge: Judge
    today: Any
    name_of: Callable[[str], str | None]
    people: Mapping[str, str]
    """The records it is about whose part this person sees, by id, with their names; one for most forms."""

    @property
    def form(self) -> Form:
        return self.stack.forms[self.submission.form]

    @property
    def may_write(self) -> bool:
        return "submit" in self.submission.may or "edit" in self.submission.may

    @cached_property
    def evaluation(self) -> Evaluation:
        return self.judge.evaluate()

    def evaluate(self) -> Evaluation:
        return self.evaluation

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """The form's corners and how each stands; none for a form that is not drawn as a triangle."""
        return corners(self.form, self.stack, self.submission.answers)

    @cached_property
    def askable(self) -> frozenset[str]:
        """Paths that a person can answer, as against sections and what works itself out."""
        ids = {one.id for one in self.form.sections}
        return frozenset(path for path in self.evaluation.shown if path not in ids) - set(
            self.evaluation.calculated
        )

    @property
    def about_whom(self) -> str:
        """Whom the form is about, all of those whose part this person sees."""
        return and_list(list(self.people.values())) if self.form.several else self.record_name

    def entry(self, posted: Mapping[str, Sequence[str]], section: Section, row: str | None = None) -> Entry:
        """What was posted for one section (or one record's part), read by the form over what is already answered."""
        fields = {**posted, "a.@section": [section.id], **({"a.@row": [row]} if row else {})}
        return self.compiled.entry(
            fields, before=self.submission.answers, today=self.today, mint=lambda: uuid4().hex
        )

    def after(self, desk: Desk, saved: Submission) -> Opened:
        """The same once it has been saved."""
        judge = replace(submissions.judge(desk, saved.id), form=self.compiled)
        return replace(self, submission=saved, judge=judge)

    def ink(self, desk: Desk, answers: Mapping[str, Any], raw: Mapping[str, Any], *, guidance: str) -> Ink:
        evaluation = self.judge.evaluate(answers)
        ink = answering.ink_for(
            self.compiled,
            evaluation,
            answers,
            raw,
            model=self.form,
            guidance=guidance,
            kept_back=kept_back(self.submission.hidden, row_ids(self.form, answers)),
            choices=answering.chooser(desk, self.submission.record),
            calculated=answering.calculated_texts(self.compiled, evaluation, self.context),
        )
        return replace(ink, why=url_for("why.question", submission=self.submission.id, question="_")[:-1])

    @property
    def context(self) -> Context:
        return Context(self.stack.lists, self.today, self.name_of)

    def summary(self, answers: Mapping[str, Any] | None = None) -> Any:
        return self.judge.summary(answers, name_of=self.name_of)


def kept_back(hidden: frozenset[str], rows: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Hidden questions by the names under which they would be posted: in a repeat's rows, one for each row."""
    found = set(hidden)
    for path in hidden:
        head, _, inner = path.partition(".")
        if inner.startswith("@"):
            found.add(f"{head}.{inner[1:]}")
        elif inner:
            found |= {f"{head}.{row}.{inner}" for row in rows.get(head, ())}
    return frozenset(found)


def open_submission(
    desk: Desk, submission: str, *, revision: int | None = None, about: str | None = None
) -> Opened:
    """Opens one for its page; `about` as it stands on one of several records. Raises NotFound."""
    found = submissions.get(desk, submission, revision=revision, about=about)
    pack = speaking.pinned(desk, found.stack)
    record = records.get(desk, found.record)
    names = records.names(desk, found.records) if len(found.records) > 1 else {}
    title = ""
    if found.case:
        case = cases.get(desk, found.case)
        workflow = speaking.pinned(desk, case.stack).stack.workflows.get(case.workflow)
        title = workflow.title if workflow else ""
    return Opened(
        found,
        pack.stack,
        pack.form(found.form),
        record.name,
        title,
        replace(
            submissions.judge(desk, submission, revision=revision, about=about), form=pack.form(found.form)
        ),
        # A draft is judged by today, what was sent for ever by the day it was sent.
        desk.day_of(found.submitted_at) if found.submitted_at else desk.today,
        answering.namer(desk),
        {one: names.get(one, record.name) for one in found.records},
    )
