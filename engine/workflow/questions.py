"""Finding a question of a form by its path. Must know nothing of workflows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.model import Form, Question, Stack


def find_question(stack: Stack, path: str) -> Question | None:
    """The question at FORM.question or FORM.container.question; None where there is none."""
    form_id, _, rest = path.partition(".")
    form = stack.forms.get(form_id)
    if form is None or not rest:
        return None
    names = rest.split(".")
    question = _named(questions_of(form), names[0])
    for name in names[1:]:
        question = _named(question.questions, name) if question is not None else None
    return question


def questions_of(form: Form) -> Iterator[Question]:
    """All questions of a form but those in rows and grids, in order."""
    for section in form.sections:
        yield from section.questions


def _named(questions: Iterable[Question], name: str) -> Question | None:
    return next((one for one in questions if one.id == name and not one.retired), None)
