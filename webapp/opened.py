"""A submission opened for a page: with its form, its definitions and what the form makes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import url_for

from engine.casework import Desk, cases, records, submissions
from engine.casework.values import Submission
from engine.forms import CompiledForm, Evaluation
from engine.forms.entry import Entry
from engine.language.model import Form, Section, Stack
from engine.questions.base import Context
from webapp import answering, speaking
from webapp.drawing.ink import Ink
from webapp.drawing.triangle import Corner, corners


@dataclass(frozen=True)
class Opened:
    """What pages about one submission work with."""

    submission: Submission
    stack: Stack
    compiled: CompiledForm
    record_name: str
    case_title: str
    facts: Mapping[str, Any]
    today: Any
    name_of: Callable[[str], str | None]

    @property
    def form(self) -> Form:
        return self.stack.forms[self.submission.form]

    @property
    def may_write(self) -> bool:
        return "submit" in self.submission.may or "edit" in self.submission.may

    @cached_property
    def evaluation(self) -> Evaluation:
        return self.compiled.evaluate(self.submission.answers, today=self.today, facts=self.facts)

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

    def entry(self, posted: Mapping[str, Sequence[str]], section: Section) -> Entry:
        """What was posted for one section, read by the form itself over what is already answered."""
        fields = {**posted, "a.@section": [section.id]}
        return self.compiled.entry(
            fields, before=self.submission.answers, today=self.today, mint=lambda: uuid4().hex
        )

    def with_submission(self, saved: Submission) -> Opened:
        return replace(self, submission=saved)

    def ink(self, desk: Desk, answers: Mapping[str, Any], raw: Mapping[str, Any], *, guidance: str) -> Ink:
        evaluation = self.compiled.evaluate(answers, today=self.today, facts=self.facts)
        ink = answering.ink_for(
            self.compiled,
            evaluation,
            answers,
            raw,
            model=self.form,
            guidance=guidance,
            kept_back=self.submission.hidden,
            choices=answering.chooser(desk, self.submission.record),
            calculated=answering.calculated_texts(self.compiled, evaluation, self.context),
        )
        return replace(ink, why=url_for("why.question", submission=self.submission.id, question="_")[:-1])

    @property
    def context(self) -> Context:
        return Context(self.stack.lists, self.today, self.name_of)

    def summary(self, answers: Mapping[str, Any] | None = None) -> Any:
        return self.compiled.summary(
            self.submission.answers if answers is None else answers,
            today=self.today, facts=self.facts, name_of=self.name_of,
        )  # fmt: skip

    def browser_facts(self) -> Mapping[str, Any]:
        """What the form's conditions read of the facts: nothing else is sent to the page."""
        return self.compiled.browser_facts(self.facts)


def open_submission(desk: Desk, submission: str, *, revision: int | None = None) -> Opened:
    """Opens one for its page. Raises NotFound."""
    found = submissions.get(desk, submission, revision=revision)
    pack = speaking.pinned(desk, found.stack)
    record = records.get(desk, found.record)
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
        submissions.facts_of(desk, submission),
        # A draft is judged by today, what was sent for ever by the day it was sent.
        desk.day_of(found.submitted_at) if found.submitted_at else desk.today,
        answering.namer(desk),
    )
