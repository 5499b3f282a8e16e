"""Finding a question of a form by its path. Must know nothing of workflows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.model import Form, Question, Section, Stack


def find_question(stack: Stack, path: str) -> Question | None:
    """The question at FORM.question or FORM.container.question; None where there is none."""
    form_id, _, rest = path.partition(".")
    form = stack.forms.get(form_id)
    if form is None or not rest:
        return None
    names = rest.split(".")
    if (section := each_section(stack, path)) is not None:
        names = names[1:]
        question = _named(section.questions, names[0]) if names else None
        return question if len(names) == 1 else None
    question = _named(questions_of(form), names[0])
    for name in names[1:]:
        question = _named(question.questions, name) if question is not None else None
    return question


def each_section(stack: Stack, path: str) -> Section | None:
    """The section answered once a record in which FORM.SECTION or FORM.SECTION.question stands."""
    form_id, _, rest = path.partition(".")
    form = stack.forms.get(form_id)
    head = rest.partition(".")[0]
    return next((one for one in form.sections if one.each and one.id == head), None) if form else None


def questions_of(form: Form) -> Iterator[Question]:
    """All questions of a form but those in rows and grids, in order."""
    for section in form.sections:
        yield from section.questions


def _named(questions: Iterable[Question], name: str) -> Question | None:
    return next((one for one in questions if one.id == name and not one.retired), None)
