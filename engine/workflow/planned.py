"""Effects as a definition writes them, made ready once so that firing only fills in facts.

`plan` turns the written effects of one place (a transition, a state's enter or leave, a deadline's `then`)
into a Plan; `Plan.at` gives the values for one firing. It must not know states or transitions, and performs
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.expressions import dump
from engine.language.model import Effect, Expression, Stack
from engine.workflow import effects as fx
from engine.workflow import facts as facts_
from engine.workflow.guards import CaseReader, Guard
from engine.workflow.questions import each_section, find_question


@dataclass(frozen=True, slots=True)
class Firing:
    """What the effects of one firing may draw on. `role` is the one in which the person acted."""

    facts: Mapping[str, Any]
    read: CaseReader
    person: str | None = None
    role: str | None = None
    reason: str | None = None


Worker = Callable[[Firing], Iterable[fx.EffectValue]]
# Compiles a value for a field of the record.
Values = Callable[[Expression, str], Guard]


class Plan:
    """Effects in order. Those that no fact can change are worked out when the workflow is compiled."""

    __slots__ = ("_parts", "static")

    def __init__(self, parts: Sequence[fx.EffectValue | Worker]) -> None:
        self._parts = tuple(parts)
        fixed = [part for part in self._parts if not callable(part)]
        self.static = tuple(fixed) if len(fixed) == len(self._parts) else None

    def __add__(self, other: Plan) -> Plan:
        return Plan((*self._parts, *other._parts))

    def at(self, firing: Firing) -> tuple[fx.EffectValue, ...]:
        """The effects of one firing."""
        if self.static is not None:
            return self.static
        found: list[fx.EffectValue] = []
        for part in self._parts:
            if callable(part):
                found.extend(part(firing))
            else:
                found.append(part)
        return tuple(found)


NOTHING = Plan(())


def plan(written: Iterable[Effect], stack: Stack, value: Values) -> Plan:
    """The effects as written, ready."""
    return Plan([_READY[one.kind](one.settings, stack, value) for one in written])


def approvals(approve: Iterable[str], send_back: Iterable[str]) -> Plan:
    """What a transition's `approve` and `return` do to submissions."""
    parts: list[fx.EffectValue | Worker] = [fx.Approve(form) for form in approve]
    parts += [_sender_back(form) for form in send_back]
    return Plan(parts)


def _sender_back(form: str) -> Worker:
    return lambda firing: (fx.SendBack(form, firing.reason or ""),)


def _start(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    workflow, source, several = settings["workflow"], settings.get("on"), bool(settings.get("several"))
    if source is None:
        return fx.StartWorkflow(workflow, several=several)
    return lambda firing: (fx.StartWorkflow(workflow, record, several) for record in _several(firing, source))


def _await(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    workflow, state, source = settings["workflow"], settings.get("state"), settings.get("on")
    if source is None:
        return fx.Await(workflow, state)
    return lambda firing: (fx.Await(workflow, state, record) for record in _several(firing, source))


def _share(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    whom, source, asked = settings.get("with"), settings.get("from"), settings.get("consent")
    forms = settings.get("forms") or ()
    said = {"what": settings.get("what"), "ground": settings.get("ground"), "asked": asked}
    named = _labels(source, stack) if source else {}

    def decided(firing: Firing) -> Iterator[fx.EffectValue]:
        consent = facts_.answer(firing.facts, asked) if asked else None
        chosen = _several(firing, source) if source else []
        for agency in [whom] if whom else [named.get(one, one) for one in chosen]:
            yield fx.Share(
                agency, **said, forms=(forms,) if isinstance(forms, str) else tuple(forms),
                consent=consent, reason=firing.reason,
            )  # fmt: skip

    return decided


def _open(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    return fx.OpenForm(settings["form"], settings.get("for"))


def _notify(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    return fx.Notify(settings["role"], settings.get("message"))


def _assign(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    role, to = settings.get("role"), settings.get("to", "actor")

    def assigned(firing: Firing) -> Iterator[fx.EffectValue]:
        people = [firing.person] if to == "actor" else _several(firing, to)
        for person in people:
            if person:
                yield fx.Assign(role or firing.role, person)

    return assigned


def _mark(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    source = settings.get("from")
    if source is None:
        return fx.Mark(settings["list"], settings["option"])
    list_id, each = _list_of(source, stack), each_section(stack, source) is not None

    def marks(firing: Firing) -> Iterator[fx.EffectValue]:
        for record, option, told in _marked(firing, source, each):
            yield fx.Mark(list_id, option, record, told.get("from"), told.get("to"), told.get("why"))

    return marks


def _end_mark(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    source, why = settings.get("from"), settings.get("why")
    if source is None:
        return fx.EndMark(settings["list"], settings["option"], why)
    list_id, each = _list_of(source, stack), each_section(stack, source) is not None
    return lambda firing: (
        fx.EndMark(list_id, option, why, record) for record, option in _by_record(firing, source, each)
    )


def _action(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    source = settings["from"]
    each = each_section(stack, source) is not None
    question = find_question(stack, source)
    asked = [one.id for one in question.questions if one.type == "action"] if question is not None else []

    def written(firing: Firing) -> Iterator[tuple[Mapping[str, Any], str | None, str | None]]:
        """What may be an action, what it is known by, so that it is added once, and the record it is about."""
        if each and question is not None and question.type == "action":
            section, _, name = source.rpartition(".")
            for record, row in facts_.each_row(firing.facts, section):
                yield row.get(name) or {}, f"{record}.{name}", record
            return
        found = facts_.answer(firing.facts, source) or ()
        if isinstance(found, Mapping):
            yield found, source, None
            return
        for row in found:
            key = row.get("_row")
            if not asked:
                yield row, key, key if each else None
            for one in asked:
                yield row.get(one) or {}, f"{key}.{one}" if key else None, key if each else None

    def actions(firing: Firing) -> Iterator[fx.EffectValue]:
        for parts, key, record in written(firing):
            known: dict[str, Any] = {name: parts.get(name) for name in _ACTION_PARTS}
            if any(value not in (None, "") for value in known.values()):
                yield fx.AddAction(**{**known, "what": known["what"] or ""}, source=key, record=record)

    return actions


_ACTION_PARTS = ("what", "social_field", "owner", "due", "measure", "progress")


def _link(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    source, purpose = settings["from"], settings.get("purpose") or ""
    each = each_section(stack, source) is not None
    return lambda firing: (
        fx.Link(other, purpose, record) for record, other in _by_record(firing, source, each)
    )


def _set(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    field, guard = settings["field"], value(settings["to"], settings["field"])
    return lambda firing: (fx.SetField(field, dump(guard.run(firing.read))),)


def _close(settings: Mapping[str, Any], stack: Stack, value: Values) -> fx.EffectValue | Worker:
    return fx.CloseRecord()


_READY: Mapping[str, Callable[[Mapping[str, Any], Stack, Values], fx.EffectValue | Worker]] = {
    "start": _start,
    "await": _await,
    "share": _share,
    "open": _open,
    "notify": _notify,
    "assign": _assign,
    "mark": _mark,
    "end_mark": _end_mark,
    "action": _action,
    "link": _link,
    "set": _set,
    "close": _close,
}


def _several(firing: Firing, source: str) -> list[str]:
    """The answer at FORM.question as a list, however many it allows."""
    found = facts_.answer(firing.facts, source)
    return _each(found)


def _each(found: Any) -> list[str]:
    """One answer or several as a list: markers by their options."""
    if found is None or found == "":
        return []
    return list(found) if isinstance(found, (list, tuple, Mapping)) else [found]


def _by_record(firing: Firing, source: str, each: bool) -> list[tuple[str | None, str]]:
    """The answers at `source`, each with the record whose part it was given in; None for what is shared."""
    if not each:
        return [(None, one) for one in _several(firing, source)]
    section, _, question = source.rpartition(".")
    found: list[tuple[str | None, str]] = []
    for record, row in facts_.each_row(firing.facts, section):
        found += [(record, one) for one in _each(row.get(question)) if one]
    return found


def _marked(firing: Firing, source: str, each: bool) -> Iterator[tuple[str | None, str, Mapping[str, Any]]]:
    """The options at `source`, each with its record and what is known of it; only a marker question knows anything."""
    if each:
        section, _, question = source.rpartition(".")
        cells: list[tuple[str | None, Any]] = [
            (record, row.get(question)) for record, row in facts_.each_row(firing.facts, section)
        ]
    else:
        cells = [(None, facts_.answer(firing.facts, source))]
    for record, cell in cells:
        for option in _each(cell):
            if option:
                yield record, option, (cell.get(option) or {}) if isinstance(cell, Mapping) else {}


def _labels(source: str, stack: Stack) -> Mapping[str, str]:
    """What the options of the question at FORM.question are called; nothing where it has none."""
    question = find_question(stack, source)
    options = stack.lists.get(question.options) if question is not None and question.options else None
    return {one.id: one.label for one in options.options} if options is not None else {}


def _list_of(source: str, stack: Stack) -> str:
    question = find_question(stack, source)
    return (question.options if question is not None else None) or source
