"""What somebody typed that can no longer be saved, so that they can copy it before they leave the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.language.model import Form, Question, Stack
from webapp.showing import Page, page
from webapp.summaries import question_at

Line = tuple[str, str]
"""What was asked, and what was typed."""


def too_late(title: str, *lines: str, typed: Sequence[Line], onward: Line) -> Page:
    """The page for what came too late; `onward` is the words and the address of where things stand now."""
    return page("typed.html", title, status=409, lines=lines, typed=typed, onward=onward)


def typed_answers(
    fields: Mapping[str, Sequence[str]], form: Form, stack: Stack, name_of: Callable[[str], str | None]
) -> list[Line]:
    """Every answer of a posted section, as its question is called; the boxes of one answer on one line."""
    found: dict[str, tuple[Question, list[str]]] = {}
    for name, texts in fields.items():
        path = name.removeprefix("a.")
        given = [text for text in texts if text.strip()]
        asked = _asked(form, path) if path != name and given else None
        if asked is not None:
            key, question = asked
            kept = found.setdefault(key, (question, []))[1]
            kept.extend(_words(question, text, stack, name_of) for text in given)
    return [(one.label or one.id, _joined(one, texts)) for one, texts in found.values()]


def _asked(form: Form, path: str) -> tuple[str, Question] | None:
    """The question of a field, and one name for all its boxes: a date's, or the words beside a choice."""
    for name in (path, *(path.rsplit(".", cut)[0] for cut in range(1, min(4, path.count(".") + 1)))):
        head, _, rest = name.partition(".")
        # In a repeat the middle part names the row, which is no question.
        question = question_at(form, name) or question_at(form, f"{head}.{rest.partition('.')[2]}")
        if question is not None:
            return name, question
    return None


def _words(question: Question, text: str, stack: Stack, name_of: Callable[[str], str | None]) -> str:
    if question.type in ("record_link", "staff"):
        return name_of(text) or text
    options = stack.lists.get(question.options or "")
    option = options.option(text) if options else None
    return option.label if option else text


def _joined(question: Question, texts: Sequence[str]) -> str:
    return (" " if question.type == "date" else "\n").join(texts)
