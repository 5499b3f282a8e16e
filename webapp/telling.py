"""The chronology in words: audit events hold ids and never values; this says what kind of thing happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.casework.values import Event
from engine.language.model import Stack

WORDS = {
    "access.refused": "Access refused",
    "action.added": "Action agreed",
    "action.edited": "Action changed",
    "action.ended": "Action finished",
    "allocation.added": "Somebody named",
    "allocation.ended": "Somebody taken off",
    "audit.read": "Audit read",
    "case.joined": "Work already under way joined",
    "case.moved": "Case moved on",
    "case.paused": "Clock of a case stopped",
    "case.resumed": "Clock of a case goes on",
    "case.started": "Case started",
    "case.viewed": "Case looked at",
    "case.withdrawn": "Case taken back",
    "deadline.moved": "A date was worked out anew",
    "deadline.passed": "Deadline passed",
    "glass.broken": "Emergency access taken",
    "glass.reviewed": "Emergency access reviewed",
    "link.added": "Link made",
    "link.ended": "Link ended",
    "marker.ended": "Harm or sign ended",
    "marker.opened": "Harm or sign recorded",
    "note.added": "Note written",
    "note.edited": "Note changed",
    "person.added": "Account made",
    "person.closed": "Account closed",
    "person.edited": "Name changed",
    "person.language": "Another language chosen to read in",
    "person.password_set": "Password set",
    "person.reopened": "Account opened again",
    "person.roles_set": "Roles set",
    "proposal.agreed": "Change to forms or workflows agreed to",
    "proposal.begun": "Change to forms or workflows begun",
    "proposal.files": "Files loaded into a change",
    "proposal.live": "Change to forms or workflows made live",
    "proposal.looked_at_again": "Change looked at again",
    "proposal.proposed": "Change to forms or workflows proposed",
    "proposal.refused": "Change to forms or workflows refused",
    "proposal.withdrawn": "Change to forms or workflows taken back",
    "record.closed": "Record closed",
    "record.destroyed": "Content destroyed",
    "record.destroyed_again": "Content destroyed again after a restore",
    "record.edited": "Details changed",
    "record.held": "Put on hold",
    "record.hold_lifted": "Hold lifted",
    "record.listed": "Named in a list",
    "file.added": "File added",
    "file.viewed": "File looked at",
    "record.made": "Record made",
    "record.reopened": "Record opened again",
    "record.viewed": "Record looked at",
    "restricted": "Restricted",
    "restriction.lifted": "Restriction lifted",
    "share.decided": "Decision to tell another agency",
    "sign_in": "Signed in",
    "sign_in.refused": "Signing in refused",
    "sign_out": "Signed out",
    "stack.published": "Forms and workflows published",
    "submission.approved": "Form approved",
    "submission.begun": "Form begun",
    "submission.returned": "Form sent back",
    "submission.saved": "Draft saved",
    "submission.submitted": "Form sent",
    "submission.taken_out": "Taken out of a form",
    "submission.superseded": "Form replaced by a newer one",
    "submission.viewed": "Form looked at",
    "submission.withdrawn": "Form taken back",
    "task.added": "Task given",
    "task.done": "Task done",
    "task.withdrawn": "Task taken back",
    "team.added": "Team made",
    "team.joined": "Joined a team",
    "team.left": "Left a team",
}


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    who: str
    what: str


def happenings(
    events: Iterable[Event], stack: Stack, names: Mapping[str | None, str], *, looks: bool = False
) -> list[Happening]:
    """Events as lines of a chronology, newest first; looks are left out unless asked for."""
    found = [
        Happening(one.at, names.get(one.person, "Someone"), told(one, stack))
        for one in events
        if looks or not is_look(one.action)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def is_look(action: str) -> bool:
    return action.rpartition(".")[2] in ("viewed", "listed", "read")


def told(event: Event, stack: Stack) -> str:
    """One event in plain words, with the form's or workflow's title where it names one."""
    words = WORDS.get(event.action) or event.action.replace(".", " ").replace("_", " ").capitalize()
    body = event.body
    form, workflow, state = (str(body.get(one) or "") for one in ("form", "workflow", "to"))
    if form in stack.forms:
        return f"{words}: {stack.forms[form].title}"
    if workflow in stack.workflows:
        model = stack.workflows[workflow]
        into = model.state(state)
        return f"{words}: {model.title}" + (f", now at {into.title}" if into else "")
    return words
