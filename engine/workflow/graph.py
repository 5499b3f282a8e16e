"""A workflow as a graph: which state leads where, and how a case may get from one to another.

Shared by the checks and the drawing. Names that do not exist are passed over: other checks tell of them. It
must not know conditions: every transition counts as possible.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.language.model import Transition, Workflow


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state to another; a transition with several sources or branches gives several."""

    source: str
    target: str
    transition: Transition
    branch: int | None = None


def edges(workflow: Workflow) -> tuple[Edge, ...]:
    """Every way between states that exist, in file order."""
    known = {state.id for state in workflow.states}
    found: list[Edge] = []
    for transition in workflow.transitions:
        targets: list[tuple[str, int | None]] = [
            (branch.to, index) for index, branch in enumerate(transition.branches)
        ]
        if not targets and transition.to is not None:
            targets = [(transition.to, None)]
        found += [
            Edge(source, target, transition, index)
            for source in transition.sources
            for target, index in targets
            if source in known and target in known
        ]
    return tuple(found)


def paths_from(start: str, ways: Iterable[Edge]) -> Mapping[str, tuple[str, ...]]:
    """For each state that can be reached, the shortest way there, both ends included."""
    onward: dict[str, list[str]] = {}
    for edge in ways:
        onward.setdefault(edge.source, []).append(edge.target)
    paths: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        for target in onward.get(state, ()):
            if target not in paths:
                paths[target] = (*paths[state], target)
                waiting.append(target)
    return paths


def leading_to(targets: Iterable[str], ways: Iterable[Edge]) -> frozenset[str]:
    """Every state from which one of the targets can be reached, the targets included."""
    back: dict[str, list[str]] = {}
    for edge in ways:
        back.setdefault(edge.target, []).append(edge.source)
    found = set(targets)
    waiting = list(found)
    while waiting:
        for source in back.get(waiting.pop(), ()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)


def circles(ways: Iterable[Edge]) -> tuple[tuple[Edge, ...], ...]:
    """Ways that come back to where they began: the shortest through each state, each circle once."""
    by_source: dict[str, list[Edge]] = {}
    for edge in ways:
        by_source.setdefault(edge.source, []).append(edge)
    found: dict[frozenset[str], tuple[Edge, ...]] = {}
    for start in by_source:
        circle = _circle_through(start, by_source)
        if circle:
            found.setdefault(frozenset(edge.source for edge in circle), circle)
    return tuple(found.values())


def _circle_through(start: str, by_source: Mapping[str, list[Edge]]) -> tuple[Edge, ...]:
    """The shortest circle through a state; empty if there is none."""
    came: dict[str, Edge] = {}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        for edge in by_source.get(state, ()):
            if edge.target == start:
                circle = [edge]
                while circle[-1].source != start:
                    circle.append(came[circle[-1].source])
                return tuple(reversed(circle))
            if edge.target not in came:
                came[edge.target] = edge
                waiting.append(edge.target)
    return ()
