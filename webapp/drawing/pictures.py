"""What a form is drawn as beside its answers: a triangle, a map of rows, or a grid of who and where against what.

Each part opens the answer it shows, and each picture has the same as a list or a table beneath it. Drawn from answers
that were already cut to what their reader may see. Must not know which forms there are: `draw` says what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engine.forms.growing import added, label_of
from engine.language.model import Form, Question, Stack
from webapp.drawing.map import Spot, draw_map
from webapp.drawing.triangle import corners, draw_triangle
from webapp.tongues import _


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list beneath a picture."""

    title: str
    stands: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid: what it is about in words, and the address of the answer, where there is one."""

    column: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A form drawn: `kind` is triangle, map or grid. A grid has columns and rows, the others a picture and a list."""

    kind: str
    title: str
    url: str
    drawn: Markup | None = None
    items: tuple[Item, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[Cell, ...]], ...] = ()


def pictures_of(form: Form, stack: Stack, answers: Mapping[str, Any], url: str, *, id: str) -> Picture | None:
    """The form as it is drawn, or None; `url` is where it is read, `id` is its own on the page."""
    if form.draw is None:
        return None
    if form.draw.triangle:
        return _triangle(form, stack, answers, url, id)
    if form.draw.map:
        return _map(form, stack, answers, url, id)
    return _grid(form, stack, answers, url) if form.draw.grid else None


def _triangle(form: Form, stack: Stack, answers: Mapping[str, Any], url: str, id: str) -> Picture | None:
    found = corners(form, stack, answers)
    if not found:
        return None
    items = tuple(Item(one.title, one.stands, f"{url}#section-{one.section}") for one in found)
    drawn = draw_triangle(found, [one.url for one in items], name=form.title, id=id)
    return Picture("triangle", form.title, url, drawn, items)


def _map(form: Form, stack: Stack, answers: Mapping[str, Any], url: str, id: str) -> Picture | None:
    asked = [(one, part.id) for part in form.sections for one in part.questions]
    found = next(((one, part) for one, part in asked if form.draw and one.id == form.draw.map), None)
    rows = answers.get(found[0].id) if found else None
    if found is None or not isinstance(rows, list) or not rows:
        return None
    repeat, section = found
    name = next((one for one in repeat.questions if one.type == "text"), None)
    standing = next((one for one in repeat.questions if one.type == "choose_one" and one.options), None)
    known = stack.lists.get(standing.options or "") if standing else None
    options = [one for one in known.options if not one.retired] if known else []
    places = {one.id: place for place, one in enumerate(options)}
    spots, items = [], []
    for number, row in enumerate(one for one in rows if isinstance(one, Mapping)):
        said = str(row.get(name.id) or "") if name else ""
        chosen = row.get(standing.id) if standing else None
        place = places.get(str(chosen))
        title = said or str(_("Without a name"))
        stands = options[place].label if place is not None else str(_("Not said yet"))
        spots.append(Spot(title, place))
        path = f"{repeat.id}[{number}].{name.id}" if name else ""
        items.append(Item(title, stands, f"{url}#answer-{path}" if path else f"{url}#section-{section}"))
    drawn = draw_map(
        spots,
        [one.label for one in options],
        [one.url for one in items],
        id=id,
        name=form.title,
        says=". ".join(f"{one.title}: {one.stands}" for one in items) + ".",
        middle=str(_("Me")),
    )
    return Picture("map", form.title, url, drawn, tuple(items))


def _grid(form: Form, stack: Stack, answers: Mapping[str, Any], url: str) -> Picture | None:
    """The form's first grid, with what was said and agreed of each row in other questions of the form."""
    questions = [one for part in form.sections for one in part.questions]
    grid = next((one for one in questions if one.type == "grid" and one.rows), None)
    listed = stack.lists.get(grid.rows or "") if grid else None
    if grid is None or listed is None:
        return None
    cells = answers.get(grid.id)
    cells = cells if isinstance(cells, Mapping) else {}
    fixed = [one for one in listed.options if not one.retired]
    more = list(added(cells, [one.id for one in listed.options]))
    talk = {one.social_field: one for one in questions if one.social_field and one.type == "long_text"}
    agreed = _agreed(questions, grid.rows or "")
    told = [one for one in questions if one.id in {each.id for each in talk.values()}]
    columns = (
        *([str(_("Talked about"))] if told else ()),
        *(one.label for one in grid.questions),
        *([agreed[0].label] if agreed else ()),
    )
    rows = []
    for row_id, label, row in [
        *((one.id, one.label, cells.get(one.id)) for one in fixed),
        *((one, label_of(row), row) for one, row in more),
    ]:
        row = row if isinstance(row, Mapping) else {}
        line: list[Cell] = []
        if told:
            asked = talk.get(row_id)
            line.append(_cell(columns[0], label, url, asked.id if asked and answers.get(asked.id) else ""))
        for one in grid.questions:
            path = f"{grid.id}.{row_id}.{one.id}"
            line.append(_cell(one.label, label, url, path if row.get(one.id) not in (None, "", []) else ""))
        if agreed:
            line.append(_cell(agreed[0].label, label, url, _first(agreed, answers, row_id)))
        rows.append((label, tuple(line)))
    if not any(one.url for _label, line in rows for one in line):
        return None
    return Picture("grid", form.title, url, columns=columns, rows=tuple(rows))


def _cell(column: str, row: str, url: str, path: str) -> Cell:
    return Cell(column, f"{row}: {column}", f"{url}#answer-{path}" if path else "")


def _agreed(questions: list[Question], rows: str) -> tuple[Question, Question] | None:
    """The repeat whose rows are put to one of the grid's rows, with the question that puts them there."""
    for repeat in questions:
        for one in repeat.questions if repeat.type == "repeat" else ():
            if one.type == "choose_one" and one.options == rows:
                return repeat, one
    return None


def _first(agreed: tuple[Question, Question], answers: Mapping[str, Any], row_id: str) -> str:
    """The path of the first row that was put there."""
    repeat, puts = agreed
    return next(_rows_at(repeat, puts, answers.get(repeat.id), row_id), "")


def _rows_at(repeat: Question, puts: Question, rows: Any, row_id: str) -> Iterator[str]:
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, Mapping) and row.get(puts.id) == row_id:
            yield f"{repeat.id}[{number}].{repeat.questions[0].id}"
