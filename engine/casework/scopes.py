"""Which parts of the index one person may find, as a filter on the query that finds them.

The rules are `access`'s own: a part is found where one rule that lets the person see the record reaches what the
part shows. Must not know what is searched for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select, true

from engine.casework import access
from engine.casework.access import Grants
from engine.casework.findable import Scope
from engine.casework.found_tables import part, scope, thing
from engine.casework.store import Desk
from engine.casework.tables import record
from engine.language.model import AccessRule, Stack

IN_A_CASE = ("case", "form")
"""Kinds of thing that a rule for some states reaches only where their own case is in one of them."""


def visible(desk: Desk, running: FromClause) -> ColumnElement[bool]:
    """The filter on `part` and its `thing`, joined with `record` and with its own case as `running`."""
    if desk.system:
        return access.visible(desk)
    found = _known(desk)

    def shown(rule: AccessRule) -> ColumnElement[bool]:
        stands = _in_its_state(rule, running)
        reached = _reached(desk, rule, found)
        return stands if reached is None else and_(part.c.scope.in_(reached), stands)

    here = and_(record.c.authority == desk.authority, record.c.destroyed_at.is_(None))
    return and_(here, access.reaching(desk, "view", record, shown))


def _known(desk: Desk) -> Mapping[int, Scope]:
    """Every scope there is. They are only ever added, so as many as last time are the same."""
    mine = scope.c.authority == desk.authority
    count = desk.run(select(func.count()).select_from(scope).where(mine)).scalar_one()
    key = ("scopes", desk.authority)
    known: Mapping[int, Scope] = desk.store.cache.get(key, {})
    if len(known) != count:
        known = {row.id: Scope.read(row.says) for row in desk.rows(select(scope).where(mine))}
        desk.store.cache[key] = known
    return known


def _reached(desk: Desk, rule: AccessRule, found: Mapping[int, Scope]) -> Sequence[int] | None:
    """The scopes that a rule reaches; None for all of those of the types that it is about."""
    key = ("reached", desk.stack.hash, desk.authority, rule.id, rule.role, len(found))
    if key not in desk.store.cache:
        about = [(id, one) for id, one in found.items() if not {one.type, "any"}.isdisjoint(rule.records)]
        reached = sorted(id for id, one in about if reaches(rule, desk.stack, one))
        desk.store.cache[key] = None if len(reached) == len(about) else reached
    kept: Sequence[int] | None = desk.store.cache[key]
    return kept


def reaches(rule: AccessRule, stack: Stack, shown: Scope) -> bool:
    """Whether one rule lets its role see what a part shows, of a record of a type that it may be about.

    A record's field is guarded as the live definitions say, an answer as its own form did.
    """
    types = {shown.type, "any"}
    if types.isdisjoint(rule.records):
        return False
    taken = frozenset(
        (one.role, part)
        for one in stack.access.rules
        if not types.isdisjoint(one.records)
        for part in one.never
    )
    held = Grants((rule,), taken)
    match shown.kind:
        case "whole":
            return held.whole
        case "field":
            declared = stack.records.get(shown.type)
            fields = {one.id: one for one in declared.fields} if declared else {}
            field = fields.get(shown.questions[0][0])
            return field is not None and held.sees(field)
        case "form":
            return held.may("view", form=shown.form) and all(
                held.may("view", form=shown.form, section=shown.section, question=one, sensitivity=level)
                for one, level in shown.questions
            )
    return True


def _in_its_state(rule: AccessRule, running: FromClause) -> ColumnElement[bool]:
    if not rule.states:
        return true()
    return or_(thing.c.kind.not_in(IN_A_CASE), running.c.state.is_(None), running.c.state.in_(rule.states))
