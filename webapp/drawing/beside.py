"""What stands beside a question: what was answered the time before, and what was asked of it when it was sent back.

Both fold or stand under the control, and both are named in its description, so that whoever hears the page hears them.
Must not know where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.drawing.ink import Ink, Spot, e
from webapp.tongues import _


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as its writer meets it at the question: who asked what and when, and what was said of it so far."""

    id: str
    by: str
    text: str
    answer: str = ""
    dealt: bool = False


def beside(ink: Ink, spot: Spot, label: str) -> str:
    """All that stands beside one question; `label` is the question's, escaped."""
    return _earlier(ink, spot, label) + remarks(ink, spot, label)


def _earlier(ink: Ink, spot: Spot, label: str) -> str:
    text = ink.earlier.get(spot.name)
    if not text or ink.earlier_when == "":
        return ""
    opened = " open" if ink.earlier_open else ""
    return (
        f'<details class="govuk-details trefoil-earlier"{opened}><summary class="govuk-details__summary">'
        f'<span class="govuk-details__summary-text">{e(ink.earlier_when)}'
        f'<span class="govuk-visually-hidden"> – {label}</span></span></summary>'
        f'<div class="govuk-details__text trefoil-text">{e(text)}</div></details>'
    )


def remarks(ink: Ink, spot: Spot, label: str) -> str:
    """The comments at a question, each with a box for what was done about it."""
    return "".join(_remark(one, label) for one in ink.remarks.get(spot.name, ()))


def _remark(one: Remark, label: str) -> str:
    box = f"comment.{e(one.id)}"
    checked = " checked" if one.dealt else ""
    hidden = f'<span class="govuk-visually-hidden"> – {label}</span>' if label else ""
    return (
        f'<div class="govuk-inset-text trefoil-remark" id="{box}" role="group" aria-labelledby="{box}-by">'
        f'<p class="trefoil-small govuk-!-margin-bottom-1" id="{box}-by"><strong>'
        f"{e(_('Comment from %(who)s', who=one.by))}</strong>{hidden}</p>"
        f'<p class="govuk-body trefoil-text" id="{box}-text">{e(one.text)}</p>'
        f'<div class="govuk-form-group"><label class="govuk-label" for="{box}.answer">'
        f"{e(_('What you did about it (optional)'))}{hidden}</label>"
        f'<textarea class="govuk-textarea" id="{box}.answer" name="{box}.answer" rows="2" autocomplete="off" '
        f'aria-describedby="{box}-text">\n{e(one.answer)}</textarea></div>'
        f'<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" id="{box}.dealt" name="{box}.dealt" type="checkbox" value="yes"'
        f'{checked}><label class="govuk-label govuk-checkboxes__label" for="{box}.dealt">{e(_("Dealt with"))}{hidden}'
        f"</label></div></div></div>"
    )


def posted_answers(fields: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, bool]]:
    """What was posted about comments, by comment id: what was done, and whether it is dealt with."""
    start, end = "comment.", ".answer"
    return {
        (one := name[len(start) : -len(end)]): (_last(texts), f"{start}{one}.dealt" in fields)
        for name, texts in fields.items()
        if name.startswith(start) and name.endswith(end)
    }


def _last(texts: Sequence[str]) -> str:
    return texts[-1] if texts else ""
