"""What scenarios tried: transitions fired and refused, and conditions at each value that they can take.

Values that the prover finds a condition never to take are listed and not counted. Must not know how scenarios are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from engine import proof
from engine.expressions import RowReader
from engine.expressions import tree as core
from engine.expressions.closures import STEPS
from engine.forms.described import Described
from engine.forms.plan import Condition, Leaf, Rows
from engine.language.model import Transition
from engine.workflow import CaseState, Machine, histories
from engine.workflow.described import Described as CaseDescribed
from engine.workflow.guards import CaseReader, Guard
from engine.workflow.values import Step

if TYPE_CHECKING:
    from engine.packs.facade import Pack

VALUES = ("true", "false", "unknown")
_SETTINGS = ("show", "required_if", "advised_if", "valid_if")


@dataclass
class Seen:
    """What happened while scenarios ran."""

    fired: set[str] = field(default_factory=set)
    refusals: set[tuple[str, str]] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)

    def moved(self, workflow: str, steps: Iterable[Step]) -> None:
        self.fired |= {f"{workflow}.{step.transition}" for step in steps}

    def refused(self, workflow: str, transition: str, kinds: Iterable[str]) -> None:
        self.refusals |= {(f"{workflow}.{transition}", kind) for kind in kinds}

    def tried(self, machine: Machine, case: CaseState, facts: Mapping[str, Any], today: date) -> None:
        """The conditions of every transition that leaves the present state, as they are now."""
        read = CaseReader(facts, case, today, machine.day)
        for name, guard, sources in guards(machine):
            if case.state in sources:
                self._value(f"{machine.id}.{name}", guard.run(read))

    def evaluated(self, form: str, evaluation: Any) -> None:
        """The conditions of a form, as they came out."""
        working = evaluation.working
        for name, condition, rows in form_conditions(form, evaluation.plan):
            if rows is None:
                self._value(name, condition.run(working.reader))
                continue
            for row in working.rows.get(rows.id, ()):
                self._value(name, condition.run(RowReader(row.values, rows.own, working.reader, [STEPS])))

    def _value(self, name: str, value: object) -> None:
        word = "unknown" if value is None else "true" if value is True else "false"
        self.values.setdefault(name, set()).add(word)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What could be tried, by name, and whether it was: transitions, refusals of them, values of conditions."""

    transitions: Mapping[str, bool]
    refusals: Mapping[str, bool]
    conditions: Mapping[str, bool]
    impossible: tuple[str, ...] = ()

    @staticmethod
    def of(pack: Pack, seen: Seen) -> Coverage:
        transitions: dict[str, bool] = {}
        refusals: dict[str, bool] = {}
        conditions: dict[str, bool] = {}
        impossible: list[str] = []
        for workflow in pack.stack.workflows.values():
            waiting = histories.never_lacking(workflow, pack.stack)
            for one in workflow.transitions:
                name = f"{workflow.id}.{one.id}"
                transitions[name] = name in seen.fired
                for kind, accepted in _refusing(one, pack):
                    if kind == "form" and one.id in waiting and (name, kind) not in seen.refusals:
                        impossible.append(f"{name}: {kind}")
                        continue
                    refusals[f"{name}: {kind}"] = any((name, other) in seen.refusals for other in accepted)
            machine = pack.workflow(workflow.id)
            cases = CaseDescribed(workflow, pack.stack)
            for name, guard, _ in guards(machine):
                tree = guard.typed.tree
                possible = _possible(tree, cases.universe([tree]), cases.budget)
                _count(f"{workflow.id}.{name}", possible, seen, conditions, impossible)
        for form in pack.stack.forms:
            plan = pack.form(form).plan
            described = Described(plan)
            for name, condition, rows in form_conditions(form, plan):
                inside = None if rows is None or name.startswith(f"{form}.{rows.id} ") else rows
                universe = described.universe([condition.typed.tree], inside)
                possible = _possible(condition.typed.tree, universe, described.budget)
                _count(name, possible, seen, conditions, impossible)
        return Coverage(transitions, refusals, conditions, tuple(impossible))

    @property
    def complete(self) -> bool:
        return all(all(one.values()) for one in (self.transitions, self.refusals, self.conditions))

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"complete": self.complete}
        for name in ("transitions", "refusals", "conditions"):
            counted: Mapping[str, bool] = getattr(self, name)
            missing = [one for one, done in counted.items() if not done]
            told[name] = {"of": len(counted), "tried": len(counted) - len(missing), "missing": missing}
        return {**told, "impossible": list(self.impossible)}

    def as_lines(self) -> list[str]:
        lines: list[str] = []
        for name, words in (
            ("transitions", "transitions fired"),
            ("refusals", "refusals seen"),
            ("conditions", "values of conditions seen"),
        ):
            counted: Mapping[str, bool] = getattr(self, name)
            tried = sum(counted.values())
            lines.append(f"  {tried} of {len(counted)} {words}")
            lines += [f"    not tried: {one}" for one, done in counted.items() if not done]
        if self.impossible:
            lines.append(f"  {len(self.impossible)} values that cannot come about are not counted:")
            lines += [f"    {one}" for one in self.impossible]
        return lines


def guards(machine: Machine) -> Iterator[tuple[str, Guard, frozenset[str]]]:
    """Every condition of a workflow by name (`refer when`, `screened branch 1`), with the states it counts in."""
    for move in machine.moves.values():
        if move.guard is not None:
            yield f"{move.id} when", move.guard, move.sources
        for one in move.exits:
            if one.guard is not None:
                yield f"{move.id} branch {(one.index or 0) + 1}", one.guard, move.sources


def form_conditions(form: str, plan: Any) -> Iterator[tuple[str, Condition, Rows | None]]:
    """Every condition of a form by name (`referral.harm_types show_if`), with the rows that it is in."""
    for section in plan.sections:
        if section.show is not None:
            yield f"{form}.{section.id} show_if", section.show, None
        for item in section.items:
            if isinstance(item, Leaf):
                yield from _leaf(f"{form}.{item.id}", item, None)
            else:
                yield from _leaf(f"{form}.{item.id}", item.leaf, None)
                for leaf in item.leaves:
                    yield from _leaf(f"{form}.{item.id}.{leaf.id}", leaf, item)


def _leaf(name: str, leaf: Leaf, rows: Rows | None) -> Iterator[tuple[str, Condition, Rows | None]]:
    for setting in _SETTINGS:
        condition: Condition | None = getattr(leaf, setting)
        if condition is not None:
            yield f"{name} {'show_if' if setting == 'show' else setting}", condition, rows


def _refusing(transition: Transition, pack: Pack) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What can refuse a transition that people fire, and the reasons that count as it."""
    if transition.automatic:
        return
    if set(pack.stack.access.roles) - set(transition.by):
        yield "role", ("role",)
    if transition.when is not None or (transition.branches and transition.branches[-1].when is not None):
        yield "guard", ("guard", "unknown")
    if transition.reason == "required" or transition.send_back:
        yield "reason", ("reason",)
    if transition.approve or transition.send_back:
        yield "form", ("form",)


def _possible(tree: core.Node, universe: proof.Universe, budget: proof.Budget) -> dict[str, bool]:
    """Which values a condition can come to. What cannot be decided counts as possible."""
    decided = proof.values(tree, universe, budget)
    words = {True: "true", False: "false", None: "unknown"}
    return {words[value]: not isinstance(found, proof.Impossible) for value, found in decided.items()}


def _count(
    name: str, found: Mapping[str, bool], seen: Seen, conditions: dict[str, bool], impossible: list[str]
) -> None:
    came = seen.values.get(name, set())
    for value in VALUES:
        if value not in came and not found[value]:
            impossible.append(f"{name}: {value}")
        else:
            conditions[f"{name}: {value}"] = value in came
