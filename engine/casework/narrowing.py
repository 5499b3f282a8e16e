"""Access as a filter on what belongs to records: cases, submissions, and what only those see who see the whole.

Each filter leaves what `Grants.may` would let through one by one, so that a list can be paged and counted where it
is read. The rules themselves are `access` and `reach`'s alone.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, true

from engine.casework import access, reach
from engine.casework.store import Desk
from engine.casework.tables import case, record, submission
from engine.language.model import AccessRule


def cases(
    desk: Desk, verb: str = "view", *, table: FromClause = record, of: FromClause = case
) -> ColumnElement[bool]:
    """Open cases, joined with their records: a rule for cases in some states reaches no other case of the record."""
    return _filter(desk, verb, table, lambda rule: _in_state(rule, of), ("cases", of))


def forms(
    desk: Desk,
    verb: str = "view",
    *,
    table: FromClause = record,
    of: FromClause = submission,
    within: FromClause = case,
) -> ColumnElement[bool]:
    """Submissions, joined with their records and, where they have one, their case."""

    def part(rule: AccessRule) -> ColumnElement[bool]:
        taken = [
            and_(reach.of_type(other, table), of.c.form.in_(other.never))
            for other in desk.stack.access.rules
            if other.role == rule.role and other.never
        ]
        named = of.c.form.in_(rule.forms) if rule.forms else true()
        stands = or_(of.c.case.is_(None), _in_state(rule, within)) if rule.states else true()
        return and_(named, stands, *(~one for one in taken))

    return _filter(desk, verb, table, part, ("forms", of, within))


def whole(desk: Desk, verb: str = "view", *, table: FromClause = record) -> ColumnElement[bool]:
    """Records that this person sees as such, not only some parts; see `Grants.whole`."""

    def part(rule: AccessRule) -> ColumnElement[bool]:
        parts = rule.forms or rule.sections or rule.questions or rule.sensitivities
        return false() if parts else true()

    return _filter(desk, verb, table, part, "whole")


def _filter(
    desk: Desk, verb: str, table: FromClause, part: access.Narrow, named: object
) -> ColumnElement[bool]:
    if desk.system:
        return access.visible(desk, verb, table)
    here = and_(table.c.authority == reach.VIEWER.authority, table.c.destroyed_at.is_(None))
    return and_(here, access.reaching(desk, verb, table, part, named))


def _in_state(rule: AccessRule, cases: FromClause) -> ColumnElement[bool]:
    return cases.c.state.in_(rule.states) if rule.states else true()
