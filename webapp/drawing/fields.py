"""One question's field: label, hint, error and control, compiled once into constants with escaped slots.

A builder takes the question and what its form knows (its lists) and returns a `Drawn`. Adding a question type
to the engine means adding one builder here, or in `parts` where it is made of several fields, and its name to the
registry there; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from engine.language.model import OptionList, Question
from engine.questions import messages
from webapp import markdown
from webapp.drawing.beside import beside
from webapp.drawing.drawn_once import remembering
from webapp.drawing.ink import Drawn, Ink, Spot, beneath, described, e, mark
from webapp.drawing.options import Line, lines
from webapp.tongues import N_, _


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a field's builder may look at besides its question."""

    lists: Callable[[str], OptionList | None]
    says_optional: bool = True


Builder = Callable[[Question, Surroundings], Drawn]


def group(question: Question, inner: Callable[[Ink, Spot], str], kind: str) -> Drawn:
    """The box around every field; hidden ones are drawn too, so that conditions work while people type."""
    data = f' data-type="{kind}"'
    if question.calculate is None:
        # What works itself out says something of this one form, though nobody typed it.
        inner = remembering(inner, kind)
    guidance, why = guidance_of(question), why_of(question)
    label = e(question.label)

    def draw(ink: Ink, spot: Spot) -> str:
        if spot.name in ink.kept_back:
            return ""
        if spot.part:
            return f'<div class="govuk-form-group">{inner(ink, spot)}</div>'
        wrong = " govuk-form-group--error" if spot.path in ink.errors else ""
        hidden = " hidden" if ink.hides(spot.path) else ""
        return (
            f'<div class="govuk-form-group{wrong}" data-path="{e(spot.name)}"{data}{hidden}>'
            f"{inner(ink, spot)}{beside(ink, spot, label)}{guidance(ink)}{why(ink, spot)}</div>"
        )

    return draw


def why_of(question: Question) -> Drawn:
    """A quiet way to the page that says why a question is asked or required, where a condition or a rule says so."""
    conditional = question.show_if is not None
    required = question.answer == "required" or question.required_if is not None
    if not (conditional or required):
        return lambda ink, spot: ""
    label = e(question.label)

    def draw(ink: Ink, spot: Spot) -> str:
        asks = _("Why is this required?") if spot.path in ink.required else _("Why am I seeing this?")
        if not ink.why or not (conditional or spot.path in ink.required):
            return ""
        return (
            f'<p class="trefoil-small trefoil-why trefoil-noprint"><a class="govuk-link govuk-link--muted" '
            f'href="{e(ink.why)}{e(quote(spot.path))}">{e(asks)}'
            f'<span class="govuk-visually-hidden"> – {label}</span></a></p>'
        )

    return draw


def guidance_of(question: Question) -> Callable[[Ink], str]:
    """Guidance and help fold away under the field; `?guidance=show` opens all and `hide` leaves them out."""
    blocks = [
        (title, str(markdown.html(text)))
        for title, text in ((N_("Guidance"), question.guidance), (N_("Help"), question.help))
        if text
    ]
    label = e(question.label)

    def draw(ink: Ink) -> str:
        if not blocks or ink.guidance == "hide":
            return ""
        is_open = " open" if ink.guidance == "show" else ""
        return "".join(
            f'<details class="govuk-details trefoil-guidance"{is_open}><summary class="govuk-details__summary">'
            f'<span class="govuk-details__summary-text">{e(_(title))}'
            f'<span class="govuk-visually-hidden">: {label}</span></span></summary>'
            f'<div class="govuk-details__text">{html}</div></details>'
            for title, html in blocks
        )

    return draw


def label_text(question: Question, spot: Spot) -> str:
    if not spot.cell_of:
        return e(question.label)
    return f'{e(question.label)}<span class="govuk-visually-hidden"> – {e(spot.cell_of)}</span>'


def labelled(
    question: Question, around: Surroundings, control: Callable[[Ink, Spot, str, str], str]
) -> Drawn:
    """A field with one control under a label."""
    hint = e(question.hint) if question.hint else ""

    def draw(ink: Ink, spot: Spot) -> str:
        field_id = e(ink.prefix + spot.name)
        look = "govuk-label" if spot.part else "govuk-label govuk-label--s"
        look = "govuk-label trefoil-cell-label" if spot.cell_of else look
        about = described(ink, spot, field_id, bool(hint))
        return (
            f'<label class="{look}" for="{field_id}">{label_text(question, spot)}'
            f"{mark(ink, spot, around.says_optional)}</label>"
            f"{beneath(ink, spot, field_id, hint)}{control(ink, spot, field_id, about)}"
        )

    return group(question, draw, question.type)


def fieldset(question: Question, around: Surroundings, inside: Callable[[Ink, Spot, str], str]) -> Drawn:
    """A field with several controls under a legend."""
    hint = e(question.hint) if question.hint else ""

    def draw(ink: Ink, spot: Spot) -> str:
        field_id = e(ink.prefix + spot.name)
        look = "" if spot.part else "govuk-fieldset__legend--s"
        look = "trefoil-cell-label" if spot.cell_of else look
        return (
            f'<fieldset class="govuk-fieldset"{described(ink, spot, field_id, bool(hint))}>'
            f'<legend class="govuk-fieldset__legend {look}">{label_text(question, spot)}'
            f"{mark(ink, spot, around.says_optional)}</legend>"
            f"{beneath(ink, spot, field_id, hint)}{inside(ink, spot, field_id)}</fieldset>"
        )

    return group(question, draw, question.type)


def one_line(classes: str = "", **attributes: str) -> Builder:
    fixed = "".join(f' {name}="{value}"' for name, value in attributes.items())

    def build(question: Question, around: Surroundings) -> Drawn:
        def control(ink: Ink, spot: Spot, field_id: str, about: str) -> str:
            wrong = " govuk-input--error" if spot.path in ink.errors else ""
            return (
                f'<input class="govuk-input{classes}{wrong}" id="{field_id}" name="{field_id}" type="text"'
                f'{fixed}{about} autocomplete="off" value="{e(ink.one(spot.name))}">'
            )

        return labelled(question, around, control)

    return build


def long_text(question: Question, around: Surroundings) -> Drawn:
    lines_high = question.settings.get("lines")
    high = int(lines_high) if isinstance(lines_high, int) and 1 < lines_high < 60 else 6

    def control(ink: Ink, spot: Spot, field_id: str, about: str) -> str:
        wrong = " govuk-textarea--error" if spot.path in ink.errors else ""
        rows = 4 if spot.cell_of else high
        return (
            f'<textarea class="govuk-textarea{wrong}" id="{field_id}" name="{field_id}" rows="{rows}"{about}'
            # A line break straight after the tag is swallowed by browsers; ours is that one, so theirs is kept.
            f' autocomplete="off">\n{e(ink.one(spot.name))}</textarea>'
        )

    return labelled(question, around, control)


def number(question: Question, around: Surroundings) -> Drawn:
    unit, mark = question.settings.get("unit"), question.settings.get("prefix")
    prefix = f'<div class="govuk-input__prefix" aria-hidden="true">{e(mark)}</div>' if mark else ""
    suffix = f'<div class="govuk-input__suffix" aria-hidden="true">{e(unit)}</div>' if unit else ""
    build = one_line(" govuk-input--width-10", inputmode="decimal", spellcheck="false")
    if not (prefix or suffix):
        return build(question, around)

    def control(ink: Ink, spot: Spot, field_id: str, about: str) -> str:
        wrong = " govuk-input--error" if spot.path in ink.errors else ""
        return (
            f'<div class="govuk-input__wrapper">{prefix}<input class="govuk-input govuk-input--width-10{wrong}" '
            f'id="{field_id}" name="{field_id}" type="text" inputmode="decimal"{about} autocomplete="off" '
            f'value="{e(ink.one(spot.name))}">{suffix}</div>'
        )

    return labelled(question, around, control)


BOXES = (("day", "Day", "2"), ("month", "Month", "4"), ("year", "Year", "4"))


def date(question: Question, around: Surroundings) -> Drawn:
    def inside(ink: Ink, spot: Spot, field_id: str) -> str:
        wrong = " govuk-input--error" if spot.path in ink.errors else ""
        boxes = "".join(
            f'<div class="govuk-date-input__item"><label class="govuk-label" for="{field_id}.{box}">'
            f"{e(messages.word(title, question.language))}</label>"
            f'<input class="govuk-input govuk-date-input__input govuk-input--width-{width}{wrong}" '
            f'id="{field_id}.{box}" name="{field_id}.{box}" type="text" autocomplete="off" '
            f'value="{e(ink.one(f"{spot.name}.{box}"))}"></div>'
            for box, title, width in BOXES
        )
        return f'<div class="govuk-date-input" id="{field_id}">{boxes}</div>'

    return fieldset(question, around, inside)


def choices(
    kind: str,
    input_type: str,
    own: Sequence[Line] | None = None,
    *,
    other: bool = True,
    opened: Callable[[Ink, Spot, str], str] | None = None,
) -> Builder:
    """Radios or checkboxes, groups as headings, `other` opening its text and each other option what `opened` draws."""

    def build(question: Question, around: Surroundings) -> Drawn:
        found = around.lists(question.options) if question.options else None
        all_lines = [_said(one, question) for one in own] if own else lines(found) if found else []
        if found and found.other and not found.option("other"):
            # What is added to every list that takes more is the application's own word.
            all_lines[-1] = _said(all_lines[-1], question)
        if not other:
            all_lines = [line for line in all_lines if line.id != "other"]

        def item(ink: Ink, spot: Spot, field_id: str, line: Line, first: bool, chosen: Sequence[str]) -> str:
            if line.heading:
                return f'<div class="trefoil-group">{line.label}</div>'
            if line.retired and line.id not in chosen:
                return ""
            one_id = field_id if first else f"{field_id}--{line.id}"
            checked = " checked" if line.id in chosen else ""
            hint = f'<div id="{one_id}-item-hint" class="govuk-hint govuk-{kind}__hint">{line.hint}</div>'
            about = f' aria-describedby="{one_id}-item-hint"' if line.hint else ""
            apart = " trefoil-apart" if line.after else ""
            drawn = (
                f'<div class="govuk-{kind}__item{apart}"><input class="govuk-{kind}__input" id="{one_id}" '
                f'name="{field_id}" type="{input_type}" value="{line.id}"{checked}{about}>'
                f'<label class="govuk-label govuk-{kind}__label" for="{one_id}">{line.label}</label>'
                f"{hint if line.hint else ''}</div>"
            )
            if opened is not None:
                return drawn + opened(ink, spot, line.id)
            if line.id != "other":
                return drawn
            return drawn + (
                f'<div class="govuk-{kind}__conditional trefoil-opens"><div class="govuk-form-group">'
                f'<label class="govuk-label" for="{field_id}.other">'
                f'{e(messages.word("Say what", question.language))}<span class="govuk-visually-hidden">'
                f" – {e(question.label)}</span></label>"
                f'<input class="govuk-input" id="{field_id}.other" name="{field_id}.other" type="text" '
                f'autocomplete="off" value="{e(ink.one(spot.name + ".other"))}"></div></div>'
            )

        def inside(ink: Ink, spot: Spot, field_id: str) -> str:
            chosen = ink.many(spot.name)
            parts, first = [], True
            for line in all_lines:
                drawn = item(ink, spot, field_id, line, first, chosen)
                first = first and (line.heading or not drawn)
                parts.append(drawn)
            small = f" govuk-{kind}--small" if len(all_lines) > 7 or spot.cell_of else ""
            clear = (
                f'<button class="trefoil-linklike trefoil-small" type="submit" name="clear" value="{e(spot.name)}">'
                f'{e(_("Clear this answer"))}<span class="govuk-visually-hidden">: {e(question.label)}</span></button>'
                if chosen and input_type == "radio"
                else ""
            )
            return (
                f'<div class="govuk-{kind}{small}" data-module="govuk-{kind}">{"".join(parts)}</div>{clear}'
            )

        return fieldset(question, around, inside)

    return build


def _said(line: Line, question: Question) -> Line:
    """A choice that no list holds, as the definition calls it or as the question's language does."""
    own = question.settings.get(f"{line.id}_label")
    return replace(line, label=e(own) if own else e(messages.word(line.label, question.language)))


YES_NO = (Line("yes", "Yes"), Line("no", "No"))


def scale(question: Question, around: Surroundings) -> Drawn:
    low, high = question.settings.get("min", 0), question.settings.get("max", 10)
    low, high = (int(str(low)), int(str(high)))
    return choices("radios", "radio", [Line(str(one), str(one)) for one in range(low, high + 1)])(
        question, around
    )


def record_link(question: Question, around: Surroundings) -> Drawn:
    """A choice among known records, and a button to a page that finds others; both work without script."""
    many = bool(question.settings.get("many"))

    def control(ink: Ink, spot: Spot, field_id: str, about: str) -> str:
        chosen = ink.many(spot.name)
        offered = ink.choices(question, chosen)
        drawn = "".join(
            f'<option value="{e(value)}"{" selected" if value in chosen else ""}>{e(label)}</option>'
            for value, label in offered
        )
        blank = "" if many else f'<option value="">{e(_("Choose…"))}</option>'
        wrong = " govuk-select--error" if spot.path in ink.errors else ""
        several = f' multiple size="{min(8, max(3, len(offered)))}"' if many else ""
        find = (
            f'<p class="govuk-body trefoil-small"><button class="trefoil-linklike" type="submit" name="find" '
            f'value="{e(spot.name)}">{e(_("Find or add another"))}<span class="govuk-visually-hidden"> – '
            f"{e(question.label)}</span></button></p>"
            if question.type == "record_link"
            else ""
        )
        return (
            f'<select class="govuk-select{wrong}" id="{field_id}" name="{field_id}"{several}{about}>'
            f"{blank}{drawn}</select>{find}"
        )

    return labelled(question, around, control)


def guidance(question: Question, around: Surroundings) -> Drawn:
    title = f'<h3 class="govuk-heading-s">{e(question.label)}</h3>' if question.label else ""
    body = str(markdown.html(question.guidance or question.help or question.hint or ""))

    def draw(ink: Ink, spot: Spot) -> str:
        if ink.guidance == "hide" or spot.name in ink.kept_back:
            return ""
        hidden = " hidden" if ink.hides(spot.path) else ""
        return (
            f'<div class="govuk-inset-text trefoil-guidance" data-path="{e(spot.name)}" data-type="guidance"'
            f"{hidden}>{title}{body}</div>"
        )

    return draw


def calculated(question: Question, around: Surroundings) -> Drawn:
    """An answer that works itself out: shown, never typed."""
    hint = f'<div class="govuk-hint">{e(question.hint)}</div>' if question.hint else ""

    def inner(ink: Ink, spot: Spot) -> str:
        text = ink.calculated.get(spot.path, "")
        return (
            f'<div class="trefoil-calculated"><p class="govuk-body govuk-!-margin-bottom-1"><strong>'
            f'{label_text(question, spot)}</strong></p>{hint}<output class="govuk-body" data-calculated>'
            f"{e(text or _('Worked out from your other answers'))}</output></div>"
        )

    return group(question, inner, question.type)


SIMPLE: dict[str, Builder] = {
    "text": one_line(),
    "postcode": one_line(" govuk-input--width-10", spellcheck="false"),
    "time": one_line(" govuk-input--width-5", spellcheck="false", inputmode="text"),
    "long_text": long_text,
    "number": number,
    "scale": scale,
    "date": date,
    "yes_no": choices("radios", "radio", YES_NO),
    "choose_one": choices("radios", "radio"),
    "choose_many": choices("checkboxes", "checkbox"),
    "record_link": record_link,
    "staff": record_link,
    "guidance": guidance,
}
