"""Who may do what: decided from the live definitions, deny by default, in one place.

Each rule is written once, as a condition on the record table. `visible` is that condition as a filter on any
query; `grants` asks the same condition of one record. Restrictions beat rules; what is missing denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, or_, select, true

from engine.casework import audit, ids, reach, standing
from engine.casework.errors import NotFound, NotPermitted
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import record
from engine.language.model import AccessRule, Form, Question, RecordType

VERBS = frozenset({"view", "edit", "submit", "create", "link", "note", "decide", "destroy", "restrict"})


@dataclass(frozen=True, slots=True)
class Grants:
    """What one person may do with one record: the rules that hold, and what is taken from them."""

    rules: tuple[AccessRule, ...]
    taken: frozenset[tuple[str, str]]
    """(role, what): forms, sections, questions and sensitivities that `not` takes from a role's rules."""
    everything: bool = False
    glass: bool = False
    linked_only: bool = False
    """Whether a link is all that lets the person see it: then nothing may tell who else is linked."""

    def may(
        self,
        verb: str,
        *,
        form: str | None = None,
        section: str | None = None,
        question: str | None = None,
        sensitivity: str | None = None,
        state: str | None = None,
    ) -> bool:
        """Whether `verb` is allowed on the part named. Naming a form asks about submissions of that form."""
        if self.everything:
            return True
        parts = {"forms": form, "sections": section, "questions": question, "sensitivities": sensitivity}
        return any(
            self._speaks_of(rule, verb, form)
            and self._reaches(rule, parts)
            and (not rule.states or state is None or state in rule.states)
            for rule in self.rules
        )

    def _reaches(self, rule: AccessRule, parts: dict[str, str | None]) -> bool:
        if any((rule.role, part) in self.taken for part in parts.values() if part is not None):
            return False
        # Asked of a whole, a rule for some parts says that there is something there. Asked of one question, every
        # narrowing must name what it stands in: a rule for a form is none for the record's own fields.
        strict = parts["questions"] is not None
        for narrow, part in parts.items():
            named_parts = getattr(rule, narrow)
            if named_parts and part not in named_parts and (strict or part is not None):
                return False
        return True

    @staticmethod
    def _speaks_of(rule: AccessRule, verb: str, form: str | None) -> bool:
        """A rule for some forms lets nobody change the record itself; to see that it is there, it is enough."""
        return verb in rule.may and (verb == "view" or form is not None or not rule.forms)

    @property
    def whole(self) -> bool:
        """Whether some rule lets the person see the record as such, not only some parts: notes, links and the like."""
        return self.everything or any(
            "view" in rule.may and not (rule.forms or rule.sections or rule.questions or rule.sensitivities)
            for rule in self.rules
        )

    def sees(
        self, question: Question, *, form: Form | None = None, section: str | None = None, verb: str = "view"
    ) -> bool:
        return self.may(
            verb,
            form=form.id if form else None,
            section=section,
            question=question.id,
            sensitivity=question.sensitive,
        )


EVERYTHING = Grants((), frozenset(), everything=True)
NOTHING = Grants((), frozenset())


def grants(desk: Desk, record_id: str, *, closed_book: bool = True) -> Grants:
    """What this person may do with a record. Raises NotFound where that is nothing, and leaves a trace of it."""
    if record_id not in desk.grants:
        desk.grants[record_id] = _grants(desk, record_id)
    found = desk.grants[record_id]
    if closed_book and not found.everything and not any("view" in rule.may for rule in found.rules):
        audit.refused(desk, "view", record_id)
        raise NotFound("record")
    return found


def foresee(desk: Desk, record_ids: Iterable[str]) -> None:
    """Ask what this person may do with many records at once, so that a list does not ask for each of its lines."""
    wanted = sorted(set(record_ids) - desk.grants.keys())
    if wanted and not desk.system:
        desk.grants.update(_grants_of(desk, wanted))


def _grants(desk: Desk, record_id: str) -> Grants:
    if desk.system:
        return EVERYTHING if _is_there(desk, record_id) else NOTHING
    return _grants_of(desk, [record_id])[record_id]


def _grants_of(desk: Desk, record_ids: Sequence[str]) -> dict[str, Grants]:
    rules = [rule for rule in desk.stack.access.rules if rule.role in desk.roles]
    # Each condition is asked once, however many rules share it; the statement is made once for all who ask alike.
    conditions = tuple(dict.fromkeys(reach.when_of(rule) for rule in rules))
    statement = desk.store.cache.get(("grants", conditions))
    if statement is None:
        statement = desk.store.cache["grants", conditions] = standing.kept_whole(_asking(conditions))
    rows = desk.run(statement, {"records": list(record_ids), **reach.values(desk)})
    found = {row.id: _held(row, rules, conditions) for row in rows}
    return {one: found.get(one, NOTHING) for one in record_ids}


def _held(found: Any, rules: Sequence[AccessRule], conditions: Sequence[reach.When]) -> Grants:
    """What the rules come to for one record, by what was found to hold of it."""
    if found.barred:
        return NOTHING
    of_type = [rule for rule in rules if _about(rule, found.type)]
    taken = frozenset((rule.role, part) for rule in of_type for part in rule.never)
    held = [
        rule
        for rule in of_type
        if found.unrestricted and getattr(found, f"when{conditions.index(reach.when_of(rule))}")
    ]
    linked_only = all(rule.when == "linked" for rule in held if "view" in rule.may)
    if found.glass:
        # Breaking the glass opens to view what the person's roles could ever view, and no more.
        opened = [
            AccessRule(
                rule.id,
                rule.role,
                rule.records,
                ("view",),
                forms=rule.forms,
                sections=rule.sections,
                questions=rule.questions,
                sensitivities=rule.sensitivities,
            )
            for rule in of_type
            if "view" in rule.may
        ]
        return Grants((*held, *opened), taken, glass=bool(opened), linked_only=linked_only)
    return Grants(tuple(held), taken, linked_only=linked_only)


def _asking(conditions: tuple[reach.When, ...]) -> Select[Any]:
    """The question that `grants` asks of records, for whoever asks it."""
    who = reach.VIEWER
    return select(
        record.c.id,
        record.c.type,
        reach.unrestricted(who).label("unrestricted"),
        reach.barred(who).label("barred"),
        reach.glass_broken(who).label("glass"),
        *(reach.holds(who, when).label(f"when{number}") for number, when in enumerate(conditions)),
    ).where(
        record.c.authority == who.authority,
        among(record.c.id, "records"),
        record.c.destroyed_at.is_(None),
    )


def _is_there(desk: Desk, record_id: str) -> bool:
    here = and_(record.c.authority == desk.authority, record.c.id == record_id)
    return desk.run(select(record.c.id).where(here, record.c.destroyed_at.is_(None))).first() is not None


def may(desk: Desk, verb: str, record_id: str, **part: Any) -> bool:
    """Whether the person may do `verb` to the record (or the part named: form, section, question, state)."""
    found = grants(desk, record_id, closed_book=False)
    return found.may("view", **part) and found.may(verb, **part)


def require(desk: Desk, verb: str, record_id: str, **part: Any) -> Grants:
    """Grants that include `verb`. What may not be seen is NotFound; what may be seen but not done NotPermitted."""
    found = grants(desk, record_id)
    if not found.may("view", **part):
        audit.refused(desk, "view", record_id)
        raise NotFound("record")
    if not found.may(verb, **part):
        audit.refused(desk, verb, record_id)
        raise NotPermitted(verb)
    return found


def may_create(desk: Desk, type: str) -> bool:
    """Whether the person's roles let them make a record of this type; it depends on no record there is."""
    return may_ever(desk, "create", type)


def may_ever(desk: Desk, verb: str, type: str | None = None) -> bool:
    """Whether some rule of the person's roles speaks of `verb` for records of this type (or of any)."""
    return desk.system or any(
        rule.role in desk.roles and (type is None or _about(rule, type)) and verb in rule.may
        for rule in desk.stack.access.rules
    )


def manages(desk: Desk, job: str) -> bool:
    """Whether the person does a job named under `manage`: people, definitions, audit."""
    return desk.system or bool(desk.roles & set(desk.stack.access.manage.get(job, ())))


def require_job(desk: Desk, job: str) -> None:
    if not manages(desk, job):
        raise NotPermitted(job)


def visible(desk: Desk, verb: str = "view", table: FromClause = record) -> ColumnElement[bool]:
    """The filter that leaves, of a table of records, those on which the person may do `verb`.

    Rules that name single forms show that a record is there, by its name; callers that show a record's own
    fields ask `grants` besides.
    """
    if desk.system:
        return and_(table.c.authority == desk.authority, table.c.destroyed_at.is_(None))
    here = and_(table.c.authority == reach.VIEWER.authority, table.c.destroyed_at.is_(None))
    return and_(here, reaching(desk, verb, table))


Narrow = Callable[[AccessRule], ColumnElement[bool]]
"""What of a thing about a record one rule reaches, as a condition on that thing's own table."""


def reaching(
    desk: Desk, verb: str, table: FromClause, narrow: Narrow | None = None, named: Any = None
) -> ColumnElement[bool]:
    """`visible` without asking whether the record is there, each rule narrowed to what it reaches beside it.

    `named` tells one narrowing from another: with it, or without any, the condition is made once for all who hold the
    same roles, and `Desk.rows` and `Desk.run` say who asks. Who runs it otherwise is refused by the database.
    """
    if narrow is not None and named is None:
        return _reaching(desk, verb, table, narrow)
    key = ("reaching", verb, table, named)
    return standing.made_once(desk, key, lambda: _reaching(desk, verb, table, narrow))


def _reaching(desk: Desk, verb: str, table: FromClause, narrow: Narrow | None) -> ColumnElement[bool]:
    who = reach.VIEWER
    rules = [rule for rule in desk.stack.access.rules if rule.role in desk.roles]

    def part(rule: AccessRule) -> ColumnElement[bool]:
        return narrow(rule) if narrow is not None else true()

    held = [
        and_(reach.of_type(rule, table), reach.holds(who, reach.when_of(rule), table), part(rule))
        for rule in rules
        if verb in rule.may
    ]
    by_rule = and_(reach.unrestricted(who, table), or_(false(), *held))
    opened = (
        [
            and_(reach.of_type(rule, table), part(replace(rule, states=())))
            for rule in rules
            if "view" in rule.may
        ]
        if verb == "view"
        else []
    )
    by_glass = and_(reach.glass_broken(who, table), or_(false(), *opened)) if opened else false()
    return and_(~reach.barred(who, table), or_(by_rule, by_glass))


def steers(desk: Desk) -> bool:
    """Whether some rule lets this person decide on records that they neither hold nor made: who names workers, and
    looks at how work is spread."""
    return desk.system or any(
        rule.role in desk.roles and "decide" in rule.may and rule.when in (None, "team") and not rule.states
        for rule in desk.stack.access.rules
    )


def _about(rule: AccessRule, type: str) -> bool:
    return type in rule.records or "any" in rule.records


# --- Cutting down what is handed out


def hidden_fields(found: Grants, type: RecordType) -> frozenset[str]:
    """Fields of a record that the person may not see; all of them where rules reach only some forms."""
    return frozenset(field.id for field in type.fields if not found.sees(field))


def hidden_questions(found: Grants, form: Form, verb: str = "view") -> frozenset[str]:
    """Questions of a form, by path, that the person may not see (or may not do `verb` to)."""
    if _all_of(found, form, verb):
        return frozenset()
    paths: set[str] = set()
    for section in form.sections:
        for question in section.questions:
            above = f"{section.id}." if section.each else ""
            paths.update(_hidden(found, verb, form, section.id, question, above))
    return frozenset(paths)


def _all_of(found: Grants, form: Form, verb: str) -> bool:
    """Whether one rule alone lets the person do `verb` to a whole form, narrowed by nothing."""
    narrowed = {role for role, _ in found.taken}
    return found.everything or any(
        verb in rule.may
        and rule.role not in narrowed
        and (not rule.forms or form.id in rule.forms)
        and not (rule.sections or rule.questions or rule.sensitivities)
        for rule in found.rules
    )


def _hidden(
    found: Grants, verb: str, form: Form, section: str, question: Question, above: str
) -> Iterable[str]:
    path = f"{above}{question.id}"
    if not found.sees(question, form=form, section=section, verb=verb):
        yield path
        return
    for inner in question.questions:
        yield from _hidden(found, verb, form, section, inner, f"{path}.")


def known_record(desk: Desk, record_id: object) -> str:
    """An id from an address, as an id of a record that this person may see something of."""
    found = ids.known(record_id, "record")
    grants(desk, found)
    return found
