"""A form ready for use: the one object through which other rooms evaluate, enter, summarise and send it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.forms import changing
from engine.forms.browser import Blind, decisions, describe, describe_facts
from engine.forms.checks import check
from engine.forms.compiling import Compiled, compile_plan
from engine.forms.entry import Entry, enter
from engine.forms.evaluating import evaluate
from engine.forms.evaluation import Evaluation
from engine.forms.plan import Plan
from engine.forms.summary import SectionSummary, summarise
from engine.language.diagnostics import Diagnostic
from engine.language.model import Form, Stack
from engine.questions import BUILT_IN, Registry


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """A form of one stack, compiled once, used as often as wanted. `findings` are what `check` says of it."""

    compiled: Compiled = field(repr=False)

    @property
    def plan(self) -> Plan:
        return self.compiled.plan

    @property
    def id(self) -> str:
        return self.plan.form.id

    @property
    def form(self) -> Form:
        return self.plan.form

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Conditions that make no sense; and, if all do, whatever could mislead whoever fills in the form."""
        found = tuple(self.compiled.conditions.findings)
        return found if any(one.severity == "error" for one in found) else (*found, *check(self.compiled))

    @property
    def reads(self) -> frozenset[str]:
        """The names of facts beyond the form that its conditions read, as `record.markers`."""
        inside = (one.key for rows in self.plan.rows.values() for one in rows.facts)
        return frozenset((*(one.key for one in self.plan.facts), *inside))

    def over(self, stack: Stack) -> CompiledForm:
        """The same form in a stack in which it means the same."""
        plan = replace(self.plan, stack=stack, lists=stack.lists)
        return CompiledForm(replace(self.compiled, plan=plan))

    def evaluate(
        self, answers: Mapping[str, Any] | None, *, today: date, facts: Mapping[str, Any] | None = None
    ) -> Evaluation:
        """What is shown, required, advised, calculated and wrong with these answers on this day.

        `answers` are JSON as stored; `facts` are what expressions may read beyond the form. Never raises for
        what answers hold.
        """
        return evaluate(self.plan, answers, today=today, facts=facts)

    def change(self, evaluation: Evaluation, changes: Mapping[str, Any]) -> Evaluation:
        """What an evaluation of this form becomes when these answers, by path, are changed: same day, same facts.

        Equal to a whole evaluation of the new answers, and dearer only in as much as depends on them. Paths are
        those of `shown`, `QUESTION.other` and whole repeats; None is an answer taken away. Raises KeyError for a
        row that is not there. The answers first evaluated must not have been altered since.
        """
        return changing.change(evaluation, changes)

    def entry(
        self,
        posted: Mapping[str, Sequence[str]],
        before: Mapping[str, Any] | None = None,
        *,
        today: date | None = None,
        mint: Callable[[], str] | None = None,
    ) -> Entry:
        """What a page posted, read over the answers `before`. `mint` makes the ids of rows that are added."""
        return enter(self.plan, posted, before or {}, today=today, mint=mint)

    def summary(
        self,
        answers: Mapping[str, Any] | None,
        *,
        today: date,
        facts: Mapping[str, Any] | None = None,
        name_of: Callable[[str], str | None] | None = None,
    ) -> list[SectionSummary]:
        """The answers as people read them, section by section, with what is not answered."""
        return summarise(self.evaluate(answers, today=today, facts=facts), name_of)

    def browser(self, blind: Blind | None = None) -> dict[str, Any]:
        """The form's logic as data for `static/js/logic.js`; holds no answers and no facts.

        `blind` says of a name that a condition reads whether it is kept from the person at the page: what reads it
        is decided here, see `browser_decisions`, and not while they type.
        """
        return describe(self.plan, blind)

    def browser_decisions(self, evaluation: Evaluation, blind: Blind) -> dict[str, dict[str, Any]]:
        """What came of the conditions that `browser` leaves out for this person."""
        return decisions(evaluation, blind)

    def browser_facts(self, facts: Mapping[str, Any] | None) -> dict[str, Any]:
        """Of these facts only what the form's conditions read, for the browser: nothing else leaves the server."""
        return describe_facts(self.plan, facts or {})


def compile(form: Form, stack: Stack, types: Registry = BUILT_IN) -> CompiledForm:
    """A form of the model, compiled. Never raises for what an author wrote: see `findings`."""
    return CompiledForm(compile_plan(form, stack, types))
