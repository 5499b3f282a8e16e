"""What needs somebody now and why: tasks, forms begun, forms sent back, cases that wait for their decision.

One list, in the order in which things press, paged and counted where it is read, so that nothing is missed however
much there is. Every line is asked for through access; counts are counts of the lines that this person may be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from engine.casework import (
    access,
    agreed,
    allocations,
    audit,
    carrying,
    coming_back,
    hands,
    likeness,
    listing,
    narrowing,
    queries,
    reach,
    standing,
    urgency,
)
from engine.casework.needs import Need, Needs, pages, totals
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import (
    action,
    case_wait,
    query,
    record,
    submission,
    task,
)
from engine.casework.tables import case as cases_
from engine.casework.values import Allocation, Submission
from engine.casework.whose import PEOPLE, Asked, Whose

KEPT_BACK = "kept_back"


def mine(desk: Desk, **asked: Any) -> Asked:
    """What needs the person at this desk."""
    return Asked(people=(desk.person,) if desk.person else (), pool=True, **asked)


def now(desk: Desk, asked: Asked, *, page: int = 1, size: int = 50) -> Needs:
    """One page of what is asked for, the most pressing first."""
    found = _Sought(desk, asked)
    page = max(page, 1)
    rows = found.lines(page, size)
    if not rows and page > 1:
        # There is no such page; the first line of the first says how many there are.
        page = pages(found.lines(1, 1), size)
        rows = found.lines(page, size)
    for row in rows:
        audit.viewed(desk, row.record, "actions.viewed" if row.kind == "action" else "record.listed")
    return Needs(tuple(found.told(rows)), totals(rows), page, pages(rows, size))


class _Sought:
    """The parts of one question. The statement holds nobody's values but those of a search, and is made once for all
    who ask alike; see `standing`."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.desk, self.asked, self.whose = desk, asked, Whose(desk, asked)

    def lines(self, page: int, size: int) -> list[Any]:
        """The lines of one page, each with how many there are on all pages, by how they press."""
        asked = self.asked
        key = ("needs", self.whose.shape, asked.kind, asked.overdue, size)
        narrowed = asked.type or asked.workflow or asked.words
        make = partial(self._lines, size)
        wanted = make() if narrowed else standing.made_once(self.desk, key, make)
        which = {"before": (page - 1) * size, "sunday": urgency.sunday(self.desk.today)}
        values = {**self.whose.values, **which, KEPT_BACK: []}
        if self.whose.own:
            held = partial(self.whose.held, query.c.record, query.c.case)
            values[KEPT_BACK] = queries.kept_back(self.desk, held, values)
        return self.desk.rows(wanted, values)

    def _lines(self, size: int) -> Select[Any]:
        every = self.all().subquery()
        in_group = urgency.conditions(every.c.due, every.c.back, reach.VIEWER.today)
        numbers = [func.count(case((how, 1))).over().label(f"in_{one}") for one, how in in_group.items()]
        return (
            select(every, *numbers)
            .order_by(urgency.place(in_group), every.c.due.is_(None), every.c.due, every.c.since, every.c.id)
            .limit(size)
            .offset(bindparam("before", type_=Integer()))
        )

    def all(self) -> CompoundSelect[Any]:
        parts: dict[str, Callable[[], Select[Any]]] = {
            "task": lambda: self._tasks().where(task.c.kind != "form"),
            "action": lambda: agreed.lines(self.desk, self.asked),
            "form": lambda: self._tasks().where(task.c.kind == "form"),
            "draft": self._drafts,
            "returned": self._returned,
            "decision": self._decisions,
        }
        chosen = [parts[self.asked.kind]] if self.asked.kind in parts else list(parts.values())
        return union_all(*(self._narrowed(one()) for one in chosen))

    # --- What is asked for

    def _tasks(self) -> Select[Any]:
        works_on_it = self.whose.held(task.c.record, task.c.case) if self.whose.own else false()
        nobodys = and_(task.c.person.is_(None), task.c.role.is_(None))
        told = or_(
            task.c.kind.not_in(("own", "query")),
            task.c.person == reach.VIEWER.person,
            task.c.made_by == reach.VIEWER.person,
            task.c.role.in_(sorted(self.desk.roles)),
            and_(task.c.kind == "own", narrowing.whole(self.desk)),
            and_(task.c.kind == "query", nobodys, works_on_it, self._readable) if self.whose.own else false(),
        )
        return (
            self._select(
                case((task.c.kind == "form", "form"), else_="task"),
                task,
                task.c.due,
                task.c.made_at,
                case((task.c.kind == "form", coming_back.returned_for(self.desk, task))),
            )
            .where(task.c.done_at.is_(None), access.visible(self.desk), told)
            .where(self.whose.tasks(task, cases_))
        )

    @cached_property
    def _readable(self) -> ColumnElement[bool]:
        """What is asked at an answer is told to nobody who works on the case but does not see that answer."""
        return and_(narrowing.whole(self.desk), ~among(task.c.what, KEPT_BACK))

    def _drafts(self) -> Select[Any]:
        mine = submission.c.begun_by == reach.VIEWER.person
        theirs = or_(among(submission.c.begun_by, PEOPLE), among(submission.c.changed_by, PEOPLE))
        return (
            self._select(
                literal("draft"),
                submission,
                urgency.due_of(cases_),
                submission.c.begun_at,
                coming_back.returned_for(self.desk, submission),
            )
            .where(submission.c.state == "draft", or_(submission.c.case.is_not(None), mine))
            .where(theirs if not self.asked.everyone else submission.c.id.is_not(None))
            .where(narrowing.forms(self.desk), self._unasked(), self._by_role())
        )

    def _returned(self) -> Select[Any]:
        again, theirs = coming_back.not_begun_again(), among(submission.c.submitted_by, PEOPLE)
        return (
            self._select(
                literal("returned"),
                submission,
                urgency.due_of(cases_),
                submission.c.decided_at,
                submission.c.id,
            )
            .where(submission.c.state == "returned", cases_.c.closed_at.is_(None), again)
            .where(theirs if not self.asked.everyone else submission.c.id.is_not(None))
            .where(narrowing.forms(self.desk), self._unasked(), self._by_role())
        )

    def _decisions(self) -> Select[Any]:
        """Open cases that one of these people can move on, where no form is still to be written first."""
        stands = tuple_(cases_.c.stack, cases_.c.workflow, cases_.c.state)
        places = hands.moved_by(self.whose.stands, self.whose.wanted_roles)
        theirs = [
            and_(stands.in_(there), self.whose.hand(cases_.c.record, cases_.c.id, roles))
            for roles, there in places.items()
        ]
        writing = task.alias()
        first = exists().where(
            writing.c.authority == cases_.c.authority,
            writing.c.case == cases_.c.id,
            writing.c.done_at.is_(None),
            or_(writing.c.kind == "form", self.whose.tasks(writing, cases_)),
        )
        waits = exists().where(
            case_wait.c.authority == cases_.c.authority,
            case_wait.c.case == cases_.c.id,
            case_wait.c.ended_at.is_(None),
        )
        verb = "decide" if self.whose.own and not self.asked.everyone else "view"
        return (
            select(
                literal("decision").label("kind"),
                cases_.c.id.label("id"),
                cases_.c.record.label("record"),
                cases_.c.id.label("case"),
                urgency.due_of(cases_).label("due"),
                cases_.c.entered.label("since"),
                coming_back.NOTHING.label("back"),
            )
            .join(record, and_(record.c.authority == cases_.c.authority, record.c.id == cases_.c.record))
            .where(
                cases_.c.authority == reach.VIEWER.authority,
                cases_.c.closed_at.is_(None),
                or_(false(), *theirs),
                narrowing.cases(self.desk),
                narrowing.cases(self.desk, verb),
                ~first,
                ~waits,
            )
        )

    def _unasked(self) -> ColumnElement[bool]:
        """No task of theirs says the same already."""
        asks, within = task.alias(), cases_.alias()
        same = or_(
            asks.c.submission == submission.c.id,
            and_(asks.c.case == submission.c.case, asks.c.form == submission.c.form),
        )
        return ~exists(
            select(literal(1))
            .select_from(
                asks.outerjoin(
                    within, and_(within.c.authority == asks.c.authority, within.c.id == asks.c.case)
                )
            )
            .where(
                asks.c.authority == submission.c.authority,
                asks.c.done_at.is_(None),
                asks.c.kind == "form",
                same,
                self.whose.tasks(asks, within),
            )
            .correlate(submission)
        )

    def _by_role(self) -> ColumnElement[bool]:
        """What somebody began is theirs, in no role: it is not among what waits for a role."""
        return false() if self.asked.role else submission.c.id.is_not(None)

    # --- The shape of a line

    def _select(
        self,
        kind: ColumnElement[Any],
        table: FromClause,
        due: Any,
        since: ColumnElement[Any],
        back: ColumnElement[Any],
    ) -> Select[Any]:
        return (
            select(
                kind.label("kind"),
                table.c.id.label("id"),
                table.c.record.label("record"),
                table.c.case.label("case"),
                due.label("due"),
                since.label("since"),
                back.label("back"),
            )
            .join(record, and_(record.c.authority == table.c.authority, record.c.id == table.c.record))
            .outerjoin(cases_, and_(cases_.c.authority == table.c.authority, cases_.c.id == table.c.case))
            .where(table.c.authority == reach.VIEWER.authority)
        )

    def _narrowed(self, wanted: Select[Any]) -> Select[Any]:
        asked = self.asked
        if asked.type:
            wanted = wanted.where(record.c.type == asked.type)
        if asked.workflow:
            wanted = wanted.where(cases_.c.workflow == asked.workflow)
        if asked.overdue:
            wanted = wanted.where(wanted.selected_columns.due < reach.VIEWER.today)
        for word in likeness.sought(asked.words):
            wanted = wanted.where(record.c.name_words.contains(word, autoescape=True))
        return wanted

    # --- Said

    def told(self, rows: Sequence[Any]) -> Iterable[Need]:
        """The rows of a page as lines, all that belongs to them asked for once."""
        desk = self.desk
        by_case = desk.by_id(cases_, {row.case for row in rows if row.case})
        about = desk.by_id(record, {row.record for row in rows})
        held = allocations.of_cases(desk, list(by_case.values()))
        tasks = desk.by_id(task, {row.id for row in rows if row.kind in ("task", "form")})
        actions = desk.by_id(action, {row.id for row in rows if row.kind == "action"})
        access.foresee(desk, {one.record for one in actions.values()})
        forms = self._forms(rows, tasks)
        stands = {one.place: one for one in self.whose.stands}
        for row in rows:
            within = by_case.get(row.case)
            stand = stands.get((within.stack, within.workflow, within.state)) if within else None
            holders = tuple(held.get(row.case, ()))
            back = forms.get(row.back) if row.back else None
            common: dict[str, Any] = {
                "kind": row.kind,
                "id": row.id,
                "record": row.record,
                "record_name": about[row.record].name,
                "record_type": about[row.record].type,
                "due": row.due,
                "since": row.since,
                "case": row.case,
                "workflow": within.workflow if within else None,
                "state": within.state if within else None,
                "stack": within.stack if within else None,
                "holders": tuple(one.person for one in holders if one.person),
            }
            if row.kind in ("task", "form"):
                yield self._of_task(tasks[row.id], stand, holders, forms, common, back)
            elif row.kind == "action":
                ends = access.may(desk, "edit", row.record)
                plain = actions[row.id]
                yield Need(**common, why="named", label=plain.what, revision=plain.revision if ends else None)
            elif row.kind == "decision":
                roles = self.whose.wanted_roles
                ways = tuple(name for name, by in (stand.ways if stand else ()) if by & roles)
                role = next(iter(sorted(roles & (stand.movers if stand else frozenset()))), None)
                why = "holder" if self.whose.holds(holders) else "role"
                yield Need(**common, why=why, role=role, ways=ways)
            else:
                found = forms.get(row.id)
                why = "begun" if row.kind == "draft" else "sent"
                yield Need(**common, why=why, **_of_form(found, back))

    def _of_task(
        self,
        row: Any,
        stand: hands.Stand | None,
        holders: Sequence[Allocation],
        forms: Mapping[str, Submission],
        common: Mapping[str, Any],
        back: Submission | None,
    ) -> Need:
        form_roles = dict(stand.forms).get(row.form, frozenset()) if stand and row.form else frozenset()
        role = row.role or next(iter(sorted(form_roles & self.whose.roles or form_roles)), None)
        why = "named" if row.person else "holder" if self.whose.holds(holders) or role is None else "role"
        written = forms.get(row.submission or f"{row.case}.{row.form}")
        more = {
            **_of_form(written, back),
            "form": row.form,
            "query": row.what if row.kind == "query" else None,
        }
        return Need(**common, why=why, role=role, label=row.label, asked=row.kind, **more)

    def _forms(self, rows: Sequence[Any], tasks: Mapping[str, Any]) -> dict[str, Submission]:
        """The forms that lines are about, by id and by case and form, as this person may see them."""
        ids = {row.id for row in rows if row.kind in ("draft", "returned")}
        ids |= {one.submission for one in tasks.values() if one.submission} | {
            row.back for row in rows if row.back
        }
        pairs = sorted({(one.case, one.form) for one in tasks.values() if one.form and one.case})
        which: list[ColumnElement[bool]] = [submission.c.id.in_(sorted(ids))] if ids else []
        if pairs:
            within = tuple_(submission.c.case, submission.c.form).in_(pairs)
            which.append(and_(within, submission.c.state.in_(("draft", "returned"))))
        if not which:
            return {}
        found: dict[str, Submission] = {}
        # Oldest first, so that the newest of a form in a case is the one that is told; a draft before what came back.
        for one in reversed(listing.listed(self.desk, or_(*which))):
            found[one.id] = one
            found[f"{one.case}.{one.form}"] = one
        return found


def _of_form(found: Submission | None, back: Submission | None) -> dict[str, Any]:
    said = {"sent_back": back.reason or "", "back": back.decided_at} if back is not None else {}
    if found is None:
        return said
    draft = found.state == "draft"
    return said | {
        "form": found.form,
        "submission": found.id if draft else None,
        "to_confirm": len(carrying.unconfirmed(found.carried, found.answers)) if draft else 0,
    }
