"""What forms that were handed in say, gathered for a review: own words, risks and strengths found. Reads nothing.

Which questions hold somebody's own words (`voice`) and which answers are a risk or a strength (`factor`) the forms say,
each in the version that it was answered under. Must not know access: what is not there was cut by casework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.casework.facts import IN_FORCE
from engine.casework.values import Submission
from engine.language.model import Question, Stack


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's own words, where they were written down and when. `path` is the answer's, for asking about it."""

    submission: str
    path: str
    form: str
    label: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Factor:
    """A risk or strength found by the newest form that asks for it; `acted`: whether an open action acts there."""

    submission: str
    path: str
    form: str
    label: str
    text: str
    kind: str
    field: str
    acted: bool
    at: datetime | None


def said(forms: Iterable[Submission], stacks: Mapping[str, Stack], voice: str) -> list[Said]:
    """Own words in what was handed in, the newest first."""
    found = []
    for one in _newest_first(forms):
        declared = stacks[one.stack].forms[one.form]
        for section in declared.sections:
            for question in section.questions:
                text = one.answers.get(question.id)
                if question.voice == voice and isinstance(text, str) and text:
                    found.append(
                        Said(one.id, question.id, declared.title, question.label, text, one.submitted_at)
                    )
    return found


def factors(
    forms: Iterable[Submission],
    stacks: Mapping[str, Stack],
    acts_in: frozenset[str],
    names: Mapping[str, str],
) -> list[Factor]:
    """Risks and strengths in the newest of each form. `acts_in`: social fields in which an open action acts."""
    newest: dict[str, Submission] = {}
    for one in _newest_first(forms):
        newest.setdefault(one.form, one)
    found = []
    told: set[tuple[str, str, str]] = set()
    for one in newest.values():
        stack = stacks[one.stack]
        declared = stack.forms[one.form]
        for section in declared.sections:
            for question in () if section.each else section.questions:
                for path, label, text, kind, field in _found(question, one.answers, stack):
                    # What was carried from an older form unchanged is told once, where it was last said.
                    if text and (kind, field, text) in told:
                        continue
                    told.add((kind, field, text))
                    found.append(
                        Factor(
                            one.id, path, declared.title, label, text, kind, names.get(field, ""),
                            field in acts_in, one.submitted_at,
                        )
                    )  # fmt: skip
    return found


def _newest_first(forms: Iterable[Submission]) -> Sequence[Submission]:
    found = [one for one in forms if one.state in IN_FORCE and one.submitted_at is not None]
    return sorted(found, key=lambda one: (one.submitted_at, one.id), reverse=True)


Found = tuple[str, str, str, str, str]


def _found(question: Question, answers: Mapping[str, Any], stack: Stack) -> Iterator[Found]:
    """Path, label, words, kind and social field of each factor that a question's answer holds."""
    given = answers.get(question.id)
    if given in (None, "", [], {}):
        return
    if question.type == "grid":
        yield from _of_grid(question, given, stack)
        return
    field = _field(question.social_field, answers)
    if isinstance(given, str) and question.type in ("text", "long_text") and question.factor:
        yield question.id, question.label, given, question.factor, field
    elif given is True and question.factor:
        yield question.id, question.label, "", question.factor, field
    elif question.options is not None and question.options in stack.lists:
        chosen = given if isinstance(given, list) else [given]
        for option in stack.lists[question.options].options:
            kind = option.factor or question.factor
            if option.id in chosen and kind:
                yield question.id, question.label, option.label, kind, option.social_field or field


def _of_grid(grid: Question, given: Any, stack: Stack) -> Iterator[Found]:
    listed = stack.lists.get(grid.rows or "")
    rows = {one.id: one.label for one in listed.options} if listed else {}
    for row, cells in given.items() if isinstance(given, Mapping) else ():
        label = rows.get(row) or (cells.get("_label") if isinstance(cells, Mapping) else "") or row
        for column in grid.questions:
            text = cells.get(column.id) if isinstance(cells, Mapping) else None
            kind = column.factor or grid.factor
            if kind and isinstance(text, str) and text and column.type in ("text", "long_text"):
                social = column.social_field or grid.social_field
                field = row if social == "row" else _field(social, cells)
                yield f"{grid.id}.{row}.{column.id}", f"{label}: {column.label}", text, kind, field


def _field(social: str | None, beside: Mapping[str, Any]) -> str:
    """A social field's id, or the one chosen in the question beside it."""
    other = beside.get(social) if social else None
    return str(other) if isinstance(other, str) else social or ""
