"""A bar of how much somebody holds: what is late, what is due this week, the rest. The numbers stand beside it."""

from __future__ import annotations

from markupsafe import Markup

WIDE, HIGH = 200, 18


def draw(late: int, soon: int, every: int, most: int) -> Markup:
    """A bar as long as `every` is beside `most`, in three parts; nothing to read for whoever hears the page, who
    hears the numbers."""
    if not most:
        return Markup()
    parts, at = [], 0.0
    for kind, count in (("late", late), ("soon", soon), ("rest", max(every - late - soon, 0))):
        width = round(WIDE * count / most, 1)
        if width:
            parts.append(
                f'<rect class="trefoil-bar trefoil-bar--{kind}" x="{at:g}" y="1" width="{width:g}" '
                f'height="{HIGH - 2}"/>'
            )
        at += width
    return Markup(
        f'<svg class="trefoil-bars" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )
