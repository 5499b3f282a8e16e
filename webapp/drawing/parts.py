"""Fields made of several smaller ones – a person, an action, dated markers, files – and the registry of all fields.

Each part is drawn by the builder of its own type. Must not know answers; what differs between pages is in the ink.
"""

from __future__ import annotations

from engine.language.model import Question
from engine.questions import BUILT_IN
from engine.questions.composing import Composite
from engine.questions.sniffing import KINDS, endings
from engine.questions.types.file import accepted, largest, most
from engine.questions.types.marker import Marker
from webapp.drawing.fields import SIMPLE, Builder, Surroundings, choices, fieldset
from webapp.drawing.ink import Drawn, Ink, Spot, e
from webapp.tongues import _, ngettext


def composite(question: Question, around: Surroundings) -> Drawn:
    """A field made of several: each part is drawn as its own type is, in one fieldset."""
    kind = BUILT_IN[question.type]
    assert isinstance(kind, Composite)
    named = [part.options for part in kind.all_parts if part.options is not None]
    lists = {name: found for name in named if (found := around.lists(name)) is not None}
    quiet = Surroundings(around.lists, says_optional=False)
    parts = [(one.id, SIMPLE[one.type](one, quiet)) for one in kind.inner(question, lists)]

    def inside(ink: Ink, spot: Spot, field_id: str) -> str:
        drawn = "".join(draw(ink, spot.of_part(name)) for name, draw in parts)
        return f'<div class="trefoil-parts">{drawn}</div>'

    return fieldset(question, around, inside)


def marker(question: Question, around: Surroundings) -> Drawn:
    """A choice of several, each opening what is asked of it."""
    kind = Marker()
    found = around.lists(question.options) if question.options else None
    quiet = Surroundings(around.lists, says_optional=False)
    opens: dict[str, list[tuple[str, Drawn]]] = {}
    for option in found.options if found is not None else ():
        details = kind.details(question, option.label)
        opens[option.id] = [(one.id, SIMPLE[one.type](one, quiet)) for one in details]

    def opened(ink: Ink, spot: Spot, option: str) -> str:
        drawn = "".join(draw(ink, spot.of_part(f"{option}.{name}")) for name, draw in opens.get(option, ()))
        return f'<div class="govuk-checkboxes__conditional trefoil-opens">{drawn}</div>'

    return choices("checkboxes", "checkbox", other=False, opened=opened)(question, around)


def file(question: Question, around: Surroundings) -> Drawn:
    """What was added, each with a way to take it away, and a box to add more. Works without script."""
    kinds, size, count = accepted(question), largest(question) // 1024 // 1024, most(question)
    taken = ", ".join(KINDS[kind] for kind in kinds)
    accept = ",".join(f".{ending}" for ending in endings(kinds))

    def inside(ink: Ink, spot: Spot, field_id: str) -> str:
        there = "".join(
            f'<li><input type="hidden" name="{field_id}" value="{e(one)}">{_file_link(ink, one)} '
            f'<button class="trefoil-linklike trefoil-small" type="submit" name="file.remove" '
            f'value="{e(spot.name)}={e(one)}">{e(_("Take away"))}<span class="govuk-visually-hidden"> '
            f"{e(ink.files.get(one, (one, ''))[0])}</span></button></li>"
            for one in ink.many(spot.name)
        )
        listed = f'<ul class="govuk-list">{there}</ul>' if there else ""
        wrong = " govuk-file-upload--error" if spot.path in ink.errors else ""
        several = " multiple" if count > 1 else ""
        rules = e(
            ngettext(
                "You can add one file of at most %(size)s MB: %(kinds)s.",
                "You can add up to %(num)s files, each of at most %(size)s MB: %(kinds)s.",
                count,
                size=size,
                kinds=taken,
            )
        )
        scanned = f" {e(ink.scanning)}" if ink.scanning else ""
        return (
            f'{listed}<label class="govuk-label" for="{field_id}">'
            f"{e(_('Add another file') if there else _('Add a file'))}"
            f'<span class="govuk-visually-hidden"> – {e(question.label)}</span></label>'
            f'<div class="govuk-hint" id="{field_id}-rules">{rules}{scanned}</div>'
            f'<input class="govuk-file-upload{wrong}" type="file" id="{field_id}" name="upload.{field_id}" '
            f'accept="{accept}" aria-describedby="{field_id}-rules"{several}>'
            f'<button class="govuk-button govuk-button--secondary trefoil-add-file" type="submit" name="file.add" '
            f'value="{e(spot.name)}">{e(_("Add"))}<span class="govuk-visually-hidden">'
            f" – {e(question.label)}</span></button>"
        )

    return fieldset(question, around, inside)


def _file_link(ink: Ink, file: str) -> str:
    name, address = ink.files.get(file, (_("A file that is not there"), ""))
    return f'<a class="govuk-link" href="{e(address)}">{e(name)}</a>' if address else e(name)


FIELDS: dict[str, Builder] = {
    **SIMPLE,
    "person": composite,
    "action": composite,
    "marker": marker,
    "file": file,
}
