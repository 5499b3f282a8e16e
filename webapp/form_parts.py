"""A form as its pages: a section each, and one for every record where each record has its own part.

Knows addresses and names of pages; what is shown is the form's own to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from engine.casework import carrying, merging
from engine.language.model import Section
from webapp.drawing.values import row_ids
from webapp.opened import Opened
from webapp.summaries import name_of_path, section_of

Part = tuple[Section, str | None]
"""A page of the form: a section, and where each record has its own, the record."""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A part of the form in the list of its parts: a section, or one record's part of a section that each has."""

    title: str
    state: str
    colour: str
    page: str


def shown_parts(opened: Opened, evaluation: Any) -> list[Part]:
    """The pages that are shown, in form order. A section that each record has is a page for each of them."""
    shown = set(evaluation.shown)
    found: list[Part] = []
    for one in opened.form.sections:
        if one.id in shown:
            found += [(one, row) for row in opened.submission.records] if one.each else [(one, None)]
    return found


def part_page(opened: Opened, part: Part, **more: Any) -> str:
    """The address of a page of the form."""
    section, row = part
    where: dict[str, Any] = {"submission": opened.submission.id, "section": section.id, **more}
    return url_for("filling.part", row=row, **where) if row else url_for("filling.section", **where)


def part_title(opened: Opened, part: Part) -> str:
    section, row = part
    return f"{opened.people.get(row, '')}: {section.title}" if row else section.title


def part_of(opened: Opened, path: str) -> tuple[str | None, str | None]:
    """The section and, where each record has its own, the record whose part a path stands in."""
    section = section_of(opened.form, path)
    each = any(one.id == section and one.each for one in opened.form.sections)
    name = name_of_path(path, row_ids(opened.form, opened.submission.answers))
    return section, name.split(".")[1] if each and "." in name else None


def section_lines(opened: Opened, evaluation: Any) -> list[SectionLine]:
    """Each shown part with its state in words: looked at but unfinished differs from untouched."""
    submission = opened.submission
    marks = {f"{one.id}.{row}" for one in opened.form.sections if one.each for row in submission.records}
    given = [path for path, value in merging.leaves(submission.answers) if value not in (None, "", [])]
    answered = {part_of(opened, path) for path in given if path not in marks}
    answered |= {part_of(opened, path.removeprefix("a.")) for path in submission.raw}
    wanting = {part_of(opened, str(one.question)) for one in (*evaluation.problems, *evaluation.advice)}
    wanting |= {part_of(opened, one) for one in carrying.unconfirmed(submission.carried, submission.answers)}
    lines = []
    for part in shown_parts(opened, evaluation):
        section, row = part
        if (section.id, row) not in answered:
            state, colour = "Not started", "blue"
        elif (section.id, row) in wanting:
            state, colour = "In progress", "yellow"
        else:
            state, colour = "Completed", ""
        lines.append(SectionLine(part_title(opened, part), state, colour, part_page(opened, part)))
    return lines


def page_of(opened: Opened, path: str) -> Part:
    """The page on which a path's question stands."""
    section_id, row = part_of(opened, path)
    return next(one for one in opened.form.sections if one.id == section_id), row
