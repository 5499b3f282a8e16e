"""A compiled form as plain data, and back without parsing, typing or ordering anything again.

What decides which question is shown, asked for and settled when is there at once; a question's own words, the functions
that read its answer and the closure of its condition are made when they are first asked for. Must not know where data
is kept, nor how values of the model are written: whoever keeps them gives each a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from engine import expressions
from engine.forms.compiled import CompiledForm
from engine.forms.compiling import Compiled, whole_of
from engine.forms.conditions import Conditions
from engine.forms.dependence import Dependence, dependence
from engine.forms.facts import FactRead
from engine.forms.late import made, making
from engine.forms.plan import Condition, Item, Leaf, Plan, Rows, SectionPlan, Step
from engine.language.model import Question, Section, Stack
from engine.questions import BUILT_IN

Numbering = Callable[[Any], int]
Line = Callable[[int], Any]
_NONE = -1
_CONDITIONS = ("show", "calculate", "default", "required_if", "advised_if", "valid_if")


def written(form: CompiledForm, number: Numbering) -> dict[str, Any]:
    """A form without errors, and so without circles, as JSON.

    `number` keeps a value of the model and says by which number it is found again.
    """
    compiled = form.compiled
    return {
        "findings": number(tuple(compiled.conditions.findings)),
        **_Writing(compiled, number).data(),
    }


class _Writing:
    def __init__(self, compiled: Compiled, number: Numbering) -> None:
        self.plan = compiled.plan
        self.conditions = compiled.conditions.found
        self.number = number
        self.at = {id(one): index for index, one in enumerate(self.conditions.values())}

    def data(self) -> dict[str, Any]:
        """Conditions, sections with their items, the order of settling, and the facts that are read."""
        plan = self.plan
        places: dict[tuple[int, int], list[int]] = {}
        for s, section in enumerate(plan.sections):
            places[id(section), 0] = [s]
            for i, item in enumerate(section.items):
                places[id(item), 0] = [s, i]
                if isinstance(item, Rows):
                    places |= {(id(item), id(leaf)): [s, i, at] for at, leaf in enumerate(item.leaves)}
        return {
            "conditions": [
                [*key, self.number(one.typed), self.number(one.typed.tree)]
                for key, one in self.conditions.items()
            ],
            "sections": [
                [one.id, self._at(one.show), [self._item(item) for item in one.items]]
                for one in plan.sections
            ],
            "steps": [
                places[
                    id(step.section or step.rows or step.leaf),
                    id(step.leaf) if step.rows and step.leaf else 0,
                ]
                for step in plan.steps
            ],
            "facts": _facts(plan.facts),
        }

    def _at(self, condition: Condition | None) -> int:
        return _NONE if condition is None else self.at[id(condition)]

    def _item(self, item: Item) -> list[Any]:
        if isinstance(item, Leaf):
            return self._leaf(item)
        leaf = self._leaf(item.leaf, known=not item.each)
        return [
            leaf, [self._leaf(one) for one in item.leaves],
            item.fixed, item.grows, item.each, sorted(item.own), _facts(item.facts),
        ]  # fmt: skip

    def _leaf(self, leaf: Leaf, known: bool = True) -> list[Any]:
        question = self.number(leaf.question) if known else _NONE
        return [
            leaf.id, leaf.type.name, question, leaf.base, leaf.other, leaf.asks, leaf.checks,
            *(self._at(getattr(leaf, name)) for name in _CONDITIONS),
        ]  # fmt: skip


def _facts(reads: Iterable[FactRead]) -> list[Any]:
    return [[one.key, one.kind, one.cells] for one in reads]


def restored(data: Mapping[str, Any], form_id: str, stack: Stack, line: Line) -> CompiledForm:
    """The form that was written. `line` gives the value of a number."""
    conditions = [
        made(Condition, partial(_condition, line, typed, tree)) for _, _, typed, tree in data["conditions"]
    ]
    reading = _Reading(form_id, stack, line, [*conditions, None])
    sections = tuple(reading.section(index, *section) for index, section in enumerate(data["sections"]))
    items: list[Item] = [item for section in sections for item in section.items]
    plan = made(
        Plan,
        making(form=lambda _: stack.forms[form_id]),
        stack=stack,
        sections=sections,
        steps=tuple(_step(sections, *place) for place in data["steps"]),
        depends=_depends(sections),
        leaves={item.id: item for item in items if item.__class__ is Leaf},
        rows={item.id: item for item in items if item.__class__ is Rows},
        lists=stack.lists,
        facts=_reads(data["facts"]),
    )
    found = {
        (path, setting): one
        for (path, setting, _, _), one in zip(data["conditions"], conditions, strict=True)
    }
    findings = list(line(data["findings"]))
    return CompiledForm(Compiled(plan, Conditions(found, findings), ()))


def _condition(line: Line, typed: int, tree: int, condition: Condition, name: str) -> Any:
    """A part of a condition. Running it takes only its tree."""
    if name == "run":
        return expressions.closure(line(tree))
    return line(typed) if name == "typed" else getattr(line(typed), name)


class _Reading:
    """Makes the items of a form that was kept."""

    def __init__(self, form_id: str, stack: Stack, line: Line, conditions: list[Condition | None]) -> None:
        self.form_id = form_id
        self.stack = stack
        self.line = line
        self.conditions = conditions

    def section(self, index: int, section_id: str, show: int, items: list[Any]) -> SectionPlan:
        """A section with its items."""

        def model(_: Any = None) -> Section:
            return self.stack.forms[self.form_id].sections[index]

        found = tuple(
            self._leaf(*one) if one[0].__class__ is str else self._rows(model, *one) for one in items
        )
        return made(
            SectionPlan, making(section=model), id=section_id, items=found, show=self.conditions[show]
        )

    def _rows(
        self, model: Callable[[], Section], leaf: list[Any], leaves: list[Any], fixed: list[list[str]] | None,
        grows: bool, each: bool, own: list[str], facts: list[Any],
    ) -> Rows:  # fmt: skip
        whole = self._leaf(*leaf)
        if each:
            object.__setattr__(whole, "late", partial(self._part, lambda: whole_of(model())))
        inner = tuple(self._leaf(*one) for one in leaves)
        return Rows(
            id=whole.id,
            leaf=whole,
            leaves=inner,
            fixed=None if fixed is None else tuple((row, label) for row, label in fixed),
            grows=grows,
            each=each,
            by_id={one.id: one for one in inner},
            own=frozenset(own),
            facts=_reads(facts),
        )

    def _leaf(
        self, leaf_id: str, type_name: str, number: int, base: str, other: bool, asks: bool, checks: bool,
        show: int, calculate: int, default: int, required_if: int, advised_if: int, valid_if: int,
    ) -> Leaf:  # fmt: skip
        of = self.conditions
        leaf = _new(Leaf)
        _put(leaf, "late", partial(self._part, partial(self.line, number)))
        _put(leaf, "id", leaf_id)
        _put(leaf, "type", BUILT_IN[type_name])
        _put(leaf, "base", base)
        _put(leaf, "other", other)
        _put(leaf, "asks", asks)
        _put(leaf, "checks", checks)
        _put(leaf, "show", of[show])
        _put(leaf, "calculate", of[calculate])
        _put(leaf, "default", of[default])
        _put(leaf, "required_if", of[required_if])
        _put(leaf, "advised_if", of[advised_if])
        _put(leaf, "valid_if", of[valid_if])
        _put(leaf, "_told", {})
        return leaf

    def _part(self, question: Callable[[], Question], leaf: Leaf, name: str) -> Any:
        if name == "question":
            return question()
        kind, lists = leaf.type, self.stack.lists
        match name:
            case "read":
                return kind.reading(leaf.question, lists)
            case "check":
                return kind.checking(leaf.question, lists)
            case "dump":
                return kind.writing(leaf.question, lists)
        raise AttributeError(name)


_new, _put = object.__new__, object.__setattr__


def _step(sections: tuple[SectionPlan, ...], section: int, item: int = -1, column: int = -1) -> Step:
    if item < 0:
        return Step(section=sections[section])
    found = sections[section].items[item]
    if isinstance(found, Leaf):
        return Step(leaf=found)
    return Step(rows=found, leaf=found.leaves[column] if column >= 0 else None)


def _depends(sections: tuple[SectionPlan, ...]) -> Dependence:
    """What depends on what, worked out when the first answer is changed; where things stand is known before."""
    worked = cache(lambda: dependence(sections)[0])
    late = making(
        steps=lambda _: worked().steps, needs=lambda _: worked().needs, meant=lambda _: worked().meant
    )
    return made(Dependence, late, sections=sections)


def _reads(facts: Iterable[Any]) -> tuple[FactRead, ...]:
    return tuple(FactRead(key, kind, tuple((one, of) for one, of in cells)) for key, kind, cells in facts)
