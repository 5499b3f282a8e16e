"""A form as its pages: a section each, and one for every record where each record has its own part.

Knows addresses and names of pages; what is shown is the form's own to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from engine.casework import carrying, merging
from engine.language.model import Section
from webapp.drawing.values import row_ids
from webapp.opened import Opened
from webapp.summaries import first_control, name_of_path, question_at, section_of
from webapp.tongues import _
from webapp.words import and_list

NOTHING: Mapping[str, bool] = {}

Part = tuple[Section, str | None]
"""A page of the form: a section, and where each record has its own, the record."""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A part of the form in the list of its parts: a section, or one record's part of a section that each has.

    `why` says what one that cannot be started waits for, and `leads` the page where that is answered; such a part has
    no page of its own yet.
    """

    title: str
    state: str
    colour: str
    page: str = ""
    why: str = ""
    leads: str = ""
    comments: int = 0


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


def part_name(part: Part) -> str:
    """How a page of the form is noted as opened: its section, and the record where each has its own."""
    section, row = part
    return f"{section.id}.{row}" if row else section.id


def section_lines(
    opened: Opened, evaluation: Any, looked: Mapping[str, bool] = NOTHING, asked: Iterable[str] = ()
) -> list[SectionLine]:
    """Each part with its state in words: looked at but unfinished differs from untouched.

    `looked` has the parts that were opened, and whether they were saved; `asked` are the questions with comments that
    wait to be dealt with.
    """
    answered = _answered(opened)
    submission = opened.submission
    wanting = {part_of(opened, str(one.question)) for one in (*evaluation.problems, *evaluation.advice)}
    wanting |= {part_of(opened, one) for one in carrying.unconfirmed(submission.carried, submission.answers)}
    comments = Counter(part_of(opened, one) for one in asked)
    shown = {part_name(part): part for part in shown_parts(opened, evaluation)}
    lines: list[SectionLine] = []
    for section in opened.form.sections:
        for row in submission.records if section.each else (None,):
            part: Part = (section, row)
            key, name = (section.id, row), part_name(part)
            if name not in shown:
                lines += _waiting(opened, evaluation, part)
                continue
            if key not in answered and name not in looked:
                state, colour = _("Not started"), "blue"
            elif key in wanting or comments[key] or (key not in answered and not looked.get(name)):
                state, colour = _("Incomplete"), "yellow"
            else:
                state, colour = _("Completed"), ""
            page = part_page(opened, part)
            lines.append(SectionLine(part_title(opened, part), state, colour, page, comments=comments[key]))
    return lines


def _answered(opened: Opened) -> set[tuple[str | None, str | None]]:
    """The parts in which anything is answered, or typed and not understood."""
    submission = opened.submission
    marks = {f"{one.id}.{row}" for one in opened.form.sections if one.each for row in submission.records}
    given = [path for path, value in merging.leaves(submission.answers) if value not in (None, "", [])]
    found = {part_of(opened, path) for path in given if path not in marks}
    return found | {part_of(opened, path.removeprefix("a.")) for path in submission.raw}


def _waiting(opened: Opened, evaluation: Any, part: Part) -> Iterator[SectionLine]:
    """A part that is hidden because something is not answered yet; one that is simply not asked has no line."""
    names = evaluation.awaited(part[0].id, opened.judge.may_see)
    if not names:
        return
    inside = [(one, question) for one in names if (question := question_at(opened.form, one)) is not None]
    if not inside:
        why = _("It waits for something on the record or in another form that is not filled in yet.")
        yield SectionLine(part_title(opened, part), _("Cannot start yet"), "grey", why=why)
        return
    labels = list(dict.fromkeys(f"‘{question.label}’" for _name, question in inside))
    why = _("Answer %(questions)s first.", questions=and_list(labels))
    first, question = inside[0]
    leads = ""
    if first in evaluation.shown:
        name = name_of_path(first, row_ids(opened.form, opened.submission.answers))
        leads = f"{part_page(opened, page_of(opened, first))}#{first_control(name, question)}"
    yield SectionLine(part_title(opened, part), _("Cannot start yet"), "grey", why=why, leads=leads)


def page_of(opened: Opened, path: str) -> Part:
    """The page on which a path's question stands."""
    section_id, row = part_of(opened, path)
    return next(one for one in opened.form.sections if one.id == section_id), row


def first_question(opened: Opened, part: Part) -> str | None:
    """The id of the first control on a page, where somebody who goes on from the page before begins to type."""
    section, row = part
    rows = row_ids(opened.form, opened.submission.answers)
    for asked in section.questions:
        name = f"{section.id}.{row}.{asked.id}" if row else asked.id
        path = f"{section.id}[{opened.submission.records.index(row)}].{asked.id}" if row else asked.id
        if path not in opened.askable or asked.type in ("guidance", "file") or asked.calculate is not None:
            continue
        if asked.type == "repeat" and rows.get(asked.id):
            inner = asked.questions[0]
            return first_control(f"{name}.{rows[asked.id][0]}.{inner.id}", inner)
        if asked.type == "grid":
            return None
        return first_control(name, asked)
    return None
