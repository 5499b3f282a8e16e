"""Cases: a workflow running on a record. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from typing import Any

from engine.casework.store import Desk
from engine.casework.values import Case, Deadline, Step


def start(desk: Desk, workflow: str, *, record: str, key: str | None = None) -> Case:
    """Begin a case by hand, pinned to the live stack. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def startable(desk: Desk, record: str) -> list[Any]:
    """Workflows (model.Workflow) that this person may begin on the record now."""
    raise NotImplementedError


def get(desk: Desk, case: str) -> Case:
    raise NotImplementedError


def of_record(desk: Desk, record: str) -> list[Case]:
    """Cases on a record, newest first."""
    raise NotImplementedError


def open_cases(
    desk: Desk, *, workflow: str | None = None, mine: bool = False, limit: int = 200
) -> list[Case]:
    """Open cases this person may see; `mine`: only those allocated to them or their teams."""
    raise NotImplementedError


def choices(desk: Desk, case: str) -> list[Any]:
    """What may happen next, with every refusal: `workflow.Choice` values."""
    raise NotImplementedError


def fire(
    desk: Desk,
    case: str,
    transition: str,
    *,
    revision: int,
    reason: str | None = None,
    key: str | None = None,
) -> Case:
    """Fire a transition and perform its effects, in this transaction. Raises Refused with every reason, NotFound."""
    raise NotImplementedError


def settle_due(desk: Desk) -> int:
    """Perform what passed deadlines ask for; for the clock's own desk. Returns how many were acted on."""
    raise NotImplementedError


def deadlines(desk: Desk, case: str) -> list[Deadline]:
    raise NotImplementedError


def assign(
    desk: Desk, case: str, *, person: str | None = None, team: str | None = None, role: str | None = None
) -> None:
    """Allocate a person or a team to a case (and so to its record while the case is open)."""
    raise NotImplementedError


def unassign(desk: Desk, allocation: str) -> None:
    raise NotImplementedError


def history(desk: Desk, case: str) -> list[Step]:
    raise NotImplementedError


def machine(desk: Desk, case: str) -> Any:
    """The compiled workflow the case is pinned to, for its drawing and titles."""
    raise NotImplementedError


def pack(desk: Desk, case: str) -> Any:
    """The pack (forms, lists, workflows) the case is pinned to."""
    raise NotImplementedError
