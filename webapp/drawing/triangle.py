"""A form's three corners as a triangle in SVG, each with how it stands: by word and by shape, never by colour alone.

The same stands beside it as a list. Must not know which forms there are: a definition's
`draw: {triangle: …, stands: …}` says what the corners are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engine.language.model import Form, Question, Stack
from webapp.drawing.ink import plain as e
from webapp.tongues import N_, _

WIDTH, HEIGHT = 400, 340
CORNERS = ((200, 110), (84, 252), (316, 252))
ACROSS = (200, 96, 304)
ABOVE, BELOW = 82, 286
LINE_HEIGHT = 17
WIDEST = 20
UNSAID = N_("Not said yet")


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner: the section it opens, its heading, and how it stands. `place` is the answer's in its list."""

    section: str
    title: str
    stands: str
    place: int | None


def corners(form: Form, stack: Stack, answers: Mapping[str, Any]) -> tuple[Corner, ...]:
    """The corners of a form that is drawn as a triangle; none for any other form."""
    if form.draw is None or not form.draw.triangle:
        return ()
    sections = {one.id: one for one in form.sections}
    stands = form.draw.stands if len(form.draw.stands) > 1 else form.draw.stands * len(form.draw.triangle)
    return tuple(
        _corner(section, sections[section].title, _question(form, question), stack, answers)
        for section, question in zip(form.draw.triangle, stands, strict=False)
        if section in sections
    )


def _question(form: Form, question_id: str) -> Question | None:
    return next((one for part in form.sections for one in part.questions if one.id == question_id), None)


def _corner(
    section: str, title: str, question: Question | None, stack: Stack, answers: Mapping[str, Any]
) -> Corner:
    answer = answers.get(question.id) if question is not None else None
    known = stack.lists.get(question.options) if question is not None and question.options else None
    ids = [one.id for one in known.options] if known is not None else []
    if known is None or answer not in ids:
        return Corner(section, title, str(answer) if answer else _(UNSAID), None)
    place = ids.index(answer)
    return Corner(section, title, known.options[place].label, place)


def draw_triangle(
    found: tuple[Corner, ...], urls: Sequence[str] = (), *, name: str = "", id: str = "triangle"
) -> Markup:
    """The triangle as an `<svg>`; empty where there are not three corners.

    With `urls` each corner is a link, and `name` is what the picture is called. Without, it is passed over when read
    out, and the list beside it says the same.
    """
    if len(found) != len(CORNERS):
        return Markup("")
    outline = " ".join(f"{x},{y}" for x, y in CORNERS)
    parts = [
        f"{_mark(corner, *at)}{_label(corner, across, above=number == 0)}"
        for number, (corner, at, across) in enumerate(zip(found, CORNERS, ACROSS, strict=True))
    ]
    if urls:
        parts = [
            f'<a href="{e(url)}"><title>{e(corner.title)}: {e(corner.stands)}</title>{part}</a>'
            for corner, url, part in zip(found, urls, parts, strict=True)
        ]
        says = ". ".join(f"{one.title}: {one.stands}" for one in found) + "."
        heard = (
            f'role="group" aria-labelledby="{id}-name" aria-describedby="{id}-says">'
            f'<title id="{id}-name">{e(name)}</title><desc id="{id}-says">{e(says)}</desc>'
        )
    else:
        heard = 'aria-hidden="true" focusable="false">'
    return Markup(
        f'<svg class="trefoil-triangle" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" {heard}'
        f'<polygon class="trefoil-triangle-outline" points="{outline}"/>{"".join(parts)}</svg>'
    )


def _mark(corner: Corner, x: int, y: int) -> str:
    """A shape for each place in the list: an unsaid corner is a broken ring, the others differ in outline and fill."""
    look = "trefoil-corner" + ("" if corner.place is not None else " trefoil-corner--unsaid")
    if corner.place is None:
        return f'<circle class="{look}" cx="{x}" cy="{y}" r="13"/>'
    match corner.place % 4:
        case 0:
            return f'<circle class="{look} trefoil-corner--calm" cx="{x}" cy="{y}" r="13"/>'
        case 1:
            points = f"{x},{y - 17} {x + 17},{y} {x},{y + 17} {x - 17},{y}"
            return f'<polygon class="{look} trefoil-corner--some" points="{points}"/>'
        case 2:
            return f'<rect class="{look} trefoil-corner--great" x="{x - 14}" y="{y - 14}" width="28" height="28"/>'
    return (
        f'<circle class="{look}" cx="{x}" cy="{y}" r="13"/>'
        f'<text class="trefoil-corner-sign" x="{x}" y="{y + 6}">?</text>'
    )


def _label(corner: Corner, x: int, *, above: bool) -> str:
    """The heading and the standing, ending above the top corner or beginning below one at the foot."""
    lines = [("title", line) for line in _lines(corner.title)]
    lines += [("stands", line) for line in _lines(corner.stands)[:2]]
    first = ABOVE - (len(lines) - 1) * LINE_HEIGHT if above else BELOW
    return "".join(
        f'<text class="trefoil-corner-{part}" x="{x}" y="{first + number * LINE_HEIGHT}">{e(line)}</text>'
        for number, (part, line) in enumerate(lines)
    )


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines[:3]
