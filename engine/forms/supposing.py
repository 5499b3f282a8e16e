"""A form's answers as a world in which some can be changed, for the search for the least change.

Every trial settles the form by the same code that evaluates it, but only those questions that the conditions in
hand depend on. Must not know how changes are sought or said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.expressions import StackWorld, tree
from engine.expressions.changeable import Answerable, Context, Look, Place
from engine.expressions.given import (
    NUMBER_KEPT,
    at,
    changed,
    described,
    name_of_world,
    next_path,
)
from engine.expressions.types import Type
from engine.forms.plan import Condition, Leaf, Plan, Rows, SectionPlan
from engine.forms.working import Working
from engine.proof.describing import STANDING, bounds
from engine.questions import Fault
from engine.questions.choosing import OTHER

_UUID = "00000000-0000-4000-8000-000000000000"
_SOMETHING: tuple[Any, ...] = ("something", _UUID, "AB1 2CD", "12:00", frozenset({_UUID}))


class FormWorld:
    """The answers and facts of one evaluation. `conditions` are those whose outcome is sought, `names` all that they
    depend on."""

    json = False

    def __init__(self, working: Working, answers: Mapping[str, Any], conditions: Iterable[Condition]) -> None:
        plan = working.plan
        self.today: date = working.top.values["today()"]
        self.facts = working.facts
        self.plan, self.names = _needed(plan, conditions)
        own = {*self.plan.leaves, *self.plan.rows, *(f"{one}.{OTHER}" for one in self.plan.leaves)}
        self.answers = {key: json for key, json in answers.items() if key in own}
        self.order = {
            item.id: index for index, item in enumerate(each for one in plan.sections for each in one.items)
        }
        self.sections = {item.id: section for section in plan.sections for item in section.items}
        self.beyond = StackWorld(plan.stack, plan.form.about)
        self.leaves: dict[str, tuple[Leaf, Context]] = {}

    # World.

    def answerable(self, read: tree.Read | tree.FormState, path: str, context: Context) -> Answerable:
        head = read.key.partition(".")[0]
        if context:
            return self._in_row(read, path, context)
        if isinstance(read, tree.Read) and head in self.plan.leaves:
            return self._of_leaf(read, path, self.plan.leaves[head], None, ())
        if isinstance(read, tree.Read) and head in self.plan.rows:
            return self._of_rows(read, path, self.plan.rows[head])
        return self._beyond(read, path)

    def look(self, changes: Mapping[str, Any]) -> FormLook:
        own = {path: value for path, value in changes.items() if self._own(path)}
        facts = {path: value for path, value in changes.items() if path not in own}
        working = Working(
            self.plan,
            changed(self.answers, own) if own else self.answers,
            self.today,
            changed(self.facts, facts) if facts else self.facts,
        )
        working.settle()
        return FormLook(working)

    def allows(self, changes: Mapping[str, Any], look: Look) -> bool:
        """Whether every changed answer is shown then, of its type, within its bounds, and refused by nothing."""
        assert isinstance(look, FormLook)
        return all(self._allowed(path, value, look) for path, value in changes.items())

    def _allowed(self, path: str, value: Any, look: FormLook) -> bool:
        if path not in self.leaves or value is None:
            return True
        leaf, context = self.leaves[path]
        row = look.row(context[-1].path) if context else look.working.top
        held = row.values.get(leaf.id if not path.endswith(f".{OTHER}") else f"{leaf.id}.{OTHER}")
        if held is None:
            return False
        if path.endswith(f".{OTHER}"):
            return True
        if leaf.check is not None and leaf.check(held) is not None:
            return False
        if leaf.valid_if is None:
            return True
        working = look.working
        if context:
            working.enter(self.plan.rows[path.partition("[")[0].partition(".")[0]], row)
        try:
            return leaf.valid_if.run(working.reader) is not False
        finally:
            working.leave()

    # What names stand for.

    def _own(self, path: str) -> bool:
        head = path.partition(".")[0].partition("[")[0]
        return head in self.plan.leaves or head in self.plan.rows

    def _of_leaf(
        self, read: tree.Read, path: str, leaf: Leaf, rows: Rows | None, context: Context
    ) -> Answerable:
        item = rows.id if rows is not None else leaf.id
        gates = [
            one for one in (self.sections[item].show, rows.leaf.show if rows else None) if one is not None
        ]
        around: list[tuple[tree.Node, Context]] = [(one.typed.tree, ()) for one in gates]
        if leaf.show is not None:
            around.append((leaf.show.typed.tree, context))
        given = leaf.read(at(self.answers, path))
        question = leaf.question
        where = _where(path, rows) if rows is not None else ""
        common: dict[str, Any] = {
            "rows": item if rows is not None else "",
            "where": where,
            "order": self.order[item],
        }
        self.leaves[path] = (leaf, context)
        if path.endswith(f".{OTHER}"):
            kind = tree.Read(
                read.key.removesuffix(f".{OTHER}"), read.name.removesuffix(f".{OTHER}"), "choice"
            )
            many = question.type == "choose_many"
            chosen = replace(kind, kind="choices" if many else "choice")
            among = tree.Includes if many else tree.Member
            around.append((among(chosen, frozenset({OTHER})), context))
            stored = at(self.answers, path)
            return Answerable(
                path, read.name, "text", read.label, gates=tuple(around), given=stored, **common
            )
        least, most, step = bounds(question)
        listed = self.plan.lists.get(question.options or "")
        text = _some(leaf, read.kind)
        return Answerable(
            path,
            read.name,
            read.kind,
            question.label or read.label or path,
            Type("choice", listed).choosable() if listed is not None else (),
            None if isinstance(given, Fault) else given,
            least,
            most,
            step == 1,
            tuple(around),
            ((leaf.valid_if.typed.tree, context),) if leaf.valid_if is not None else (),
            (leaf.calculate.typed.tree, context) if leaf.calculate is not None else None,
            free=leaf.calculate is None and text is not None,
            text=text,
            **common,
        )

    def _of_rows(self, read: tree.Read, path: str, rows: Rows) -> Answerable:
        """A repeat or grid as a whole; or one cell of a grid by its path."""
        parts = path.split(".")
        if rows.fixed is not None and len(parts) > 2 and parts[2] in rows.by_id:
            context = (Place(f"{parts[0]}.{parts[1]}", rows.own),)
            inner = replace(read, key=".".join(parts[2:]))
            return self._of_leaf(inner, path, rows.by_id[parts[2]], rows, context)
        gates = [one for one in (self.sections[rows.id].show, rows.leaf.show) if one is not None]
        label = rows.leaf.question.label or rows.id
        around = tuple((one.typed.tree, ()) for one in gates)
        few = rows.leaf.question.settings.get("min_rows")
        return Answerable(
            path, rows.id, "rows", label, gates=around, rows=rows.id, order=self.order[rows.id],
            blank=rows.fixed is None and not rows.each and not few,
        )  # fmt: skip

    def _in_row(self, read: tree.Read | tree.FormState, path: str, context: Context) -> Answerable:
        root = path.partition("[")[0].partition(".")[0]
        key = read.key.removesuffix(f".{OTHER}")
        rows = self.plan.rows.get(root)
        if isinstance(read, tree.Read) and rows is not None and key in rows.by_id:
            return self._of_leaf(read, path, rows.by_id[key], rows, context)
        if rows is not None:
            # What a row takes from its record is no answer of the form.
            return Answerable(path, read.key, "thing", free=False)
        return self._beyond(read, path)

    def _beyond(self, read: tree.Read | tree.FormState, path: str) -> Answerable:
        """What stands on the record, in the case or in another form."""
        found = None if isinstance(read, tree.FormState) else name_of_world(self.beyond, read.name)
        head = path.partition(".")[0]
        rows = path.partition("[")[0] if "[" in path else ""
        if isinstance(read, tree.FormState):
            return described(read, path, self.look({}).read(path), None, far=True)
        given = self.look({}).read(path) if not rows else None
        gates: tuple[tuple[tree.Node, Context], ...] = ()
        if head in self.plan.stack.forms:
            gates = ((tree.FormState(head, STANDING, self.plan.stack.forms[head].title), ()),)
        return described(read, path, given, found, gates=gates, far=True, rows=rows)


class FormLook:
    """The form settled with some answers changed."""

    def __init__(self, working: Working) -> None:
        self.working = working
        self.read = working.top.values.get

    def row(self, path: str) -> Any:
        """The row at a path."""
        rows = self.working.plan.rows[path.partition("[")[0].partition(".")[0]]
        return next(row for each, row in self._listed(rows) if each == path)

    def rows(self, path: str) -> list[tuple[str, Mapping[str, Any], bool]]:
        rows = self.working.plan.rows.get(path)
        if rows is None:
            beyond = self.read(path) or ()
            return [(f"{path}[{number}]", row, True) for number, row in enumerate(beyond)]
        there = path in self.working.top.values
        return [(each, row.values, there) for each, row in self._listed(rows)]

    def _listed(self, rows: Rows) -> list[tuple[str, Any]]:
        found = self.working.rows.get(rows.id, [])
        if rows.fixed is not None:
            return [(f"{rows.id}.{row.key}", row) for row in found]
        return [(f"{rows.id}[{row.given.get(NUMBER_KEPT, number)}]", row) for number, row in enumerate(found)]

    def next_row(self, path: str) -> str | None:
        rows = self.working.plan.rows.get(path)
        if rows is None:
            return next_path(self.working.facts, path)
        most = rows.leaf.question.settings.get("max_rows")
        there = len(self.working.rows.get(path, ()))
        if rows.fixed is not None or rows.each or (isinstance(most, int) and there >= most):
            return None
        return next_path(self.working.top.given, path)


def _where(path: str, rows: Rows) -> str:
    label = f"“{rows.leaf.question.label or rows.id}”"
    if rows.fixed is not None:
        row = path.split(".")[1]
        return f"{label}, {dict(rows.fixed).get(row, row)}"
    number = int(path.partition("[")[2].partition("]")[0]) + 1
    return f"row {number} of {label}"


def _some(leaf: Leaf, kind: str) -> Any:
    """An answer that need only be there, of the question's type; None if none can be made up."""
    if kind in ("yes_no", "choice", "choices", "number", "date", "time"):
        return ""
    for one in _SOMETHING:
        value = leaf.read(sorted(one) if isinstance(one, frozenset) else one)
        if value is not None and not isinstance(value, Fault):
            if leaf.check is None or leaf.check(value) is None:
                return one
    return None


def _needed(plan: Plan, conditions: Iterable[Condition]) -> tuple[Plan, frozenset[str]]:
    """The part of a plan on which some conditions depend, and the names of all that they read."""
    wanted: set[str] = set()
    waiting = [name for one in conditions for name in one.reads]
    sections: set[str] = set()
    seen: set[str] = set()
    holders: dict[str, tuple[SectionPlan, Leaf | Rows]] = {
        item.id: (section, item) for section in plan.sections for item in section.items
    }
    while waiting:
        name = waiting.pop()
        head = name.partition(".")[0]
        if name in seen:
            continue
        seen.add(name)
        if head not in holders or head in wanted:
            continue
        wanted.add(head)
        section, item = holders[head]
        sections.add(section.id)
        leaves = (item,) if isinstance(item, Leaf) else (item.leaf, *item.leaves)
        each = [section.show, *(one for leaf in leaves for one in _settling(leaf))]
        waiting += [read for one in each if one is not None for read in one.reads]
    part = replace(
        plan,
        leaves={key: leaf for key, leaf in plan.leaves.items() if key in wanted},
        rows={key: rows for key, rows in plan.rows.items() if key in wanted},
        steps=tuple(
            step
            for step in plan.steps
            if (
                step.section.id in sections
                if step.section is not None
                else (step.rows.id if step.rows is not None else step.leaf.id if step.leaf else "") in wanted
            )
        ),
    )
    return part, frozenset(seen)


def _settling(leaf: Leaf) -> tuple[Condition | None, ...]:
    return leaf.show, leaf.calculate, leaf.default, leaf.valid_if
