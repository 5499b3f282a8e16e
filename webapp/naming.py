"""Titles for ids: what a case, a form, a role or a person is called on a page.

Everything is read from the definitions that the thing is pinned to, so that old work keeps its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.casework import Desk, cases, lineage, people
from engine.casework.values import Case, Related, Task
from engine.language.model import Stack
from webapp import speaking
from webapp.tongues import _


def stack_of(desk: Desk, pinned_to: str) -> Stack:
    """The definitions under this hash, in the language of the page."""
    found: Stack = speaking.pinned(desk, pinned_to).stack
    return found


def workflow_title(stack: Stack, workflow: str) -> str:
    found = stack.workflows.get(workflow)
    return found.title if found else workflow


def state_title(stack: Stack, workflow: str, state: str) -> str:
    found = stack.workflows.get(workflow)
    inside = found.state(state) if found else None
    return inside.title if inside else state


def form_title(stack: Stack, form: str) -> str:
    found = stack.forms.get(form)
    return found.title if found else form


def role_title(stack: Stack, role: str | None) -> str:
    return stack.access.roles.get(role, role) if role else ""


def type_title(stack: Stack, record_type: str) -> str:
    found = stack.records.get(record_type)
    return found.title if found else record_type


def person_names(desk: Desk, ids: Iterable[str | None]) -> dict[str | None, str]:
    """Names by person id; nobody is Trefoil itself."""
    wanted = {one for one in ids if one}
    found: dict[str | None, str] = {None: "Trefoil"}
    found.update(people.names(desk, wanted) if wanted else {})
    for one in wanted:
        found.setdefault(one, _("Someone"))
    return found


@dataclass(frozen=True, slots=True)
class CaseLine:
    id: str
    title: str
    record: str
    record_id: str
    kind: str
    state: str
    entered: datetime
    closed_at: datetime | None
    due: date | None = None


def case_line(desk: Desk, case: Case, due: date | None = None) -> CaseLine:
    stack = stack_of(desk, case.stack)
    return CaseLine(
        case.id,
        workflow_title(stack, case.workflow),
        case.record_name,
        case.record,
        type_title(stack, case.record_type),
        state_title(stack, case.workflow, case.state),
        case.entered,
        case.closed_at,
        due,
    )


def case_lines(desk: Desk, found: Iterable[Case], due: Mapping[str, date] | None = None) -> list[CaseLine]:
    return [case_line(desk, one, (due or {}).get(one.id)) for one in found]


def holder_names(desk: Desk, found: Iterable[Case]) -> dict[str, str]:
    """Who holds each case now, in words, by its id; nothing where nobody does."""
    listed = list(found)
    names = person_names(desk, [held.person for one in listed for held in one.allocated])
    teams = {one.id: one.name for one in people.teams(desk)}
    return {
        one.id: ", ".join(
            dict.fromkeys(
                names[held.person] if held.person else teams.get(held.team or "", "")
                for held in one.allocated
            )
        )
        for one in listed
    }


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """Another case that has to do with one: `record` where it is about another record."""

    id: str
    title: str
    record: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class LineageLines:
    began_from: RelatedLine | None
    began: list[RelatedLine]
    waits_for: list[RelatedLine]
    times_reopened: int


def lineage_lines(desk: Desk, case: str) -> LineageLines:
    """Where a case comes from, what came of it and what it waits for, with titles."""
    found, own = lineage.of_case(desk, case), cases.row_of(desk, case).record

    def line(one: Related) -> RelatedLine:
        stack = stack_of(desk, one.stack)
        about = one.record_name if one.record != own else ""
        state = state_title(stack, one.workflow, one.state)
        return RelatedLine(one.id, workflow_title(stack, one.workflow), about, state, one.open)

    began_from = line(found.began_from) if found.began_from else None
    began, waits = [line(one) for one in found.began], [line(one) for one in found.waits_for]
    return LineageLines(began_from, began, waits, found.times_reopened)


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: str
    kind: str
    label: str
    record: str
    record_id: str
    case: str | None
    form: str | None
    submission: str | None
    role: str
    due: date | None


def task_lines(desk: Desk, found: Iterable[Task]) -> list[TaskLine]:
    stack, labels = speaking.live_stack(desk), speaking.task_labels(desk)
    return [
        TaskLine(
            one.id, one.kind, labels.get(one.label, one.label), one.record_name, one.record, one.case, one.form,
            one.submission, role_title(stack, one.role), one.due,
        )
        for one in found
    ]  # fmt: skip
