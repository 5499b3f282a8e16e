"""A form compiled for drawing: each section becomes a function from ink to HTML, once per pinned form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engine.language.model import Form, Option, OptionList, Question, Section, Stack
from webapp.drawing.beside import beside
from webapp.drawing.fields import Surroundings, calculated, guidance_of, one_line, why_of
from webapp.drawing.growing import add_row, added_row
from webapp.drawing.ink import Drawn, Ink, Spot, beneath, described, e
from webapp.drawing.parts import FIELDS
from webapp.tongues import _


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """`draw(section id, ink)` gives the section's fields; `settled` sections can have no required question."""

    form: Form
    sections: dict[str, Callable[[Ink], str]]
    settled: frozenset[str]
    questions: dict[str, Drawn]

    def draw(self, section_id: str, ink: Ink) -> Markup:
        return Markup(self.sections[section_id](ink))

    def draw_one(self, question_id: str, ink: Ink) -> Markup:
        """One question's field by itself, for pages that ask for a single answer again."""
        return Markup(self.questions[question_id](ink, Spot(question_id, question_id)))


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    draw: Drawn


def compile_form(form: Form, stack: Stack) -> DrawnForm:
    """Compiles all sections. Raises KeyError for a question type without a field, which a test rules out."""
    settled = frozenset(section.id for section in form.sections if not _may_require(section.questions))
    alone = Surroundings(stack.lists.get, says_optional=False)
    questions = {
        one.id: _question(one, stack, alone) for section in form.sections for one in section.questions
    }
    sections = {one.id: _section(one, stack, one.id in settled) for one in form.sections}
    return DrawnForm(form, sections, settled, questions)


def _may_require(questions: Sequence[Question]) -> bool:
    return any(
        one.answer == "required" or one.required_if is not None or _may_require(one.questions)
        for one in questions
    )


def _section(section: Section, stack: Stack, settled: bool) -> Callable[[Ink], str]:
    around = Surroundings(stack.lists.get, says_optional=not settled)
    parts = [_Part(one.id, _question(one, stack, around)) for one in section.questions if not one.retired]
    if not section.each:
        return lambda ink: "".join(part.draw(ink, Spot(part.id, part.id)) for part in parts)

    def each(ink: Ink) -> str:
        spot = Spot(section.id, section.id)
        return "".join(
            _one_part(ink, spot, row, index, parts)
            if ink.only_row is not None
            else _row(
                ink, spot, row, index, parts, e(ink.row_titles.get(row, section.title)), removable=False
            )
            for index, row in enumerate(ink.rows.get(section.id, ()))
            if ink.only_row in (None, row)
        )

    return each


def _question(question: Question, stack: Stack, around: Surroundings) -> Drawn:
    if question.type == "repeat":
        return _repeat(question, stack, around)
    if question.type == "grid":
        return _grid(question, stack, around)
    if question.calculate is not None:
        return calculated(question, around)
    return FIELDS.get(question.type, one_line())(question, around)


def _repeat(question: Question, stack: Stack, around: Surroundings) -> Drawn:
    parts = [_Part(one.id, _question(one, stack, around)) for one in question.questions if not one.retired]
    row_label = str(question.settings.get("row_label") or "")
    title = e(row_label or question.label)
    hint = e(question.hint) if question.hint else ""
    guidance, why, label = guidance_of(question), why_of(question), e(question.label)

    def draw(ink: Ink, spot: Spot) -> str:
        if spot.name in ink.kept_back:
            return ""
        field_id = e(ink.prefix + spot.name)
        rows = ink.rows.get(spot.name, ())
        drawn = "".join(
            _row(ink, spot, row, index, parts, f"{title} {index + 1}", removable=True)
            for index, row in enumerate(rows)
        )
        wrong = " govuk-form-group--error" if spot.path in ink.errors else ""
        hidden = " hidden" if ink.hides(spot.path) else ""
        add = _("Add: %(what)s", what=row_label) if row_label else _("Add another") if rows else _("Add one")
        return (
            f'<div class="govuk-form-group{wrong}" data-path="{e(spot.name)}" data-type="repeat"{hidden}>'
            f'<fieldset class="govuk-fieldset"{described(ink, spot, field_id, bool(hint))}>'
            f'<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{e(question.label)}</legend>'
            f"{beneath(ink, spot, field_id, hint)}{guidance(ink)}{why(ink, spot)}{beside(ink, spot, label)}{drawn}"
            f'<button class="govuk-button govuk-button--secondary" type="submit" name="row.add" id="{field_id}" '
            f'value="{e(spot.name)}">{e(add)}<span class="govuk-visually-hidden"> – {e(question.label)}</span>'
            f"</button></fieldset></div>"
        )

    return draw


def _row(
    ink: Ink, spot: Spot, row: str, index: int, parts: Sequence[_Part], title: str, *, removable: bool
) -> str:
    fields = "".join(part.draw(ink, spot.inside(row, index, part.id)) for part in parts)
    row_id = e(f"{spot.name}.{row}")
    remove = (
        f'<button class="govuk-button govuk-button--secondary" type="submit" name="row.remove" value="{row_id}">'
        f'{e(_("Remove"))}<span class="govuk-visually-hidden"> {title}</span></button>'
        if removable
        else ""
    )
    return (
        f'<fieldset class="govuk-fieldset trefoil-row" id="row.{row_id}" data-row="{row_id}">'
        f'<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{title}</legend>'
        f"{fields}{remove}</fieldset>"
    )


def _one_part(ink: Ink, spot: Spot, row: str, index: int, parts: Sequence[_Part]) -> str:
    """One record's part on a page of its own, whose heading says whose it is."""
    fields = "".join(part.draw(ink, spot.inside(row, index, part.id)) for part in parts)
    return f'<div data-row="{e(f"{spot.name}.{row}")}">{fields}</div>'


def _grid(question: Question, stack: Stack, around: Surroundings) -> Drawn:
    rows = _grid_rows(stack.lists.get(question.rows or ""))
    columns = [one for one in question.questions if not one.retired]
    parts = [_Part(one.id, _question(one, stack, around)) for one in columns]
    grows = question.settings.get("rows_may") == "add"
    head = "".join(f'<th scope="col">{e(one.label)}</th>' for one in columns)
    hint = e(question.hint) if question.hint else ""
    guidance, why, label = guidance_of(question), why_of(question), e(question.label)

    def draw(ink: Ink, spot: Spot) -> str:
        if spot.name in ink.kept_back:
            return ""
        field_id = e(ink.prefix + spot.name)
        body = "".join(
            f'<tr><th scope="row">{e(row.label)}</th>'
            + "".join(f"<td>{part.draw(ink, spot.cell(row.id, part.id, row.label))}</td>" for part in parts)
            + "</tr>"
            for row in rows
        )
        if grows:
            body += "".join(
                added_row(ink, spot, row, number, parts)
                for number, row in enumerate(ink.rows.get(spot.name, ()))
            )
        more = add_row(spot, question) if grows else ""
        wrong = " govuk-form-group--error" if spot.path in ink.errors else ""
        hidden = " hidden" if ink.hides(spot.path) else ""
        return (
            f'<div class="govuk-form-group{wrong}" data-path="{e(spot.name)}" data-type="grid"{hidden}>'
            f'<fieldset class="govuk-fieldset" id="{field_id}"{described(ink, spot, field_id, bool(hint))}>'
            f'<legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{e(question.label)}</legend>'
            f"{beneath(ink, spot, field_id, hint)}{guidance(ink)}{why(ink, spot)}{beside(ink, spot, label)}"
            f'<table class="trefoil-grid"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'
            f"{more}</fieldset></div>"
        )

    return draw


def _grid_rows(options: OptionList | None) -> list[Option]:
    return [one for one in options.options if not one.group and not one.retired] if options else []
