"""What the machine takes and gives: a case, an outcome, a refusal, a choice. Plain frozen values.

They exist so that whoever keeps cases (a database, a test, a scenario) needs to know nothing of how the
machine decides. They must not know the database, people's names or how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from engine.calendars import DueDate
from engine.expressions.changeable import Least
from engine.expressions.changing_words import instruction
from engine.language.model import DeadlineRule
from engine.language.saying import say
from engine.workflow.effects import EffectValue

RefusalKind = Literal[
    "role", "state", "guard", "unknown", "reason", "form", "four_eyes", "deadline", "revision"
]
Moment = datetime | date
Facts = Mapping[str, object]


@dataclass(frozen=True)
class CaseState:
    """Where a case stands: what the machine needs to know of it, and all that it changes.

    `entered` is when the present state began, `reopened` when a case that had ended was last opened again.
    `revision` goes up by one with each transition.
    """

    workflow: str
    state: str
    started: Moment
    entered: Moment
    revision: int = 1
    closed: bool = False
    reopened: Moment | None = None

    def moved(self, state: str, now: Moment, closed: bool) -> CaseState:
        """The case in another state, one revision on."""
        # A frozen dataclass sets its fields one by one through a slow door; this is the machine's busiest line.
        case = object.__new__(CaseState)
        object.__setattr__(
            case,
            "__dict__",
            {
                "workflow": self.workflow,
                "state": state,
                "started": self.started,
                "entered": now,
                "revision": self.revision + 1,
                "closed": closed,
                "reopened": now if self.closed and not closed else self.reopened,
            },
        )
        return case


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something may not happen now.

    `unanswered` are the names that a decision waits for (`suitability.outcome`); `needs` is what would have
    to be so: the roles, the states, or the condition as its author wrote it. `allow` is what would take this reason
    away; where that is an answer, `seek` finds the least change, and `reads` are the names that count.
    """

    kind: RefusalKind
    message: str
    unanswered: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    allow: str = field(default="", compare=False)
    reads: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    seek: Callable[[], Least | None] | None = field(default=None, compare=False, repr=False)

    def said(self, may_see: Callable[[str], bool] | None = None) -> str:
        """The reason in words, for somebody who may be told only of the names for which `may_see` is true."""
        if self._seen(may_see):
            return self.message
        return say("Whether this can be done depends on something you may not see.")

    def least(self) -> Least | None:
        """The least change of answers that would allow it; None where no answer refuses."""
        return self.seek() if self.seek is not None else None

    def allowing(self, may_see: Callable[[str], bool] | None = None) -> str:
        """What would take this reason away, as one sentence; nothing where that is not known.

        Where an answer counts that may not be told, no value of any answer is offered.
        """
        if self.seek is None:
            return self.allow
        if not self._seen(may_see):
            return ""
        found = self.seek()
        match found.outcome if found is not None else "none":
            case "found" if found is not None and found.changed:
                said = instruction(found.changed)
                return f"{said[0].upper()}{said[1:]}."
            case "constant":
                return say("No answer that anybody can give alters this.")
            case "none":
                return say("No change of three answers or fewer is enough.")
            case _:
                return say("No small change was found that is enough.")

    def _seen(self, may_see: Callable[[str], bool] | None) -> bool:
        return may_see is None or all(map(may_see, self.reads))


@dataclass(frozen=True, slots=True)
class Step:
    """One transition that happened; `branch` counts from 0 where it has branches."""

    transition: str
    source: str
    target: str
    automatic: bool = False
    branch: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of firing. Refused: the case as it was, and every reason. Else: the new case and the effects.

    `steps` are the transitions that happened: the one fired and any automatic ones that followed.
    """

    case: CaseState
    effects: tuple[EffectValue, ...] = ()
    refused: tuple[Refusal, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A transition that leaves the present state: whether this person may fire it now, and if not, why not.

    `reason` says whether words must be given: required, optional or none. `targets` are where it may lead.
    An automatic one is never `allowed`: it happens by itself, and `refusals` say what it waits for.
    """

    transition: str
    label: str
    allowed: bool
    refusals: tuple[Refusal, ...]
    reason: str
    by: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    automatic: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that runs now. `what` is the id of the state, or STATE.TASK for a task's."""

    what: str
    on: date
    rule: DeadlineRule
    because: str
    label: str = ""
    reckoned: DueDate | None = None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something to do in the present state: a declared task, or a form of it that is not yet submitted."""

    id: str
    label: str
    role: str | None = None
    form: str | None = None
    due: date | None = None
