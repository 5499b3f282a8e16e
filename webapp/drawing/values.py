"""Answers → what the fields hold: the inverse of reading a posted page.

Pure; knows the question types' JSON shapes (docs/architecture.md) and the names that fields post under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.forms.growing import LABEL, added
from engine.language.model import Form, Question, Section
from engine.questions import BUILT_IN

Posted = tuple[str, list[str]]
_BOXED = ("date", "person", "action", "marker")


def field_values(form: Form, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every field of `form` with the texts it shows for `answers`, by name (without the `a.` in front)."""
    found: dict[str, list[str]] = {}
    for section in form.sections:
        found.update(section_values(section, answers))
    return found


def section_values(section: Section, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    if section.each:
        return dict(_rows(section.id, section.questions, answers.get(section.id)))
    return dict(_questions("", section.questions, answers))


def _questions(prefix: str, questions: Iterable[Question], answers: Mapping[str, Any]) -> Iterator[Posted]:
    for question in questions:
        name = prefix + question.id
        answer = answers.get(question.id)
        if question.type == "repeat":
            yield from _rows(name, question.questions, answer)
        elif question.type == "grid":
            yield from _cells(name, question.questions, answer)
        else:
            yield from _answer(name, question, answer)
            other = answers.get(f"{question.id}.other")
            if other is not None:
                yield f"{name}.other", [str(other)]


def _rows(name: str, questions: Sequence[Question], rows: Any) -> Iterator[Posted]:
    for row in rows or ():
        if isinstance(row, Mapping) and "_row" in row:
            yield from _questions(f"{name}.{row['_row']}.", questions, row)


def _cells(name: str, columns: Sequence[Question], rows: Any) -> Iterator[Posted]:
    for row, cells in (rows or {}).items():
        if isinstance(cells, Mapping):
            yield from _questions(f"{name}.{row}.", columns, cells)
            if isinstance(cells.get(LABEL), str):
                yield f"{name}.{row}.{LABEL}", [cells[LABEL]]


def _answer(name: str, question: Question, answer: Any) -> Iterator[Posted]:
    if answer is None:
        return
    if question.type in _BOXED:
        # Also what was typed and could not be read goes back into the boxes where it was typed.
        for box, texts in BUILT_IN[question.type].boxes(answer).items():
            yield f"{name}.{box}" if box else name, texts
    elif isinstance(answer, bool):
        yield name, ["yes" if answer else "no"]
    elif isinstance(answer, Mapping):
        # What was typed and could not be read: a text for each of its boxes.
        for box, text in answer.items():
            yield f"{name}.{box}" if box else name, [str(text)]
    elif isinstance(answer, (list, tuple)):
        yield name, [str(one) for one in answer]
    else:
        yield name, [str(answer)]


def row_ids(form: Form, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The rows of each repeat and each `each` section, by name, in order."""
    found: dict[str, list[str]] = {}
    for section in form.sections:
        repeats = (
            [section.id] if section.each else [one.id for one in section.questions if one.type == "repeat"]
        )
        for name in repeats:
            rows = answers.get(name) or ()
            found[name] = [str(row["_row"]) for row in rows if isinstance(row, Mapping) and "_row" in row]
        for grid in section.questions:
            if grid.settings.get("rows_may") == "add":
                found[grid.id] = [row_id for row_id, _ in added(answers.get(grid.id), ())]
    return found
