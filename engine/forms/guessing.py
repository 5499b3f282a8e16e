"""Most of what a form's conditions owe is plainly kept: one set of answers, put together from the condition, shows it.

A guess is never believed: the answers are evaluated by the closures that will run, as they count while what they
stand in is shown. Only where it fails is the prover asked, which is exact and dear. Must not know findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions import closure
from engine.expressions import tree as core
from engine.forms.described import Described
from engine.forms.plan import Condition, Leaf, Rows
from engine.questions.choosing import choices

Wanted = Sequence[tuple[Condition | core.Node, Sequence[bool | None]]]
_FAR = Decimal(1000)
_DAY = date(2026, 1, 5)
_SOME: Mapping[str, Any] = {"yes_no": True, "number": Decimal(1), "date": _DAY, "text": "x", "time": "09:00"}


class _NoGuess(Exception):
    """The condition reads what no guess is made of."""


def met(wanted: Wanted, described: Described, rows: Rows | None) -> bool:
    """Whether answers were found with which each condition comes to one of its values; False says nothing."""
    # What may be unknown is left blank at first.
    return any(_Guess(described, rows).meets(wanted, blank) for blank in (True, False))


class _Guess:
    """Answers to one form, or to one row of it, put together until conditions come out as wanted."""

    def __init__(self, described: Described, rows: Rows | None) -> None:
        self.described = described
        self.plan = described.plan
        self.rows = rows
        self._answers: dict[str, Any] = {}
        self._known: dict[str, Any] = {}

    def meets(self, wanted: Wanted, blank: bool) -> bool:
        try:
            for one, truths in wanted:
                if None not in truths or not blank:
                    self._make(one.typed.tree if isinstance(one, Condition) else one, truths[0] is True)
            for one, truths in wanted:
                run = one.run if isinstance(one, Condition) else closure(one)
                if run(self._read) not in truths:
                    return False
        except _NoGuess:
            return False
        return True

    def _leaf(self, key: str) -> Leaf | None:
        inside = self.rows.by_id.get(key) if self.rows is not None else None
        return inside or self.plan.leaves.get(key)

    def _gates(self, leaf: Leaf) -> Iterator[Condition]:
        if self.rows is not None and self.rows.by_id.get(leaf.id) is leaf:
            return self.described.gates(self.rows.id, leaf, self.rows)
        return self.described.gates(leaf.id, leaf, None)

    def _read(self, key: str) -> Any:
        """An answer as conditions see it: hidden ones missing, calculated ones worked out."""
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._value(key)
        return self._known[key]

    def _value(self, key: str) -> Any:
        leaf = self._leaf(key)
        if leaf is not None:
            if any(one.run(self._read) is not True for one in self._gates(leaf)):
                return None
            return self._answers.get(key) if leaf.calculate is None else leaf.calculate.run(self._read)
        if key == "today()":
            return _DAY
        if key.startswith("case.") or (self.rows is not None and key.split(".")[0] == self.rows.id):
            raise _NoGuess
        return None

    def _make(self, node: core.Node, truth: bool) -> None:
        """Answer so that the node may come to `truth`."""
        match node:
            case core.Not(operand=operand):
                self._make(operand, not truth)
            case core.And(items=items) | core.Or(items=items):
                for one in items if isinstance(node, core.And) is truth else items[:1]:
                    self._make(one, truth)
            case core.Read(key=key):
                self._answer(key, lambda _: [truth])
            case core.Answered(operand=core.Read(key=key, kind=kind)):
                if truth:
                    self._answer(key, lambda leaf: self._any(leaf, kind))
            case core.Member(operand=core.Read(key=key), options=among):
                self._answer(key, lambda leaf: [x for x in self._options(leaf) if (x in among) is truth])
            case core.Includes(operand=core.Read(key=key), options=among):
                self._answer(
                    key, lambda leaf: [frozenset({x}) for x in self._options(leaf) if (x in among) is truth]
                )
            case core.Compare() if any(self._calculated(one) for one in core.walk(node)):
                self._work_out(node, truth)
            case (
                core.Compare(left=core.Read(key=key), right=other)
                | core.Compare(left=other, right=core.Read(key=key))
            ) if isinstance(other, core.Constant | core.Today):
                value = other.value if isinstance(other, core.Constant) else _DAY
                self._answer(key, lambda _: [one for one in _around(value) if _comes(node, one) is truth])
            case _:
                raise _NoGuess

    def _any(self, leaf: Leaf, kind: str) -> list[Any]:
        if kind == "choices":
            return [frozenset({one}) for one in self._options(leaf)]
        return [_SOME[kind]] if kind in _SOME else self._options(leaf)

    def _calculated(self, node: core.Node) -> bool:
        if isinstance(node, core.Read):
            leaf = self._leaf(node.key)
            return leaf is not None and leaf.calculate is not None
        return isinstance(node, core.Arithmetic)

    def _work_out(self, node: core.Node, truth: bool) -> None:
        """Give all numbers below a comparison of calculated ones the same answer, until it comes out as wanted."""
        inside: dict[str, Leaf] = {}
        points = {Decimal(0)}
        waiting = list(core.walk(node))
        while waiting:
            one = waiting.pop()
            if isinstance(one, core.Constant) and isinstance(one.value, Decimal):
                points.add(one.value)
            if isinstance(one, core.Read) and one.key not in inside and (leaf := self._leaf(one.key)):
                inside[one.key] = leaf
                waiting += core.walk(leaf.calculate.typed.tree) if leaf.calculate is not None else ()
        for leaf in inside.values():
            for gate in self._gates(leaf):
                self._make(gate.typed.tree, True)
        free = [key for key, leaf in inside.items() if leaf.calculate is None and key not in self._answers]
        if any(inside[key].question.type not in ("number", "scale") for key in free):
            raise _NoGuess
        run = closure(node)
        for value in sorted({one + step for one in points for step in (-1, 0, 1, _FAR, -_FAR)}, key=abs):
            if all((check := inside[key].check) is None or check(value) is None for key in free):
                self._answers.update(dict.fromkeys(free, value))
                self._known.clear()
                if run(self._read) is truth:
                    self._known.clear()
                    return
        raise _NoGuess

    def _options(self, leaf: Leaf) -> list[Any]:
        return list(choices(leaf.question, self.plan.lists).order) if leaf.type.takes_options else []

    def _answer(self, key: str, candidates: Callable[[Leaf], list[Any]]) -> None:
        """Give a question the first of these answers that it takes, and see to it that it is shown."""
        leaf = self._leaf(key)
        if leaf is None or leaf.calculate is not None:
            raise _NoGuess
        if key in self._answers:
            return
        for value in candidates(leaf):
            if leaf.check is None or leaf.check(value) is None:
                self._answers[key] = value
                break
        else:
            raise _NoGuess
        for gate in self._gates(leaf):
            self._make(gate.typed.tree, True)


def _comes(node: core.Node, value: Any) -> Any:
    """What a comparison comes to with this answer."""
    return closure(node)(lambda key: _DAY if key == "today()" else value)


def _around(value: Any) -> list[Any]:
    """A value and some beside it."""
    if isinstance(value, bool):
        return [value, not value]
    if isinstance(value, date):
        return [value, value - timedelta(1), value + timedelta(1)]
    if isinstance(value, Decimal):
        return [value, value - 1, value + 1]
    return [value, f"{value}x"] if isinstance(value, str) else []
