"""What would have to be answered otherwise for a part of a form to be shown, hidden, required, asked for or accepted.

Runs the search for the least change over the evaluation that decided. Must not know pages, nor who may see what:
whoever asks says which names may be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.expressions import tree
from engine.expressions.changeable import (
    ADDED,
    NOT_FALSE,
    NOT_TRUE,
    REMOVED,
    TRUE,
    Changed,
    Context,
    Least,
    Mark,
    Place,
    Truths,
)
from engine.expressions.changing_words import instruction
from engine.expressions.least import least_change
from engine.expressions.values import dump
from engine.forms.plan import Condition, Leaf, Rows
from engine.forms.supposing import FormWorld
from engine.forms.working import Row, Working
from engine.language.saying import later, say

Aspect = Literal["shown", "required", "advised", "refused"]
MaySee = Callable[[str], bool]
_FOUND = {
    1: "%(what)s with one change: %(changes)s.",
    2: "%(what)s with two changes: %(changes)s.",
    3: "%(what)s with three changes: %(changes)s.",
}
_SAID = {
    ("shown", False): later("It would be hidden"),
    ("shown", True): later("It would be shown"),
    ("required", False): later("It would not be required"),
    ("required", True): later("It would be required"),
    ("advised", False): later("It would not be asked for"),
    ("advised", True): later("It would be asked for"),
    ("refused", False): later("It would be accepted"),
}


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The least change that would alter one thing about a part of a form; `outcome` as in `Least`, or `unseen`
    where answers count that the reader may not see. `becomes` is what it would be then."""

    aspect: Aspect
    becomes: bool
    outcome: str
    changed: tuple[Changed, ...] = ()

    def __str__(self) -> str:
        said = say(_SAID[self.aspect, self.becomes])
        match self.outcome:
            case "found":
                return say(_FOUND[len(self.changed)], what=said, changes=instruction(self.changed))
            case "unseen":
                return say("%(what)s only through something you may not see.", what=said)
            case "constant":
                return say("No answer alters that.")
            case "none":
                return say("No change of three answers or fewer alters that.")
            case _:
                return say("No small change was found that alters that.")

    def json(self) -> dict[str, Any]:
        """As `trefoil evaluate --why` prints it."""
        return {
            "alters": self.aspect,
            "to": self.becomes,
            "outcome": self.outcome,
            "changes": [change_json(one) for one in self.changed],
            "sentence": str(self),
        }


def change_json(change: Changed) -> dict[str, Any]:
    """One change: the path and the answer as it would be stored; rows say what is done instead."""
    if isinstance(change.value, Mark):
        return {"path": change.path, "label": change.answer.label, "row": _ROWS[change.value]}
    value = None if change.value is None else dump(change.value)
    return {"path": change.path, "label": change.answer.label, "answer": value}


_ROWS = {ADDED: "add", REMOVED: "remove"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form with what decides about it: the conditions under which it is shown, from the outermost."""

    path: str
    gates: Sequence[Condition]
    leaf: Leaf | None
    rows: Rows | None
    row: Row | None

    @property
    def context(self) -> Context:
        if self.rows is None or self.row is None:
            return ()
        return (Place(self.row.path.removesuffix("."), self.rows.own),)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a part stands now. `refused`: by its own `valid_if`."""

    shown: bool
    required: bool
    advised: bool
    refused: bool


def otherwise(working: Working, part: Part, now: Standing, may_see: MaySee | None) -> Iterator[Otherwise]:
    """The least change for each thing about a part that a condition decides."""
    seeking = _Seeking(working, part, may_see)
    if part.gates:
        yield seeking.least("shown", not now.shown, part.gates, NOT_TRUE if now.shown else TRUE)
    leaf = part.leaf
    if leaf is None or not now.shown:
        return
    if leaf.required_if is not None and leaf.base != "required":
        wants = NOT_TRUE if now.required else TRUE
        yield seeking.least("required", not now.required, [leaf.required_if], wants)
    if leaf.advised_if is not None and leaf.base == "optional" and not now.required:
        wants = NOT_TRUE if now.advised else TRUE
        yield seeking.least("advised", not now.advised, [leaf.advised_if], wants)
    if leaf.valid_if is not None and now.refused:
        yield seeking.least("refused", False, [leaf.valid_if], NOT_FALSE)


class _Seeking:
    def __init__(self, working: Working, part: Part, may_see: MaySee | None) -> None:
        self.working = working
        self.part = part
        self.may_see = may_see

    def least(
        self, aspect: Aspect, becomes: bool, conditions: Sequence[Condition], wants: Truths
    ) -> Otherwise:
        nodes = tuple(one.typed.tree for one in conditions)
        node = nodes[0] if len(nodes) == 1 else tree.And(nodes)
        # What is required stays shown: a change that hides the question would be no answer to why it is required.
        kept = [] if aspect == "shown" else [one.typed.tree for one in self.part.gates]
        own: Mapping[str, Any] = self.working.top.given
        world = FormWorld(self.working, own, [*conditions, *self.part.gates])
        if self.may_see is not None and not all(map(self.may_see, world.names)):
            return Otherwise(aspect, becomes, "unseen")
        found: Least = least_change(node, world, wants=wants, context=self.part.context, keeps=kept)
        return Otherwise(aspect, becomes, found.outcome, found.changed)
