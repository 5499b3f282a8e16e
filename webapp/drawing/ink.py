"""What a page brings to a compiled form to have it drawn, and the small pieces all fields share.

Paths come in two spellings. A *name* is how a field is posted and is stable: `places.ROWID.place`. A *path* is
how an evaluation speaks of it: `places[0].place`. Fields are drawn by name and looked up by path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from engine.language.model import Question, Untranslated
from webapp.tongues import _

Choice = tuple[str, str]


def no_choices(question: Question, chosen: Sequence[str]) -> list[Choice]:
    """Nothing to choose from: for drawings that stand alone, such as blanks."""
    return [(one, one) for one in chosen]


@dataclass(frozen=True, slots=True)
class Ink:
    """Everything that differs between two drawings of one form. A field by itself is keyed by *name* where people
    post or read it, by *path* where an evaluation speaks of it."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name, what each field shows."""
    rows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name, the row ids of each repeat."""
    shown: frozenset[str] | None = None
    """Paths; None shows everything."""
    required: frozenset[str] = frozenset()
    advised: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)
    """By path."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """By path."""
    carried: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """By name, where an answer came from, and whether somebody has still to say that it is right."""
    calculated: Mapping[str, str] = field(default_factory=dict)
    """By path, what worked itself out, as it is read."""
    row_titles: Mapping[str, str] = field(default_factory=dict)
    kept_back: frozenset[str] = frozenset()
    """Names that this person may not see: they are not drawn at all."""
    only_row: str | None = None
    """The one record whose part of a section is drawn, where each record has its own."""
    guidance: str = "fold"
    choices: Callable[[Question, Sequence[str]], list[Choice]] = no_choices
    """The records or people that a question offers."""
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By id, a file's name and address."""
    scanning: str = ""
    """What files are not looked at for, in words."""
    why: str = ""
    """How the address of the page begins that says why a question is asked, its path following; empty draws no link."""
    earlier: Mapping[str, str] = field(default_factory=dict)
    """By name, what was answered the time before."""
    earlier_when: str = ""
    """The words above it; without them none of it is drawn."""
    earlier_open: bool = True
    remarks: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """By name, the comments at a question (`beside.Remark`)."""
    prefix: str = "a."

    def one(self, name: str) -> str:
        found = self.values.get(name)
        return found[0] if found else ""

    def many(self, name: str) -> Sequence[str]:
        return self.values.get(name, ())

    def hides(self, path: str) -> bool:
        return self.shown is not None and path not in self.shown


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a question stands: its posted name and its path, and whether it is a grid's cell.

    `part`: it is one part of an answer made of several, shown and judged with the whole.
    """

    name: str
    path: str
    cell_of: str | None = None
    part: bool = False

    def inside(self, row: str, index: int, question: str) -> Spot:
        return Spot(f"{self.name}.{row}.{question}", f"{self.path}[{index}].{question}")

    def cell(self, row: str, column: str, row_label: str) -> Spot:
        return Spot(f"{self.name}.{row}.{column}", f"{self.path}.{row}.{column}", row_label)

    def of_part(self, part: str) -> Spot:
        return Spot(f"{self.name}.{part}", f"{self.path}.{part}", part=True)


Drawn = Callable[[Ink, Spot], str]
"""A compiled question: constant pieces and slots, waiting for ink and a spot."""


# Most slots hold nothing to escape, and seeing that is several times quicker than making a copy.
_to_escape = re.compile("[&<>\"']").search


def e(text: object) -> str:
    """Every slot between tags goes through here; a text in another language than the page says so."""
    if type(text) is str and _to_escape(text) is None:
        return text
    if isinstance(text, Untranslated):
        return f'<span lang="{text.language}">{escape(str(text))}</span>'
    return str(escape(text))


def plain(text: object) -> str:
    """A slot in an attribute or a drawing, where no tag can stand."""
    return str(escape(str(text)))


def described(ink: Ink, spot: Spot, field_id: str, has_hint: bool) -> str:
    """The `aria-describedby` of a field, naming only what is really drawn."""
    parts = []
    if has_hint:
        parts.append(f"{field_id}-hint")
    if spot.path in ink.notes:
        parts.append(f"{field_id}-note")
    if spot.name in ink.carried:
        parts.append(f"{field_id}-carried")
    if spot.path in ink.errors:
        parts.append(f"{field_id}-error")
    parts += [f"comment.{e(one.id)}-text" for one in ink.remarks.get(spot.name, ())]
    return f' aria-describedby="{" ".join(parts)}"' if parts else ""


def mark(ink: Ink, spot: Spot, says_optional: bool) -> str:
    """Says in words whether an answer is asked for. Required is the plain case and carries no mark."""
    if spot.path in ink.required:
        text = ""
    elif spot.path in ink.advised:
        text = _("(we ask for this)")
    elif says_optional and spot.cell_of is None:
        text = _("(optional)")
    else:
        text = ""
    kind = f' data-optional="{plain(_("(optional)"))}"' if says_optional and spot.cell_of is None else ""
    return f' <span class="trefoil-advised" data-mark{kind}>{e(text)}</span>'


def beneath(ink: Ink, spot: Spot, field_id: str, hint: str) -> str:
    """Hint, note and error, in the order a screen reader meets them."""
    note = ink.notes.get(spot.path)
    error = ink.errors.get(spot.path)
    return "".join(
        (
            f'<div id="{field_id}-hint" class="govuk-hint">{hint}</div>' if hint else "",
            f'<div id="{field_id}-note" class="govuk-inset-text">{e(note)}</div>' if note else "",
            _carried(ink, spot, field_id),
            f'<p id="{field_id}-error" class="govuk-error-message">'
            f'<span class="govuk-visually-hidden">{e(_("Error:"))}</span> {e(error)}</p>'
            if error
            else "",
        )
    )


def _carried(ink: Ink, spot: Spot, field_id: str) -> str:
    """Where the answer was carried from, and a box to say that it is still right: as it is, without typing it again."""
    if spot.name not in ink.carried:
        return ""
    words, waits = ink.carried[spot.name]
    box = (
        f'<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" id="{field_id}-still" name="still_right" type="checkbox" '
        f'value="{e(spot.name)}"><label class="govuk-label govuk-checkboxes__label" for="{field_id}-still">'
        f"{e(_('Still right'))}</label></div></div>"
    )
    return (
        f'<div class="trefoil-small"><span class="trefoil-quiet" id="{field_id}-carried">{e(words)}</span>'
        f"{box if waits else ''}</div>"
    )
