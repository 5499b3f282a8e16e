"""Documents of forms: what stands at their head and on every page, in the words of the language they are in.

What is asked is the form's; what is answered comes as a summary that is already cut to its reader. Must not know the
database, nor how a document is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from engine.forms import CompiledForm
from engine.forms.summary import SectionSummary
from engine.language.model import Manifest
from webapp.drawing.triangle import Corner
from webapp.paper.blank import blank_sections
from webapp.paper.filled import filled_sections
from webapp.paper.model import Document, Section
from webapp.paper.texts import plain_words
from webapp.tongues import _, speaking


@dataclass(frozen=True, slots=True)
class Copy:
    """What is told of a copy besides its matter: whose it is, who made it and when, and whom it is for."""

    source: str
    made_by: str = ""
    made_at: str = ""
    reader: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a document is about: its title, whom it concerns, what kind of thing it is, whose definitions made it."""

    title: str
    kind: str
    manifest: Manifest
    about: str = ""
    version: str = ""
    sections: tuple[Section, ...] = field(default=())


def version_of(form: str, manifest: Manifest) -> str:
    """Which form of which pack: what paper is asked for years later."""
    return f"{form}, {manifest.title} {manifest.version}"


def document(matter: Matter, copy: Copy) -> Document:
    """The whole document, with what every page says of it."""
    manifest = matter.manifest
    version = matter.version or f"{manifest.title} {manifest.version}"
    with speaking(manifest.language):
        made = (
            _("Copy made by %(who)s, %(when)s", who=copy.made_by, when=copy.made_at) if copy.made_by else ""
        )
        facts = [
            *copy.facts,
            *([(_("For"), copy.reader)] if copy.reader else []),
            *([(_("Copy made"), ", ".join((copy.made_by, copy.made_at)))] if copy.made_by else []),
            (_("Version"), version),
        ]
        for_whom = _("For: %(who)s", who=copy.reader) if copy.reader else ""
        foot = [version, " · ".join(one for one in (made, for_whom) if one)]
        return Document(
            matter.title,
            about=matter.about,
            kind=matter.kind,
            facts=tuple(facts),
            foot=tuple(one for one in foot if one),
            # What public bodies here mark personal information of this kind with, unless a pack says otherwise.
            marking=manifest.marking or _("OFFICIAL-SENSITIVE"),
            language=manifest.language,
            source=copy.source,
            sections=matter.sections,
            notices=copy.notices,
        )


def blank_form(form: CompiledForm, manifest: Manifest, copy: Copy, *, guidance: bool) -> Document:
    """A form to be filled in by hand."""
    with speaking(manifest.language):
        hints = [plain_words(one) for one in (form.form.hint, form.form.guidance if guidance else "") if one]
        matter = Matter(
            form.form.title,
            _("To fill in by hand"),
            manifest,
            version=version_of(form.form.title, manifest),
            sections=blank_sections(form, guidance=guidance),
        )
        return document(matter, replace(copy, notices=tuple(hints)))


def filled_form(
    form: CompiledForm,
    manifest: Manifest,
    copy: Copy,
    summary: Iterable[SectionSummary],
    *,
    about: str = "",
    kind: str = "",
    corners: Sequence[Corner] = (),
) -> Document:
    """A form as it was answered."""
    with speaking(manifest.language):
        matter = Matter(
            form.form.title,
            kind,
            manifest,
            about,
            version_of(form.form.title, manifest),
            filled_sections(summary, corners),
        )
        return document(matter, copy)
