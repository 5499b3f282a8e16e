"""What `needing` hands out: one thing to do, and one page of them. Must not know where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.casework.urgency import GROUPS


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. `kind`: task, action, form (to be written), draft, returned, decision; `why`: named, holder,
    role, begun, sent. `ways` are the ids of the transitions that a decision may choose from."""

    kind: str
    id: str
    record: str
    record_name: str
    record_type: str
    due: date | None
    since: datetime
    why: str
    role: str | None = None
    case: str | None = None
    workflow: str | None = None
    state: str | None = None
    stack: str | None = None
    form: str | None = None
    submission: str | None = None
    label: str = ""
    asked: str = ""
    """What kind of task it is: rule, own, query, form."""
    query: str | None = None
    """The id of the question that is to be answered, where it is one."""
    revision: int | None = None
    """Of an action that this person may end, what it was when this was read."""
    ways: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    to_confirm: int = 0
    sent_back: str | None = None
    """Why it was sent back, where it was; empty where no reason was given."""
    back: datetime | None = None
    """When it was sent back."""


@dataclass(frozen=True, slots=True)
class Needs:
    """One page of what needs doing, and how much there is in all, by how it presses."""

    lines: tuple[Need, ...]
    totals: Mapping[str, int] = field(default_factory=dict)
    page: int = 1
    pages: int = 1

    @property
    def total(self) -> int:
        return sum(self.totals.values())


def totals(rows: Sequence[Any]) -> dict[str, int]:
    """How many lines there are on all pages, by how they press: every line tells it."""
    return {one: getattr(rows[0], f"in_{one}") if rows else 0 for one in GROUPS}


def pages(rows: Sequence[Any], size: int) -> int:
    return max(1, -(-sum(totals(rows).values()) // size))
