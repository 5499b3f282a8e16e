"""The least change of answers that flips a condition: the fewest answers, at most three, with values for each.

The search goes from the condition back to the answers: of what must hold and does not, something has to change. It
looks for one answer, then two, then three; what it offers has been evaluated by the closures that decide. Among
changes of equally many answers the order of `preference` chooses. Bounded in steps, never in seconds, so that it
is the same on every machine. Must not know forms, workflows or how a change is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from engine.expressions import tree
from engine.expressions.changeable import (
    ADDED,
    FALSE,
    MOST_CHANGES,
    NOT_TRUE,
    REMOVED,
    TRUE,
    Answerable,
    Changed,
    Context,
    Least,
    Mark,
    Truths,
    World,
)
from engine.expressions.sighted import NEVER, Sight, Surveyed
from engine.expressions.typing import Typed

STEPS = 4_000
_MOST_FOUND = 400


def least_change(
    typed: Typed | tree.Node,
    world: World,
    *,
    wants: Truths | None = None,
    context: Context = (),
    keeps: Iterable[tree.Node] = (),
    most: int = MOST_CHANGES,
    steps: int = STEPS,
) -> Least:
    """The smallest set of answers that brings a condition to what `wants` says; by default to true, or if it is true
    already, to false. `context` are the rows in which the condition stands; `keeps` must hold afterwards too."""
    node = typed.tree if isinstance(typed, Typed) else typed
    survey = Surveyed(world, node, context)
    first = survey.sight({})
    if wants is None:
        wants = FALSE if first.value(node, context) is True else TRUE
    return _Search(survey, node, context, wants, tuple(keeps), steps).least(first, most)


class _Search:
    def __init__(
        self,
        survey: Surveyed,
        node: tree.Node,
        context: Context,
        wants: Truths,
        keeps: tuple[tree.Node, ...],
        steps: int,
    ) -> None:
        self.survey = survey
        self.node = node
        self.context = context
        self.wants = wants
        self.keeps = keeps
        self.left = steps
        self.given = steps
        self.found: list[tuple[Changed, ...]] = []
        self.seen: set[frozenset[tuple[str, Any]]] = set()

    def least(self, first: Sight, most: int) -> Least:
        if first.value(self.node, self.context) in self.wants:
            return Least("found")
        if first.needs(self.node, self.wants, self.context) >= NEVER:
            return Least("constant")
        for number in range(1, most + 1):
            self.seen.clear()
            self._among(first, (), number)
            if self.found:
                chosen = min(self.found, key=preference)
                return Least("found", tuple(sorted(chosen, key=_place)), self.given - self.left)
            if self.left <= 0:
                return Least("stopped", steps=self.given)
        return Least("none", steps=self.given - self.left)

    def _among(self, sight: Sight, made: tuple[Changed, ...], left: int) -> None:
        """Goes on from some changes with `left` more to make."""
        taken = {one.path for one in made}
        for answer, value in self._proposals(sight, left):
            if answer.path in taken or self.left <= 0 or len(self.found) >= _MOST_FOUND:
                continue
            changed = (*made, Changed(answer, value))
            key = frozenset((one.path, _plain(one.value)) for one in changed)
            if key in self.seen:
                continue
            self.seen.add(key)
            self.left -= 1
            values = {one.path: one.value for one in changed}
            then = self.survey.sight(values)
            if then.value(self.node, self.context) in self.wants:
                kept = all(then.value(one, self.context) is True for one in self.keeps)
                if kept and self.survey.world.allows(values, then.look):
                    self.found.append(changed)
            elif left > 1 and then.needs(self.node, self.wants, self.context) < left:
                self._among(then, changed, left - 1)

    def _proposals(self, sight: Sight, left: int) -> Iterator[tuple[Answerable, Any]]:
        seen: set[tuple[str, Any]] = set()
        for answer, value in self._ways(sight, self.node, self.wants, self.context, left):
            key = answer.path, _plain(value)
            if key not in seen and (value != answer.given or isinstance(value, Mark)):
                seen.add(key)
                yield answer, value

    def _ways(
        self, sight: Sight, node: tree.Node, wants: Truths, context: Context, left: int
    ) -> Iterator[tuple[Answerable, Any]]:
        """Single changes, one of which is part of any set of changes that brings the node to `wants`."""
        if sight.value(node, context) in wants:
            return
        match node:
            case tree.Not(operand=operand):
                yield from self._ways(sight, operand, opposite(wants), context, left)
            case tree.And(items=items) | tree.Or(items=items):
                if all_of(node, wants):
                    open_ = [one for one in items if sight.value(one, context) not in wants]
                    # Every one of them has to change: starting with the hardest leaves the fewest ways.
                    hardest = max(open_, key=lambda one: sight.needs(one, wants, context))
                    yield from self._ways(sight, hardest, wants, context, left)
                else:
                    for one in items:
                        if sight.needs(one, wants, context) <= left:
                            yield from self._ways(sight, one, wants, context, left)
            case tree.AnyRow():
                yield from self._rows(sight, node, wants, context, left)
            case _:
                yield from self._leaf(sight, node, wants, context, left)

    def _rows(
        self, sight: Sight, node: tree.AnyRow, wants: Truths, context: Context, left: int
    ) -> Iterator[tuple[Answerable, Any]]:
        rows = sight.answerable(node.rows, context)
        yield from self._gates(sight, rows, left, both=True)
        for inside, there in sight.inside(node, context):
            if True in wants:
                yield from self._ways(sight, node.body, wants, inside, left)
            elif there and sight.value(node.body, inside) not in wants:
                yield from self._ways(sight, node.body, wants, inside, left)
                yield from sight.removal(rows, inside[-1].path)
        if True in wants:
            yield from sight.addition(rows)

    def _leaf(
        self, sight: Sight, node: tree.Node, wants: Truths, context: Context, left: int
    ) -> Iterator[tuple[Answerable, Any]]:
        """Every answer that is read here, each with all values that could matter to anything that reads it."""
        for answer in sight.answers(node, context):
            yield from self._gates(sight, answer, left, both=None in wants or self.survey.whole(node))
            if not sight.counts(answer):
                continue
            if answer.kind == "rows":
                yield from sight.addition(answer)
                for path, _, there in sight.look.rows(answer.path):
                    if there:
                        yield from sight.removal(answer, path)
                continue
            for value in sight.candidates(answer):
                yield answer, value
            if answer.blank and answer.given is not None:
                yield answer, None

    def _gates(
        self, sight: Sight, answer: Answerable, left: int, *, both: bool
    ) -> Iterator[tuple[Answerable, Any]]:
        """What shows an answer that is hidden; with `both`, also what hides one that is shown."""
        if not sight.counts(answer):
            shut = next(one for one in answer.gates if sight.value(*one) is not True)
            yield from self._ways(sight, shut[0], TRUE, shut[1], left)
        elif both:
            for gate, context in answer.gates:
                yield from self._ways(sight, gate, NOT_TRUE, context, left)


def opposite(wants: Truths) -> Truths:
    """What the operand of a negation must come to."""
    return frozenset(None if one is None else not one for one in wants)


def all_of(node: tree.And | tree.Or, wants: Truths) -> bool:
    """Whether every part must come to what is wanted of the whole; else one is enough."""
    return (True in wants) == isinstance(node, tree.And)


def preference(changes: tuple[Changed, ...]) -> tuple[Any, ...]:
    """Of equally many changes the more natural: of what is being filled in before what is kept elsewhere, answers
    given before answers emptied and rows taken away, questions that stand earlier, and the nearest value."""
    made = sorted(changes, key=lambda one: (one.answer.order, one.path))
    return (
        sum(one.answer.far for one in made),
        sum(one.value is None or one.value is REMOVED for one in made),
        sum(one.value is ADDED for one in made),
        tuple((one.answer.order, one.path) for one in made),
        tuple(_distance(one) for one in made),
    )


def _place(change: Changed) -> tuple[Any, ...]:
    """In which order changes are told: as their questions stand, a row before what is in it."""
    return (change.answer.far, change.answer.order, change.path)


def _distance(change: Changed) -> tuple[Any, ...]:
    """How far a value is from the answer given: decimals before the distance, since people like round numbers."""
    answer, value = change.answer, change.value
    if isinstance(value, bool | Mark) or value is None:
        return (0, 0, str(value))
    if isinstance(value, Decimal):
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return (places, abs(value - (answer.given or 0)), value)
    if isinstance(value, frozenset):
        given = answer.given or frozenset()
        listed = [one for one, _ in answer.options]
        order = sorted(listed.index(one) if one in listed else len(listed) for one in value)
        return (len(value ^ given), 0, str(order))
    if hasattr(value, "toordinal"):
        return (
            0,
            abs(value.toordinal() - answer.given.toordinal()) if answer.given else 0,
            value.isoformat(),
        )
    options = [one for one, _ in answer.options]
    return (options.index(value) if value in options else 0, 0, str(value))


def _plain(value: Any) -> Any:
    """A value as it is told from others: a decision is not the number one."""
    return (type(value).__name__, value)
