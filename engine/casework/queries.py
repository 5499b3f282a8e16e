"""Questions put to whoever works on a record or case: open until answered, answered until accepted, all of it kept.

A reviewing officer asks about what they read, or at one answer of a form; whoever works on it finds it among their
tasks. Asking is for those who may write notes on the record; answering for whom it is put to, or whoever may decide;
accepting, asking again and taking back for whoever asked, or somebody of the same role, never for whom it is put to.
It is read by those who read notes, and, where it is asked at an answer, only by those of them who see that answer,
besides the two it is between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, update

from engine.casework import (
    access,
    answering,
    audit,
    ids,
    listing,
    once,
    paths,
    reach,
    records,
    standing,
    tasks,
    texts,
)
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, NotFound, NotPermitted
from engine.casework.store import Desk
from engine.casework.tables import person_role, query, query_turn, record, submission

OPEN, ANSWERED, CLOSED, WITHDRAWN = "open", "answered", "closed", "withdrawn"
ASKING = ("asked", "asked_again")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said to and fro in a query; `kind`: asked, answered, asked_again, accepted or withdrawn."""

    number: int
    kind: str
    text: str | None
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Query:
    """A question put to whoever works on a record, with all that was said until it was settled.

    `person` None puts it to whoever works on the case or record. `taken_away`: nobody asked it of somebody, who took
    it from a meeting. `may`: what this person may do with it now: answer, settle (accept, ask again, withdraw).
    """

    id: str
    record: str
    case: str | None
    submission: str | None
    question: str | None
    taken_away: bool
    person: str | None
    due: date | None
    state: str
    asked_by: str | None
    asked_at: datetime
    ended_at: datetime | None
    revision: int
    turns: tuple[Turn, ...]
    overdue: bool
    may: frozenset[str]

    @property
    def text(self) -> str:
        """What is asked, as it was last put."""
        return next(
            (one.text or "" for one in reversed(self.turns) if one.kind in ("asked", "asked_again")), ""
        )

    @property
    def answer(self) -> Turn | None:
        """The newest answer."""
        return next((one for one in reversed(self.turns) if one.kind == "answered"), None)


def ask(
    desk: Desk,
    record_id: str,
    text: str,
    *,
    case: str | None = None,
    person: str | None = None,
    due: date | None = None,
    submission: str | None = None,
    question: str | None = None,
    key: str | None = None,
) -> Query:
    """Put a question. Without `person` it is put to whoever works on the case (or the record).

    Raises NotFound, NotPermitted, CaseworkError for an empty one.
    """
    record_id = ids.known(record_id, "record")
    case_row = cases_.row_of(desk, case) if case else None
    access.require(desk, "note", record_id, state=case_row.state if case_row else None)
    done = once.before(desk, key, "query")
    if done is not None:
        return get(desk, done)
    if case_row is not None and case_row.record != record_id:
        raise NotFound("case")
    if not texts.line(text):
        raise CaseworkError("Write the question.")
    if person is not None and person not in records.people_there(desk, [person]):
        raise NotFound("person")
    if submission is not None:
        at = answering.seen(desk, submission)
        if at.record != record_id or (question and paths.hides(answering.hidden_from(desk, at), question)):
            raise NotFound("submission")
    where = {"case": case_row.id if case_row else None, "submission": submission}
    made = put(
        desk,
        record_id,
        texts.line(text),
        {**where, "question": question if submission else None, "person": person, "due": due},
    )
    once.after(desk, key, "query", made)
    return get(desk, made)


def answer(desk: Desk, query_id: str, text: str, *, revision: int) -> Query:
    """Answer it. What was taken away from a meeting is settled by that; anything else goes back to whoever asked."""
    row = _writable(desk, query_id, revision, "answer")
    if not texts.line(text):
        raise CaseworkError("Write the answer.")
    closes = row.source is not None
    move(desk, row, CLOSED if closes else ANSWERED, "answered", texts.line(text))
    tasks.end_of_query(desk, row)
    if not closes and row.asked_by is not None:
        tasks.of_query(desk, row, last_asked(desk, row.id), person=row.asked_by, due=None)
    return get(desk, row.id)


def accept(desk: Desk, query_id: str, *, revision: int) -> Query:
    """The answer is enough."""
    row = _writable(desk, query_id, revision, "settle")
    if row.state != ANSWERED:
        raise CaseworkError("There is no answer to accept yet.")
    move(desk, row, CLOSED, "accepted", None)
    tasks.end_of_query(desk, row)
    return get(desk, row.id)


def ask_again(
    desk: Desk, query_id: str, text: str, *, revision: int, person: str | None = None, due: date | None = None
) -> Query:
    """Ask once more, in other words or of the same person still: whatever was said so far stays."""
    row = _writable(desk, query_id, revision, "settle")
    if not texts.line(text):
        raise CaseworkError("Write the question.")
    if person is not None and person not in records.people_there(desk, [person]):
        raise NotFound("person")
    whom, by = person or row.person, due or row.due
    move(desk, row, OPEN, "asked_again", texts.line(text), person=whom, due=by)
    tasks.end_of_query(desk, row)
    tasks.of_query(desk, row, texts.line(text), person=whom, due=by)
    return get(desk, row.id)


def withdraw(desk: Desk, query_id: str, why: str, *, revision: int) -> Query:
    """Take it back, saying why; it stays to be read."""
    row = _writable(desk, query_id, revision, "settle")
    if not texts.line(why):
        raise CaseworkError("Say why it need not be answered.")
    move(desk, row, WITHDRAWN, "withdrawn", texts.line(why))
    tasks.end_of_query(desk, row)
    return get(desk, row.id)


def get(desk: Desk, query_id: str) -> Query:
    """One, with all that was said. Raises NotFound."""
    row = row_of(desk, query_id)
    found = _shown(desk, row.record, [row])
    if not found:
        audit.refused(desk, "view", row.record)
        raise NotFound("query")
    audit.viewed(desk, row.record, "query.viewed", item=row.id)
    return found[0]


def of_record(desk: Desk, record_id: str) -> list[Query]:
    """Those on a record, open ones first, then the newest."""
    about = access.known_record(desk, record_id)
    return _listed(desk, about, query.c.record == about)


def of_case(desk: Desk, case_id: str) -> list[Query]:
    """Those of a case, open ones first, then the newest."""
    row = cases_.row_of(desk, case_id)
    access.require(desk, "view", row.record, state=row.state)
    return _listed(desk, row.record, query.c.case == row.id)


def _listed(desk: Desk, record_id: str, which: Any) -> list[Query]:
    here = (query.c.authority == desk.authority) & which
    rows = desk.rows(select(query).where(here).order_by(query.c.asked_at.desc(), query.c.id))
    if rows:
        audit.viewed(desk, record_id, "queries.viewed")
    return sorted(_shown(desk, record_id, rows), key=lambda one: one.ended_at is not None)


# --- Within casework


def put(desk: Desk, record_id: str, text: str, what: dict[str, Any]) -> str:
    """Write a question down with the task it makes; access is the caller's. Returns its id."""
    made = ids.new()
    who = {"asked_by": desk.person, "asked_at": desk.now, "state": OPEN, "revision": 1}
    desk.run(query.insert(), {"authority": desk.authority, "id": made, "record": record_id, **who, **what})
    row = row_of(desk, made)
    _turn(desk, row, 1, "asked", text)
    tasks.of_query(desk, row, text, person=row.person, due=row.due)
    return made


def row_of(desk: Desk, query_id: str, *, lock: bool = False) -> Any:
    this = (query.c.authority == desk.authority) & (query.c.id == ids.known(query_id, "query"))
    wanted = select(query).where(this)
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("query")
    return found


def move(desk: Desk, row: Any, state: str, kind: str, text: str | None, **also: Any) -> None:
    """Write down one thing more that was said, and where it stands by that; access is the caller's."""
    ended = state in (CLOSED, WITHDRAWN)
    stamp = {"ended_at": desk.now if ended else None, "ended_by": desk.person if ended else None}
    this = (query.c.authority == desk.authority) & (query.c.id == row.id) & (query.c.revision == row.revision)
    values = {**stamp, **also, "state": state, "revision": row.revision + 1}
    if not desk.run(update(query).where(this).values(**values)).rowcount:
        raise NotFound("revision")
    _turn(desk, row, row.revision + 1, kind, text)


def _turn(desk: Desk, row: Any, number: int, kind: str, text: str | None) -> None:
    said = {"query": row.id, "number": number, "kind": kind, "text": text, "by": desk.person, "at": desk.now}
    desk.run(query_turn.insert(), {"authority": desk.authority, "id": ids.new(), **said})
    salt = records.row_of(desk, row.record).salt
    digests = audit.digests(desk, salt, {"text": text}) if text else {}
    audit.changed(
        desk, row.record, f"query.{kind}", item=row.id, case=row.case, to=row.person, digests=digests
    )


def _writable(desk: Desk, query_id: str, revision: int, deed: str) -> Any:
    row = row_of(desk, query_id, lock=True)
    found = _shown(desk, row.record, [row])
    if not found:
        audit.refused(desk, "view", row.record)
        raise NotFound("query")
    if row.state in (CLOSED, WITHDRAWN):
        raise CaseworkError("This question is settled already.")
    if deed not in found[0].may:
        raise NotPermitted("query")
    if row.revision != revision:
        raise CaseworkError(
            "Something was added to this question since you opened it. Look at it again first."
        )
    return row


def last_asked(desk: Desk, query_id: str) -> str:
    """What a query asks, as it was last put, whoever asks."""
    found = _turns(desk, [query_id])[query_id]
    return next((one.text or "" for one in reversed(found) if one.kind in ASKING), "")


def _turns(desk: Desk, wanted: Iterable[str]) -> dict[str, list[Turn]]:
    here = (query_turn.c.authority == desk.authority) & query_turn.c.query.in_(sorted(wanted))
    found: dict[str, list[Turn]] = {}
    for one in desk.rows(select(query_turn).where(here).order_by(query_turn.c.number)):
        found.setdefault(one.query, []).append(Turn(one.number, one.kind, one.text, one.by, one.at))
    return found


def _shown(desk: Desk, record_id: str, rows: Sequence[Any]) -> list[Query]:
    """Those of these that this person may read, asked for once for all. They are of one record."""
    grants = access.grants(desk, record_id)
    at = sorted({row.submission for row in rows if row.submission and row.question})
    seen = {one.id: one.hidden for one in listing.listed(desk, submission.c.id.in_(at))} if at else {}
    readable = [row for row in rows if _readable(desk, row, grants, seen)]
    turns = _turns(desk, [row.id for row in readable]) if readable else {}
    alike = _of_my_roles(desk, {row.asked_by for row in readable if row.asked_by and row.ended_at is None})
    return [_query(desk, row, grants, tuple(turns.get(row.id, ())), alike) for row in readable]


def kept_back(desk: Desk, held: Callable[[], ColumnElement[bool]], values: Mapping[str, Any]) -> list[str]:
    """Ids of open queries, put to whoever works on it, at answers that this person does not see. `held` narrows which:
    the same condition for everybody, with `values` for what stands in it under a name.

    Nothing of them is handed out, so that no look is written down.
    """
    wanted = standing.made_once(desk, ("queries kept back",), lambda: _to_workers(desk, held()))
    rows = desk.rows(wanted, values)
    if not rows:
        return []
    at = sorted({row.submission for row in rows if row.submission})
    found = listing.listed(desk, submission.c.id.in_(at), handed_out=False)
    seen = {one.id: one.hidden for one in found}
    access.foresee(desk, {row.record for row in rows})
    return [
        row.id
        for row in rows
        if not _readable(desk, row, access.grants(desk, row.record, closed_book=False), seen)
    ]


def _to_workers(desk: Desk, held: ColumnElement[bool]) -> Select[Any]:
    return (
        select(query)
        .join(record, and_(record.c.authority == query.c.authority, record.c.id == query.c.record))
        .where(
            query.c.authority == reach.VIEWER.authority,
            query.c.person.is_(None),
            query.c.ended_at.is_(None),
            query.c.question.is_not(None),
            access.visible(desk),
            held,
        )
    )


def _of_my_roles(desk: Desk, askers: Iterable[str]) -> frozenset[str]:
    """Of these people those who share a role with this person."""
    wanted = sorted(set(askers) - {desk.person})
    if not wanted:
        return frozenset()
    here = (person_role.c.authority == desk.authority) & person_role.c.person.in_(wanted)
    found = select(person_role.c.person).where(here, person_role.c.role.in_(sorted(desk.roles)))
    return frozenset(desk.run(found).scalars())


def _readable(desk: Desk, row: Any, grants: access.Grants, seen: dict[str, frozenset[str]]) -> bool:
    if desk.system or desk.person in (row.person, row.asked_by):
        return True
    if not grants.whole:
        return False
    if row.submission is None or row.question is None:
        return True
    return row.submission in seen and not paths.hides(seen[row.submission], row.question)


def _query(
    desk: Desk, row: Any, grants: access.Grants, turns: tuple[Turn, ...], alike: frozenset[str]
) -> Query:
    running = row.state in (OPEN, ANSWERED)
    held = row.person is None and grants.may("note")
    answered = next((one.by for one in reversed(turns) if one.kind == "answered"), None)
    may = set()
    if running and (held or row.person == desk.person or grants.may("decide")):
        may.add("answer")
    if running and (
        row.asked_by == desk.person or (row.asked_by in alike and desk.person not in (row.person, answered))
    ):
        may.add("settle")
    return Query(
        id=row.id,
        record=row.record,
        case=row.case,
        submission=row.submission,
        question=row.question,
        taken_away=row.source is not None,
        person=row.person,
        due=row.due,
        state=row.state,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        revision=row.revision,
        turns=turns,
        overdue=row.state == OPEN and row.due is not None and row.due < desk.today,
        may=frozenset(may),
    )
