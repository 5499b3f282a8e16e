"""One answer changed: settles and gathers again only what depends on it, and gives what a whole evaluation would.

Works by node (`dependence`): what is settled again and looks different to others concerns whoever reads it. It must
not know how a question is settled or told; `working` and `evaluating` do that for one question as for all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, TypeVar

from engine.forms.evaluating import Gathering, dropped, evaluate, unknown
from engine.forms.evaluation import Evaluation
from engine.forms.plan import Leaf, Rows, SectionPlan
from engine.forms.working import Row, Working, takes_other
from engine.questions import Problem
from engine.questions.choosing import OTHER

T = TypeVar("T")
Part = tuple[int, Sequence[T]]

# Where so many of a form's items are gathered again that gathering all is no slower.
MANY = 5

_CELL = re.compile(r"([a-z][a-z0-9_]*)\[([0-9]+)\]\.(.+)")
_HEAD = re.compile(r"[^.\[]*")


def change(before: Evaluation, changes: Mapping[str, Any]) -> Evaluation:
    """The evaluation with these answers by path changed: a question's, `places`, `places[0].cost`, `framework.peers.x`.

    Same day, same facts. Raises KeyError for a row that is not there.
    """
    plan, working = before.plan, before.working
    given = dict(working.top.given)
    touched: set[str] = set()
    whole = bool(before.problems) and before.problems[0].question == ""
    for path, value in changes.items():
        head = _set(before, given, path, value)
        if head is None:
            whole = True
        else:
            touched.add(head)
    if whole:
        return evaluate(plan, given, today=working.top.values["today()"], facts=working.facts)
    again = _Again(working, given)
    again.settle(touched)
    if len(again.items) * MANY > len(plan.depends.items):
        return Gathering(again.working).gather()
    return _Splicing(before, again.working, again.items).evaluation()


def _set(before: Evaluation, given: dict[str, Any], path: str, value: Any) -> str | None:
    """Put one answer among those given; the item it belongs to, None if it is no question's."""
    plan = before.plan
    if path in plan.leaves or path in plan.rows:
        given[path] = value
        return path
    if takes_other(plan.leaves, path):
        given[path] = value
        return path.removesuffix(f".{OTHER}")
    head = _HEAD.match(path)[0]  # type: ignore[index]
    rows = plan.rows.get(head)
    if rows is None:
        given[path] = value
        return None
    if rows.fixed is None:
        given[head] = _with_cell(before, rows, given.get(head), path, value)
    else:
        row_id, _, column = path.removeprefix(f"{head}.").partition(".")
        cells = given.get(head) or {}
        row = cells.get(row_id) or {} if isinstance(cells, Mapping) else None
        if not column or not isinstance(row, Mapping):
            raise KeyError(path)
        given[head] = {**cells, row_id: {**row, column: value}}
    return head


def _with_cell(before: Evaluation, rows: Rows, listed: Any, path: str, value: Any) -> list[Any]:
    """The rows as given, one cell of one of them changed."""
    found = _CELL.fullmatch(path)
    here = before.working.rows.get(rows.id, [])
    if found is None or int(found[2]) >= len(here):
        raise KeyError(path)
    index, column = int(found[2]), found[3]
    # A record has its row whatever was given for it.
    sound = isinstance(listed, list) and all(isinstance(one, Mapping) for one in listed)
    answered = list(listed) if sound else []
    if rows.each and isinstance(before.working.facts.get("records"), list):
        key = here[index].key
        place = next((at for at in reversed(range(len(answered))) if answered[at].get("_row") == key), None)
        if place is None:
            return [*answered, {"_row": key, column: value}]
        index = place
    if index >= len(answered):
        raise KeyError(path)
    answered[index] = {**answered[index], column: value}
    return answered


class _Again:
    """Settles again what a change concerns. `items` are those whose part of the result may differ."""

    def __init__(self, before: Working, given: Mapping[str, Any]) -> None:
        self.before = before
        self.working = before.copied(given)
        self.depends = before.plan.depends
        self.items: set[str] = set()
        self._copied: set[str] = set()
        self._laid_out: set[str] = set()

    def settle(self, touched: set[str]) -> None:
        """Settle these items, then whatever reads what differs by it, in the form's own order."""
        depends = self.depends
        order, users, askers = depends.order, depends.users, depends.askers
        self.items |= touched
        known = set(touched)
        waiting = sorted((order[node], node) for node in touched)
        while waiting:
            _, node = heappop(waiting)
            differs = self._node(node)
            following: tuple[str, ...] = ()
            if differs:
                self.items.update(askers.get(node, ()))
                following = users.get(node, ())
            if node in self._laid_out:
                following += depends.columns[node]
            for one in following:
                if one not in known:
                    known.add(one)
                    heappush(waiting, (order[one], one))

    def _node(self, node: str) -> bool:
        """Settle one node; whether others see it differ."""
        step = self.depends.steps[node]
        if step.section is not None:
            return self._section(step.section)
        if step.rows is None:
            assert step.leaf is not None
            return self._leaf(step.leaf)
        self.items.add(step.rows.id)
        return self._rows(step.rows) if step.leaf is None else self._column(step.rows, step.leaf)

    def _section(self, section: SectionPlan) -> bool:
        """Whether a section is hidden; what is in it is settled again by itself."""
        assert section.show is not None
        hidden = self.working.top.hidden
        was = section.id in hidden
        hidden.discard(section.id)
        if section.show.run(self.working.reader) is not True:
            hidden.add(section.id)
        return was is not (section.id in hidden)

    def _leaf(self, leaf: Leaf) -> bool:
        working, top = self.working, self.working.top
        before = _state(leaf, top)
        working.read_anew(leaf, top)
        if self.depends.section_of[leaf.id].id in top.hidden:
            working.hide(leaf, top)
        else:
            working.leaf(leaf, top)
        after = _state(leaf, top)
        if before != after:
            self.items.add(leaf.id)
        return before[:2] != after[:2]

    def _rows(self, rows: Rows) -> bool:
        working, top = self.working, self.working.top
        self._laid_out.add(rows.id)
        before = rows.id in top.values, len(working.rows[rows.id])
        hidden = self.depends.section_of[rows.id].id in top.hidden
        working.forget(rows)
        if hidden:
            working.hide(rows.leaf, top)
        working.lay_out(rows)
        return before != (rows.id in top.values, len(working.rows[rows.id]))

    def _column(self, rows: Rows, leaf: Leaf) -> bool:
        working = self.working
        if rows.id not in self._laid_out:
            if rows.id not in self._copied:
                self._copied.add(rows.id)
                working.copy_rows(rows)
            for row in working.rows[rows.id]:
                working.read_anew(leaf, row)
        working.column(rows, leaf)
        cells = [
            [(row.values.get(leaf.id), row.values.get(f"{leaf.id}.{OTHER}")) for row in state.rows[rows.id]]
            for state in (self.before, working)
        ]
        return cells[0] != cells[1]


def _state(leaf: Leaf, row: Row) -> tuple[Any, ...]:
    """All that is settled of a question; others see the first two."""
    key, other = leaf.id, f"{leaf.id}.{OTHER}"
    values, faults = row.values, row.faults
    return values.get(key), values.get(other), key in row.hidden, faults.get(key), faults.get(other)


class _Splicing:
    """Puts what some items give anew in the place of what they gave before."""

    def __init__(self, before: Evaluation, working: Working, items: set[str]) -> None:
        self.before = before
        self.working = working
        self.place = working.plan.depends.place
        self.items = sorted(items, key=self.place.__getitem__)

    def evaluation(self) -> Evaluation:
        before, working, depends = self.before, self.working, self.working.plan.depends
        hidden, top = working.top.hidden, working.top
        answers = dict(before.answers)
        grown = False
        parts: list[tuple[int, Gathering]] = []
        for item_id in self.items:
            item, section = depends.items[item_id], depends.section_of[item_id]
            part = Gathering(working)
            given: dict[str, Any] = {}
            if item_id not in hidden and section.id not in hidden:
                if isinstance(item, Leaf):
                    part.shown.append(item_id)
                    part.leaf(item, top, item_id, given)
                else:
                    part.rows(item, given)
            parts.append((self.place[item_id], part))
            grown = self._answer(answers, item_id, given) or grown
        if grown:
            answers = {key: answers[key] for key in sorted(answers, key=self._where)}
        strange = sum(map(len, before.working.unknown.values()))
        problems = before.problems[: len(before.problems) - strange]
        place_of = self._of_problem
        return Evaluation(
            plan=working.plan,
            working=working,
            shown=tuple(
                self._headed(self._spliced(before.shown, [(at, one.shown) for at, one in parts], self._where))
            ),
            required=tuple(
                self._spliced(before.required, [(at, one.required) for at, one in parts], self._where)
            ),
            advised=tuple(
                self._spliced(before.advised, [(at, one.advised) for at, one in parts], self._where)
            ),
            answers=answers,
            problems=(
                *self._spliced(problems, [(at, one.problems) for at, one in parts], place_of),
                *unknown(working),
            ),
            advice=tuple(self._spliced(before.advice, [(at, one.advice) for at, one in parts], place_of)),
            dropped=dropped(working),
            calculated=tuple(
                self._spliced(before.calculated, [(at, one.calculated) for at, one in parts], self._where)
            ),
        )

    def _where(self, path: str) -> int:
        found = self.place.get(path)
        return self.place[_HEAD.match(path)[0]] if found is None else found  # type: ignore[index]

    def _of_problem(self, problem: Problem) -> int:
        return self._where(problem.question)

    @staticmethod
    def _answer(answers: dict[str, Any], item: str, given: Mapping[str, Any]) -> bool:
        """Put an item's answers in; whether there are more keys than before, which then stand last."""
        for key in (item, f"{item}.{OTHER}"):
            if key not in given:
                answers.pop(key, None)
        before = len(answers)
        answers.update(given)
        return len(answers) > before

    @staticmethod
    def _spliced(old: Sequence[T], parts: Sequence[Part[T]], where: Callable[[T], int]) -> list[T]:
        """`old`, which is in form order, with each part in the place of what stood at its place."""
        made: list[T] = []
        at = 0
        for place, new in parts:
            first = bisect_left(old, place, at, key=where)
            made += old[at:first]
            made += new
            at = first
            while at < len(old) and where(old[at]) == place:
                at += 1
        made += old[at:]
        return made

    def _headed(self, shown: list[str]) -> list[str]:
        """Sections stand before what is shown in them, and not where nothing is."""
        sections = self.working.plan.sections
        ends = [self.place[one.id] for one in sections[1:]] + [len(self.place)]
        touched = {self.working.plan.depends.section_of[one].id for one in self.items}
        for section, end in zip(sections, ends, strict=True):
            if section.id not in touched:
                continue
            first = bisect_left(shown, self.place[section.id], key=self._where)
            last = bisect_left(shown, end, first, key=self._where)
            headed = first < last and shown[first] == section.id
            if headed and last == first + 1:
                del shown[first]
            elif not headed and last > first:
                shown.insert(first, section.id)
        return shown
