"""A map drawn with a young person: themselves in the middle, and around them whom or what they named.

What was chosen of each says how near it stands and what shape it has, never its colour alone. Each has a number and a
link, and its whole name where there is room for it; the same stands beside it as a list. Must not know what is mapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from webapp.drawing.ink import plain as e

SIZE, MIDDLE = 400, 200
NEAREST, FURTHEST = 70, 165
MOST = 12
"""More would lie over each other: the list beneath has them all."""
REACH, HEART = 18, 26
"""How far a shape reaches from its place, and how far the middle does."""
LETTER, LINE, LINES = 7.9, 16, 3
"""How wide a letter is at most on the whole, how high a line of them is, and how many may stand below each other."""
WIDEST = (17, 12, 24)
"""How many letters of a name may stand on one line, likeliest first."""

Room = tuple[float, float, float, float]
"""Left, top, right and bottom of what something covers."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Whom or what was named, and the place of what was chosen of it in its list."""

    title: str
    place: int | None


def draw_map(
    spots: Sequence[Spot],
    rings: Sequence[str],
    urls: Sequence[str],
    *,
    id: str,
    name: str,
    says: str,
    middle: str,
) -> Markup:
    """The map as an `<svg>`: a group with a name and a description, whose parts are links."""
    apart = (FURTHEST - NEAREST) / max(1, len(rings) - 1)
    radii = [NEAREST + apart * number for number in range(len(rings))] or [FURTHEST]
    circles = "".join(
        f'<circle class="trefoil-map-ring" cx="{MIDDLE}" cy="{MIDDLE}" r="{radius:.0f}"/>' for radius in radii
    )
    drawn = spots[:MOST]
    turn = 2 * pi / max(1, len(drawn))
    at = [_at(spot, radii, turn * number - pi / 2) for number, spot in enumerate(drawn)]
    names = _names(drawn, at)
    parts = "".join(
        _spot(spot, number, urls[number], len(radii), *at[number], names[number])
        for number, spot in enumerate(drawn)
    )
    return Markup(
        f'<svg class="trefoil-map" viewBox="0 0 {SIZE} {SIZE + 14}" width="{SIZE}" height="{SIZE + 14}" role="group" '
        f'aria-labelledby="{id}-name" aria-describedby="{id}-says"><title id="{id}-name">{e(name)}</title>'
        f'<desc id="{id}-says">{e(says)}</desc>{circles}'
        f'<circle class="trefoil-corner trefoil-corner--calm" cx="{MIDDLE}" cy="{MIDDLE}" r="24"/>'
        f'<text class="trefoil-map-number" x="{MIDDLE}" y="{MIDDLE + 5}">{e(middle)}</text>{parts}</svg>'
    )


def _at(spot: Spot, radii: Sequence[float], angle: float) -> tuple[int, int]:
    radius = FURTHEST if spot.place is None else radii[min(spot.place, len(radii) - 1)]
    return round(MIDDLE + radius * cos(angle)), round(MIDDLE + radius * sin(angle))


def _spot(spot: Spot, number: int, url: str, rings: int, x: int, y: int, name: str) -> str:
    shape, look = _shape(spot.place, rings, x, y)
    return (
        f'<a href="{e(url)}"><title>{number + 1}. {e(spot.title)}</title>{shape}'
        f'<text class="trefoil-map-number{look}" x="{x}" y="{y + 5}">{number + 1}</text>{name}</a>'
    )


def _names(spots: Sequence[Spot], at: Sequence[tuple[int, int]]) -> list[str]:
    """Each name by its place where it lies over nothing and is whole; nothing where there is no such room, since its
    number leads to it in the list."""
    taken = [_around(x, y, REACH) for x, y in at] + [_around(MIDDLE, MIDDLE, HEART)]
    found = []
    for spot, (x, y) in zip(spots, at, strict=True):
        free = next(
            (one for one in _places(spot.title, x, y) if not any(_meet(one[0], held) for held in taken)), None
        )
        if free is not None:
            taken.append(free[0])
        found.append(_clear(free[0]) + free[1] if free else "")
    return found


def _places(title: str, x: int, y: int) -> Iterator[tuple[Room, str]]:
    """Where a name could be written, likeliest first, with what is drawn there: beneath, above, after or before."""
    for widest in WIDEST:
        lines = _lines(title, widest)
        if not lines:
            continue
        width, high = max(len(one) for one in lines) * LETTER, len(lines) * LINE
        # A name ends inside the picture, however far out its place is.
        left = min(max(x - width / 2, 0.0), SIZE - width)
        for top in (y + REACH, y - REACH - high):
            if 0 <= top <= SIZE + 14 - high:
                yield (left, top, left + width, top + high), _written(lines, "", left + width / 2, top)
        beside = y - high / 2
        for side, look in ((1, " trefoil-map-name--after"), (-1, " trefoil-map-name--before")):
            edge = x + side * (REACH + 4)
            left = float(min(edge, edge + side * width))
            if left >= 0 and left + width <= SIZE:
                yield (left, beside, left + width, beside + high), _written(lines, look, edge, beside)


def _lines(title: str, widest: int) -> list[str]:
    """The whole title on a few lines of whole words; none where it does not go."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= LINES and all(len(one) <= widest for one in lines) else []


def _written(lines: Sequence[str], look: str, x: float, top: float) -> str:
    return "".join(
        f'<text class="trefoil-map-name{look}" x="{x:.0f}" y="{top + LINE * (number + 1) - 4:.0f}">{e(one)}</text>'
        for number, one in enumerate(lines)
    )


def _clear(room: Room) -> str:
    """Takes the rings away behind a name."""
    left, top, right, bottom = room
    return (
        f'<rect class="trefoil-map-behind" x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" '
        f'height="{bottom - top:.0f}"/>'
    )


def _around(x: float, y: float, reach: float) -> Room:
    return x - reach, y - reach, x + reach, y + reach


def _meet(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _shape(place: int | None, rings: int, x: int, y: int) -> tuple[str, str]:
    """The shape of what was chosen: the first is round, the last is square, what lies between stands on its corner."""
    if place is None:
        return f'<circle class="trefoil-corner trefoil-corner--unsaid" cx="{x}" cy="{y}" r="14"/>', ""
    if place == 0:
        return f'<circle class="trefoil-corner trefoil-corner--calm" cx="{x}" cy="{y}" r="14"/>', ""
    if place == rings - 1:
        at = f'x="{x - 14}" y="{y - 14}" width="28" height="28"'
        return f'<rect class="trefoil-corner trefoil-corner--great" {at}/>', " trefoil-map-number--great"
    points = f"{x},{y - 18} {x + 18},{y} {x},{y + 18} {x - 18},{y}"
    return (
        f'<polygon class="trefoil-corner trefoil-corner--some" points="{points}"/>',
        " trefoil-map-number--some",
    )
