"""A workflow's placed boxes and arrows as SVG; where the case stands is filled, where it has been is tinted.

The words stand beside it as a list, so the picture itself is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from engine.workflow.drawing import Arrow, Box, Drawing
from webapp.drawing.ink import plain as e

LINE_HEIGHT = 16
WIDEST = 21


def draw_machine(drawing: Drawing, now: str, been: Collection[str | None]) -> Markup:
    """The drawing as an `<svg>`; `now` is the present state, `been` those the case has stood in."""
    ways = {(arrow.source, arrow.target): arrow for arrow in drawing.arrows}
    arrows = "".join(_arrow(arrow) for arrow in ways.values())
    boxes = "".join(_box(box, box.state == now, box.state in been) for box in drawing.boxes)
    return Markup(
        f'<svg viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" height="{drawing.height}" '
        f'aria-hidden="true" focusable="false">{arrows}{boxes}</svg>'
    )


def _arrow(arrow: Arrow) -> str:
    points = " ".join(f"{x},{y}" for x, y in arrow.points)
    (x, y), (before, above) = arrow.points[-1], arrow.points[-2]
    # The head lies along the last stretch of the line.
    across, down = (
        (1 if x > before else -1 if x < before else 0),
        (1 if y > above else -1 if y < above else 0),
    )
    back_x, back_y = x - 8 * across, y - 8 * down
    head = f"{x},{y} {back_x + 5 * down},{back_y + 5 * across} {back_x - 5 * down},{back_y - 5 * across}"
    by_itself = " trefoil-arrow--automatic" if arrow.automatic else ""
    return (
        f'<polyline class="trefoil-arrow{by_itself}" points="{points}"/>'
        f'<polygon class="trefoil-arrowhead" points="{head}"/>'
    )


def _box(box: Box, here: bool, been: bool) -> str:
    look = "trefoil-state" + (" trefoil-state--final" if box.final else "")
    look += " trefoil-state--now" if here else " trefoil-state--been" if been else ""
    lines = wrapped(box.title)
    top = box.y + box.height / 2 - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
    text = "".join(
        f'<text class="trefoil-state-text{" trefoil-state-text--now" if here else ""}" '
        f'x="{box.x + box.width // 2}" y="{top + index * LINE_HEIGHT:g}">{e(line)}</text>'
        for index, line in enumerate(lines)
    )
    return f'<rect class="{look}" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"/>{text}'


def wrapped(title: str) -> list[str]:
    """A title on at most three lines that fit its box."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2][: WIDEST - 1]}…"]
    return [line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…" for line in lines]
