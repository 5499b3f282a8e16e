"""A workflow as SVG, state below state: where the case stands is filled, where it has been is ticked and tinted.

It has a name and a description that say the same in one sentence, and the whole stands beside it as a list, since a
picture is one thing to whoever hears it. Must not decide anything, nor know a language.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from engine.workflow.drawing import Drawing
from webapp.drawing.ink import plain as e
from webapp.drawing.route import BOX_HEIGHT, BOX_WIDTH, Line, Point, Stop, laid_out

LINE_HEIGHT = 16
WIDEST, MOST = 23, 3
HERE, BEEN = "●", "✓"
HEAD, CORNER = 8, 7


def draw_machine(
    drawing: Drawing,
    now: str,
    been: Collection[str | None],
    *,
    name: str = "",
    says: str = "",
    gone: Collection[tuple[str | None, str]] = (),
) -> Markup:
    """The drawing as an `<svg>`: `now` is where the case stands, `been` where it has stood, `gone` the ways it went.

    `name` and `says` are read out in its place. Without a name it is passed over, and the list beside it must do.
    """
    route = laid_out(drawing)
    # What leads on from here is drawn last, so that no other line lies over it.
    lines = sorted(route.lines, key=lambda one: (one.source == now, (one.source, one.target) in gone))
    arrows = "".join(_arrow(one, now, (one.source, one.target) in gone) for one in lines)
    stops = "".join(_stop(one, one.state == now, one.state in been) for one in route.stops)
    return Markup(
        f'<svg class="trefoil-way" viewBox="0 0 {route.width} {route.height}" width="{route.width}" '
        f'height="{route.height}" focusable="false" {named("way", name, says)}{arrows}{stops}</svg>'
    )


def named(id: str, name: str, says: str) -> str:
    """The end of an `<svg>`'s tag with its name and description, as what is read out instead of the picture."""
    if not name:
        return 'aria-hidden="true">'
    return (
        f'role="img" aria-labelledby="{id}-name" aria-describedby="{id}-says">'
        f'<title id="{id}-name">{e(name)}</title><desc id="{id}-says">{e(says)}</desc>'
    )


def _arrow(line: Line, now: str, gone: bool) -> str:
    (x, y), (before, above) = line.points[-1], line.points[-2]
    # The head lies along the last stretch of the line, which ends behind it.
    across, down = (x > before) - (x < before), (y > above) - (y < above)
    back_x, back_y = x - HEAD * across, y - HEAD * down
    head = f"{x},{y} {back_x + 5 * down},{back_y + 5 * across} {back_x - 5 * down},{back_y - 5 * across}"
    onward = line.source == now
    look = " trefoil-arrow--automatic" if line.automatic else ""
    look += " trefoil-arrow--next" if onward else " trefoil-arrow--gone" if gone else ""
    ends = " trefoil-arrowhead--next" if onward else ""
    return (
        f'<path class="trefoil-arrow{look}" d="{_drawn((*line.points[:-1], (back_x, back_y)))}"/>'
        f'<polygon class="trefoil-arrowhead{ends}" points="{head}"/>'
    )


def _drawn(points: Sequence[Point]) -> str:
    """A line through these points, its corners round: where two lines cross they do not, so that no eye turns off."""
    found = ["M{},{}".format(*points[0])]
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        # Every stretch is level or upright, and longer than two corners.
        into = (
            x + CORNER * ((before[0] > x) - (before[0] < x)),
            y + CORNER * ((before[1] > y) - (before[1] < y)),
        )
        out = (x + CORNER * ((after[0] > x) - (after[0] < x)), y + CORNER * ((after[1] > y) - (after[1] < y)))
        found.append(f"L{into[0]},{into[1]}Q{x},{y} {out[0]},{out[1]}")
    return "".join(found) + "L{},{}".format(*points[-1])


def _stop(stop: Stop, here: bool, been: bool) -> str:
    look = "trefoil-state" + (" trefoil-state--final" if stop.final else "")
    look += " trefoil-state--now" if here else " trefoil-state--been" if been else ""
    ink = "trefoil-state-text" + (" trefoil-state-text--now" if here else "")
    lines = wrapped(stop.title)
    top = stop.middle - (len(lines) - 1) * LINE_HEIGHT / 2 + 5
    text = "".join(
        f'<text class="{ink}" x="{stop.x + 30}" y="{top + index * LINE_HEIGHT:g}">{e(line)}</text>'
        for index, line in enumerate(lines)
    )
    sign = HERE if here else BEEN if been else ""
    mark = f'<text class="{ink}" x="{stop.x + 11}" y="{stop.middle + 5}">{sign}</text>' if sign else ""
    return (
        f'<rect class="{look}" x="{stop.x}" y="{stop.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f"{mark}{text}"
    )


def wrapped(title: str, widest: int = WIDEST, most: int = MOST) -> list[str]:
    """A title on no more lines than fit its box."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: widest - 1]}…"]
    return [line if len(line) <= widest else f"{line[: widest - 1]}…" for line in lines]
