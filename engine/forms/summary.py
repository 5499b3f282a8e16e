"""The answers of a form as people read them: for checking, reading and paper. Knows nothing of pages.

Every shown question has its line, answered or not, in form order; rows and cells say where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.evaluation import Evaluation
from engine.forms.plan import Leaf, Rows
from engine.forms.working import Row
from engine.language.model import Question
from engine.questions import Context
from engine.questions.choosing import OTHER


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One line. `label` is the question's with its row in front; `within` is that row alone.

    `text` is what was answered, as people read it; `unread` if it is only what somebody typed. `advised` and
    `required` are so now. `question` has the rest: who may have a copy, whether it is sensitive.
    """

    path: str
    label: str
    text: str
    question: Question
    within: str = ""
    required: bool = False
    advised: bool = False
    calculated: bool = False
    unread: bool = False

    @property
    def empty(self) -> bool:
        return not self.text

    @property
    def sensitive(self) -> str | None:
        return self.question.sensitive

    @property
    def third_party(self) -> bool:
        return self.question.third_party


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """A shown section with the lines of what is shown in it."""

    id: str
    title: str
    items: tuple[SummaryItem, ...]


def summarise(
    evaluation: Evaluation, name_of: Callable[[str], str | None] | None = None
) -> list[SectionSummary]:
    """The lines of an evaluated form. `name_of` gives the names of records and people by id."""
    telling = _Telling(evaluation, name_of)
    shown = set(evaluation.shown)
    return [
        SectionSummary(section.id, section.section.title, tuple(telling.lines(section.items)))
        for section in evaluation.plan.sections
        if section.id in shown
    ]


class _Telling:
    def __init__(self, evaluation: Evaluation, name_of: Callable[[str], str | None] | None) -> None:
        self.working = evaluation.working
        self.name_of = name_of or (lambda _: None)
        lists = evaluation.plan.lists
        self.context = Context(lists) if name_of is None else Context(lists, name_of=name_of)
        self.shown = frozenset(evaluation.shown)
        self.required = frozenset(evaluation.required)
        self.advised = frozenset(evaluation.advised)

    def lines(self, items: tuple[Leaf | Rows, ...]) -> Iterator[SummaryItem]:
        for item in items:
            if item.id not in self.shown:
                continue
            if isinstance(item, Leaf):
                yield from self._leaf(item, self.working.top, item.id, "")
            else:
                yield from self._rows(item)

    def _rows(self, rows: Rows) -> Iterator[SummaryItem]:
        found = self.working.rows[rows.id]
        if not found:
            yield self._item(rows.leaf, rows.id, "", "")
        labels = dict(rows.fixed or ())
        for index, row in enumerate(found):
            within = row.label or labels.get(row.key or "") or self._row_label(rows, row, index)
            for leaf in rows.leaves:
                # What is shown, and may be told to whoever reads this.
                if f"{row.path}{leaf.id}" in self.shown:
                    yield from self._leaf(leaf, row, f"{row.path}{leaf.id}", within)

    def _row_label(self, rows: Rows, row: Row, index: int) -> str:
        if rows.each:
            return self.name_of(row.key or "") or f"{rows.leaf.question.label} {index + 1}"
        return f"{rows.leaf.question.settings.get('row_label') or rows.leaf.question.label} {index + 1}"

    def _leaf(self, leaf: Leaf, row: Row, path: str, within: str) -> Iterator[SummaryItem]:
        if not leaf.type.answered:
            return
        value = row.values.get(leaf.id)
        text = leaf.type.display(value, leaf.question, self.context) if value is not None else ""
        other = row.values.get(f"{leaf.id}.{OTHER}")
        if other is not None:
            text = f"{text}: {other}"
        if leaf.id in row.faults:
            yield self._item(leaf, path, within, _typed(row.given.get(leaf.id)), unread=True)
        else:
            yield self._item(leaf, path, within, text)

    def _item(self, leaf: Leaf, path: str, within: str, text: str, unread: bool = False) -> SummaryItem:
        label = leaf.question.label or leaf.id.replace("_", " ")
        return SummaryItem(
            path=path,
            label=f"{within}: {label}" if within else label,
            text=text,
            question=leaf.question,
            within=within,
            required=path in self.required,
            advised=path in self.advised,
            calculated=leaf.calculate is not None,
            unread=unread,
        )


def _typed(json: Any) -> str:
    """What somebody typed that could not be read, as text."""
    if isinstance(json, list):
        return ", ".join(str(one) for one in json)
    return str(json) if not isinstance(json, Mapping) else ""
