"""Between a form's answers and the page on which they are typed: ink for drawing, what was posted, what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from flask import request
from flask_login import current_user

from engine.casework import Desk, paths, people, records, uploads
from engine.forms import CompiledForm, Evaluation
from engine.language.model import Form, Question, Stack
from engine.questions import BUILT_IN
from engine.questions.base import Context, Fault
from webapp.drawing.compiled import DrawnForm, compile_form
from webapp.drawing.ink import Choice, Ink
from webapp.drawing.values import field_values, row_ids
from webapp.summaries import question_at
from webapp.tongues import _

log = structlog.get_logger("webapp")
MOST_OFFERED = 60
MOST_COMPILED = 500


_drawn: dict[tuple[str, str, str, str], DrawnForm] = {}


def drawn_form(form: Form, stack: Stack, kind: str = "form") -> DrawnForm:
    """The form (or the record type's fields) compiled for drawing, once for each pinned stack."""
    key = (stack.hash, stack.manifest.language, kind, form.id)
    if key not in _drawn:
        if len(_drawn) >= MOST_COMPILED:
            _drawn.clear()
        _drawn[key] = compile_form(form, stack)
    return _drawn[key]


def posted_fields() -> dict[str, list[str]]:
    """What was posted, with line ends as people mean them."""
    return {
        name: [text.replace("\r\n", "\n") for text in texts]
        for name, texts in request.form.to_dict(flat=False).items()
    }


def not_offered(
    posted: Mapping[str, Any], ignored: Sequence[str], hidden: Collection[str], numbers: Collection[str] = ()
) -> list[str]:
    """Posted names that the page did not have: those the form ignored, questions kept from whoever posts, and numbers
    of systems that are none of `numbers`."""
    answers = {name: True for name in posted if name.startswith("a.") and not name.startswith("a.@")}
    kept_back = answers.keys() - paths.cut_typed(answers, hidden).keys()
    unknown = {
        name
        for name in posted
        if name.startswith("identifier.") and name.removeprefix("identifier.") not in numbers
    }
    return sorted({*ignored, *kept_back, *unknown})


def log_ignored(names: Sequence[str], where: str) -> None:
    """Fields that the page never offered are ignored; that somebody sent them is worth knowing."""
    if names:
        log.warning(
            "forged_fields",
            where=where,
            person=current_user.person,
            names=[name[:60] for name in sorted(names)[:20]],
            count=len(names),
        )


def chooser(desk: Desk, record: str | None) -> Any:
    """What record links and staff questions offer: records this person may see, those chosen always among them."""
    known: dict[str, list[Choice]] = {}
    named = namer(desk)

    def offer(question: Question, chosen: Sequence[str]) -> list[Choice]:
        if question.type == "staff":
            found = known.setdefault("staff", [(one.id, one.name) for one in people.colleagues(desk)])
        else:
            types = question.settings.get("to") or ()
            wanted = (types,) if isinstance(types, str) else tuple(str(one) for one in types)  # type: ignore[attr-defined]
            key = ",".join(wanted)
            if key not in known:
                lines = records.find(desk, types=wanted, limit=MOST_OFFERED)
                known[key] = sorted(((one.id, one.name) for one in lines), key=lambda line: line[1].lower())
            found = known[key]
        missing = [one for one in chosen if one and all(one != id for id, _name in found)]
        return found + [(one, named(one) or _("Restricted record")) for one in missing]

    return offer


def _other_name(desk: Desk, wanted: str) -> str:
    """What is no record is a person or a file."""
    found = people.names(desk, [wanted]) or uploads.names(desk, [wanted])
    return found.get(wanted) or _("Restricted record")


def namer(desk: Desk) -> Callable[[str], str | None]:
    """Names of records and people by id, asked once each; plain words where this person may not know one."""
    known: dict[str, str | None] = {}

    def name_of(wanted: str) -> str | None:
        if wanted not in known:
            known.update(records.names(desk, [wanted]))
            if wanted not in known:
                known[wanted] = _other_name(desk, wanted)
        return known[wanted]

    return name_of


def ink_for(
    form: CompiledForm,
    evaluation: Evaluation,
    answers: Mapping[str, Any],
    raw: Mapping[str, Any],
    *,
    model: Form,
    guidance: str = "fold",
    kept_back: frozenset[str] = frozenset(),
    choices: Any = None,
    calculated: Mapping[str, str] | None = None,
    row_titles: Mapping[str, str] | None = None,
) -> Ink:
    """Everything a section needs to be drawn for these answers; typed text that was not understood stays."""
    values = field_values(model, evaluation.with_defaults(answers))
    values.update(_raw_values(raw))
    ink = Ink(
        values=values,
        rows=row_ids(model, answers),
        shown=frozenset(evaluation.shown),
        required=frozenset(evaluation.required),
        advised=frozenset(evaluation.advised),
        guidance=guidance,
        kept_back=kept_back,
        calculated=calculated or {},
        row_titles=row_titles or {},
    )
    return replace(ink, choices=choices) if choices else ink


def _raw_values(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stored raw text back to field names: a text, a list of texts, or a box each."""
    found: dict[str, list[str]] = {}
    for name, typed in raw.items():
        plain = name.removeprefix("a.")
        if isinstance(typed, Mapping):
            for box, text in typed.items():
                found[f"{plain}.{box}" if box else plain] = _texts(text)
        else:
            found[plain] = _texts(typed)
    return found


def _texts(typed: Any) -> list[str]:
    return [str(one) for one in typed] if isinstance(typed, (list, tuple)) else [str(typed)]


def errors_by_path(problems: Sequence[Any]) -> dict[str, str]:
    """The first message for each path."""
    found: dict[str, str] = {}
    for one in problems:
        found.setdefault(str(one.question), str(one.message))
    return found


def typed_problems(problems: Sequence[Any]) -> list[Any]:
    """Problems with what was typed, as against answers still missing, which may wait for the end."""
    return [one for one in problems if one.code not in ("required", "unknown_question", "read_only")]


def with_errors(ink: Ink, problems: Sequence[Any]) -> Ink:
    return replace(ink, errors=errors_by_path(problems)) if problems else ink


def calculated_texts(form: CompiledForm, evaluation: Evaluation, context: Context) -> dict[str, str]:
    """What worked itself out, as it is shown, by path."""
    found = {}
    for path in evaluation.calculated:
        question = question_at(form.form, path)
        value = value_at(evaluation.answers, path)
        if question is not None and value is not None:
            found[path] = shown_value(question, value, context)
    return found


def value_at(answers: Mapping[str, Any], path: str) -> Any:
    """The answer at a path: through rows by number, through grids by id."""
    value: Any = answers
    for part in path.split("."):
        name, _dot, index = part.partition("[")
        value = value.get(name) if isinstance(value, Mapping) else None
        if index and isinstance(value, list):
            at = int(index.rstrip("]"))
            value = value[at] if at < len(value) else None
    return value


def shown_value(question: Question, json: Any, context: Context) -> str:
    """One answer as people read it."""
    kind = BUILT_IN[question.type]
    value = kind.load(json, question, context)
    return str(json) if value is None or isinstance(value, Fault) else kind.display(value, question, context)


def without(answers: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The answers with one taken out: of the form, of a row, or of a grid's cell."""
    head, _dot, rest = name.partition(".")
    if not rest:
        return {key: value for key, value in answers.items() if key not in (name, f"{name}.other")}
    row, _dot, inner = rest.partition(".")
    inside = answers.get(head)
    if isinstance(inside, list):
        rows = [without(one, inner) if one.get("_row") == row else one for one in inside]
        return {**answers, head: rows}
    if isinstance(inside, Mapping) and isinstance(inside.get(row), Mapping):
        return {**answers, head: {**inside, row: without(inside[row], inner)}}
    return dict(answers)
