"""A workflow as placed boxes and arrows, so that a page can draw it without deciding anything; and as a list.

States stand in columns by the longest way from the start; ways back run above or below the boxes, each in a
lane of its own. Units are pixels of a drawing that may be scaled. It must not know SVG, colours or people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from engine.language.model import Workflow
from engine.workflow.graph import Edge, edges, paths_from

BOX_WIDTH, BOX_HEIGHT = 168, 56
COLUMN_GAP, ROW_GAP = 84, 36
MARGIN, LANE = 24, 16

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A state: where its box stands, with what a drawing may want to show of it."""

    state: str
    title: str
    x: int
    y: int
    width: int
    height: int
    initial: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one state to another: a line through these points. `back`: it leads to an earlier column."""

    transition: str
    label: str
    source: str
    target: str
    points: tuple[Point, ...]
    back: bool = False
    automatic: bool = False
    branch: int | None = None

    @property
    def middle(self) -> Point:
        """Where a label may stand: half way along the line's longest stretch."""
        pairs = list(zip(self.points, self.points[1:], strict=False))
        (ax, ay), (bx, by) = max(pairs, key=lambda p: abs(p[0][0] - p[1][0]) + abs(p[0][1] - p[1][1]))
        return (ax + bx) // 2, (ay + by) // 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A state and its ways out in words: the same as the drawing for those who do not see it."""

    state: str
    title: str
    initial: bool
    final: bool
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything placed within `width` by `height`, and the same as a list in reading order, its ends last."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int
    listed: tuple[Listed, ...]


def lay_out(workflow: Workflow) -> Drawing:
    """The drawing of a workflow; the same one for the same workflow."""
    ways = edges(workflow)
    columns = _columns(workflow, ways)
    grid = _rows(workflow, columns, ways)
    back = [way for way in ways if columns[way.target] <= columns[way.source]]
    long = [way for way in ways if columns[way.target] > columns[way.source] + 1]
    top = MARGIN + LANE * len(_pairs(back))
    boxes = tuple(
        Box(
            state.id,
            state.title,
            MARGIN + columns[state.id] * (BOX_WIDTH + COLUMN_GAP),
            top + grid[state.id] * (BOX_HEIGHT + ROW_GAP),
            BOX_WIDTH,
            BOX_HEIGHT,
            state.id == workflow.initial,
            state.final,
        )
        for state in workflow.states
    )
    placed = {box.state: box for box in boxes}
    floor = max((box.y + box.height for box in boxes), default=MARGIN)
    titles = {state.id: state.title for state in workflow.states}
    arrows = _arrows(ways, placed, _pairs(back), _pairs(long), top, floor, titles)
    width = max((box.x + box.width for box in boxes), default=0) + MARGIN
    height = floor + MARGIN + LANE * len(_pairs(long))
    return Drawing(boxes, arrows, width, height, _listed(workflow, ways, columns, grid, titles))


def _pairs(ways: Sequence[Edge]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((way.source, way.target) for way in ways))


def _columns(workflow: Workflow, ways: Sequence[Edge]) -> Mapping[str, int]:
    """The longest way from the first state to each, not counting ways that come back."""
    onward = _onward(workflow, ways)
    columns = dict.fromkeys(onward, 0)
    for state in TopologicalSorter(_turned(onward)).static_order():
        for target in onward[state]:
            columns[target] = max(columns[target], columns[state] + 1)
    return columns


def _onward(workflow: Workflow, ways: Sequence[Edge]) -> Mapping[str, set[str]]:
    """Where each state leads on to. Where states lead round in a circle, the order they are written in tells
    the way on from the way back; what is opened again after its end has come back, too."""
    ends = {state.id for state in workflow.states if state.final}
    order = {state.id: index for index, state in enumerate(workflow.states)} | {workflow.initial: -1}
    counted = [way for way in ways if way.source not in ends]
    reached = {state: paths_from(state, counted) for state in order}
    onward: dict[str, set[str]] = {state.id: set() for state in workflow.states}
    for way in counted:
        if way.source not in reached[way.target] or order[way.source] < order[way.target]:
            onward[way.source].add(way.target)
    return onward


def _turned(onward: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    before: dict[str, set[str]] = {state: set() for state in onward}
    for state, targets in onward.items():
        for target in targets:
            before[target].add(state)
    return before


def _rows(workflow: Workflow, columns: Mapping[str, int], ways: Sequence[Edge]) -> Mapping[str, int]:
    """Each state near those that lead to it, no two in one place; the first way on stays straight. Ends that
    are reached early stand below the states that lead further."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    order = {state.id: index for index, state in enumerate(workflow.states)}
    last = max(columns.values(), default=0)
    early = {state.id for state in workflow.states if state.final and columns[state.id] < last}
    below = 0
    for state in sorted(order, key=lambda one: (one in early, columns[one], order[one])):
        before = [rows[way.source] for way in ways if way.target == state and way.source in rows]
        row = below if state in early else min(before, default=0)
        while (columns[state], row) in taken:
            row += 1
        taken.add((columns[state], row))
        rows[state] = row
        if state not in early and columns[state] < last:
            below = max(below, row + 1)
    return rows


def _arrows(
    ways: Sequence[Edge],
    placed: Mapping[str, Box],
    back: Sequence[tuple[str, str]],
    long: Sequence[tuple[str, str]],
    top: int,
    floor: int,
    titles: Mapping[str, str],
) -> tuple[Arrow, ...]:
    arrows = []
    for way in ways:
        pair = (way.source, way.target)
        if pair in back:
            points = _over(placed, pair, top - LANE * (back.index(pair) + 1))
        elif pair in long:
            points = _under(placed, pair, floor + LANE * (long.index(pair) + 1), long.index(pair))
        else:
            points = _straight(placed, pair)
        label = way.transition.label or f"By itself to {titles[way.target]}"
        arrows.append(
            Arrow(way.transition.id, label, *pair, points, pair in back, way.transition.automatic, way.branch)
        )
    return tuple(arrows)


def _straight(placed: Mapping[str, Box], pair: tuple[str, str]) -> tuple[Point, ...]:
    source, target = placed[pair[0]], placed[pair[1]]
    start, end = (
        (source.x + source.width, source.y + source.height // 2),
        (target.x, target.y + target.height // 2),
    )
    if start[1] == end[1]:
        return (start, end)
    turn = start[0] + COLUMN_GAP // 2
    return (start, (turn, start[1]), (turn, end[1]), end)


def _over(placed: Mapping[str, Box], pair: tuple[str, str], lane: int) -> tuple[Point, ...]:
    """Out of the box's right side, up to the lane, back, and down into the target's left side."""
    source, target = placed[pair[0]], placed[pair[1]]
    out = source.x + source.width + COLUMN_GAP // 4
    into = target.x - COLUMN_GAP // 4
    return (
        (source.x + source.width, source.y + source.height // 4),
        (out, source.y + source.height // 4),
        (out, lane),
        (into, lane),
        (into, target.y + target.height // 4),
        (target.x, target.y + target.height // 4),
    )


def _under(placed: Mapping[str, Box], pair: tuple[str, str], lane: int, index: int) -> tuple[Point, ...]:
    """Past the columns between: down to a lane below all boxes and up again before the target."""
    source, target = placed[pair[0]], placed[pair[1]]
    shift = 4 * (index % 5)
    out = source.x + source.width + COLUMN_GAP // 4 + shift
    into = target.x - COLUMN_GAP // 4 - shift
    low = source.height * 3 // 4
    return (
        (source.x + source.width, source.y + low),
        (out, source.y + low),
        (out, lane),
        (into, lane),
        (into, target.y + low),
        (target.x, target.y + low),
    )


def _listed(
    workflow: Workflow,
    ways: Sequence[Edge],
    columns: Mapping[str, int],
    rows: Mapping[str, int],
    titles: Mapping[str, str],
) -> tuple[Listed, ...]:
    return tuple(
        Listed(
            state.id,
            state.title,
            state.id == workflow.initial,
            state.final,
            tuple(
                (way.transition.label or "By itself", titles[way.target])
                for way in ways
                if way.source == state.id
            ),
        )
        for state in sorted(workflow.states, key=lambda one: (one.final, columns[one.id], rows[one.id]))
    )
