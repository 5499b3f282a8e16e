"""The second half of an evaluation: what is shown, required, advised, wrong, and what leaves, in form order.

Pure: the day and the facts are arguments. It must not know how expressions are written; it runs closures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.forms.evaluation import Evaluation
from engine.forms.growing import LABEL, PLACE
from engine.forms.plan import Leaf, Plan, Rows
from engine.forms.working import NOTHING, Row, Working
from engine.questions import Problem, messages
from engine.questions.choosing import OTHER


def evaluate(plan: Plan, answers: Any, *, today: date, facts: Mapping[str, Any] | None = None) -> Evaluation:
    """Evaluate a form. Whatever `answers` hold, this does not raise: what is no answer is a problem."""
    given = answers if isinstance(answers, Mapping) else NOTHING
    working = Working(plan, given, today, facts or NOTHING)
    working.settle()
    gathering = Gathering(working)
    if given is not answers and answers is not None:
        gathering.problems.append(Problem("", "type", messages.plainly("not_answers", plan.form.language)))
    return gathering.gather()


def unknown(working: Working) -> Iterator[Problem]:
    """What was answered and is no question."""
    found = working.unknown
    for at in sorted(found, key=lambda one: working.plan.depends.place.get(one, -1)):
        for path in found[at]:
            yield Problem(
                path,
                "unknown_question",
                messages.plainly("unknown_question", working.plan.form.language, path=path),
            )


def dropped(working: Working) -> tuple[str, ...]:
    """What was answered and does not count, because it is hidden or ‘other’ is not chosen; in form order."""
    places = working.plan.depends.place
    inside = [
        (places[at], f"{row.path}{key}")
        for at, rows in working.rows.items()
        for row in rows
        if row.dropped
        for key in _in_order(row.dropped, working.plan.rows[at].by_id)
    ]
    outside = [(places[key.removesuffix(f".{OTHER}")], key) for key in sorted(working.top.dropped)]
    return tuple(path for _, path in sorted([*outside, *inside], key=lambda one: one[0]))


def _in_order(keys: set[str], leaves: Iterable[str]) -> list[str]:
    wanted = (name for leaf in leaves for name in (leaf, f"{leaf}.{OTHER}"))
    return [name for name in wanted if name in keys]


class Gathering:
    """Collects the result while it walks the form."""

    __slots__ = ("advice", "advised", "calculated", "problems", "required", "shown", "working")

    def __init__(self, working: Working) -> None:
        self.working = working
        self.shown: list[str] = []
        self.required: list[str] = []
        self.advised: list[str] = []
        self.calculated: list[str] = []
        self.problems: list[Problem] = []
        self.advice: list[Problem] = []

    def gather(self) -> Evaluation:
        working, shown = self.working, self.shown
        top = working.top
        hidden = top.hidden
        answers: dict[str, Any] = {}
        for section in working.plan.sections:
            if section.id in hidden:
                continue
            before = len(shown)
            shown.append(section.id)
            for item in section.items:
                if item.id in hidden:
                    continue
                if item.__class__ is Leaf:
                    shown.append(item.id)
                    self.leaf(item, top, item.id, answers)
                else:
                    self.rows(item, answers)  # type: ignore[arg-type]
            if len(shown) == before + 1:
                shown.pop()
        self.problems += unknown(working)
        return Evaluation(
            plan=working.plan,
            working=working,
            shown=tuple(shown),
            required=tuple(self.required),
            advised=tuple(self.advised),
            answers=answers,
            problems=tuple(self.problems),
            advice=tuple(self.advice),
            dropped=dropped(working),
            calculated=tuple(self.calculated),
        )

    def leaf(self, leaf: Leaf, row: Row, path: str, answers: dict[str, Any]) -> None:
        leaf_id = leaf.id
        value = row.values.get(leaf_id)
        if value is not None:
            answers[leaf_id] = value if leaf.dump is None else leaf.dump(value)
        if leaf.calculate is not None:
            self._calculated(leaf, row, path, value)
            return
        if leaf.asks:
            self._needed(leaf, path, value is not None or leaf_id in row.faults)
        if value is None:
            if row.faults and leaf_id in row.faults:
                self.problems.append(row.faults[leaf_id].at(path))
            return
        if leaf.checks:
            self._checked(leaf, path, value)
        if leaf.other:
            self._other(leaf, row, path, answers)

    def _needed(self, leaf: Leaf, path: str, answered: bool) -> None:
        need, reader = leaf.base, self.working.reader
        if leaf.required_if is not None and need != "required" and leaf.required_if.run(reader) is True:
            need = "required"
        elif leaf.advised_if is not None and need == "optional" and leaf.advised_if.run(reader) is True:
            need = "advised"
        if need == "required":
            self.required.append(path)
            if not answered:
                self.problems.append(leaf.fault("missing").at(path))
        elif need == "advised":
            self.advised.append(path)
            if not answered:
                self.advice.append(leaf.fault("wanted").at(path))

    def _checked(self, leaf: Leaf, path: str, value: Any) -> None:
        if leaf.check is not None:
            fault = leaf.check(value)
            if fault is not None:
                self.problems.append(fault.at(path))
                return
        if leaf.valid_if is not None and leaf.valid_if.run(self.working.reader) is False:
            self.problems.append(leaf.fault("wrong").at(path))

    def _calculated(self, leaf: Leaf, row: Row, path: str, value: Any) -> None:
        self.calculated.append(path)
        if leaf.id in row.given:
            given = leaf.read(row.given[leaf.id])
            if given is not None and given != value:
                self.problems.append(leaf.fault("read_only").at(path))
        if (
            value is not None
            and leaf.valid_if is not None
            and leaf.valid_if.run(self.working.reader) is False
        ):
            self.problems.append(leaf.fault("wrong").at(path))

    def _other(self, leaf: Leaf, row: Row, path: str, answers: dict[str, Any]) -> None:
        key = f"{leaf.id}.{OTHER}"
        if key in row.values:
            answers[key] = row.values[key]
        elif key in row.faults:
            self.problems.append(row.faults[key].at(f"{path}.{OTHER}"))

    def rows(self, rows: Rows, answers: dict[str, Any]) -> None:
        working, shown = self.working, self.shown
        found = working.rows[rows.id]
        if not rows.each:
            shown.append(rows.id)
            before = len(shown)
            self._container(rows, found)
        given: list[tuple[Row, dict[str, Any]]] = []
        for row in found:
            working.enter(rows, row)
            row_answers: dict[str, Any] = {}
            for leaf in rows.leaves:
                if leaf.id not in row.hidden:
                    path = f"{row.path}{leaf.id}"
                    shown.append(path)
                    self.leaf(leaf, row, path, row_answers)
            if row.label is not None:
                self._added(rows, row, row_answers)
            given.append((row, row_answers))
        working.leave()
        if rows.fixed is None:
            if given:
                answers[rows.id] = [
                    {"_row": row.key, **one} if row.key is not None else one for row, one in given
                ]
        elif len(shown) == before:
            self._not_shown(rows)
        elif cells := {row.key: one for row, one in given if one}:
            answers[rows.id] = cells

    def _added(self, rows: Rows, row: Row, answers: dict[str, Any]) -> None:
        """A row that somebody added: with answers in it, it must say what it is about."""
        if row.label:
            answers[LABEL] = row.label
        elif answers:
            said = messages.say("name_row", rows.leaf.question)
            self.problems.append(Problem(f"{row.path}{LABEL}", "required", said))
            answers[LABEL] = ""
        if answers and PLACE in row.given:
            answers[PLACE] = row.given[PLACE]

    def _container(self, rows: Rows, found: list[Row]) -> None:
        """What holds for a repeat or grid as a question of its own."""
        leaf, top = rows.leaf, self.working.top
        fault = top.faults.get(rows.id)
        if fault is not None:
            self.problems.append(fault.at(rows.id))
        answered = rows.id in top.values
        self._needed(leaf, rows.id, answered or fault is not None)
        if answered:
            self._checked(leaf, rows.id, found)

    def _not_shown(self, rows: Rows) -> None:
        """A grid in which nothing is shown is not shown, and so neither asked for nor wrong."""
        self.shown.pop()
        for paths in (self.required, self.advised):
            if paths and paths[-1] == rows.id:
                paths.pop()
        for problems in (self.problems, self.advice):
            while problems and problems[-1].question == rows.id:
                problems.pop()
