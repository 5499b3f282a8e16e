"""Workflows: checked nodes to the model; effects in one form however they were written.

Must not know what effects do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from engine.language.building.common import (
    Fields,
    expression_of,
    lasting,
    places_of,
    plain,
    start_of,
    text_of,
)
from engine.language.model import (
    Branch,
    DeadlineRule,
    Effect,
    Start,
    State,
    TaskRule,
    Transition,
    Workflow,
)
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar
from engine.language.places import Place
from engine.language.scalars import truth

# What a single word after an effect's name stands for.
_SHORT = {"start": "workflow", "open": "form", "notify": "role", "assign": "to", "await": "workflow"}

_Unit = Literal["working days", "days", "weeks", "months"]


def workflow(node: Map) -> Workflow:
    """A workflow with its states and transitions."""
    fields = Fields(node)
    start = fields.inner("start")
    return Workflow(
        fields.words("workflow"),
        fields.words("title"),
        about=fields.ids("about"),
        initial=fields.words("initial"),
        states=tuple(_state(one) for one in fields.maps("states")),
        transitions=tuple(_transition(one) for one in fields.maps("transitions")),
        start=Start(start.ids("by"), start.words("label")) if start else None,
        hint=fields.text("hint"),
        **fields.located("workflow"),
    )


def _state(node: Map) -> State:
    fields = Fields(node)
    return State(
        fields.words("id"),
        fields.words("title"),
        forms=fields.ids("forms"),
        final=fields.flag("final"),
        deadline=_deadline(fields.inner("deadline")),
        tasks=tuple(_task(one) for one in fields.maps("tasks")),
        enter=_effects(fields, "enter"),
        leave=_effects(fields, "leave"),
        hint=fields.text("hint"),
        **fields.located(),
    )


def _deadline(fields: Fields | None) -> DeadlineRule | None:
    if fields is None:
        return None
    rule = _rule(fields.words("within"), fields.place_of("within"))
    if rule is None:
        return None
    return DeadlineRule(
        rule.amount,
        rule.unit,
        start=fields.text("from") or "entered",
        calendar=fields.text("calendar") or "nation",
        then=_effects(fields, "then"),
        place=rule.place,
    )


def _rule(text: str, place: Place) -> DeadlineRule | None:
    length = lasting(text)
    return None if length is None else DeadlineRule(length[0], cast(_Unit, length[1]), place=place)


def _task(node: Map) -> TaskRule:
    fields = Fields(node)
    within = _rule(fields.words("within"), fields.place_of("within")) if "within" in fields else None
    return TaskRule(
        fields.words("id"), fields.words("label"), fields.words("for"), within=within, **fields.located()
    )


def _transition(node: Map) -> Transition:
    fields = Fields(node)
    return Transition(
        fields.words("id"),
        label=fields.words("label"),
        sources=fields.ids("from"),
        to=fields.text("to"),
        branches=tuple(_branch(one) for one in fields.maps("branches")),
        by=fields.ids("by"),
        automatic=fields.flag("automatic"),
        when=fields.expression("when"),
        reason=cast(Literal["required", "optional", "none"], fields.text("reason") or "none"),
        effects=_effects(fields, "effects"),
        approve=fields.ids("approve"),
        send_back=fields.ids("return"),
        four_eyes=fields.flag("four_eyes"),
        reopen=fields.flag("reopen"),
        hint=fields.text("hint"),
        **fields.located(),
    )


def _branch(node: Map) -> Branch:
    fields = Fields(node)
    otherwise = fields.text("otherwise")
    if otherwise is not None:
        return Branch(otherwise, place=fields.place_of("otherwise"))
    return Branch(fields.words("to"), fields.expression("when"), place=fields.place_of("to"))


def _effects(fields: Fields, key: str) -> tuple[Effect, ...]:
    return tuple(
        Effect(name.text, _settings(name.text, value), place=name.place, places=_places(name.text, value))
        for one in fields.maps(key)
        for name, value in one.entries
    )


def _settings(kind: str, value: Node) -> Mapping[str, Any]:
    """`notify: manager` and `notify: {role: manager}` are one. An expression keeps its place; the rest is text."""
    if isinstance(value, Scalar):
        short = _SHORT.get(kind)
        return {short: text_of(value)} if short else {}
    if not isinstance(value, Map):
        return {}
    return {
        key.text: _value(kind, key.text, one)
        for key, one in value.entries
        if not (isinstance(one, Scalar) and one.left_out)
    }


def _places(kind: str, value: Node) -> Mapping[str, Place]:
    if isinstance(value, Map):
        return places_of(value)
    short = _SHORT.get(kind)
    return {short: start_of(value)} if short else {}


def _value(kind: str, key: str, node: Node) -> Any:
    if not isinstance(node, Scalar):
        return plain(node)
    if kind == "set" and key == "to":
        return expression_of(node)
    if key == "several":
        return bool(truth(node.text))
    return text_of(node)
