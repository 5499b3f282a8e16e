"""Conditions and values of a workflow, compiled: what they are now, and if unknown, what they wait for.

The one place in this room that knows `engine.expressions`. Must not know transitions or how a refusal is
worded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from engine.expressions import Scope, Type, Typed, Why, closure, explain, parse, typed
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression
from engine.workflow import facts as facts_
from engine.workflow.values import CaseState, Moment

Day = Callable[[Moment], date]


class CaseReader:
    """Answers an expression's names from facts, the case and today. The case's own state beats `facts`'."""

    __slots__ = ("_case", "_day", "_facts", "_now")

    def __init__(self, facts: Mapping[str, Any], case: CaseState, now: Moment, day: Day) -> None:
        self._facts = facts
        self._case = case
        self._now = now
        self._day = day

    def __call__(self, key: str) -> Any:
        head, rest = _parted(key)
        if not rest:
            return self._day(self._now).isoformat() if key == "today()" else None
        if head == "case":
            return self._of_case(rest)
        part = self._facts.get(head)
        if part is None:
            return None
        if head != "record":
            state = part.get("_state", facts_.SUBMITTED)
            if rest[0] == "_state":
                return state
            if state not in facts_.STANDING:
                return None
        return part.get(rest[0]) if len(rest) == 1 else _descend(part, rest)

    def _of_case(self, rest: tuple[str, ...]) -> Any:
        match rest:
            case ("state",):
                return self._case.state
            case ("started",):
                return self._day(self._case.started).isoformat()
            case ("entered",):
                return self._day(self._case.entered).isoformat()
            case ("reopened",):
                reopened = self._case.reopened
                return None if reopened is None else self._day(reopened).isoformat()
            case ("waiting",):
                return bool(facts_.awaits(self._facts))
            case _:
                return _descend(self._facts.get("case"), rest)


@cache
def _parted(key: str) -> tuple[str, tuple[str, ...]]:
    head, *rest = key.split(".")
    return head, tuple(rest)


def _descend(part: Any, names: tuple[str, ...]) -> Any:
    """The value at nested names; the text of `other` stands undivided, as `QUESTION.other`."""
    for index, name in enumerate(names):
        if not isinstance(part, Mapping):
            return None
        undivided = ".".join(names[index:])
        if undivided in part:
            return part[undivided]
        part = part.get(name)
    return part


@dataclass(frozen=True, slots=True)
class Guard:
    """One compiled condition or value."""

    typed: Typed
    run: Callable[[Callable[[str], Any]], Any] = field(compare=False)

    @property
    def text(self) -> str:
        """As its author wrote it, on one line."""
        return " ".join(self.typed.expression.text.split())

    def why(self, read: CaseReader) -> Why:
        """What it comes to now and what decided that, in words."""
        return explain(self.typed, read, json=True)

    def unanswered(self, read: CaseReader) -> dict[str, str]:
        """What an unknown result waits for: names with their labels. Empty if it is known."""
        why = self.why(read)
        if why.value is not None:
            return {}
        missing = {one.name: one.label for one in why.decisive() if one.value is None}
        # A result may be missing though all is answered, as with a division by nought: then all of it counts.
        return missing or {one.name: one.label for one in why.decisive()}


def compile_guard(
    expression: Expression, scope: Scope, wants: Type | None, element: str
) -> tuple[Guard | None, list[Diagnostic]]:
    """The expression compiled over stored answers, or None; and what was found in it."""
    written, findings = parse(expression)
    if written is None:
        return None, list(findings)
    found, more = typed(written, scope, wants, element)
    findings = [*findings, *more]
    return (Guard(found, closure(found, json=True)) if found is not None else None), findings
