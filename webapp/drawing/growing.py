"""Rows that people add to a grid: a box for what each is about, a way to take it away, and a button for one more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.forms.growing import LABEL
from engine.language.model import Question
from webapp.drawing.ink import Drawn, Ink, Spot, e
from webapp.tongues import _


class Part(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def draw(self) -> Drawn: ...


def added_row(ink: Ink, spot: Spot, row: str, number: int, parts: Sequence[Part]) -> str:
    """One row that somebody added."""
    name = f"{spot.name}.{row}.{LABEL}"
    field_id, error = e(ink.prefix + name), ink.errors.get(name)
    label = ink.one(name)
    said = e(label or _("Row %(number)s that was added", number=number + 1))
    wrong = (
        f'<p id="{field_id}-error" class="govuk-error-message"><span class="govuk-visually-hidden">'
        f"{e(_('Error:'))}</span> "
        f"{e(error)}</p>"
        if error
        else ""
    )
    about = f' aria-describedby="{field_id}-error"' if error else ""
    red = " govuk-input--error" if error else ""
    cells = "".join(f"<td>{part.draw(ink, spot.cell(row, part.id, label or said))}</td>" for part in parts)
    return (
        f'<tr data-added="{e(f"{spot.name}.{row}")}" id="row.{e(f"{spot.name}.{row}")}"><th scope="row">'
        f'<label class="govuk-label" for="{field_id}">{e(_("What is this row about?"))}'
        f'<span class="govuk-visually-hidden"> – '
        f'{said}</span></label>{wrong}<input class="govuk-input{red}" id="{field_id}" name="{field_id}" type="text" '
        f'autocomplete="off" maxlength="200"{about} value="{e(label)}"><button class="trefoil-linklike trefoil-small" '
        f'type="submit" name="row.remove" value="{e(f"{spot.name}.{row}")}">{e(_("Remove"))}'
        f'<span class="govuk-visually-hidden"> '
        f"{said}</span></button></th>{cells}</tr>"
    )


def add_row(spot: Spot, question: Question) -> str:
    """The button that adds a row."""
    return (
        f'<button class="govuk-button govuk-button--secondary" type="submit" name="row.add" value="{e(spot.name)}">'
        f'{e(_("Add a row"))}<span class="govuk-visually-hidden"> – {e(question.label)}</span></button>'
    )
