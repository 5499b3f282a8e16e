"""A copy prepared for one reader: the document without what that reader may not have, and the list of what that is.

Everything comes to whoever gives the copy through casework, and so already cut to what they may see; here it is cut
again to its reader, and by whoever gives it, never widened. Must not know pages nor how a document is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.casework import Desk, cases, readers, records
from engine.casework.paths import without_rows
from engine.casework.readers import Reader
from engine.casework.releasing import Given
from engine.forms.summary import SectionSummary
from engine.language.model import Stack
from webapp import speaking
from webapp.chronicle import KIND_NAMES
from webapp.naming import person_names, state_title, workflow_title
from webapp.opened import Opened, open_submission
from webapp.paper import making
from webapp.paper.copies import copy_for, numbers_of
from webapp.paper.model import Block, Document, Heading, Line, Section
from webapp.tongues import N_, _
from webapp.tongues import speaking as spoken_in
from webapp.words import form_state, moment

WHY = {
    "sensitive": N_("It is guarded."),
    "third_party": N_("It may hold other people’s information."),
    "people": N_("It names other people’s records."),
    "not_marked": N_("The form does not say that this reader may have it."),
    "role": N_("Their role may not see it."),
    "hidden": N_("Your own role may not see it."),
    "chosen": N_("You left it out."),
}
BUILT_IN = {
    "file": (N_("Our own file"), N_("For the main record, or for somebody here who works on it.")),
    "subject": (N_("The person it is about"), N_("Without what other people told about themselves.")),
    "family": (N_("A parent or carer"), N_("Only what a form says they may have.")),
    "partner": (N_("Another agency"), N_("Only what a form says agencies may have.")),
    "court": (N_("A court"), N_("Without what other people told about themselves.")),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that could be in a copy: whoever gives it may leave it out by its `path`; `why` it is not in it."""

    path: str
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A copy ready to be drawn and given. `parts` are all there was to choose from, in order."""

    document: Document
    given: Given
    records: tuple[str, ...]
    parts: tuple[Part, ...]
    made_at: datetime

    @property
    def kept_in(self) -> tuple[Part, ...]:
        return tuple(one for one in self.parts if one.why in ("", "chosen"))

    @property
    def left_out(self) -> tuple[Part, ...]:
        return tuple(one for one in self.parts if one.why and one.why != "chosen")

    @property
    def empty(self) -> bool:
        return all(one.why for one in self.parts)


Preparing = Callable[[Desk, Reader, Collection[str]], Prepared]


def offered(stack: Stack) -> tuple[Reader, ...]:
    """Whom a copy may be for, in the words of the page."""
    return tuple(_worded(one) for one in readers.readers(stack))


def chosen(stack: Stack, wanted: str) -> Reader | None:
    return next((one for one in offered(stack) if one.id == wanted), None)


def _worded(reader: Reader) -> Reader:
    if reader.label or reader.id not in BUILT_IN:
        return reader
    label, hint = BUILT_IN[reader.id]
    return replace(reader, label=_(label), hint=_(hint))


def form_copy(
    desk: Desk, submission: str, reader: Reader, out: Collection[str], *, about: str | None = None
) -> Prepared:
    """A form as it stands, for one reader; `about` as it stands on one of several records. Raises NotFound."""
    opened = open_submission(desk, submission, about=about)
    found, form, stack = opened.submission, opened.form, opened.stack
    record_type = records.get(desk, found.record).type
    kept = {path: "hidden" for path in found.hidden if "@" not in path}
    kept = {**readers.kept_back(stack, form, reader, record_type, desk.stack.access), **kept}
    summary = opened.summary()
    parts = _parts(summary, kept, out)
    gone = {one.path: one.why for one in parts if one.why}
    with spoken_in(stack.manifest.language):
        copy = copy_for(desk, reader, stack, facts=_facts(desk, opened, reader), gone=gone)
        drawn = making.filled_form(
            opened.compiled, stack.manifest, copy, _without(summary, gone), about=opened.about_whom,
            kind=_state_of(opened), corners=opened.corners if _whole_picture(opened, gone) else (),
        )  # fmt: skip
    # What is kept from whoever gives the copy is on the list by its id, whether or not it was asked.
    listed = {**{path: "hidden" for path in found.hidden if "@" not in path}, **gone}
    given = Given(
        "form", found.stack, reader, "", stack.manifest.language, listed, found.form, found.id, found.case,
        found.revision,
    )  # fmt: skip
    return Prepared(drawn, given, tuple(opened.people), parts, desk.now)


def _parts(
    summary: Iterable[SectionSummary], kept: Mapping[str, str], out: Collection[str]
) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for section in summary:
        for item in section.items:
            path = without_rows(item.path)
            why = kept.get(path) or kept.get(path.partition(".")[0]) or ("chosen" if path in out else "")
            found.setdefault(path, Part(path, item.question.label or item.label, why))
    return tuple(found.values())


def _without(summary: Iterable[SectionSummary], gone: Mapping[str, str]) -> list[SectionSummary]:
    return [
        replace(section, items=tuple(one for one in section.items if without_rows(one.path) not in gone))
        for section in summary
    ]


def _whole_picture(opened: Opened, gone: Mapping[str, str]) -> bool:
    """A drawn form is shown only to whoever may have every answer that the drawing shows."""
    drawn = opened.form.draw
    hidden = set(gone) | set(opened.submission.hidden)
    return drawn is not None and not hidden & set(drawn.stands)


def _state_of(opened: Opened) -> str:
    return str(form_state(opened.submission.state)[0])


def _facts(desk: Desk, opened: Opened, reader: Reader) -> tuple[tuple[str, str], ...]:
    found, zone = opened.submission, ZoneInfo(opened.stack.manifest.zone)
    names = person_names(desk, [found.submitted_by, found.decided_by])
    told: list[tuple[str, str]] = []
    if reader.reads_as == "file":
        told += numbers_of(desk, found.record)
    if found.submitted_at:
        told.append((_("Sent"), ", ".join((names[found.submitted_by], moment(found.submitted_at, zone)))))
    if found.decided_at:
        word = form_state(found.state)[0]
        told.append((str(word), ", ".join((names[found.decided_by], moment(found.decided_at, zone)))))
    return tuple(told)


def decisions_copy(desk: Desk, case: str, reader: Reader, out: Collection[str]) -> Prepared:
    """What was decided in a case, step by step, for one reader. Raises NotFound."""
    found = cases.get(desk, case)
    stack = speaking.pinned(desk, found.stack).stack
    zone = ZoneInfo(stack.manifest.zone)
    workflow = stack.workflows.get(found.workflow)
    steps = [one for one in cases.history(desk, case) if one.transition is not None]
    names = person_names(desk, [one.person for one in steps])
    told, reasons = (
        readers.line_kept(desk.stack.access, reader, found.record_type, kind) for kind in ("step", "text")
    )
    blocks: list[Block] = []
    parts: list[Part] = []
    with spoken_in(stack.manifest.language):
        for one in steps:
            path, at = f"step.{one.number}", moment(one.at, zone)
            fired = workflow.transition(one.transition or "") if workflow else None
            label = fired.label if fired and fired.label else state_title(stack, found.workflow, one.to)
            why = told or ("chosen" if path in out else "")
            parts.append(Part(path, f"{label}, {at}", why))
            if why:
                continue
            blocks += [
                Heading(label),
                Line(_("When"), at),
                Line(_("Who"), names[one.person] if one.person else _("By the way the work goes")),
                Line(_("Leads to"), state_title(stack, found.workflow, one.to)),
            ]
            if one.reason:
                path = f"{path}.reason"
                why = reasons or ("chosen" if path in out else "")
                parts.append(Part(path, _("Reason of: %(what)s, %(when)s", what=label, when=at), why))
                blocks += [] if why else [Line(_("Reason"), one.reason)]
        gone = {one.path: one.why for one in parts if one.why}
        facts = numbers_of(desk, found.record) if reader.reads_as == "file" else ()
        matter = making.Matter(
            _("Decisions: %(case)s", case=workflow_title(stack, found.workflow)), "", stack.manifest,
            found.record_name, sections=(Section(_("In the order in which they were made"), tuple(blocks)),),
        )  # fmt: skip
        facts = ((_("Now"), state_title(stack, found.workflow, found.state)), *facts)
        drawn = making.document(matter, copy_for(desk, reader, stack, facts=facts, gone=gone))
    given = Given(
        "decisions", found.stack, reader, "", stack.manifest.language, gone, case=found.id, revision=found.revision
    )  # fmt: skip
    return Prepared(drawn, given, (found.record,), tuple(parts), desk.now)


def left_out_in_words(
    stack: Stack, form: str | None, left_out: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What a list on file names by ids, in words: what was left out, and why. Of a chronology and of decisions it
    says how many things of a kind, since its ids mean nothing to anybody."""
    known = stack.forms.get(form or "")
    if known is None:
        counted = Counter((path.partition(".")[0], why) for path, why in left_out)
        return [
            (f"{_(KIND_NAMES.get(kind, kind))} ({count})", str(_(WHY[why])))
            for (kind, why), count in counted.items()
        ]
    labels: dict[str, str] = {}
    for section in known.sections:
        above = f"{section.id}." if section.each else ""
        for one in section.questions:
            labels[f"{above}{one.id}"] = one.label
            labels.update(
                {f"{above}{one.id}.{inner.id}": f"{one.label}: {inner.label}" for inner in one.questions}
            )
    return [(labels.get(path) or path, str(_(WHY[why]))) for path, why in left_out]
