"""Where the states of a workflow and the lines between them stand on a drawing that is narrow enough for one column.

States stand below each other in the order in which work reaches them, its ends last. A step to the next one is a short
line between them; a way that passes others over runs down on the right, a way back runs up on the left. All ways out of
one state, or all into one, share a line, so that there are as few as can be. Units are pixels of a drawing that may be
scaled. Must not know SVG, words or colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.workflow.drawing import Drawing

BOX_WIDTH, BOX_HEIGHT, PITCH = 240, 56, 78
LANE, MARGIN, PORT = 16, 8, 9

Point = tuple[int, int]
Pair = tuple[str, str]
"""Where a way leads from, and where to."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A state's box."""

    state: str
    title: str
    final: bool
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A way from one state to another. `automatic` where nobody has to choose it."""

    source: str
    target: str
    automatic: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Route:
    width: int
    height: int
    stops: tuple[Stop, ...]
    lines: tuple[Line, ...]


def laid_out(drawing: Drawing) -> Route:
    """The same workflow as `drawing`, state below state."""
    order = {one.state: place for place, one in enumerate(drawing.listed)}
    by_hand = {(one.source, one.target) for one in drawing.arrows if not one.automatic}
    pairs = list(dict.fromkeys((one.source, one.target) for one in drawing.arrows))
    back = [one for one in pairs if order[one[1]] <= order[one[0]]]
    over = [one for one in pairs if order[one[1]] > order[one[0]] + 1]
    left, right = _lanes(back, order), _lanes(over, order)
    x = MARGIN + _breadth(left)
    stops = tuple(
        Stop(one.state, one.title, one.final, x, MARGIN + place * PITCH)
        for place, one in enumerate(drawing.listed)
    )
    at = {one.state: one for one in stops}
    lines = tuple(Line(*pair, pair not in by_hand, _points(pair, at, left, right)) for pair in pairs)
    width = x + BOX_WIDTH + _breadth(right) + MARGIN
    return Route(width, 2 * MARGIN + (len(stops) - 1) * PITCH + BOX_HEIGHT, stops, lines)


def _lanes(pairs: Iterable[Pair], order: Mapping[str, int]) -> dict[Pair, int]:
    """A lane for each way, counted from the boxes: shorter lines nearer, and none over another."""
    together = [(one, [order[state] for pair in one for state in pair]) for one in _shared(pairs)]
    taken: list[list[tuple[int, int]]] = []
    found: dict[Pair, int] = {}
    for ways, rows in sorted(together, key=lambda one: (max(one[1]) - min(one[1]), min(one[1]))):
        low, high = min(rows), max(rows)
        free = (
            number
            for number, held in enumerate(taken)
            if all(high < first or low > last for first, last in held)
        )
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        found |= dict.fromkeys(ways, lane)
    return found


def _shared(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Ways that share a line: most first, either all that leave one state or all that lead to one."""
    left = list(pairs)
    while left:
        ends = Counter((end, pair[end]) for pair in left for end in (1, 0))
        end, state = max(ends, key=lambda one: (ends[one], one[0]))
        yield [pair for pair in left if pair[end] == state]
        left = [pair for pair in left if pair[end] != state]


def _breadth(lanes: Mapping[Pair, int]) -> int:
    return (max(lanes.values(), default=-1) + 1) * LANE + (LANE // 2 if lanes else 0)


def _points(
    pair: Pair, at: Mapping[str, Stop], left: Mapping[Pair, int], right: Mapping[Pair, int]
) -> tuple[Point, ...]:
    source, target = at[pair[0]], at[pair[1]]
    if target.y == source.y + PITCH:
        middle = source.x + BOX_WIDTH // 2
        return ((middle, source.y + BOX_HEIGHT), (middle, target.y))
    if target.y > source.y:
        edge = source.x + BOX_WIDTH
        lane = edge + LANE * (right[pair] + 1)
        return _round(edge, lane, source.middle + PORT, target.middle - PORT)
    lane = source.x - LANE * (left[pair] + 1)
    return _round(source.x, lane, source.middle - PORT, target.middle + PORT)


def _round(edge: int, lane: int, out: int, into: int) -> tuple[Point, ...]:
    return ((edge, out), (lane, out), (lane, into), (edge, into))
