"""The error summary: problems in the order of the page, each linking to the first control of its question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_wtf import FlaskForm

from engine.language.model import Form, Question
from engine.questions import BUILT_IN
from webapp.drawing.values import row_ids
from webapp.tongues import _


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the summary; `target` is the id of the control to go to."""

    message: str
    target: str | None = None
    page: str = ""


def faults(form: FlaskForm) -> list[Fault]:
    """The problems of a WTForms form."""
    return [
        Fault(_(str(messages[0])), form[name].id)
        for name, messages in form.errors.items()
        if messages and name
    ]


def name_of_path(path: str, rows: Mapping[str, Iterable[str]]) -> str:
    """`places[0].place` → `places.ROWID.place`: how the field is called that the problem is about."""
    head, bracket, rest = path.partition("[")
    if not bracket:
        return path
    index, _bracket, tail = rest.partition("]")
    ids = list(rows.get(head, ()))
    row = ids[int(index)] if index.isdigit() and int(index) < len(ids) else index
    return f"{head}.{row}{tail}"


def first_control(name: str, question: Question | None, prefix: str = "a.") -> str:
    """The id of the first control of a question's field: a date's is its day, of several parts the first."""
    if question is None:
        return f"{prefix}{name}"
    inner = BUILT_IN[question.type].inner(question, {}) if question.type in BUILT_IN else ()
    if inner:
        return first_control(f"{name}.{inner[0].id}", inner[0], prefix)
    return f"{prefix}{name}.day" if question.type == "date" else f"{prefix}{name}"


def question_at(form: Form, path: str) -> Question | None:
    """The question a path leads to, through rows and cells."""
    parts = [part.partition("[")[0] for part in path.split(".")]
    for section in form.sections:
        pool = {one.id: one for one in section.questions}
        names = parts[1:] if section.each and parts[0] == section.id else parts
        if names is not parts and len(names) > 1 and names[0] not in pool:
            names = names[1:]  # the row, where it is named
        if not names or names[0] not in pool:
            continue
        found: Question | None = pool[names[0]]
        for name in names[1:]:
            if found is None:
                break
            inner = {one.id: one for one in found.questions}
            # A grid's middle part names its row, which is no question.
            found = inner.get(name, found if found.type == "grid" and name == names[1] else None)
        if found is not None:
            return found
    return None


def section_of(form: Form, path: str) -> str | None:
    """The section in which a path's question stands."""
    head = path.partition(".")[0].partition("[")[0]
    for section in form.sections:
        if section.each and section.id == head:
            return section.id
        if any(one.id == head for one in section.questions):
            return section.id
    return None


def answer_faults(problems: Iterable[object], form: Form, answers: Mapping[str, object]) -> list[Fault]:
    """The problems of answers, in the order of the form."""
    rows = row_ids(form, answers)
    order = {
        one.id: index
        for index, one in enumerate(q for section in form.sections for q in (section, *section.questions))
    }

    def place(problem: object) -> int:
        head = str(getattr(problem, "question", "")).partition(".")[0].partition("[")[0]
        return order.get(head, len(order))

    return [
        Fault(
            str(getattr(one, "message", one)),
            first_control(
                name_of_path(str(getattr(one, "question", "")), rows),
                question_at(form, str(getattr(one, "question", ""))),
            ),
        )
        for one in sorted(problems, key=place)
    ]
