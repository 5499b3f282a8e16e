"""The form as data for the browser, so that conditions work while people type: the same trees, in the same order.

`webapp/static/js/logic.js` reads it; a test evaluates random answers in both and holds them to one another.
Holds no answers: of facts it names only those that the form's conditions read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expressions import as_json, calendar_table, dump, facts_reader, question_type
from engine.expressions import nations as nations_of
from engine.expressions.values import rows as rows_of
from engine.forms.plan import Condition, Item, Leaf, Plan, Step
from engine.language.model import Question
from engine.questions.choosing import OTHER, choices
from engine.questions.types.marker import Marker


def describe(plan: Plan) -> dict[str, Any]:
    """The form's logic as plain JSON."""
    nations = {nation for one in _conditions(plan) for nation in nations_of(one.typed)}
    return {
        "form": plan.form.id,
        "sections": [
            {"id": one.id, "show": _tree(one.show), "items": [_item(plan, item) for item in one.items]}
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


def _item(plan: Plan, item: Item) -> dict[str, Any]:
    if isinstance(item, Leaf):
        return _leaf(plan, item)
    return {
        "id": item.id,
        "rows": "grid" if item.fixed is not None else "each" if item.each else "repeat",
        "fixed": [row_id for row_id, _ in item.fixed or ()],
        "whole": _leaf(plan, item.leaf),
        "leaves": [_leaf(plan, leaf) for leaf in item.leaves],
    }


def _leaf(plan: Plan, leaf: Leaf) -> dict[str, Any]:
    question = leaf.question
    kind = question_type(plan.stack, question)
    described: dict[str, Any] = {
        "id": leaf.id,
        "type": question.type,
        "kind": kind.kind if kind is not None else "none",
        "base": leaf.base,
        "other": leaf.other,
    }
    conditions = {
        "show": leaf.show,
        "required": leaf.required_if,
        "advised": leaf.advised_if,
        "calculate": leaf.calculate,
        "default": leaf.default,
    }
    described.update({key: _tree(one) for key, one in conditions.items() if one is not None})
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


def _tree(condition: Condition | None) -> list[Any] | None:
    return None if condition is None else as_json(condition.typed)


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
