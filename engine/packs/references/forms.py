"""References in forms and record types: lists, record types, carried answers, social fields, drawings, names.

Must not know workflows nor access.
"""

from __future__ import annotations

import re
from typing import Any

from engine.language import codes
from engine.language.model import Form, OptionList, Question, RecordType
from engine.language.places import Place
from engine.packs import lookups
from engine.packs.lookups import Standing, where
from engine.packs.references.asking import Asking, Findings, wrong_type

SOCIAL_FIELDS = "social_fields"
_FILLED_IN = frozenset({"year", "season", "month", "sequence"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CHOOSING = ("choose_one", "choose_many")


def check_form(form: Form, asking: Asking) -> Findings:
    """Everything that a form names."""
    for index, name in enumerate(form.about):
        yield from asking.record(name, where(form, "about", index), form.id)
    for standing in lookups.questions(form):
        yield from check_question(standing, form.id, asking, form)
    yield from _drawing(form, asking)
    yield from _meeting(form, asking)


def check_record(record: RecordType, asking: Asking) -> Findings:
    """Everything that a record type names."""
    for question in record.fields:
        for standing in lookups.questions_of(question):
            yield from check_question(standing, record.id, asking, None)
    for index, name in enumerate(record.alike):
        yield from asking.field(record.id, name, where(record, "alike", index), record.id)
    yield from _name(record)


def check_list(options: OptionList, asking: Asking) -> Findings:
    """That every `under` names an option, and that none stands under itself."""
    parents = {one.id: one.under for one in options.options}
    for one in options.options:
        if one.under is None:
            continue
        element = f"{options.id}.{one.id}"
        if one.under not in parents:
            known = lookups.option_labels(options)
            likely = lookups.meant(one.under, known)
            words: dict[str, Any] = {"list": options.id, "name": one.under, "known": lookups.listed(known)}
            yield codes.finding("R316", where(one, "under"), element=element, did_you_mean=likely, **words)
        circle = _circle(one.id, parents)
        if circle and circle[0] == min(circle):
            words = {"circle": " → ".join([*circle, circle[0]])}
            yield codes.finding("R317", where(one, "under"), element=element, **words)


def check_question(standing: Standing, owner: str, asking: Asking, form: Form | None) -> Findings:
    """Everything that one question names."""
    question, element = standing.question, f"{owner}.{standing.path}"
    for setting, name in (("options", question.options), ("rows", question.rows)):
        if name is not None and "." not in name:
            yield from asking.list(name, where(question, setting), element)
    targets = question.settings.get("to")
    if question.type == "record_link":
        for index, name in enumerate([targets] if isinstance(targets, str) else _words(targets)):
            yield from asking.record(name, where(question, "to", index), element)
    yield from _fitting(question, element, asking, owner, form)
    if question.sensitive is not None:
        yield from asking.sensitivity(question.sensitive, where(question, "sensitive"), element)
    if question.carry is not None and question.carry.how != "never":
        yield from _carried(question, element, asking)
    if question.social_field is not None:
        yield from _social_field(standing, element, asking, form)


def _fitting(question: Question, element: str, asking: Asking, owner: str, form: Form | None) -> Findings:
    """What a type asks of where it stands, and of its list."""
    if question.type == "marker" and question.options is not None:
        options = asking.stack.lists.get(question.options)
        if options is not None and options.lifecycle != "dated":
            place = where(question, "options")
            yield codes.finding(
                "R319", place, element=element, related=[(options.place, "the list")], list=options.title
            )
    about = [owner] if form is None else list(form.about)
    for record in (asking.stack.records[one] for one in about if one in asking.stack.records):
        words: dict[str, Any] = {"question": question.label or question.id, "record": record.title}
        if question.type == "person" and record.context:
            place = where(question, "type")
            yield codes.finding(
                "R333", place, element=element, related=[(record.place, "the context")], **words
            )
            break
        if question.type == "file" and form is None:
            yield codes.finding("R334", where(question, "type"), element=element, **words)


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _carried(question: Question, element: str, asking: Asking) -> Findings:
    carry = question.carry
    if carry is None or not carry.source:
        return
    place = question.places.get("carry.from", where(question, "carry"))
    if carry.source.startswith("record."):
        return

    def fits(form: Form, source: Question) -> Findings:
        texts = {"text", "long_text"}
        same = source.type == question.type or {source.type, question.type} <= texts
        choosing = question.type in _CHOOSING and source.type in _CHOOSING
        if not same and not (choosing and question.type == "choose_many"):
            words: dict[str, Any] = {
                "source": carry.source,
                "found": f"a {source.type}",
                "wanted": f"a {question.type}",
            }
            yield codes.finding(
                "R320", place, element=element, related=[(source.place, "the source")], **words
            )
        elif (
            choosing
            and source.options != question.options
            and "." not in f"{source.options}{question.options}"
        ):
            words = {
                "source": carry.source,
                "found": f"chosen from ‘{source.options}’",
                "wanted": f"chosen from ‘{question.options}’",
            }
            yield codes.finding(
                "R320", place, element=element, related=[(source.place, "the source")], **words
            )

    yield from asking.form_and_question(carry.source, place, element, fits)
    circle = _carry_circle(element, asking)
    if circle and circle[0] == min(circle):
        yield codes.finding("R327", place, element=element, circle=" → ".join([*circle, circle[0]]))


def _carry_circle(start: str, asking: Asking) -> list[str]:
    sources: dict[str, str | None] = {}
    at: str | None = start
    while at is not None and at not in sources:
        form_id, _, rest = at.partition(".")
        standing = asking.paths.get(form_id, {}).get(rest)
        carry = standing.question.carry if standing is not None else None
        sources[at] = carry.source if carry is not None and carry.how != "never" else None
        at = sources[at]
    return list(sources) if at == start else []


def _circle(start: str, parents: dict[str, str | None]) -> list[str]:
    path: list[str] = []
    at: str | None = start
    while at is not None and at not in path:
        path.append(at)
        at = parents.get(at)
    return path if at == start else []


def _social_field(standing: Standing, element: str, asking: Asking, form: Form | None) -> Findings:
    question = standing.question
    place = where(question, "social_field")
    name = question.social_field or ""
    fields = asking.stack.lists.get(SOCIAL_FIELDS)
    if fields is None:
        yield from asking.list(SOCIAL_FIELDS, place, element)
        return
    if fields.option(name) is not None:
        return
    grid = standing.inside if standing.inside is not None and standing.inside.type == "grid" else question
    if name == "row" and grid.type == "grid":
        if grid.rows != SOCIAL_FIELDS and not _rows_are_social(grid, asking):
            yield from wrong_type(
                "social_field: row", grid.id, grid, f"a grid whose rows are ‘{SOCIAL_FIELDS}’", place, element
            )
        return
    beside = {one.id: one for one in standing.inside.questions} if standing.inside is not None else {}
    if form is not None and standing.inside is None:
        beside = {one.path: one.question for one in asking.paths[form.id].values() if one.inside is None}
    other = beside.get(name)
    if other is None:
        known = lookups.option_labels(fields)
        likely = lookups.meant(name, known)
        words: dict[str, Any] = {"name": name, "known": lookups.listed(known)}
        yield codes.finding("R318", place, element=element, did_you_mean=likely, **words)
    elif other.options != SOCIAL_FIELDS:
        yield from wrong_type("social_field", name, other, f"a choice from ‘{SOCIAL_FIELDS}’", place, element)


def _rows_are_social(grid: Question, asking: Asking) -> bool:
    """Rows written in the question may be some of the social fields."""
    rows, fields = asking.stack.lists.get(grid.rows or ""), asking.stack.lists.get(SOCIAL_FIELDS)
    if rows is None or fields is None:
        return True
    known = {one.id for one in fields.options}
    return all(one.id in known for one in rows.options)


def _drawing(form: Form, asking: Asking) -> Findings:
    if form.draw is None:
        return
    place = where(form, "draw")
    for name in form.draw.triangle:
        yield from asking.section(form, name, place, form.id)
    for name in form.draw.stands:
        yield from asking.question(form, name, place, form.id)
    if form.draw.map is not None:
        yield from asking.question(form, form.draw.map, place, form.id)
        found = asking.found(form, form.draw.map)
        if found is not None and found.type != "repeat":
            yield from wrong_type("draw: map", form.draw.map, found, "a repeat", place, form.id)


def _meeting(form: Form, asking: Asking) -> Findings:
    """Where lines of a meeting go: texts that can grow, and repeats with the questions that a line fills."""
    if form.meeting is None:
        return
    place, meeting = where(form, "meeting"), form.meeting
    for index, name in enumerate(meeting.notes):
        at = form.places.get(f"meeting.notes.{index}", form.places.get("meeting.notes", place))
        yield from _serving("meeting: notes", name, "long_text", "a long_text question", form, at, asking)
    if meeting.present is not None:
        at = form.places.get("meeting.present", place)
        found = asking.found(form, meeting.present)
        wanted = "text" if found is not None and found.type == "text" else "long_text"
        yield from _serving("meeting: present", meeting.present, wanted, "a text", form, at, asking)
    line_by_line: tuple[tuple[str, str | None, str, str, str], ...] = (
        ("actions", meeting.actions, "what", "", "a repeat whose rows ask ‘what’"),
        ("take_away", meeting.take_away, "", "staff", "a repeat whose rows ask a text and a staff question"),
    )
    for setting, repeat, own, type_, wanted in line_by_line:
        if repeat is None:
            continue
        at = form.places.get(f"meeting.{setting}", place)
        yield from asking.question(form, repeat, at, form.id, "repeat")
        found = asking.found(form, repeat)
        if found is not None and not _holds(found, own, type_):
            yield from wrong_type(f"meeting: {setting}", repeat, found, wanted, at, form.id)


def _serving(
    what: str, name: str, type: str, wanted: str, form: Form, place: Place, asking: Asking
) -> Findings:
    yield from asking.question(form, name, place, form.id, type)
    found = asking.found(form, name)
    standing = asking.paths[form.id].get(name)
    in_a_row = standing is not None and standing.inside is not None and standing.inside.type != "grid"
    if found is not None and (found.type != type or in_a_row):
        yield from wrong_type(what, name, found, wanted, place, form.id)


def _holds(found: Question, own: str, type: str) -> bool:
    """Whether a repeat's rows ask a question of this id and one of this type (where named), and some text."""
    inside = [one for one in found.questions if not one.retired]
    asked = {one.type for one in inside}
    has = own in ("", *(one.id for one in inside)) and type in ("", *asked)
    return found.type == "repeat" and has and bool(asked & {"text", "long_text"})


def _name(record: RecordType) -> Findings:
    fields = {one.id: one for one in record.fields}
    place = where(record, "name")
    for name in _PLACEHOLDER.findall(record.name):
        if name in _FILLED_IN:
            continue
        field = fields.get(name)
        if field is None:
            known = lookups.labels(fields)
            likely = lookups.meant(name, {**known, **dict.fromkeys(_FILLED_IN, "")})
            words: dict[str, Any] = {"name": name, "known": lookups.listed(known)}
            yield codes.finding("R314", place, element=record.id, did_you_mean=likely, **words)
        elif record.context and (identifies := _identifies(field)) is not None:
            words = {"record": record.title, "name": name, "what": identifies}
            yield codes.finding(
                "R315", place, element=record.id, related=[(field.place, "the field")], **words
            )


def _identifies(field: Question) -> str | None:
    if field.type in ("person", "staff"):
        return "which is a person"
    return "which is an exact day" if field.type == "date" else None
