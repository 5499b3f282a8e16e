"""Judging a form for one person: by all its answers and facts, telling only what that person may see.

Pages judge as sending does. A condition that reads what the reader may not see is decided here, when the page is made,
and never in their browser: what would be needed to decide it there is not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.casework import access, facts, paths, records, stacks, together
from engine.casework import cases as cases_
from engine.casework.access import Grants
from engine.casework.blindness import kept_names, reads
from engine.casework.store import Desk
from engine.forms import CompiledForm, Evaluation, SectionSummary, summarise
from engine.language.model import Stack
from engine.questions import Problem


@dataclass(frozen=True, slots=True)
class Judge:
    """One form with one person before it. What is kept from them is in here, and comes out of no method."""

    form: CompiledForm
    hidden: frozenset[str]
    today: date
    kept: Mapping[str, Any] = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)
    told: Mapping[str, Any] = field(repr=False)
    blind: Callable[[str], bool] = field(repr=False)

    def evaluate(self, answers: Mapping[str, Any] | None = None) -> Evaluation:
        """The form's evaluation with these answers (or those stored), completed by what is hidden from the person."""
        given = self.kept if answers is None else paths.restore(answers, self.kept, self.hidden)
        found = self.form.evaluate(given, today=self.today, facts=self.facts)
        return told(found, self.hidden) if self.hidden else found

    def may_see(self, name: str) -> bool:
        """Whether what stands under a name that a condition reads may be told to this person."""
        return not self.blind(name)

    def summary(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        name_of: Callable[[str], str | None] | None = None,
    ) -> list[SectionSummary]:
        """The answers as this person reads them."""
        return summarise(self.evaluate(answers), name_of)

    def browser(self) -> dict[str, Any]:
        """The form's logic for this person's page, without what they may not decide by."""
        return self.form.browser(self.blind)

    def browser_facts(self, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Of the facts what their conditions read, and what was decided for them by what they may not see."""
        found = self.form.browser_facts(self.told)
        found["read"] = {name: one for name, one in found["read"].items() if not self.blind(name)}
        decided = self.form.browser_decisions(self.evaluate(answers), self.blind)
        kept = {
            what: {name: one for name, one in said.items() if not paths.hides(self.hidden, name)}
            for what, said in decided.items()
        }
        return found | {"decided": kept} if decided else found


def judge(
    desk: Desk, row: Any, *, answers: Mapping[str, Any] | None = None, about: str | None = None
) -> Judge:
    """The judge of a submission, of it as it is or as it stood with other `answers`."""
    sight = together.sight(desk, row, about=about)
    stack = stacks.pinned(desk, row.stack)
    read = facts_read(desk, row, sight.records)
    return Judge(
        form=stack.form(row.form),
        hidden=sight.hidden,
        today=desk.day_of(row.submitted_at) if row.submitted_at else desk.today,
        kept=row.answers if answers is None else answers,
        facts=read,
        told=facts_told(desk, row, sight.records, read),
        blind=blind_to(desk, row, sight),
    )


def facts_read(desk: Desk, row: Any, first: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the form's conditions read beyond itself, and nothing that nobody asks for.

    The records of a form about several stand in their order, those in `first` before all others, so that what is told
    of them alone counts them from nought.
    """
    form = stacks.pinned(desk, row.stack).form(row.form)
    read = form.reads
    heads = {name.partition(".")[0] for name in read}
    found: dict[str, Any] = {}
    if "record" in heads:
        found["record"] = facts.of_record(desk, records.row_of(desk, row.record), read)
    if row.case is not None and heads - {"record"}:
        found |= facts.beside_the_record(desk, cases_.row_of(desk, row.case))
    if form.form.several:
        about = together.records_of(desk, row)
        ordered = [*(one for one in about if one in first), *(one for one in about if one not in first)]
        found["records"] = [facts.of_record(desk, records.row_of(desk, one), read) for one in ordered]
    return found


def facts_told(desk: Desk, row: Any, seen: tuple[str, ...], found: Mapping[str, Any]) -> dict[str, Any]:
    """These facts without what this person may not see: fields, forms' answers, and who is linked."""
    stack = stacks.pinned(desk, row.stack).stack
    told = {"case": found["case"]} if "case" in found else {}
    if row.record in seen:
        grants = access.grants(desk, row.record, closed_book=False)
        for name, one in found.items():
            if name == "record":
                told["record"] = _cut_record(grants, stack, one)
            elif name not in ("case", "records"):
                told[name] = _cut_form(grants, stack, name, one, seen)
    if "records" in found:
        told["records"] = [
            _cut_record(access.grants(desk, one["id"], closed_book=False), stack, one)
            for one in found["records"]
            if one["id"] in seen
        ]
    return told


def _cut_record(found: Grants, stack: Stack, about: Mapping[str, Any]) -> dict[str, Any]:
    hidden = access.hidden_fields(found, stack.records[about["type"]])
    kept = {name: value for name, value in about.items() if name.split(".")[0] not in hidden}
    nothing = ("links",) if found.whole else ("links", "markers", "actions")
    latest = {
        form: _cut_form(found, stack, form, one, (about["id"],))
        for form, one in about.get("latest", {}).items()
    }
    return kept | {name: [] for name in nothing if name in about} | ({"latest": latest} if latest else {})


def _cut_form(
    found: Grants, stack: Stack, form_id: str, answers: Mapping[str, Any], seen: tuple[str, ...]
) -> dict[str, Any]:
    form = stack.forms.get(form_id)
    if form is None or not found.may("view", form=form_id):
        return {name: value for name, value in answers.items() if name == "_state"}
    kept = paths.cut(answers, access.hidden_questions(found, form))
    for section in together.each_sections(form):
        kept[section] = [one for one in kept.get(section) or () if one.get("_row") in seen]
    return kept


def blind_to(desk: Desk, row: Any, sight: together.Sight) -> Callable[[str], bool]:
    """Whether a name that a condition reads is kept from this person, decided by what they may see, never by what
    stands there: so that the page tells nothing even by what it leaves out."""
    stack = stacks.pinned(desk, row.stack).stack
    form = together.form_of(desk, row)
    grants = [access.grants(desk, one, closed_book=False) for one in sight.records]
    elsewhere = kept_names(stack, grants, {records.row_of(desk, one).type for one in sight.records})
    own = {one.id for section in form.sections for one in (section, *section.questions)}
    each = set(together.each_sections(form))

    def blind(name: str) -> bool:
        head, _, rest = name.partition(".")
        if head in each and rest.partition(".")[0] == "record":
            return elsewhere(rest)
        if head in own or head == form.id:
            return reads(sight.hidden, name.removeprefix(f"{form.id}."))
        return elsewhere(name)

    return blind


def told(found: Evaluation, hidden: frozenset[str]) -> Evaluation:
    """An evaluation without anything about hidden questions."""

    def open_(path: str) -> bool:
        return not paths.hides(hidden, stored_path(found, path))

    return replace(
        found,
        shown=tuple(path for path in found.shown if open_(path)),
        required=tuple(path for path in found.required if open_(path)),
        advised=tuple(path for path in found.advised if open_(path)),
        calculated=tuple(path for path in found.calculated if open_(path)),
        answers=paths.cut(found.answers, hidden),
        problems=tuple(one for one in found.problems if open_(one.question)),
        advice=tuple(one for one in found.advice if open_(one.question)),
        dropped=tuple(path for path in found.dropped if open_(path)),
    )


def stored_path(found: Evaluation, path: str) -> str:
    """`places[0].detail`, as an evaluation says it, by the id of its row, as it is stored."""
    head, bracket, rest = path.partition("[")
    if not bracket:
        return path
    number, _, tail = rest.partition("]")
    rows = found.working.rows.get(head, [])
    row = rows[int(number)].key if number.isdigit() and int(number) < len(rows) else None
    return f"{head}.{row}{tail}"


def masked(found: Evaluation, hidden: frozenset[str], problems: list[Problem]) -> list[Problem]:
    """Problems as this person may be told them: of what they do not see, only that something is there."""
    mine = [one for one in problems if not paths.hides(hidden, stored_path(found, one.question))]
    return mine if len(mine) == len(problems) else [*mine, HIDDEN_PROBLEM]


HIDDEN_PROBLEM = Problem(
    "",
    "hidden",
    "Something in this form that you may not see is missing or not right. "
    "Ask somebody who may see all of it to complete it and send it.",
)
"""What is told of problems in questions that are kept from the person."""
