"""A record: what is known of it, whom it is linked with, what runs on it; making one and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from engine.casework import (
    Desk,
    NotFound,
    NotReady,
    Stale,
    access,
    ids,
    links,
    merging,
    notes,
    records,
)  # fmt: skip
from engine.casework.values import Outside, Record
from engine.forms import CompiledForm
from engine.language.model import RecordType, Stack
from webapp import answering, not_saved, speaking
from webapp.drawing.ink import Ink
from webapp.drawing.values import field_values, row_ids
from webapp.naming import person_names
from webapp.numbers import whole
from webapp.pressing import key_of, posted_key
from webapp.record_forms import (
    SECTION,
    fields_form,
    identifiers_changed,
    identifiers_posted,
    numbers_carried,
    settled,
    with_numbers,
)
from webapp.security import safe_path
from webapp.showing import Page, go, page, shows
from webapp.summaries import Fault, answer_faults
from webapp.surroundings import stands_at
from webapp.tongues import N_, _
from webapp.views.conflicts import choices as conflict_choices
from webapp.views.conflicts import posted_choices

pages = Blueprint("records", __name__, url_prefix="/records")
OPEN_LIMIT = 50


def option_label(stack: Stack, list_id: str, option_id: str) -> str:
    found = stack.lists.get(list_id)
    option = found.option(option_id) if found else None
    return option.label if option else option_id


def field_rows(desk: Desk, record: Record, form: CompiledForm) -> list[tuple[str, str]]:
    """A record's fields as people read them; what is kept from this person is not there."""
    summary = form.summary(record.fields, today=desk.today, facts={}, name_of=answering.namer(desk))
    return [
        (item.label, item.text)
        for section in summary
        for item in section.items
        if item.text and item.path not in record.hidden
    ]


@pages.route("/new/<type>", methods=["GET", "POST"])
@shows("record", "create")
def new(desk: Desk, type: str) -> Page | Response:
    """Making a record: what is typed is first compared with what is there."""
    kind, form, _stack = fields_form(desk, type)
    if not access.may_create(desk, type):
        raise NotFound()
    then = safe_path(request.values.get("then")) or ""
    workflow = request.values.get("workflow", "")
    if request.method == "GET":
        return _form_page(desk, kind, {}, {}, (), then=then, workflow=workflow)
    posted = answering.posted_fields()
    entry = form.entry({**posted, "a.@section": [SECTION]}, before={}, today=desk.today)
    offered = [one.id for one in kind.identifiers]
    answering.log_ignored(answering.not_offered(posted, entry.ignored, (), offered), f"new {type}")
    numbers = identifiers_posted(kind, posted)
    if speaking.ASKED in posted:
        return _form_page(
            desk, kind, entry.answers, entry.raw, (), numbers=numbers, then=then, workflow=workflow
        )
    evaluation = form.evaluate(entry.answers, today=desk.today, facts={})
    problems = _all_problems(entry, evaluation)
    if problems:
        return _form_page(
            desk, kind, entry.answers, entry.raw, problems, numbers=numbers, then=then, workflow=workflow
        )
    alike = records.alike(desk, type, entry.answers)
    if alike and posted.get("sure") != ["yes"] and not records.made_with(desk, posted_key()):
        return page(
            "records/alike.html",
            _("There may be a record already"),
            kind=kind,
            alike=alike,
            carried=_carried(posted),
            then=then,
            workflow=workflow,
        )
    try:
        made = records.create(
            desk,
            type,
            evaluation.answers,
            identifiers=[Outside(system, number) for system, number in numbers.items()],
            key=posted_key(),
        )
    except NotReady as error:
        return _form_page(
            desk,
            kind,
            entry.answers,
            entry.raw,
            error.problems,
            numbers=numbers,
            then=then,
            workflow=workflow,
        )
    if workflow:
        return go("start.begin", workflow=workflow, record=made.id)
    if then:
        return redirect(_with_query(then, made.name), 303)
    return go("records.show", record=made.id)


def _with_query(address: str, words: str) -> str:
    from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "q"] + [("q", words)]
    return urlunsplit(("", "", parts.path, urlencode(query), ""))


def _carried(posted: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    skipped = {"csrf_token", "_who", "sure", "then", "workflow"}
    return [(name, text) for name, texts in posted.items() if name not in skipped for text in texts]


def _all_problems(entry: Any, evaluation: Any) -> list[Any]:
    """What was typed and could not be read stands before what the form says of the answers."""
    found = {one.question: one for one in evaluation.problems}
    found.update({one.question: one for one in entry.problems})
    return list(found.values())


def _form_page(
    desk: Desk,
    kind: RecordType,
    answers: Mapping[str, Any],
    raw: Mapping[str, Any],
    problems: Any,
    *,
    record: Record | None = None,
    numbers: Mapping[str, str] | None = None,
    was: Mapping[str, str] | None = None,
    then: str = "",
    workflow: str = "",
) -> Page:
    kind, form, stack = fields_form(desk, kind.id)
    model = form.form
    evaluation = form.evaluate(answers, today=desk.today, facts={})
    ink = answering.ink_for(
        form, evaluation, answers, raw, model=model, choices=answering.chooser(desk, None),
        kept_back=record.hidden if record else frozenset(),
    )  # fmt: skip
    drawn = answering.drawn_form(model, stack, "record")
    title = _("Change %(name)s", name=record.name) if record else _("New record: %(title)s", title=kind.title)
    return page(
        "records/form.html",
        title,
        kind=kind,
        record=record,
        fields=drawn.draw(SECTION, answering.with_errors(ink, problems)),
        problems=with_numbers(answer_faults(problems, model, answers), problems, kind),
        numbers=numbers or {},
        was=was or {},
        then=then,
        workflow=workflow,
        typed_in="record-form",
        key=uuid4().hex,
        browser=form.browser(),
        answers=answers,
    )


@pages.route("/<record>/edit", methods=["GET", "POST"])
@shows("record", "edit")
def edit(desk: Desk, record: str) -> Page | Response:
    found = records.get(desk, record)
    if "edit" not in found.may:
        raise NotFound()
    kind, form, _stack = fields_form(desk, found.type)
    numbers = {one.system: one.number for one in found.identifiers}
    if request.method == "GET":
        return _form_page(desk, kind, found.fields, {}, (), record=found, numbers=numbers, was=numbers)
    posted = answering.posted_fields()
    entry = form.entry({**posted, "a.@section": [SECTION]}, before=found.fields, today=desk.today)
    offered = [one.id for one in kind.identifiers] if found.reach == "whole" else []
    forged = answering.not_offered(posted, entry.ignored, found.hidden, offered)
    answering.log_ignored(forged, f"record {found.type}")
    typed = identifiers_posted(kind, posted)
    was = identifiers_posted(kind, posted, "was.identifier.")
    answers = settled(found, entry.answers, form, posted, posted_choices())
    if speaking.ASKED in posted:
        return _form_page(desk, kind, answers, entry.raw, (), record=found, numbers=typed, was=was)
    evaluation = form.evaluate(answers, today=desk.today, facts={})
    problems = _all_problems(entry, evaluation)
    if problems:
        return _form_page(desk, kind, answers, entry.raw, problems, record=found, numbers=typed, was=was)
    revision = posted.get("revision", ["0"])[0]
    try:
        records.edit(
            desk,
            record,
            dict.fromkeys(found.fields.keys() - answers.keys()) | dict(evaluation.answers),
            revision=whole(revision),
            identifiers=identifiers_changed(found, typed, was),
            were={
                one: was.get(one, "") for one in typed.keys() | was.keys() if typed.get(one) != was.get(one)
            },
        )
    except NotReady as error:
        # Whoever is told that a number was changed meanwhile has seen it, and may overwrite it.
        told = {one.question for one in error.problems if one.code == "stale"}
        was |= {one: numbers.get(one, "") for one in told}
        return _form_page(
            desk, kind, answers, entry.raw, error.problems, record=found, numbers=typed, was=was
        )
    return go("records.show", record=record)


def edit_conflict(desk: Desk, error: Stale, record: str) -> Page:
    """Two people changed one field of a record: the page carries what was typed until they choose."""
    found = records.get(desk, record)
    _kind, form, stack = fields_form(desk, found.type)
    model = form.form
    namer = answering.namer(desk)

    def show_value(path: str, answers: Mapping[str, Any]) -> str:
        summary = form.summary(answers, today=desk.today, facts={}, name_of=namer)
        return next((item.text for part in summary for item in part.items if item.path == path), "") or ""

    heads = {one.path.partition(".")[0] for one in error.conflicts}
    typed = merging.merge(error.base, error.mine, error.theirs, dict.fromkeys(heads, "mine")).answers
    ink = Ink(values=field_values(model, error.mine), rows=row_ids(model, error.mine), prefix="anew.")
    carried = [(f"a.{name}", text) for name, texts in field_values(model, typed).items() for text in texts]
    carried += numbers_carried(answering.posted_fields())
    drawn = answering.drawn_form(model, stack, "record")
    # It alone holds what was typed: in another language it could not be drawn again.
    stands_at("")
    return page(
        "conflict.html",
        _("Two people changed the same answers"),
        status=409,
        caption=found.name,
        by=person_names(desk, [error.by])[error.by] if error.by else "",
        revision=error.revision,
        choices=conflict_choices(
            model, drawn, [one.path for one in error.conflicts], error.mine, error.theirs, show_value, ink
        ),
        action=url_for("records.edit", record=record),
        carried=carried,
    )  # fmt: skip


@pages.route("/<record>/notes", methods=["GET", "POST"])
@shows("note", "create")
def add_note(desk: Desk, record: str) -> Page | Response:
    found = records.get(desk, record)
    if "note" not in found.may:
        raise NotFound()
    case = ids.known(request.values["case"], "case") if request.values.get("case") else None
    context = fields_form(desk, found.type)[0].context
    if request.method == "POST":
        text = request.form.get("text", "").replace("\r\n", "\n").strip()
        if text:
            notes.add(desk, record, text, case=case, key=key_of(text))
            return go("cases.show", case=case, _anchor="notes") if case else go("records.show", record=record)
        problems = [Fault(_("Write the note"), "text")]
    else:
        problems = []
    shown = page(
        "records/note.html", _("Add a note"), caption=found.name, record=found, case=case, context=context,
        problems=problems, key=uuid4().hex,
    )  # fmt: skip
    here = url_for("records.add_note", record=record, case=case)
    return not_saved.offered(desk, shown, record, "typed-form", address=here)


@pages.route("/<record>/links", methods=["GET", "POST"])
@shows("link", "create")
def add_link(desk: Desk, record: str) -> Page | Response:
    found = records.get(desk, record)
    if "link" not in found.may:
        raise NotFound()
    words = request.values.get("q", "").strip()
    problems = []
    if request.method == "POST":
        purpose = request.form.get("purpose", "").strip()
        other = request.form.get("other", "")
        if other and purpose:
            links.add(desk, record, other, purpose=purpose)
            return go("records.show", record=record, _anchor="links")
        problems = [Fault(_("Say what the link is for"), "purpose")] if not purpose else []
        problems += [] if other else [Fault(_("Choose the record to link"), "other")]
    kinds = {one.id: one.title for one in speaking.live_stack(desk).records.values()}
    near = (
        [one for one in records.find(desk, words, closed=False, limit=OPEN_LIMIT) if one.id != record]
        if words
        else []
    )
    return page(
        "records/link.html", _("Link to another record"), caption=found.name, record=found, words=words, found=near,
        kinds=kinds, problems=problems, purpose=request.form.get("purpose", ""),
    )  # fmt: skip


@pages.post("/links/<link>/end")
@shows("link", "end")
def end_link(desk: Desk, link: str) -> Response:
    why = request.form.get("why", "").strip() or speaking.written(desk, N_("No longer so"))
    links.end(desk, link, why=why)
    return go("records.show", record=request.form.get("record", ""), _anchor="links")
