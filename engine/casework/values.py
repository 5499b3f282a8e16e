"""What casework hands out: plain frozen values, already cut down to what the person at the desk may see.

Nothing here holds a database row or a connection, so that a page can be drawn after the transaction has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Outside:
    """The number by which another system knows a record."""

    system: str
    number: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as one person may see it: fields hidden from them are absent and named in `hidden`."""

    id: str
    type: str
    name: str
    fields: Mapping[str, Any]
    hidden: frozenset[str]
    identifiers: tuple[Outside, ...]
    stack: str
    revision: int
    made_at: datetime
    made_by: str | None
    closed_at: datetime | None
    restricted: bool
    may: frozenset[str]
    reach: str = "whole"
    """`whole`, or `name` where rules let the person see some forms about it but not the record's own fields."""

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search: enough to choose by."""

    id: str
    type: str
    name: str
    closed_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record that may be the same one; `score` is 0 to 100. Only records the person may see are offered."""

    record: Found
    score: float


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    record: str
    record_type: str
    record_name: str
    workflow: str
    state: str
    started: datetime
    entered: datetime
    closed_at: datetime | None
    revision: int
    stack: str
    allocated: tuple[Allocation, ...] = ()
    reopened: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who holds a record or a case: a person or a team, in what role, from when to when."""

    id: str
    record: str
    case: str | None
    person: str | None
    team: str | None
    role: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step in a case's history."""

    number: int
    transition: str | None
    came_from: str | None
    to: str
    person: str | None
    role: str | None
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """Answers to one form. `state`: draft, submitted, returned, approved or superseded.

    `answers` hold what the person may see; `hidden` names questions kept from them (they stay stored).
    `raw` holds text typed into a draft that could not be understood yet, by path.
    """

    id: str
    form: str
    record: str
    case: str | None
    state: str
    answers: Mapping[str, Any]
    raw: Mapping[str, Any]
    hidden: frozenset[str]
    stack: str
    revision: int
    begun_by: str | None
    begun_at: datetime
    changed_by: str | None
    changed_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    may: frozenset[str] = frozenset()
    carried: Mapping[str, Any] = field(default_factory=dict)
    """By question: where an answer was carried from (form, question, submission, on) and `how`; until changed."""
    records: tuple[str, ...] = ()
    """The records it is about whose part this person sees, in their order."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved state; `merged` says that it joined two people's changes."""

    number: int
    content: Mapping[str, Any]
    by: str | None
    at: datetime
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Typed text that met somebody else's save and waits for a choice."""

    id: str
    submission: str
    base: int
    answers: Mapping[str, Any]
    raw: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something a role or person must do. `kind`: rule (of a state), form (fill it in) or own (added by hand)."""

    id: str
    kind: str
    label: str
    role: str | None
    person: str | None
    record: str
    record_name: str
    case: str | None
    form: str | None
    submission: str | None
    due: date | None
    done_at: datetime | None
    what: str | None = None
    made_by: str | None = None
    why_withdrawn: str | None = None
    lapsed: bool = False
    """The case left the state that asked for it, and nobody had done it."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A time when a case's clock stood still; `ended` is None while it stands."""

    started: datetime
    ended: datetime | None
    reason: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A decision to tell another agency. `submissions` are the ids of what it speaks of; nothing was sent by it."""

    id: str
    case: str
    agency: str
    what: str | None
    submissions: tuple[str, ...]
    ground: str | None
    consent: str | None
    reason: str | None
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Related:
    """Another case that has to do with one: enough to name it and to go there."""

    id: str
    record: str
    record_name: str
    workflow: str
    stack: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a case comes from, what it began, what it waits for now, and how often it was opened again."""

    began_from: Related | None
    began: tuple[Related, ...]
    waits_for: tuple[Related, ...]
    times_reopened: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which a state or task must be finished, with the rule and the inputs that gave it."""

    id: str
    case: str
    what: str
    due: date
    rule: Mapping[str, Any]
    because: str
    met_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Notification:
    id: str
    record: str | None
    case: str | None
    message: str
    at: datetime
    read_at: datetime | None
    kind: str = "told"
    thing: str | None = None
    """The id of the date or of the handing over that it tells of, where it tells of one; see `noticing`."""


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    record: str
    case: str | None
    text: str
    revision: int
    made_by: str | None
    made_at: datetime
    changed_by: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A dated connection, seen from one record: `other` is the record at the far end."""

    id: str
    other: str
    other_type: str
    other_name: str
    purpose: str
    since: date
    until: date | None
    why_ended: str | None


@dataclass(frozen=True, slots=True)
class Marker:
    id: str
    record: str
    list: str
    option: str
    since: date
    until: date | None
    why_ended: str | None
    case: str | None


@dataclass(frozen=True, slots=True)
class Action:
    """A plan item."""

    id: str
    record: str
    case: str | None
    what: str
    social_field: str | None
    owner: str | None
    due: date | None
    measure: str | None
    progress: str | None
    revision: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    sign_in: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    active: bool
    revision: int
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What was said at a question (by its stored path; of all of the form where it is empty) of a submission that was
    returned, and what its writer says was done about it."""

    id: str
    submission: str
    question: str
    text: str
    made_by: str | None
    made_at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    dealt_by: str | None = None
    dealt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session. `token` is only ever in the value that `begin` returns: the database keeps its hash."""

    authority: str
    person: str
    token: str | None
    began: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One audit event as a reader sees it: ids and question ids, never values."""

    number: int
    at: datetime
    person: str | None
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the newest change was not published, for the banner."""

    at: datetime
    report: Mapping[str, Any]
