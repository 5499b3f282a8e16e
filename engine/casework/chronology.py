"""Everything dated about a record or a case, in one order: what was done, written, agreed, linked, due and decided.

Each kind is read in bulk and by the rules of its own module, so that the number of questions does not grow with the
years, and nothing stands here that its own page would not show this reader. Words come from the definitions that a
thing is pinned to; a page may say them in another language by the ids beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from engine.casework import (
    access,
    actions,
    audit,
    cases,
    likeness,
    links,
    markers,
    notes,
    records,
    sharing,
    stacks,
    submissions,
    tasks,
)  # fmt: skip
from engine.casework.store import Desk
from engine.casework.tables import action, allocation, case_pause, case_step, deadline, link, task
from engine.casework.values import Case, Submission
from engine.language.model import Stack

KINDS = ("step", "form", "note", "marker", "link", "action", "task", "deadline", "share", "people", "record")
"""In the order in which things of one moment stand."""

KIND_OF = {
    "case.started": ("step", "moved"), "case.moved": ("step", "moved"), "case.withdrawn": ("step", "moved"),
    "case.paused": ("step", "paused"), "case.resumed": ("step", "resumed"),
    "submission.submitted": ("form", "sent"), "submission.approved": ("form", "approved"),
    "submission.returned": ("form", "returned"), "submission.withdrawn": ("form", "withdrawn"),
    "note.added": ("note", "written"), "note.edited": ("note", "written"),
    "marker.opened": ("marker", "from"), "marker.ended": ("marker", "to"),
    "link.added": ("link", "from"), "link.ended": ("link", "to"),
    "action.added": ("action", "agreed"), "action.edited": ("action", "agreed"), "action.ended": ("action", "done"),
    "task.added": ("task", "given"), "task.done": ("task", "done"), "task.withdrawn": ("task", "withdrawn"),
    "deadline.passed": ("deadline", "passed"),
    "share.decided": ("share", "decided"),
    "allocated": ("people", "from"), "allocation.ended": ("people", "to"),
    "record.edited": ("record", "made"), "record.closed": ("record", "closed"), "record.reopened": ("record", "made"),
}  # fmt: skip
"""What an event of the record's trail is about: the kind of entry here, and what of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated thing. `item` is the id of what it is about, `day` the day in the authority's zone; `at` the moment,
    where more than the day is known. `title` names the thing and `text` is what somebody wrote of it."""

    kind: str
    what: str
    day: date
    item: str
    at: datetime | None = None
    case: str | None = None
    person: str | None = None
    team: str | None = None
    title: str = ""
    text: str = ""
    form: str | None = None
    stack: str | None = None
    workflow: str | None = None
    state: str | None = None
    transition: str | None = None
    option: tuple[str, str] | None = None
    """Of a marker: its list and its option."""
    social_field: str | None = None
    other: str | None = None
    """The record at a link's far end."""
    owner: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What to leave of a chronology; each narrows it further, and nothing set leaves everything."""

    kinds: frozenset[str] = frozenset()
    social_field: str | None = None
    since: date | None = None
    until: date | None = None
    person: str | None = None
    text: str = ""
    oldest_first: bool = False


def of_record(desk: Desk, record: str, filters: Filters | None = None) -> list[Entry]:
    """The chronology of a record, newest first unless asked otherwise. The look is written down. Raises NotFound."""
    record = access.known_record(desk, record)
    audit.viewed(desk, record, "chronology.viewed")
    return filtered(_all(desk, record), filters or Filters())


def of_case(desk: Desk, case: str, filters: Filters | None = None) -> list[Entry]:
    """The same of one case alone. Raises NotFound."""
    row = cases.seen(desk, case)
    audit.viewed(desk, row.record, "chronology.viewed", item=row.id)
    return filtered([one for one in _all(desk, row.record) if one.case == row.id], filters or Filters())


def filtered(entries: Iterable[Entry], filters: Filters) -> list[Entry]:
    """Those entries that the filters leave, in their order."""
    words = likeness.plain(filters.text).split()
    found = [one for one in entries if _left(one, filters, words)]
    return sorted(found, key=_place, reverse=not filters.oldest_first)


def _left(one: Entry, filters: Filters, words: Sequence[str]) -> bool:
    if filters.kinds and one.kind not in filters.kinds:
        return False
    if filters.social_field and one.social_field != filters.social_field:
        return False
    if (filters.since and one.day < filters.since) or (filters.until and one.day > filters.until):
        return False
    if filters.person and one.person != filters.person:
        return False
    said = likeness.plain(f"{one.title} {one.text} {one.owner or ''}") if words else ""
    return all(word in said for word in words)


def _place(one: Entry) -> tuple[date, float, int, str, str]:
    """What has a day alone stands before what has a moment on that day."""
    return one.day, one.at.timestamp() if one.at else 0.0, -KINDS.index(one.kind), one.item, one.what


def _all(desk: Desk, record: str) -> list[Entry]:
    whole = access.grants(desk, record).whole
    running = {one.id: one for one in cases.of_record(desk, record)}
    mine = (desk, record, running)
    found = [
        *_steps(*mine, whole),
        *_pauses(*mine, whole),
        *_deadlines(*mine),
        *_tasks(*mine),
        *_forms(*mine),
    ]
    if whole:
        for reading in (_notes, _markers, _links, _actions, _shares, _people, _itself):
            found += reading(*mine)
    return found


Cases = dict[str, Case]


def _rows(desk: Desk, table: Table, found: Iterable[Any]) -> dict[str, Any]:
    """The rows behind what was handed out, for who made them and when."""
    return desk.by_id(table, [one.id for one in found])


def _stack(desk: Desk, pinned_to: str) -> Stack:
    return stacks.pinned(desk, pinned_to).stack


def _titles(desk: Desk, case: Case) -> tuple[str, Callable[[str], str]]:
    """A case's workflow and its states in words."""
    workflow = _stack(desk, case.stack).workflows.get(case.workflow)
    if workflow is None:
        return case.workflow, str

    def state_title(state: str) -> str:
        found = workflow.state(state)
        return found.title if found else state

    return workflow.title, state_title


def _steps(desk: Desk, record: str, running: Cases, whole: bool) -> Iterator[Entry]:
    wanted = select(case_step).where(case_step.c.authority == desk.authority, case_step.c.case.in_(running))
    for row in desk.rows(wanted):
        case = running[row.case]
        title, state = _titles(desk, case)
        yield Entry(
            "step", "moved", desk.day_of(row.at), row.id, row.at, row.case, row.person,
            title=f"{title}: {state(row.to)}", text=(row.reason or "") if whole else "", stack=case.stack,
            workflow=case.workflow, state=row.to, transition=row.transition, role=row.role,
        )  # fmt: skip


def _pauses(desk: Desk, record: str, running: Cases, whole: bool) -> Iterator[Entry]:
    wanted = select(case_pause).where(
        case_pause.c.authority == desk.authority, case_pause.c.case.in_(running)
    )
    for row in desk.rows(wanted):
        case = running[row.case]
        same: dict[str, Any] = {
            "case": row.case,
            "title": _titles(desk, case)[0],
            "stack": case.stack,
            "workflow": case.workflow,
        }
        yield Entry(
            "step", "paused", desk.day_of(row.started), row.id, row.started, person=row.started_by,
            text=row.reason if whole else "", **same,
        )  # fmt: skip
        if row.ended:
            yield Entry(
                "step", "resumed", desk.day_of(row.ended), row.id, row.ended, person=row.ended_by, **same
            )


def _deadlines(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    """Dates that were let pass, and those that still run; what was done in time is told by what was done."""
    wanted = select(deadline).where(deadline.c.authority == desk.authority, deadline.c.case.in_(running))
    for row in desk.rows(wanted):
        met = desk.day_of(row.met_at) if row.met_at else None
        late = row.due < (met or desk.today)
        case = running[row.case]
        if not late and (met is not None or not case.open):
            continue
        yield Entry(
            "deadline", "passed" if late else "due", row.due, row.id, case=row.case,
            title=deadline_title(_stack(desk, case.stack), case.workflow, row.what), stack=case.stack,
            workflow=case.workflow, state=row.what,
        )  # fmt: skip


def deadline_title(stack: Stack, workflow_id: str, what: str) -> str:
    """What is to be done by a date: the task of a state, or the state itself."""
    state_id, _, task_id = what.partition(".")
    workflow = stack.workflows.get(workflow_id)
    state = workflow.state(state_id) if workflow else None
    if state is None:
        return what
    return next((one.label for one in state.tasks if one.id == task_id), state.title)


def _tasks(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    found = [one for one in tasks.of_record(desk, record) if one.case is None or one.case in running]
    trail = _rows(desk, task, found)
    for one in found:
        same: dict[str, Any] = {"case": one.case, "title": one.label, "role": one.role}
        made, done_by = trail[one.id].made_at, trail[one.id].done_by
        if one.kind == "own":
            yield Entry("task", "given", desk.day_of(made), one.id, made, person=one.made_by, **same)
        if one.done_at is not None and not one.lapsed:
            what = "withdrawn" if one.why_withdrawn else "done"
            yield Entry(
                "task", what, desk.day_of(one.done_at), one.id, one.done_at, person=done_by,
                text=one.why_withdrawn or "", **same,
            )  # fmt: skip
        elif one.done_at is None and one.due is not None and one.kind == "own":
            yield Entry("task", "due", one.due, one.id, **same)


def _forms(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    for one in submissions.of_record(desk, record):
        form = _stack(desk, one.stack).forms.get(one.form)
        same: dict[str, Any] = {
            "case": one.case,
            "title": form.title if form else one.form,
            "form": one.form,
            "stack": one.stack,
        }
        for what, at, person, text in _of_form(one):
            yield Entry("form", what, desk.day_of(at), one.id, at, person=person, text=text, **same)


def _of_form(one: Submission) -> Iterator[tuple[str, datetime, str | None, str]]:
    if one.submitted_at is None:
        return
    yield "sent", one.submitted_at, one.submitted_by, ""
    if one.decided_at is not None:
        what = "returned" if one.state == "returned" else "approved"
        yield what, one.decided_at, one.decided_by, (one.reason or "") if what == "returned" else ""
    elif one.state == "withdrawn":
        yield "withdrawn", one.changed_at, one.changed_by, ""


def _notes(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    for one in notes.of_record(desk, record):
        yield Entry(
            "note", "written", desk.day_of(one.made_at), one.id, one.made_at, one.case, one.made_by, text=one.text
        )  # fmt: skip


def _markers(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    for one in markers.of_record(desk, record, ended=True):
        declared = desk.stack.lists.get(one.list)
        option = declared.option(one.option) if declared else None
        same: dict[str, Any] = {
            "case": one.case, "title": option.label if option else one.option, "option": (one.list, one.option),
        }  # fmt: skip
        yield Entry("marker", "from", one.since, one.id, **same)
        if one.until:
            yield Entry("marker", "to", one.until, one.id, text=one.why_ended or "", **same)


def _links(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    """Links to what this person may see. A group or a place tells of its links to other contexts alone."""
    context = _context(desk, records.row_of(desk, record).type)
    found = [
        one
        for one in links.of_record(desk, record, ended=True)
        if not context or _context(desk, one.other_type)
    ]
    by = _rows(desk, link, found)
    for one in found:
        case = by[one.id].case if by[one.id].case in running else None
        same: dict[str, Any] = {"case": case, "title": one.other_name, "other": one.other}
        yield Entry("link", "from", one.since, one.id, person=by[one.id].made_by, text=one.purpose, **same)
        if one.until:
            yield Entry("link", "to", one.until, one.id, text=one.why_ended or "", **same)


def _context(desk: Desk, type: str) -> bool:
    declared = desk.stack.records.get(type)
    return declared is not None and declared.context


def _actions(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    found = actions.of_record(desk, record, ended=True)
    trail = _rows(desk, action, found)
    for one in found:
        case = one.case if one.case in running else None
        same: dict[str, Any] = {
            "case": case,
            "title": one.what,
            "social_field": one.social_field,
            "owner": one.owner,
        }
        made, by = trail[one.id].made_at, trail[one.id].made_by
        yield Entry("action", "agreed", desk.day_of(made), one.id, made, person=by, **same)
        if one.ended_at is not None:
            yield Entry(
                "action", "done", desk.day_of(one.ended_at), one.id, one.ended_at, text=one.progress or "", **same
            )  # fmt: skip
        elif one.due is not None:
            yield Entry(
                "action", "passed" if one.due < desk.today else "due", one.due, one.id, text=one.progress or "",
                **same,
            )  # fmt: skip


def _shares(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    for one in sharing.of_record(desk, record):
        yield Entry(
            "share", "decided", desk.day_of(one.at), one.id, one.at, one.case if one.case in running else None,
            one.by, title=one.agency, text=" ".join(filter(None, (one.what, one.ground, one.reason))),
        )  # fmt: skip


def _people(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    wanted = select(allocation).where(allocation.c.authority == desk.authority, allocation.c.record == record)
    for row in desk.rows(wanted):
        if row.case is not None and row.case not in running:
            continue
        same: dict[str, Any] = {"case": row.case, "person": row.person, "team": row.team, "role": row.role}
        yield Entry("people", "from", desk.day_of(row.since), row.id, row.since, **same)
        if row.until is not None:
            yield Entry("people", "to", desk.day_of(row.until), row.id, row.until, **same)


def _itself(desk: Desk, record: str, running: Cases) -> Iterator[Entry]:
    row = records.row_of(desk, record)
    made = Entry(
        "record", "made", desk.day_of(row.made_at), row.id, row.made_at, person=row.made_by, title=row.name
    )
    yield made
    if row.closed_at is not None:
        yield replace(made, what="closed", day=desk.day_of(row.closed_at), at=row.closed_at, person=None)
