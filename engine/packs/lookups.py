"""What a stack has, asked by name: questions by path, where they stand, what somebody meant instead.

Must not know which part of a definition asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.language.guess import nearest
from engine.language.model import Element, Form, OptionList, Question, Stack
from engine.language.places import Place
from engine.language.wording import slug

SHOWN_AT_MOST = 12
_NUMBER = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Standing:
    """A question with its path in its form and what it stands in: a row's repeat, a grid, or None."""

    path: str
    question: Question
    inside: Question | None = None
    section: str = ""


def questions(form: Form) -> Iterator[Standing]:
    """Every question of a form by path: `harm_types`, `places.place`, `framework.worried`.

    A section answered once a record is a repeat in all but name, and its questions are named behind it.
    """
    for section in form.sections:
        if section.each:
            rows = Question(
                section.id, "repeat", label=section.title, questions=section.questions, place=section.place
            )
            yield from _inside(rows, "", None, section.id)
        else:
            for question in section.questions:
                yield from _inside(question, "", None, section.id)


def questions_of(question: Question) -> Iterator[Standing]:
    """A question and all that is in its rows, by path, as `questions` gives them."""
    yield from _inside(question, "", None, "")


def _inside(question: Question, prefix: str, within: Question | None, section: str) -> Iterator[Standing]:
    path = f"{prefix}{question.id}"
    yield Standing(path, question, within, section)
    for one in question.questions:
        yield from _inside(one, f"{path}.", question, section)


def by_path(form: Form) -> dict[str, Standing]:
    return {one.path: one for one in questions(form)}


def cell(form: Form, stack: Stack, path: str) -> Question | None:
    """The column that a grid's cell is in, by `framework.peers.worried`."""
    pieces = path.split(".")
    if len(pieces) != 3:
        return None
    grid = by_path(form).get(pieces[0])
    if grid is None or grid.question.type != "grid" or grid.question.rows is None:
        return None
    rows = stack.lists.get(grid.question.rows)
    if rows is None or rows.option(pieces[1]) is None:
        return None
    return next((one for one in grid.question.questions if one.id == pieces[2]), None)


def unnumbered(path: str) -> str:
    """A path as it stands in the form: `places[0].place` is `places.place`."""
    return _NUMBER.sub("", path)


def labels(things: Mapping[str, Element]) -> dict[str, str]:
    """Ids with the label or title that people see."""
    return {name: str(getattr(one, "label", "") or getattr(one, "title", "")) for name, one in things.items()}


def option_labels(options: OptionList) -> dict[str, str]:
    return {one.id: one.label for one in options.options}


def meant(word: str, known: Mapping[str, str] | Iterable[str]) -> str | None:
    """What was meant by `word`: the id whose label somebody pasted or made an id of, else the nearest id."""
    if not isinstance(known, Mapping):
        return nearest(word, known)
    wanted = slug(word)
    by_label = {slug(label): name for name, label in known.items() if label}
    if wanted in by_label:
        return by_label[wanted]
    likely = nearest(word, known)
    if likely is None and (label := nearest(wanted, by_label)) is not None:
        return by_label[label]
    return likely


def listed(known: Iterable[str]) -> str:
    """Names for a message: a dozen at most, and how many more there are."""
    names = [name for name in known if "." not in name]
    if not names:
        return "none yet"
    more = len(names) - SHOWN_AT_MOST
    shown = ", ".join(names[:SHOWN_AT_MOST])
    return f"{shown} and {more} more" if more > 0 else shown


def where(element: Element, setting: str, index: int | None = None) -> Place:
    """Where a setting's value stands, or the item of it; the element's own place if that is not known."""
    if index is not None and f"{setting}.{index}" in element.places:
        return element.places[f"{setting}.{index}"]
    return element.places.get(setting, element.place)
