"""A map drawn with a young person: themselves in the middle, and around them whom or what they named.

What was chosen of each says how near it stands and what shape it has, never its colour alone. Each has a number, its
name and a link; the same stands beside it as a list. Must not know what is mapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from webapp.drawing.ink import plain as e

SIZE, MIDDLE = 400, 200
NEAREST, FURTHEST = 70, 165
MOST = 12
"""More would lie over each other: the list beneath has them all."""
NAMED, LONGEST = 8, 14


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
    parts = "".join(
        _spot(spot, number, urls[number], radii, turn * number - pi / 2, few=len(drawn) <= NAMED)
        for number, spot in enumerate(drawn)
    )
    return Markup(
        f'<svg class="trefoil-map" viewBox="0 0 {SIZE} {SIZE + 14}" width="{SIZE}" height="{SIZE + 14}" role="group" '
        f'aria-labelledby="{id}-name" aria-describedby="{id}-says"><title id="{id}-name">{e(name)}</title>'
        f'<desc id="{id}-says">{e(says)}</desc>{circles}'
        f'<circle class="trefoil-corner trefoil-corner--calm" cx="{MIDDLE}" cy="{MIDDLE}" r="24"/>'
        f'<text class="trefoil-map-number" x="{MIDDLE}" y="{MIDDLE + 5}">{e(middle)}</text>{parts}</svg>'
    )


def _spot(spot: Spot, number: int, url: str, radii: Sequence[float], angle: float, *, few: bool) -> str:
    radius = FURTHEST if spot.place is None else radii[min(spot.place, len(radii) - 1)]
    x, y = round(MIDDLE + radius * cos(angle)), round(MIDDLE + radius * sin(angle))
    shape, look = _shape(spot.place, len(radii), x, y)
    short = spot.title if len(spot.title) <= LONGEST else f"{spot.title[: LONGEST - 1]}…"
    # A name ends inside the picture, however far out its spot stands.
    across = min(max(x, 48), SIZE - 48)
    said = f'<text class="trefoil-map-name" x="{across}" y="{y + 31}">{e(short)}</text>' if few else ""
    return (
        f'<a href="{e(url)}"><title>{number + 1}. {e(spot.title)}</title>{shape}'
        f'<text class="trefoil-map-number{look}" x="{x}" y="{y + 5}">{number + 1}</text>{said}</a>'
    )


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
