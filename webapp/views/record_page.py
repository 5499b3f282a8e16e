"""The page of one record: what is open about it, what is known, what it is linked with, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from engine.casework import (
    Desk,
    actions,
    cases,
    deadlines,
    links,
    looks,
    markers,
    notes,
    records,
    sharing,
    submissions,
    tasks,
    uploads,
)
from engine.casework.paths import values_of
from engine.casework.values import Record, Submission
from engine.language.model import Stack
from webapp import chronicle
from webapp.drawing.pictures import Picture, pictures_of
from webapp.naming import case_lines, form_title, holder_names, person_names, stack_of, task_lines
from webapp.record_forms import fields_form
from webapp.showing import Page, page, shows
from webapp.views.records import field_rows, option_label, pages

SHORT = 5
"""How many notes, and how many things that are over, stand open."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form with its newest submission, and the ones before it."""

    title: str
    newest: Submission
    url: str
    earlier: tuple[tuple[Submission, str], ...]


@pages.get("/<record>")
@shows("record", "view")
def show(desk: Desk, record: str) -> Page:
    found = records.get(desk, record)
    looks.note(desk, record=found.id)
    kind, form, stack = fields_form(desk, found.type)
    linked = links.of_record(desk, record, ended=True)
    if kind.context:
        # What is about a group or place never shows who is linked to it, whoever looks.
        linked = [one for one in linked if (other := stack.records.get(one.other_type)) and other.context]
    notes_on = notes.of_record(desk, record)
    forms = submissions.of_record(desk, record)
    shared = sharing.of_record(desk, record)
    since = looks.since(desk, record=found.id)
    all_cases = cases.of_record(desk, record)
    people = [*(one.made_by for one in notes_on), *chronicle.people_of(since)]
    names = person_names(desk, [*people, *(one.by for one in shared if one.by)])
    form_stacks = {one.stack: stack_of(desk, one.stack) for one in forms}
    titles = {one.id: form_title(form_stacks[one.stack], one.form) for one in forms}
    due = deadlines.due_dates(desk, [one for one in all_cases if one.open])
    marks = [
        (option_label(stack, one.list, one.option), one)
        for one in markers.of_record(desk, record, ended=True)
    ]
    agreed = actions.of_record(desk, record, ended=True)
    runs = {one.id for one in all_cases}
    to_do = [
        one for one in tasks.of_record(desk, record) if not one.done_at and (one.case in runs or not one.case)
    ]
    return page(
        "records/show.html",
        found.name,
        caption=kind.title,
        record=found,
        kind=kind,
        context=kind.context,
        rows=field_rows(desk, found, form),
        identifiers=[
            (one.label, number) for one in kind.identifiers if (number := _number_of(found, one.id))
        ],
        links=[one for one in linked if not one.until],
        links_ended=[one for one in linked if one.until],
        workers=links.workers(desk, record) if kind.context else (),
        markers=[one for one in marks if not _over(one[1], desk)],
        markers_ended=[one for one in marks if _over(one[1], desk)],
        actions=[one for one in agreed if not one.ended_at],
        actions_done=[one for one in agreed if one.ended_at],
        fields_of=_list_labels(stack, "social_fields"),
        open_cases=case_lines(desk, [one for one in all_cases if one.open], due),
        closed_cases=case_lines(desk, [one for one in all_cases if not one.open]),
        holders=holder_names(desk, [one for one in all_cases if one.open]),
        tasks=task_lines(desk, to_do),
        forms=_form_lines(forms, titles, form_stacks, found.id),
        files=_files(desk, forms, form_stacks),
        pictures=_pictures(forms, form_stacks, found.id),
        notes=sorted(notes_on, key=lambda one: one.made_at, reverse=True),
        short=SHORT,
        names=names,
        shared=[
            (one, [(titles[each], each) for each in one.submissions if each in titles]) for one in shared
        ],
        startable=cases.startable(desk, record),
        since=chronicle.news(desk, since, found.id, names),
    )


def _over(marker: Any, desk: Desk) -> bool:
    return marker.until is not None and marker.until <= desk.today


def _number_of(record: Record, system: str) -> str | None:
    return next((one.number for one in record.identifiers if one.system == system), None)


def _list_labels(stack: Stack, list_id: str) -> dict[str, str]:
    found = stack.lists.get(list_id)
    return {one.id: one.label for one in found.options} if found else {}


def _address(one: Submission, stacks: Mapping[str, Stack], record: str) -> str:
    """Where a submission is read, or gone on with; of one about several records, this record's part."""
    if one.state == "draft" and "submit" in one.may:
        return url_for("filling.sections", submission=one.id)
    declared = stacks[one.stack].forms.get(one.form)
    return url_for("reading.read", submission=one.id, about=record if declared and declared.several else None)


def _form_lines(
    forms: Sequence[Submission], titles: Mapping[str, str], stacks: Mapping[str, Stack], record: str
) -> list[FormLine]:
    """The forms about a record, each once with all that was ever sent of it; the newest first."""
    by_form: dict[str, list[Submission]] = {}
    for one in forms:
        by_form.setdefault(one.form, []).append(one)
    return [
        FormLine(
            titles[each[0].id],
            each[0],
            _address(each[0], stacks, record),
            tuple((one, _address(one, stacks, record)) for one in each[1:]),
        )
        for each in by_form.values()
    ]


def _files(
    desk: Desk, forms: Sequence[Submission], stacks: Mapping[str, Stack]
) -> list[tuple[str, str, str]]:
    """Files that answers name, as far as this person sees the answers: their name, address and form."""
    found: dict[str, Submission] = {}
    for one in forms:
        form = stacks[one.stack].forms.get(one.form)
        if form is not None and one.state not in ("superseded", "withdrawn"):
            for _path, file in values_of(form, "file", one.answers):
                found.setdefault(file, one)
    names = uploads.names(desk, found) if found else {}
    return [
        (
            names[file],
            url_for("files.download", submission=one.id, file=file),
            form_title(stacks[one.stack], one.form),
        )
        for file, one in found.items()
        if file in names
    ]


def _pictures(forms: Sequence[Submission], stacks: Mapping[str, Stack], record: str) -> list[Picture]:
    """The newest of each form that is drawn as something, drawn."""
    found: list[Picture] = []
    seen: set[str] = set()
    for one in forms:
        form = stacks[one.stack].forms.get(one.form)
        if form is None or form.draw is None or one.form in seen or one.state in ("superseded", "withdrawn"):
            continue
        about = record if form.several else None
        address = url_for("reading.read", submission=one.id, about=about)
        drawn = pictures_of(form, stacks[one.stack], one.answers, address, id=f"p{len(found)}")
        if drawn:
            seen.add(one.form)
            found += [drawn]
    return found
