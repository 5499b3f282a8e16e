"""A transition made ready to fire: who may, from where, on what condition, to where, with which effects.

One Move a transition, made once when the workflow is compiled, so that firing looks things up and never
searches. It must not know a case's history, other transitions or how a refusal is worded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.language.model import Effect, Expression, Transition, Workflow
from engine.workflow.guards import CaseReader, Guard
from engine.workflow.planned import Plan, approvals
from engine.workflow.values import Step


@dataclass(frozen=True, slots=True)
class Exit:
    """One place a transition may lead. `guard` None: always, or for `otherwise` when nothing before holds."""

    target: str
    guard: Guard | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in a transition's way: conditions that are still open, and conditions that are false.

    `no_branch` says that every branch is false and there is no `otherwise`.
    """

    waits: tuple[Guard, ...] = ()
    failed: tuple[Guard, ...] = ()
    no_branch: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A transition ready to fire. `plain`: nothing but role, state, revision and conditions can refuse it."""

    id: str
    label: str
    written: Transition
    sources: frozenset[str]
    by: frozenset[str]
    guard: Guard | None
    exits: tuple[Exit, ...]
    forms: tuple[str, ...]
    needs_reason: bool
    plain: bool
    plans: Mapping[tuple[str, str], Plan]
    steps: Mapping[tuple[str, int | None], tuple[Step, ...]]

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it may lead, each state once, in file order."""
        return tuple(dict.fromkeys(one.target for one in self.exits))

    @property
    def guards(self) -> tuple[Guard, ...]:
        """Its own condition, if it has one, and those of its branches."""
        every = (self.guard, *(one.guard for one in self.exits))
        return tuple(one for one in every if one is not None)

    def leads(self, read: CaseReader) -> Exit | None:
        """Where it leads now: the first branch that holds. None while its condition is not met.

        An unknown branch stops the search: had it held, it would have come first, and `otherwise` is for when
        every other branch is false.
        """
        guard = self.guard
        if guard is not None and guard.run(read) is not True:
            return None
        for one in self.exits:
            if one.guard is None:
                return one
            held = one.guard.run(read)
            if held is True:
                return one
            if held is None:
                return None
        return None

    def verdict(self, read: CaseReader) -> Verdict:
        """Why it leads nowhere now, whole: every open condition and every false one."""
        waits: list[Guard] = []
        failed: list[Guard] = []
        if self.guard is not None:
            held = self.guard.run(read)
            if held is None:
                waits.append(self.guard)
            elif held is not True:
                failed.append(self.guard)
        open_branches: list[Guard] = []
        for one in self.exits:
            held = True if one.guard is None else one.guard.run(read)
            if held is True:
                return Verdict((*waits, *open_branches), tuple(failed))
            if held is None and one.guard is not None:
                open_branches.append(one.guard)
        return Verdict((*waits, *open_branches), tuple(failed), no_branch=not open_branches)


def ready(
    transition: Transition,
    workflow: Workflow,
    condition: Callable[[Expression], Guard],
    planned: Callable[[Iterable[Effect]], Plan],
) -> Move:
    """The transition, ready. The workflow has passed its checks, so every state it names is there."""
    exits: tuple[Exit, ...]
    if transition.branches:
        exits = tuple(
            Exit(branch.to, condition(branch.when) if branch.when is not None else None, index)
            for index, branch in enumerate(transition.branches)
        )
    else:
        exits = (Exit(transition.to or ""),)
    forms = tuple(dict.fromkeys((*transition.approve, *transition.send_back)))
    needs_reason = transition.reason == "required" or bool(transition.send_back)
    own = approvals(transition.approve, transition.send_back) + planned(transition.effects)

    def written(state_id: str, which: str) -> tuple[Effect, ...]:
        state = workflow.state(state_id)
        return getattr(state, which) if state is not None else ()

    plans = {
        (source, one.target): (
            planned(written(source, "leave")) + own + planned(written(one.target, "enter"))
        )
        for source in transition.sources
        for one in exits
    }
    return Move(
        id=transition.id,
        label=transition.label or transition.id,
        written=transition,
        sources=frozenset(transition.sources),
        by=frozenset(transition.by),
        guard=condition(transition.when) if transition.when is not None else None,
        exits=exits,
        forms=forms,
        needs_reason=needs_reason,
        plain=not (forms or needs_reason or transition.automatic),
        plans=plans,
        steps={
            (source, one.index): (Step(transition.id, source, one.target, transition.automatic, one.index),)
            for source in transition.sources
            for one in exits
        },
    )
