"""The form as data for the browser, so that conditions work while people type: the same trees, in the same order.

`webapp/static/js/logic.js` reads it; a test evaluates random answers in both and holds them to one another.
Holds no answers: of facts it names only those that the form's conditions read. A condition that reads what the person
at the page may not see stays out of it: what it came to is said instead, and stands until the page is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.expressions import as_json, calendar_table, dump, facts_reader, question_type
from engine.expressions import nations as nations_of
from engine.expressions.values import rows as rows_of
from engine.forms.evaluation import Evaluation
from engine.forms.plan import Condition, Item, Leaf, Plan, Step
from engine.language.model import Question
from engine.questions.choosing import OTHER, choices
from engine.questions.types.marker import Marker

Blind = Callable[[str], bool]
DECIDED = ["decided"]


def describe(plan: Plan, blind: Blind | None = None) -> dict[str, Any]:
    """The form's logic as plain JSON. Conditions that read a name to which the person is `blind` are `decided`."""
    nations = {nation for one in _conditions(plan) for nation in nations_of(one.typed)}
    return {
        "form": plan.form.id,
        "sections": [
            {
                "id": one.id,
                "show": _tree(one.show, blind),
                "items": [_item(plan, item, blind) for item in one.items],
            }
            for one in plan.sections
        ],
        "steps": [_step(step) for step in plan.steps],
        "calendars": {nation: list(calendar_table(nation)) for nation in sorted(nations)},
    }


def describe_facts(plan: Plan, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of these facts, only what the form's conditions read: by key, and for each record of an `each` section."""
    look = facts_reader(facts)
    described: dict[str, Any] = {"read": {}}
    for one in plan.facts:
        json = look(one.key)
        if json is not None and one.kind == "rows":
            json = [{key: row.get(key) for key, _ in one.cells} for row in rows_of(json)]
        if json is not None:
            described["read"][one.key] = _plain(json)
    wanted = [one for rows in plan.rows.values() for one in rows.facts]
    if any(rows.each for rows in plan.rows.values()) and isinstance(facts.get("records"), list):
        described["records"] = [
            {
                "id": str(record.get("id", "")),
                "read": {one.key: _plain(facts_reader({"record": record})(one.key)) for one in wanted},
            }
            for record in facts["records"]
            if isinstance(record, Mapping)
        ]
    return described


def decisions(evaluation: Evaluation, blind: Blind) -> dict[str, dict[str, Any]]:
    """What the conditions came to that `describe` left out, by what they decide and by posted name."""
    found: dict[str, dict[str, Any]] = {}
    working = evaluation.working

    def note(name: str, conditions: Mapping[str, Condition | None]) -> None:
        for what, one in conditions.items():
            if one is not None and any(blind(read) for read in one.reads):
                found.setdefault(what, {})[name] = dump(one.run(working.reader))

    for section in evaluation.plan.sections:
        note(section.id, {"show": section.show})
        for item in section.items:
            if isinstance(item, Leaf):
                note(item.id, _of_leaf(item))
                continue
            note(item.id, _of_leaf(item.leaf))
            for row in working.rows[item.id]:
                working.enter(item, row)
                for leaf in item.leaves:
                    note(f"{item.id}.{row.key}.{leaf.id}", _of_leaf(leaf))
            working.leave()
    return found


def _of_leaf(leaf: Leaf) -> dict[str, Condition | None]:
    return {
        "show": leaf.show,
        "required": leaf.required_if,
        "advised": leaf.advised_if,
        "calculate": leaf.calculate,
        "default": leaf.default,
    }


def _part(plan: Plan, question: Question) -> dict[str, Any]:
    """A part of an answer that is made of several."""
    kind = question_type(plan.stack, question)
    described: dict[str, Any] = {
        "id": question.id,
        "type": question.type,
        "kind": kind.kind if kind else "none",
    }
    if question.options is not None:
        described["options"] = list(choices(question, plan.lists, other=False).order)
    return described


def _plain(json: Any) -> Any:
    return json if isinstance(json, str | int | float | bool | list | dict | None) else dump(json)


def _item(plan: Plan, item: Item, blind: Blind | None) -> dict[str, Any]:
    if isinstance(item, Leaf):
        return _leaf(plan, item, blind)
    return {
        "id": item.id,
        "rows": "grid" if item.fixed is not None else "each" if item.each else "repeat",
        "fixed": [row_id for row_id, _ in item.fixed or ()],
        "grows": item.grows,
        "whole": _leaf(plan, item.leaf, blind),
        "leaves": [_leaf(plan, leaf, blind) for leaf in item.leaves],
    }


def _leaf(plan: Plan, leaf: Leaf, blind: Blind | None) -> dict[str, Any]:
    question = leaf.question
    kind = question_type(plan.stack, question)
    described: dict[str, Any] = {
        "id": leaf.id,
        "type": question.type,
        "kind": kind.kind if kind is not None else "none",
        "base": leaf.base,
        "other": leaf.other,
    }
    described.update({key: _tree(one, blind) for key, one in _of_leaf(leaf).items() if one is not None})
    if leaf.type.takes_options:
        offered = choices(question, plan.lists, other=leaf.other)
        described["options"] = list(offered.order)
        if leaf.calculate is not None:
            described["labels"] = dict(offered.labels)
    boxes = [box for box in leaf.type.posts(question, plan.lists) if box != OTHER]
    if boxes != [""]:
        described["boxes"] = boxes
    if isinstance(leaf.type, Marker):
        described["asks"] = list(leaf.type.asked(question))
    if inner := leaf.type.inner(question, plan.lists):
        described["parts"] = [_part(plan, one) for one in inner]
    for setting in ("prefix", "unit", "yes_label", "no_label", "partial"):
        if question.settings.get(setting):
            described[setting] = question.settings[setting]
    return described


def _tree(condition: Condition | None, blind: Blind | None) -> list[Any] | None:
    if condition is None:
        return None
    hidden = blind is not None and any(blind(name) for name in condition.reads)
    return DECIDED if hidden else as_json(condition.typed)


def _step(step: Step) -> list[str]:
    if step.section is not None:
        return ["section", step.section.id]
    if step.rows is None:
        assert step.leaf is not None
        return ["leaf", step.leaf.id]
    return ["rows", step.rows.id] if step.leaf is None else ["column", step.rows.id, step.leaf.id]


def _conditions(plan: Plan) -> Iterator[Condition]:
    for section in plan.sections:
        if section.show is not None:
            yield section.show
        for item in section.items:
            leaves = [item] if isinstance(item, Leaf) else [item.leaf, *item.leaves]
            for leaf in leaves:
                for one in (leaf.show, leaf.required_if, leaf.advised_if, leaf.calculate, leaf.default):
                    if one is not None:
                        yield one
