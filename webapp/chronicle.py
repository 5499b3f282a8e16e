"""The lines of a chronology, and of what is new, in the words of the page: what each is called and what it opens.

Reads nothing: what stands here was read, and cut to what its reader may see, by casework's `chronology` and `looks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from engine.casework import Desk
from engine.casework.chronology import Entry, deadline_title
from engine.casework.looks import Since
from engine.language.model import Stack
from webapp import speaking
from webapp.naming import form_title, role_title, stack_of, state_title, workflow_title
from webapp.tongues import N_, _

KIND_NAMES = {
    "step": N_("Steps of cases"),
    "form": N_("Forms"),
    "note": N_("Notes"),
    "marker": N_("Harm and signs"),
    "link": N_("Links"),
    "action": N_("Actions agreed"),
    "task": N_("Tasks"),
    "deadline": N_("Dates"),
    "share": N_("Decisions to tell others"),
    "people": N_("Who works on it"),
    "record": N_("The record itself"),
}
WORDS = {
    ("step", "moved"): N_("Step"),
    ("step", "paused"): N_("Clock stopped"),
    ("step", "resumed"): N_("Clock goes on"),
    ("form", "sent"): N_("Form sent"),
    ("form", "approved"): N_("Form approved"),
    ("form", "returned"): N_("Form sent back"),
    ("form", "withdrawn"): N_("Form taken back"),
    ("note", "written"): N_("Note"),
    ("marker", "from"): N_("Harm or sign, from"),
    ("marker", "to"): N_("Harm or sign, ended"),
    ("link", "from"): N_("Linked with"),
    ("link", "to"): N_("Link ended"),
    ("action", "agreed"): N_("Action agreed"),
    ("action", "due"): N_("Action due"),
    ("action", "passed"): N_("Action not done in time"),
    ("action", "done"): N_("Action done"),
    ("task", "given"): N_("Task given"),
    ("task", "due"): N_("Task due"),
    ("task", "done"): N_("Task done"),
    ("task", "withdrawn"): N_("Task taken back"),
    ("deadline", "due"): N_("Due"),
    ("deadline", "passed"): N_("Date passed"),
    ("share", "decided"): N_("Decided to tell"),
    ("people", "from"): N_("Began work on it"),
    ("people", "to"): N_("Ended work on it"),
    ("record", "made"): N_("Record made"),
    ("record", "closed"): N_("Record closed"),
}
CHANGED = {
    "note.edited": N_("Note changed"),
    "action.edited": N_("Action changed"),
    "record.edited": N_("Details changed"),
    "record.reopened": N_("Record opened again"),
    "case.started": N_("Case started"),
    "case.withdrawn": N_("Case taken back"),
    "deadline.passed": N_("Date passed"),
}
"""What happened, where it is more than the entry itself says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `what` kind of thing happened to `title`, who did it, and the address of what it shows."""

    kind: str
    what: str
    day: date
    at: datetime | None
    title: str
    text: str
    who: str
    url: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What is new since `at`, for the box at the top of a page."""

    at: datetime
    lines: tuple[Line, ...]
    more: bool


def people_of(since: Since | None) -> list[str | None]:
    return [one for each in (since.changes if since else ()) for one in (each.person, each.entry.person)]


def lines(
    desk: Desk,
    entries: Iterable[Entry],
    record: str,
    names: Mapping[str | None, str],
    teams: Mapping[str, str],
) -> list[Line]:
    """Entries of a record's chronology as lines."""
    live, tasks = speaking.live_stack(desk), speaking.task_labels(desk)
    return [_line(desk, one, record, names, teams, tasks, live) for one in entries]


def news(desk: Desk, since: Since | None, record: str, names: Mapping[str | None, str]) -> News | None:
    """What is new as lines, newest first; None on a first visit."""
    if since is None:
        return None
    live, tasks = speaking.live_stack(desk), speaking.task_labels(desk)
    found = []
    for one in since.changes:
        line = _line(desk, one.entry, record, names, {}, tasks, live)
        what = _(CHANGED[one.action]) if one.action in CHANGED else line.what
        who = line.title if line.kind == "people" else names.get(one.person, _("Someone"))
        found.append(
            Line(
                line.kind, what, desk.day_of(one.at), one.at, line.title, line.text, who, line.url, line.late
            )
        )
    return News(since.at, tuple(found), since.more)


def _line(
    desk: Desk,
    one: Entry,
    record: str,
    names: Mapping[str | None, str],
    teams: Mapping[str, str],
    tasks: Mapping[str, str],
    live: Stack,
) -> Line:
    return Line(
        one.kind,
        _(WORDS[one.kind, one.what]),
        one.day,
        one.at,
        _title(desk, one, names, teams, tasks, live),
        one.text,
        _who(one, names),
        _opens(desk, one, record),
        one.what == "passed",
    )


def _who(one: Entry, names: Mapping[str | None, str]) -> str:
    if one.kind in ("people", "marker", "deadline") or one.what == "due":
        return ""
    if one.person is None and one.kind not in ("step", "form", "share"):
        return ""
    return names.get(one.person, _("Someone"))


def _title(
    desk: Desk,
    one: Entry,
    names: Mapping[str | None, str],
    teams: Mapping[str, str],
    tasks: Mapping[str, str],
    live: Stack,
) -> str:
    match one.kind:
        case "step":
            stack = stack_of(desk, one.stack or "")
            title = workflow_title(stack, one.workflow or "")
            return f"{title}: {state_title(stack, one.workflow or '', one.state)}" if one.state else title
        case "form":
            return form_title(stack_of(desk, one.stack or ""), one.form or "")
        case "deadline":
            return deadline_title(stack_of(desk, one.stack or ""), one.workflow or "", one.state or "")
        case "marker":
            declared = stack_of(desk, desk.stack.hash).lists.get(one.option[0]) if one.option else None
            found = declared.option(one.option[1]) if declared and one.option else None
            return found.label if found else one.title
        case "people":
            name = (
                names.get(one.person, _("Someone")) if one.person else teams.get(one.team or "", _("A team"))
            )
            role = role_title(stack_of(desk, desk.stack.hash), one.role)
            return f"{name}, {role}" if role else name
        case "task":
            return tasks.get(one.title, one.title)
        case "action":
            return f"{one.title} ({one.owner})" if one.owner else one.title
    return one.title


def _opens(desk: Desk, one: Entry, record: str) -> str:
    """The address of what an entry shows: the thing itself, in its place."""
    if one.kind == "form":
        form = stack_of(desk, one.stack or "").forms.get(one.form or "")
        about = record if form is not None and form.several else None
        return url_for("reading.read", submission=one.item, about=about)
    if one.kind == "link" and one.other:
        return url_for("records.show", record=one.other)
    if one.case and one.kind in ("step", "deadline", "task", "people", "note"):
        places = {
            "step": "history",
            "deadline": "dates",
            "task": "tasks",
            "people": "people",
            "note": "notes",
        }
        return url_for("cases.show", case=one.case, _anchor=places[one.kind])
    places = {
        "note": f"note-{one.item}", "marker": "harm", "action": "actions", "task": "tasks", "share": "told",
        "people": "people", "record": "details",
    }  # fmt: skip
    return url_for("records.show", record=record, _anchor=places.get(one.kind))
