"""One state of the answers as the search for a change sees it: values, what stands in the way, values to try.

`Surveyed` knows what every part of the condition reads; a `Sight` is that with some answers changed. Must not know
in which order changes are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from engine.expressions import tree
from engine.expressions.candidates import of_choice, of_choices, of_day, of_number, of_text, of_time, sets_of
from engine.expressions.changeable import (
    ADDED,
    REMOVED,
    Answerable,
    Context,
    Look,
    Place,
    Truths,
    World,
    path_of,
    surrounding,
)
from engine.expressions.closures import STEPS, Compiler, OutOfSteps, RowReader
from engine.expressions.inverting import Inverting
from engine.expressions.values import SIXTH

NEVER = 1_000
_ROWS_SEEN = 20
_LOGIC = tree.And | tree.Or | tree.Not | tree.AnyRow
_ORDERED = ("number", "date")
Chain = tuple[tree.AnyRow, ...]


class Surveyed:
    """A condition and all that decides whether what it reads counts, looked through once."""

    def __init__(self, world: World, node: tree.Node, context: Context) -> None:
        self.world = world
        self.compiler = Compiler(world.json)
        self.known: dict[tuple[str, Context], Answerable] = {}
        self.sets: dict[str, list[frozenset[str]]] = {}
        # For each name the comparisons in which it is read, with the rows around them.
        self.mentions: dict[str, dict[tuple[int, Context, Chain], tuple[tree.Node, Context, Chain]]] = {}
        self._answerable: dict[tuple[int, Context], Answerable] = {}
        self._surveyed: set[tuple[int, Context]] = set()
        self._names: dict[tuple[int, Context], frozenset[str]] = {}
        self.survey(node, context)

    def sight(self, changes: Mapping[str, Any]) -> Sight:
        """How everything reads with these changes."""
        return Sight(self, self.world.look(changes))

    def survey(self, node: tree.Node, context: Context) -> None:
        """Notes who reads what in a condition."""
        if (id(node), context) not in self._surveyed:
            self._surveyed.add((id(node), context))
            self._note(node, context, ())

    def _note(self, node: tree.Node, context: Context, chain: Chain) -> None:
        match node:
            case tree.AnyRow(body=body):
                self._note(body, context, (*chain, node))
            case tree.And() | tree.Or() | tree.Not():
                for one in tree.children(node):
                    self._note(one, context, chain)
            case _:
                for one in tree.walk(node):
                    for name, options in sets_of(one):
                        self.sets.setdefault(name, []).append(options)
                    if isinstance(one, tree.Read):
                        mention = node, context, chain
                        self.mentions.setdefault(one.name, {})[id(node), context, chain] = mention

    def answerable(self, read: tree.Read | tree.FormState, context: Context) -> Answerable:
        """What a name stands for here."""
        key = id(read), context
        if key not in self._answerable:
            self._answerable[key] = self._look_up(read, context)
        return self._answerable[key]

    def _look_up(self, read: tree.Read | tree.FormState, context: Context) -> Answerable:
        around = surrounding(read.key, context)
        path = path_of(read.key, around)
        if (path, around) not in self.known:
            found = self.world.answerable(read, path, around)
            self.known[path, around] = found
            for one in (*found.gates, *found.checks):
                self.survey(*one)
            if found.calculated is not None:
                self.survey(*found.calculated)
                self._through(found.name, found.calculated)
        return self.known[path, around]

    def _through(self, name: str, calculated: tuple[tree.Node, Context]) -> None:
        """What reads something worked out reads what that is worked out from."""
        for one in tree.walk(calculated[0]):
            if isinstance(one, tree.Read):
                self.mentions.setdefault(one.name, {}).update(self.mentions.get(name, {}))

    def names(self, node: tree.Node, context: Context) -> frozenset[str]:
        """Everything that could change what a node comes to: answers nobody can change left out, a repeat as one."""
        key = id(node), context
        if key not in self._names:
            self._names[key] = frozenset()
            self._names[key] = frozenset(self._names_in(node, context))
        return self._names[key]

    def _names_in(self, node: tree.Node, context: Context) -> Iterator[str]:
        inner: set[int] = set()
        for one in tree.walk(node):
            if isinstance(one, tree.AnyRow):
                inner |= {id(each) for each in tree.walk(one.body) if getattr(each, "key", "") in one.own}
            elif isinstance(one, tree.Column):
                inner.add(id(one.cell))
            if not isinstance(one, tree.Read | tree.FormState) or id(one) in inner:
                continue
            found = self.answerable(one, context)
            if found.free and found.calculated is None:
                yield found.rows or found.path.split("[")[0]
            for gate in (*found.gates, *([found.calculated] if found.calculated else [])):
                yield from self.names(*gate)

    def whole(self, node: tree.Node) -> bool:
        """Whether something missing may decide the node: it is asked whether there is an answer, or what is missing
        is passed over."""
        return any(isinstance(one, tree.Answered | tree.Fold | tree.Count) for one in tree.walk(node))


class Sight:
    """How everything reads with some answers changed."""

    def __init__(self, survey: Surveyed, look: Look) -> None:
        self.survey = survey
        self.look = look
        self._values: dict[tuple[int, Context], Any] = {}
        self._needs: dict[tuple[int, Truths, Context], int] = {}
        self._tried: dict[str, list[Any]] = {}
        self._steps = [STEPS]
        self._outside = RowReader({}, frozenset(), look.read, self._steps)
        self._inverting = Inverting(self.value, self.answerable, self._contexts)

    def value(self, node: tree.Node, context: Context) -> Any:
        """What a node comes to in some row."""
        key = id(node), context
        if key not in self._values:
            try:
                self._values[key] = self.survey.compiler.compile(node)(self._reader(context))
            except OutOfSteps:
                self._values[key] = None
        return self._values[key]

    def _reader(self, context: Context) -> RowReader:
        self._steps[0] = STEPS
        reader, steps = self._outside, self._steps
        for place in context:
            reader = RowReader(self._row(place.path), place.own, reader, steps)
        return reader

    def _row(self, path: str) -> Mapping[str, Any]:
        rows = path.rpartition("[")[0] if path.endswith("]") else path.rpartition(".")[0]
        return next((row for each, row, _ in self.look.rows(rows) if each == path), {})

    def answerable(self, read: tree.Read | tree.FormState, context: Context) -> Answerable:
        return self.survey.answerable(read, context)

    def counts(self, answer: Answerable) -> bool:
        """Whether the answer is shown."""
        return all(self.value(*gate) is True for gate in answer.gates)

    def inside(self, node: tree.AnyRow, context: Context) -> Iterator[tuple[Context, bool]]:
        """The rows of a row test, each with whether it is there yet."""
        rows = self.answerable(node.rows, context)
        for path, _, there in list(self.look.rows(rows.path))[:_ROWS_SEEN]:
            yield (*context, Place(path, node.own)), there

    def _contexts(self, rows: tree.Read, context: Context) -> list[Context]:
        """The rows of which a column is read. A cell there is read by the row alone."""
        found = self.answerable(rows, context)
        listed = list(self.look.rows(found.path))[:_ROWS_SEEN]
        return [(Place(path, _EVERYTHING),) for path, _, _ in listed]

    def addition(self, rows: Answerable) -> Iterator[tuple[Answerable, Any]]:
        """A row more, if one may be added."""
        path = self.look.next_row(rows.path)
        if path is not None and rows.grows and rows.free and self.counts(rows):
            yield _row(rows, path), ADDED

    def removal(self, rows: Answerable, path: str) -> Iterator[tuple[Answerable, Any]]:
        """A row fewer, if it may be taken away."""
        if rows.blank and rows.free and path.endswith("]"):
            yield _row(rows, path), REMOVED

    def answers(self, node: tree.Node, context: Context) -> Iterator[Answerable]:
        """All answers that one comparison reads, through what is worked out."""
        cells: set[int] = set()
        for one in tree.walk(node):
            if isinstance(one, tree.Column):
                cells.add(id(one.cell))
                for inside in self._contexts(one.rows, context):
                    yield from self._answer(one.cell, inside)
            elif isinstance(one, tree.Read | tree.FormState) and id(one) not in cells:
                yield from self._answer(one, context)

    def _answer(self, read: tree.Read | tree.FormState, context: Context) -> Iterator[Answerable]:
        found = self.answerable(read, context)
        if found.calculated is not None:
            yield from self.answers(*found.calculated)
        if found.free or found.gates:
            yield found

    # How many answers must change at least.

    def needs(self, node: tree.Node, wants: Truths, context: Context) -> int:
        """A number of answers without changing which the node cannot come to `wants`; NEVER if it cannot at all."""
        key = id(node), wants, context
        if key not in self._needs:
            self._needs[key] = 1  # a circle of conditions; told elsewhere
            self._needs[key] = self._need(node, wants, context)
        return self._needs[key]

    def _need(self, node: tree.Node, wants: Truths, context: Context) -> int:
        if self.value(node, context) in wants:
            return 0
        match node:
            case tree.Not(operand=operand):
                turned = frozenset(None if one is None else not one for one in wants)
                return self.needs(operand, turned, context)
            case tree.And(items=items) | tree.Or(items=items):
                found = [(self.needs(one, wants, context), one) for one in items]
                if (True in wants) == isinstance(node, tree.And):
                    return self._together([one for one in found if one[0]], context)
                return min(number for number, _ in found)
            case _ if not self.survey.names(node, context):
                return NEVER
            case tree.AnyRow():
                return 1
            case _:
                return 1 if None in wants else max(1, len(self._missing(node, context)))

    def _missing(self, node: tree.Node, context: Context) -> set[str]:
        """Answers that have to come before a comparison can be known at all."""
        if isinstance(node, tree.Fold | tree.Count | tree.Answered | tree.FormState):
            return set()
        if isinstance(node, tree.Read) and self.value(node, context) is None:
            found = self.answerable(node, context)
            return {found.path} if found.calculated is None else set()
        return {path for one in tree.children(node) for path in self._missing(one, context)}

    def _together(self, found: list[tuple[int, tree.Node]], context: Context) -> int:
        """What they need together: those that read nothing in common add up."""
        total, taken = 0, set[str]()
        for number, one in sorted(found, key=lambda each: -each[0]):
            names = self.survey.names(one, context)
            if taken.isdisjoint(names):
                total += number
                taken |= names
        return min(total, NEVER)

    # Values to try.

    def candidates(self, answer: Answerable) -> list[Any]:
        """Values of this answer that anything which reads it could tell apart, as everything stands."""
        if answer.path not in self._tried:
            self._tried[answer.path] = list(
                {(type(one), one): one for one in self._candidates(answer)}.values()
            )
        return self._tried[answer.path]

    def _candidates(self, answer: Answerable) -> Iterator[Any]:
        kind = answer.kind
        if not answer.free or answer.calculated is not None:
            return
        if kind == "yes_no":
            yield from (True, False)
        elif kind == "state":
            yield from (one for one, _ in answer.options)
        elif kind in ("choice", "choices"):
            sets = self.survey.sets.get(answer.name, [])
            if kind == "choice":
                yield from of_choice(answer, sets, self._beside(answer))
            else:
                yield from of_choices(answer, sets, any(self._counted(answer)))
        elif kind in _ORDERED:
            yield from self._between(answer)
        elif kind == "time":
            yield from of_time(self._beside(answer))
        elif kind == "text" or kind == "record":
            yield from of_text(answer, self._beside(answer))
        elif kind != "rows":
            yield answer.text

    def _mentions(self, answer: Answerable) -> Iterator[tuple[tree.Node, Context]]:
        """Every comparison that reads the answer, in every row where it stands."""
        for node, context, chain in list(self.survey.mentions.get(answer.name, {}).values()):
            contexts = [context]
            for rows in chain:
                contexts = [inside for one in contexts for inside, _ in self.inside(rows, one)]
            for one in contexts:
                yield node, one

    def _beside(self, answer: Answerable) -> Iterator[Any]:
        """What the answer is compared with for being the same, or earlier."""
        for node, context in self._mentions(answer):
            if isinstance(node, tree.Compare):
                for one in (node.left, node.right):
                    if not (isinstance(one, tree.Read) and self.answerable(one, context).path == answer.path):
                        value = self.value(one, context)
                        if value is not None:
                            yield value

    def _counted(self, answer: Answerable) -> Iterator[bool]:
        for node, _ in self._mentions(answer):
            yield any(isinstance(one, tree.Count) for one in tree.walk(node))

    def _between(self, answer: Answerable) -> Iterator[Any]:
        today = self.look.read("today()")
        today = date.fromisoformat(today) if isinstance(today, str) else today
        for low, high in dict.fromkeys(self._intervals(answer)):
            if answer.kind == "number":
                yield from of_number(low, high, answer)
            else:
                yield from of_day(low, high, answer, today)

    def _intervals(self, answer: Answerable) -> Iterator[tuple[Any, Any]]:
        yield None, None
        for node, context in self._mentions(answer):
            if isinstance(node, tree.Compare) and node.kind in _ORDERED:
                left, right = self.value(node.left, context), self.value(node.right, context)
                ends = [(node.left, *each) for each in _ends(node.operator, right, left_side=True)]
                ends += [(node.right, *each) for each in _ends(node.operator, left, left_side=False)]
            else:
                ends = [(one, None, None) for one in tree.children(node)]
            for one, low, high in ends:
                for found, first, last in self._inverting.between(one, context, low, high):
                    if found.path == answer.path:
                        yield first, last


class _Everything(frozenset[str]):
    """The own keys of a row read as a column: nothing outside is read there."""

    def __contains__(self, key: object) -> bool:
        return True


_EVERYTHING = _Everything()


def _row(rows: Answerable, path: str) -> Answerable:
    return Answerable(
        path, rows.name, "row", rows.label, far=rows.far, order=rows.order, rows=rows.path, where=rows.where
    )


def _ends(operator: str, other: Any, *, left_side: bool) -> Iterator[tuple[Any, Any]]:
    """Between which ends one side makes a comparison true or false, the other side being what it is."""
    if other is None:
        yield None, None
        return
    above, below = _beside(other, 1), _beside(other, -1)
    if operator == "=":
        yield other, other
        yield above, None
        yield None, below
    elif (operator == "<") == left_side:
        # Left of < and right of <= meet at the same two ends: below and from here on, or up to here and above.
        yield None, below
        yield other, None
    else:
        yield None, other
        yield above, None


def _beside(value: Any, way: int) -> Any:
    try:
        return value + (timedelta(days=way) if isinstance(value, date) else SIXTH * way)
    except (OverflowError, TypeError):
        return value
