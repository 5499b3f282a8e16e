"""Decides what conditions can do together by trying every answer that could make a difference to them.

For each question that the conditions read, one answer of every kind that they tell apart: each group of
options treated alike, numbers and dates on and on either side of those compared with, blank. What cannot be
tried so (ages, sums, rows) counts as a condition of its own that may come out any way; then a finding is only
a maybe. It must not know transitions, and knows of forms only which question is shown when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from engine.expressions import closure
from engine.expressions import tree as core
from engine.workflow.shown import Shown

MOST_OPTIONS = 7
_SIMPLE = frozenset({"number", "date", "text", "time", "yes_no", "choice"})
_STATES = ("submitted", "approved", "returned")
_UNIT = {"number": Decimal("0.000001"), "date": timedelta(days=1)}
_DAY_ZERO = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Case:
    """Answers under which something is so, by name. Not `sure`: what could not be tried stood in the way."""

    answers: Mapping[str, Any]
    sure: bool


@dataclass(frozen=True, slots=True)
class Undecided:
    """There was too much to try."""


class Universe:
    """The answers that matter to some conditions. `forms` that are given must be submitted."""

    def __init__(self, conditions: Sequence[core.Node], shown: Shown, submitted: frozenset[str]) -> None:
        self._submitted = submitted
        self._shown_by = shown
        self._opaque: dict[core.Node, str] = {}
        self._shown = {key: shown.when(key) for key in _closed_over(conditions, shown)}
        gates_ = [one for one in self._shown.values() if one is not None]
        self._doubtful = any(shown.doubtful(key) for key in self._shown)
        # Ways of choosing double with each option: beyond a few, asking for one is a condition of its own.
        sets = _sets([*conditions, *gates_])
        self._wide = {
            key for key, asked in sets.items() if len(_kinds(set[str]().union(*asked), asked)) > MOST_OPTIONS
        }
        trees = [self._tried(one) for one in conditions]
        gates = {key: self._tried(one) for key, one in self._shown.items() if one is not None}
        self._runs = [closure(one) for one in trees]
        self._gates = {key: closure(one) for key, one in gates.items()}
        self._domains = _domains([*trees, *gates.values()], shown)

    def find(self, wanted: Callable[[Sequence[bool | None]], bool]) -> Case | Undecided | None:
        """Answers for which `wanted` holds of the conditions' results; None if there are none; sure ones first."""
        maybe: Case | None = None
        keys, budget = list(self._domains), self._shown_by.budget
        for values in product(*self._domains.values()):
            budget[0] -= 1
            if budget[0] < 0:
                return maybe or Undecided()
            answers = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
            if self._possible(answers) and wanted([run(answers.get) for run in self._runs]):
                sure = not self._doubtful and not any(name in answers for name in self._opaque.values())
                case = Case({key: value for key, value in answers.items() if not key.startswith("§")}, sure)
                if sure:
                    return case
                maybe = maybe or case
        return maybe

    def _possible(self, answers: dict[str, Any]) -> bool:
        for form in self._submitted:
            if f"{form}._state" in self._domains and answers.get(f"{form}._state") != "submitted":
                return False
        for key in answers:
            form = key.partition(".")[0]
            state = f"{form}._state"
            if (
                state in self._domains
                and key != state
                and answers.get(state) not in ("submitted", "approved")
            ):
                return False
            gate = self._gates.get(key)
            if gate is not None and gate(answers.get) is not True:
                return False
        return True

    def _tried(self, node: core.Node) -> core.Node:
        """The condition with what cannot be tried put as one question that may be answered any way."""
        match node:
            case core.And(items=items):
                return core.And(tuple(self._tried(one) for one in items))
            case core.Or(items=items):
                return core.Or(tuple(self._tried(one) for one in items))
            case core.Not(operand=operand):
                return core.Not(self._tried(operand))
            case core.Compare(left=left, right=right) if _simple(left) and _simple(right):
                return node
            case core.Member(operand=core.Read(kind="choice")):
                return node
            case core.Includes(operand=core.Read(kind="choices", key=key)) if key not in self._wide:
                return node
            case core.Answered(operand=core.Read()) | core.FormState() | core.Constant():
                return node
            case core.Read(kind="yes_no"):
                return node
            case _:
                name = self._opaque.setdefault(node, f"§{len(self._opaque)}")
                return core.Read(name, name, "yes_no")


def _simple(node: core.Node) -> bool:
    return isinstance(node, core.Constant | core.Today) or (
        isinstance(node, core.Read) and node.kind in _SIMPLE
    )


def _closed_over(conditions: Sequence[core.Node], shown: Shown) -> set[str]:
    """Every question read, and those read to decide whether it is shown."""
    found: set[str] = set()
    waiting = list(conditions)
    while waiting:
        for one in core.walk(waiting.pop()):
            if isinstance(one, core.Read) and one.key not in found:
                found.add(one.key)
                gate = shown.when(one.key)
                if gate is not None:
                    waiting.append(gate)
    return found


def _domains(trees: Sequence[core.Node], shown: Shown) -> dict[str, list[Any]]:
    """For each key that is read, one answer of every kind that makes a difference; None is blank."""
    reads: dict[str, core.Read] = {}
    sets = _sets(trees)
    points: dict[str, set[Any]] = {"number": {Decimal(0)}, "date": {_DAY_ZERO}, "text": set(), "time": set()}
    states: dict[str, set[str]] = {}
    for tree in trees:
        for one in core.walk(tree):
            match one:
                case core.Read():
                    reads[one.key] = one
                case core.Constant(kind=kind, value=value) if kind in points:
                    points[kind].add(value)
                case core.FormState(form=form, states=wanted):
                    states.setdefault(form, set()).update(wanted)
                case core.Today():
                    reads["today()"] = core.Read("today()", "today()", "date")
    domains = {key: _domain(one, sets.get(key, set()), points, shown) for key, one in reads.items()}
    for form in sorted({key.partition(".")[0] for key in reads if shown.is_form(key)} | states.keys()):
        asked = states.get(form, set())
        apart = _STATES if asked else _STATES[:1]
        domains[f"{form}._state"] = [*apart, None]
    # Answers whose form is there or not come after it, so that a first case found is a simple one.
    return dict(sorted(domains.items(), key=lambda item: not item[0].endswith("._state")))


def _sets(trees: Sequence[core.Node]) -> dict[str, set[frozenset[str]]]:
    """By choice question, the sets of options that conditions ask about."""
    sets: dict[str, set[frozenset[str]]] = {}
    for tree in trees:
        for one in core.walk(tree):
            if isinstance(one, core.Member | core.Includes) and isinstance(one.operand, core.Read):
                sets.setdefault(one.operand.key, set()).add(one.options)
    return sets


def _domain(
    read: core.Read, sets: set[frozenset[str]], points: Mapping[str, set[Any]], shown: Shown
) -> list[Any]:
    if read.kind == "yes_no":
        return [True, False, None]
    if read.kind in ("choice", "choices"):
        return _choices(read, sets, shown)
    if read.kind in _UNIT:
        unit = _UNIT[read.kind]
        around = {near for one in points[read.kind] for near in (one - unit, one, one + unit)}
        return [*sorted(around), *([] if read.key == "today()" else [None])]
    if read.kind in ("text", "time"):
        edges = {"00:00", "23:59"} if read.kind == "time" else {"another"}
        return [*sorted(points[read.kind] | edges), None]
    return ["one", None]


def _choices(read: core.Read, sets: set[frozenset[str]], shown: Shown) -> list[Any]:
    """One option for each way of being in the sets that conditions ask about."""
    options = shown.options(read.key) or sorted({"another"}.union(*sets))
    chosen = _kinds(options, sets)
    if read.kind == "choice":
        return [*chosen, None]
    subsets = product([False, True], repeat=len(chosen))
    many = [frozenset(one for one, there in zip(chosen, subset, strict=True) if there) for subset in subsets]
    return [*(one for one in sorted(many, key=len) if one), None]


def _kinds(options: Iterable[str], sets: set[frozenset[str]]) -> list[str]:
    """One option of every kind that the sets tell apart."""
    kinds: dict[frozenset[frozenset[str]], str] = {}
    for option in options:
        kinds.setdefault(frozenset(one for one in sets if option in one), option)
    return list(kinds.values())
