"""A form without answers, to be filled in by hand: options to tick, boxes to write in, rows and tables left empty.

A condition is told in words beside its question, since paper cannot hide anything. Must not know how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.expressions.words import words
from engine.forms import CompiledForm
from engine.forms.plan import Condition, Leaf, Rows
from engine.language.model import Question
from engine.questions import BUILT_IN, messages
from webapp.drawing.options import plain_lines
from webapp.paper.model import Ask, Block, Heading, Paragraph, Section, Table, Tick
from webapp.paper.texts import plain_words
from webapp.tongues import _

NARROW = frozenset(
    {"text", "date", "number", "time", "postcode", "staff", "record_link", "choose_one", "yes_no"}
)
"""What goes into a table's cell; anything else is asked row by row."""
MOST_COLUMNS = 6
EMPTY_ROWS = 3
HIGH = {"long_text": 6, "record_link": 1, "staff": 1, "file": 1}


def blank_sections(form: CompiledForm, *, guidance: bool) -> tuple[Section, ...]:
    """The sections of a form with everything that could be asked."""
    asking = _Asking(form, guidance)
    return tuple(asking.sections())


class _Asking:
    def __init__(self, form: CompiledForm, guidance: bool) -> None:
        self.form, self.guidance = form, guidance
        self.lists = form.plan.lists
        self.language = form.form.language

    def sections(self) -> Iterator[Section]:
        for part in self.form.plan.sections:
            section = part.section
            blocks: list[Block] = []
            if section.hint:
                blocks.append(Paragraph(plain_words(section.hint), "quiet"))
            if section.guidance and self.guidance:
                blocks.append(Paragraph(plain_words(section.guidance), "aside"))
            if condition := self._condition(part.show):
                blocks.append(Paragraph(condition, "quiet"))
            for item in part.items:
                blocks += self._leaf(item) if isinstance(item, Leaf) else self._rows(item)
            yield Section(section.title, tuple(blocks))

    def _leaf(self, leaf: Leaf) -> Iterator[Block]:
        question = leaf.question
        if question.type == "guidance":
            if self.guidance:
                said = question.guidance or question.help or question.hint or ""
                yield Paragraph("\n".join(one for one in (question.label, plain_words(said)) if one), "aside")
            return
        yield self._ask(question, self._condition(leaf.show))

    def _ask(self, question: Question, only_if: str = "") -> Ask:
        kind = BUILT_IN[question.type]
        guidance = "\n".join(plain_words(one) for one in (question.guidance, question.help) if one)
        inner = kind.inner(question, self.lists)
        ticks = self._ticks(question)
        parts = tuple(one.label for one in inner) if inner and not ticks else ()
        if question.type == "date":
            parts = tuple(messages.word(one, question.language) for one in ("Day", "Month", "Year"))
        return Ask(
            question.label or question.id.replace("_", " "),
            hint=question.hint or "",
            guidance=guidance if self.guidance else "",
            wanted={"required": _("Must be answered"), "advised": ""}.get(question.answer, ""),
            only_if=only_if,
            lines=0 if ticks or parts else _high(question),
            parts=parts,
            ticks=ticks,
            many=question.type in ("choose_many", "marker"),
        )

    def _ticks(self, question: Question) -> tuple[Tick, ...]:
        if question.type == "yes_no":
            return tuple(
                Tick(
                    str(
                        question.settings.get(f"{one.lower()}_label") or messages.word(one, question.language)
                    )
                )
                for one in ("Yes", "No")
            )
        if question.type == "scale":
            low, high = (
                int(str(question.settings.get(one, start))) for one, start in (("min", 0), ("max", 10))
            )
            return tuple(Tick(str(one)) for one in range(low, high + 1))
        options = self.lists.get(question.options) if question.options else None
        if options is None or not BUILT_IN[question.type].takes_options:
            return ()
        found = [
            Tick(label, hint, heading)
            for label, hint, heading, retired in plain_lines(options)
            if not retired
        ]
        if options.other and not options.option("other"):
            own = question.settings.get("other_label")
            found[-1] = Tick(f"{own or messages.word('Something else', question.language)} ……………………………")
        return tuple(found)

    def _rows(self, rows: Rows) -> Iterator[Block]:
        question, leaves = rows.leaf.question, rows.leaves
        before = tuple(self._before(rows))
        if rows.fixed is not None and len(leaves) <= MOST_COLUMNS:
            labels = [label for _id, label in rows.fixed] + (["", ""] if rows.grows else [])
            yield self._table(question, leaves, labels, before)
            return
        if rows.fixed is None and not rows.each and _fits(leaves):
            labels = [str(one) for one in range(1, EMPTY_ROWS + 2)]
            yield self._table(question, leaves, labels, before, tuple(self._to_choose_from(leaves)))
            return
        if not rows.each:
            yield Heading(question.label)
        yield from before
        name = str(question.settings.get("row_label") or question.label)
        numbered = [f"{name} {number}" for number in range(1, EMPTY_ROWS)]
        for label in [label for _id, label in rows.fixed or ()] or numbered:
            yield Heading(label)
            for leaf in leaves:
                yield from self._leaf(leaf)

    def _before(self, rows: Rows) -> Iterator[Paragraph]:
        question = rows.leaf.question
        for said in (question.hint, self._condition(rows.leaf.show)):
            if said:
                yield Paragraph(said, "quiet")
        if question.guidance and self.guidance:
            yield Paragraph(plain_words(question.guidance), "aside")

    @staticmethod
    def _table(
        question: Question,
        leaves: tuple[Leaf, ...],
        labels: list[str],
        before: tuple[Paragraph, ...],
        after: tuple[Paragraph, ...] = (),
    ) -> Table:
        columns = ("", *(leaf.question.label for leaf in leaves))
        rows = tuple((label, *("" for _leaf in leaves)) for label in labels)
        return Table(question.label, columns, rows, blank=True, before=before, after=after)

    def _to_choose_from(self, leaves: tuple[Leaf, ...]) -> Iterator[Paragraph]:
        """What a narrow cell has no room for: the options that may be written into it."""
        for leaf in leaves:
            ticks = [one.label for one in self._ticks(leaf.question) if not one.heading]
            if ticks:
                yield Paragraph(f"{leaf.question.label} {' · '.join(ticks)}", "quiet")

    def _condition(self, condition: Condition | None) -> str:
        # Conditions are put into words in English alone; another language is not given half a sentence.
        if condition is None or self.language != "en":
            return _("Answer this only where it applies.") if condition is not None else ""
        return _("Answer this only if: %(condition)s.", condition=words(condition.typed.tree))


def _fits(leaves: tuple[Leaf, ...]) -> bool:
    return len(leaves) <= MOST_COLUMNS and all(
        leaf.question.type in NARROW or leaf.question.type == "long_text" for leaf in leaves
    )


def _high(question: Question) -> int:
    given: Any = question.settings.get("lines")
    if question.type == "long_text" and isinstance(given, int) and 1 < given < 60:
        return given
    return HIGH.get(question.type, 1)
