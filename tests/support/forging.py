"""Names that a page never offered, for posting what nobody was asked (H10)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.language.model import Section
from tools.core_pack_reference import core

FORMS = sorted(core().stack.forms)
MADE_UP = tuple(
    f"a.{name}"
    for name in ("_state", "state", "record.name", "case.state", "__class__", "@", "", "_row", "revision", "zz.a.b")
)  # fmt: skip


def boxes(section: Section) -> Iterator[str]:
    """The answers that a section asks for, by posted name, those in rows under a row of that name."""
    for question in section.questions:
        inner = question.questions if question.type in ("repeat", "grid") else ()
        name = f"{section.id}.row1.{question.id}" if section.each else question.id
        yield from (f"a.{name}.row1.{one.id}" for one in inner) if inner else (f"a.{name}",)


def strangers(form: str, own: Collection[str]) -> list[str]:
    """What the other forms of the core pack ask for, but for names that are this form's `own` too."""
    return [
        name
        for id in FORMS
        if id != form
        for part in core().stack.forms[id].sections
        for name in boxes(part)
        if name.split(".")[1] not in own
    ]
