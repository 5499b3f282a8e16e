"""Effects as values: what a transition asks for, worked out from the facts at the moment of firing.

The machine performs nothing. Whoever keeps the case performs these, in their order, in the transaction that
saves it. One frozen dataclass a kind, so that a performer can `match` on it and a test can compare it. They
must not know how or where anything is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Approve:
    """A transition's `approve`: the form's newest submission in this case becomes approved."""

    form: str


@dataclass(frozen=True, slots=True)
class SendBack:
    """A transition's `return`: the form's newest submission in this case is returned, for this reason."""

    form: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StartWorkflow:
    """Start a workflow on this case's own record, or on another (`record` is its id).

    An open case of it there is joined; `several` begins one beside those that are open.
    """

    workflow: str
    record: str | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for the open cases of a workflow to end, or to come to `state`: on this record, or on another."""

    workflow: str
    state: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The decision to tell another agency: whom, what of (words, forms of this case), on what ground.

    `consent` is the answer given to the question about it, as JSON; `asked` names that question. It is written
    down as a decision; nothing is sent by it.
    """

    agency: str
    what: str | None = None
    forms: tuple[str, ...] = ()
    ground: str | None = None
    asked: str | None = None
    consent: Any = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a draft of a form in this case, with a task for the role (None: whoever fired the transition)."""

    form: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell everybody who holds a role on this case; without `message` the transition's own label serves."""

    role: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """Make `person` the one who holds `role` on this case."""

    role: str | None
    person: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Put a dated marker on the record: an option of a list with `lifecycle: dated`.

    `since` and `until` are ISO dates; without `since` it holds from the day of the effect. One that has ended ends the
    record's, for `why`.
    """

    list: str
    option: str
    record: str | None = None
    """The record of the row that it was answered in, where a form is about several; else the case's."""
    since: str | None = None
    until: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class EndMark:
    """End the record's markers of this kind, saying why: an option's id or words."""

    list: str
    option: str
    why: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class AddAction:
    """Add an action to the record's plan. `due` is an ISO date, `source` the row it came from."""

    what: str
    social_field: str | None = None
    owner: str | None = None
    due: str | None = None
    measure: str | None = None
    progress: str | None = None
    source: str | None = None
    record: str | None = None

    def as_row(self) -> dict[str, Any]:
        """The action as conditions read it in `record.actions`."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name != "record" and getattr(self, one.name) is not None
        }


@dataclass(frozen=True, slots=True)
class Link:
    """Link this case's record to another, from today, for this purpose."""

    record: str
    purpose: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class SetField:
    """Set a field of the record. `value` is an answer as JSON; None leaves the field empty."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class CloseRecord:
    """Close the record: how long it is kept begins now."""


EffectValue = (
    Approve
    | SendBack
    | StartWorkflow
    | Await
    | Share
    | OpenForm
    | Notify
    | Assign
    | Mark
    | EndMark
    | AddAction
    | Link
    | SetField
    | CloseRecord
)

KINDS: Mapping[str, type] = {
    "start": StartWorkflow,
    "await": Await,
    "share": Share,
    "open": OpenForm,
    "notify": Notify,
    "assign": Assign,
    "mark": Mark,
    "end_mark": EndMark,
    "action": AddAction,
    "link": Link,
    "set": SetField,
    "close": CloseRecord,
}
