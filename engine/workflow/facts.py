"""Facts: what a workflow's conditions may read, in one shape whoever provides them.

    {"record": {field: answer, …, "markers": [rows], "links": [rows], "actions": [rows], "latest": {FORM:
    answers}}, "case": {"awaits": [workflows], "awaited": {WORKFLOW: state}, …},
     FORM: {question: answer, …, "_state": "submitted"}}

A form's key stands for its newest submission in this case that is submitted, approved or returned; drafts are
never here. `_state` is one of submitted (also when left out), approved, returned. Rows of `record.markers`
hold kind, list, from, to; of `record.links` type, other, from, to, purpose; of `record.actions` social_field,
due, progress; only those in force today. `awaits` are workflows that the case waits for now, `awaited` says
where each one stands that it waits or has waited for. Answers are JSON as everywhere. This module must not know
expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.workflow import effects as fx

SUBMITTED, APPROVED, RETURNED = "submitted", "approved", "returned"
NOT_FORMS = frozenset({"record", "case"})
STANDING = frozenset((SUBMITTED, APPROVED))

Facts = Mapping[str, Any]


def form_state(facts: Facts, form: str) -> str | None:
    """submitted, approved or returned; None where there is no submission of the form in this case."""
    answers = facts.get(form)
    if answers is None:
        return None
    return answers.get("_state", SUBMITTED)


def in_force(facts: Facts, form: str) -> bool:
    """Whether conditions may read this form's answers: submitted or approved, not returned."""
    return form_state(facts, form) in STANDING


def awaits(facts: Facts) -> tuple[str, ...]:
    """The workflows whose cases this case waits for: while there are any, nothing moves it on by itself."""
    case = facts.get("case")
    return tuple(case.get("awaits") or ()) if case else ()


def moved_on(facts: Facts) -> Facts:
    """The facts of a case that has left its state: what it waited for there holds nothing back any more."""
    return {**facts, "case": {**facts["case"], "awaits": ()}} if awaits(facts) else facts


def answer(facts: Facts, path: str) -> Any:
    """The answer at FORM.question (deeper names are taken step by step), or None where there is none."""
    form, *names = path.split(".")
    if form not in NOT_FORMS and not in_force(facts, form):
        return None
    value: Any = facts.get(form)
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else _column(value, name)
    return value


def _column(rows: Any, name: str) -> list[Any] | None:
    """What rows answered to one question, one after the other."""
    if not isinstance(rows, (list, tuple)):
        return None
    found: list[Any] = []
    for row in rows:
        cell = row.get(name) if isinstance(row, Mapping) else None
        found += cell if isinstance(cell, (list, tuple)) else [] if cell in (None, "") else [cell]
    return found


def each_row(facts: Facts, path: str) -> list[tuple[str, Any]]:
    """The rows that a form about several records answered at FORM.SECTION: each with its record's id."""
    rows = answer(facts, path)
    listed = rows if isinstance(rows, (list, tuple)) else ()
    return [(row["_row"], row) for row in listed if isinstance(row, Mapping) and row.get("_row")]


def normalised(
    record: Mapping[str, Any] | None = None,
    forms: Mapping[str, Mapping[str, Any]] | None = None,
    case: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Facts in their one shape: missing parts filled in, every form with its `_state`, drafts left out."""
    facts: dict[str, Any] = {"record": dict(record or {}), "case": dict(case or {})}
    for name in ("markers", "links", "actions"):
        facts["record"].setdefault(name, [])
    for form, answers in (forms or {}).items():
        state = answers.get("_state", SUBMITTED)
        if state in (SUBMITTED, APPROVED, RETURNED):
            facts[form] = {**answers, "_state": state}
    return facts


def after(facts: Facts, happened: Iterable[fx.EffectValue], on: date) -> Facts:
    """The facts as they are once these effects have been performed.

    Whoever keeps real records reads them anew instead; this is for what follows at once, before anything is
    kept.
    """
    changed = dict(facts)
    for effect in happened:
        match effect:
            case fx.Approve(form):
                changed[form] = {**changed.get(form, {}), "_state": APPROVED}
            case fx.SendBack(form):
                changed[form] = {**changed.get(form, {}), "_state": RETURNED}
            case fx.SetField(field, value):
                changed["record"] = {**changed.get("record", {}), field: value}
            case fx.Mark(list_id, option) if _own(facts, effect.record):
                row = {"list": list_id, "kind": option, "from": effect.since or on.isoformat()}
                kept = _others(_rows(changed, "markers"), list_id, option)
                over = effect.until is not None and effect.until <= on.isoformat()
                _replace(changed, "markers", kept if over else [*kept, row])
            case fx.EndMark(list_id, option) if _own(facts, effect.record):
                _replace(changed, "markers", _others(_rows(changed, "markers"), list_id, option))
            case fx.Link(record, purpose) if _own(facts, effect.of):
                row = {"other": record, "purpose": purpose, "from": on.isoformat()}
                _replace(changed, "links", [*_rows(changed, "links"), row])
            case fx.Await(workflow):
                waits = dict.fromkeys((*awaits(changed), workflow))
                changed["case"] = {**(changed.get("case") or {}), "awaits": tuple(waits)}
            case fx.AddAction() if _own(facts, effect.record):
                _replace(changed, "actions", [*_rows(changed, "actions"), effect.as_row()])
            case _:
                pass
    return changed


def _own(facts: Facts, record: str | None) -> bool:
    """Whether an effect is on the case's own record, not on another that a form of it is about as well."""
    return record is None or record == (facts.get("record") or {}).get("id")


def _others(rows: list[Mapping[str, Any]], list_id: str, option: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if (row.get("list", list_id), row.get("kind")) != (list_id, option)]


def _rows(facts: Facts, name: str) -> list[Mapping[str, Any]]:
    return list(facts.get("record", {}).get(name) or ())


def _replace(facts: dict[str, Any], name: str, rows: list[Mapping[str, Any]]) -> None:
    facts["record"] = {**facts.get("record", {}), name: rows}
