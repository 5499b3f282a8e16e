"""A form about several records: which they are, whose part is whose, and what one person sees of it.

The submission holds one document: shared answers once, and in each section with `each: yes` a row for each record.
Whoever may see one of the records reads the shared answers and that record's part; whoever may write about all of
them writes. What belongs to a record goes with it. Must not know how answers are judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.casework import access, audit, ids, merging, stacks
from engine.casework.errors import NotFound, NotPermitted
from engine.casework.store import Desk
from engine.casework.tables import case, record, submission, submission_record
from engine.language.model import Form


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of a submission: the records whose part they see, and the paths that they do not."""

    records: tuple[str, ...]
    hidden: frozenset[str]


def form_of(desk: Desk, row: Any) -> Form:
    return stacks.pinned(desk, row.stack).stack.forms[row.form]


def case_state(desk: Desk, row: Any) -> str | None:
    if row.case is None:
        return None
    mine = {"of": desk.authority, "of_id": row.case}
    state: str | None = desk.read_once(("state", row.case), (case,), lambda: desk.run(_STATE, mine).scalar())
    return state


_STATE = select(case.c.state).where(case.c.authority == bindparam("of"), case.c.id == bindparam("of_id"))


def records_of(desk: Desk, row: Any, *, ever: bool = False) -> tuple[str, ...]:
    """The records that a submission is about; `ever`: also those that were taken out of it again."""
    if not form_of(desk, row).several:
        return (row.record,)
    return of_many(desk, [row], ever=ever).get(row.id, (row.record,))


def of_many(desk: Desk, rows: Iterable[Any], *, ever: bool = False) -> dict[str, tuple[str, ...]]:
    """The records of each of these submissions about several, by the submission's id."""
    return tied_to(desk, [row.id for row in rows if form_of(desk, row).several], ever=ever)


def tied_to(desk: Desk, wanted: Sequence[str], *, ever: bool = False) -> dict[str, tuple[str, ...]]:
    """The same by the submissions' ids; one that is about a single record is not among them."""
    if not wanted:
        return {}
    tied = submission_record
    asked = select(tied.c.submission, tied.c.record).where(
        tied.c.authority == desk.authority, tied.c.submission.in_(wanted)
    )
    if not ever:
        asked = asked.where(tied.c.taken_out_at.is_(None))
    found: dict[str, list[str]] = {}
    ordered = asked.order_by(tied.c.place, tied.c.id)
    for one in desk.read_once(("tied", tuple(wanted), ever), (tied,), lambda: desk.rows(ordered)):
        found.setdefault(one.submission, []).append(one.record)
    return {submission_id: tuple(records) for submission_id, records in found.items()}


def each_sections(form: Form) -> tuple[str, ...]:
    return tuple(one.id for one in form.sections if one.each)


# --- Who sees and who writes


def seen_by(desk: Desk, row: Any, records: Iterable[str], about: str | None = None) -> tuple[str, ...]:
    """Of these records those whose part this person may see; `about` narrows it to one."""
    return tuple(
        one
        for one in records
        if about in (None, one) and access.may(desk, "view", one, form=row.form, state=_state(desk, row, one))
    )


def sight(
    desk: Desk, row: Any, verb: str = "view", *, about: str | None = None, closed_book: bool = True
) -> Sight:
    """What of a submission this person sees, or may do `verb` to. Raises NotFound as `access.grants` does."""
    form = form_of(desk, row)
    if not form.several:
        found = access.grants(desk, row.record, closed_book=closed_book)
        return Sight((row.record,), access.hidden_questions(found, form, verb=verb))
    ever, now = records_of(desk, row, ever=True), records_of(desk, row)
    open_ = seen_by(desk, row, ever, about)
    inside = set(each_sections(form))
    hidden: set[str] = set()
    shared: list[set[str]] = []
    for one in ever:
        if one not in open_:
            hidden |= {f"{section}.@{one}" for section in inside}
            continue
        mine = access.hidden_questions(access.grants(desk, one, closed_book=False), form, verb=verb)
        shared.append({path for path in mine if path.partition(".")[0] not in inside})
        for path in mine:
            head, _, rest = path.partition(".")
            if head in inside:
                hidden.add(f"{head}.@{one}.{rest}")
    # What is about all of them may be seen by whoever may see it of one.
    hidden |= set.intersection(*shared) if shared else set()
    return Sight(tuple(one for one in now if one in open_), frozenset(hidden))


def said(found: Sight) -> frozenset[str]:
    """The hidden paths as they may be said: of a record that is not seen, not even its id."""
    return frozenset(
        path for path in found.hidden if ".@" not in path or path.partition(".@")[2][:36] in found.records
    )


def require_sight(desk: Desk, row: Any, about: str | None = None) -> Sight:
    """Raises NotFound for whoever may see none of the records; each look is written down."""
    found = sight(desk, row, about=about)
    if not found.records:
        audit.refused(desk, "view", about or row.record)
        raise NotFound("record")
    for one in found.records:
        audit.viewed(desk, one, "submission.viewed", item=row.id, form=row.form)
    return found


def may_write(desk: Desk, row: Any, records: Iterable[str]) -> bool:
    """Writing in a form about several, and sending it, asks for `submit` on each of them."""
    return all(
        access.may(desk, "submit", one, form=row.form, state=_state(desk, row, one)) for one in records
    )


def require_write(desk: Desk, row: Any) -> None:
    """Raises NotFound or NotPermitted unless this person may write in it."""
    if not form_of(desk, row).several:
        access.require(desk, "submit", row.record, form=row.form, state=case_state(desk, row))
        return
    records = records_of(desk, row)
    if not seen_by(desk, row, records):
        audit.refused(desk, "view", row.record)
        raise NotFound("record")
    if not may_write(desk, row, records):
        raise NotPermitted("submit")


def _state(desk: Desk, row: Any, record_id: str) -> str | None:
    """The case is that of the record the form was begun for; of the others' cases it says nothing."""
    return case_state(desk, row) if record_id == row.record else None


# --- Answers, laid out by record


def laid_out(form: Form, answers: Mapping[str, Any], records: Sequence[str]) -> dict[str, Any]:
    """The answers with a row for each of these records in each `each` section, in their order, and no other row."""
    found = dict(answers)
    for section in each_sections(form):
        there = {row["_row"]: row for row in _rows(answers.get(section))}
        found[section] = [there.get(one) or {"_row": one} for one in records]
    return found


def kept(form: Form, answers: Mapping[str, Any], records: Collection[str]) -> dict[str, Any]:
    """The answers as they are stored: without rows that say nothing, or that are of no record of the form."""
    found = dict(answers)
    for section in each_sections(form):
        rows = [row for row in _rows(found.pop(section, None)) if row["_row"] in records and len(row) > 1]
        if rows:
            found[section] = rows
    return found


def only(form: Form, answers: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    """What these answers say of one record: what is shared, and its own part."""
    found = dict(answers)
    for section in each_sections(form):
        if section in found:
            found[section] = [row for row in _rows(found[section]) if row["_row"] == record_id]
    return found


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return (
        [row for row in value if isinstance(row, Mapping) and "_row" in row]
        if isinstance(value, list)
        else []
    )


# --- The trace


def trace(
    desk: Desk,
    row: Any,
    action: str,
    changed: Mapping[str, Any] | None = None,
    *,
    written: bool = True,
    **body: Any,
) -> None:
    """Note a change to a submission in the trace of each record it is about, each with its own part alone.

    `written` answers leave their digests.
    """
    about = records_of(desk, row)
    for one in about:
        others = {other for other in about if other != one}
        mine = {
            path: value for path, value in (changed or {}).items() if path.split(".")[1:2] not in _of(others)
        }
        # Another record's case is not this one's business.
        rest = body if one == row.record else {name: value for name, value in body.items() if name != "case"}
        found = digests(desk, one, mine) if mine and written else {}
        asked = merging.questions(mine)
        audit.changed(desk, one, action, item=row.id, form=row.form, questions=asked, digests=found, **rest)


def _of(records: Iterable[str]) -> list[list[str]]:
    return [[one] for one in records]


def digests(desk: Desk, record_id: str, changed: Mapping[str, Any]) -> dict[str, str]:
    return audit.digests(desk, head_of(desk, record_id).salt, changed)


def head_of(desk: Desk, record_id: str) -> Any:
    """Of a record its id, type and salt, whoever asks."""
    mine = {"of": desk.authority, "of_id": record_id}
    return desk.read_once(("head", record_id), (record,), lambda: desk.run(_HEAD, mine).one())


_HEAD = select(record.c.id, record.c.type, record.c.salt).where(
    record.c.authority == bindparam("of"), record.c.id == bindparam("of_id")
)


# --- Which records


def tie(desk: Desk, submission_id: str, records: Sequence[str]) -> None:
    """Write down the records of a submission, in this order; those no longer among them are taken out."""
    tied = submission_record
    here = (tied.c.authority == desk.authority) & (tied.c.submission == submission_id)
    known = set(desk.run(select(tied.c.record).where(here)).scalars())
    for place, one in enumerate(records):
        if one in known:
            desk.run(update(tied).where(here, tied.c.record == one).values(place=place, taken_out_at=None))
        else:
            row = {"submission": submission_id, "record": one, "place": place, "taken_out_at": None}
            desk.run(tied.insert(), {"authority": desk.authority, "id": ids.new(), **row})
    for one in known.difference(records):
        desk.run(update(tied).where(here, tied.c.record == one).values(taken_out_at=desk.now))


_TIED = select(submission_record.c.submission).where(
    submission_record.c.authority == bindparam("of"),
    submission_record.c.record == bindparam("about"),
    submission_record.c.taken_out_at.is_(None),
)
ABOUT = (submission.c.record == bindparam("about")) | submission.c.id.in_(_TIED)
"""The condition for submissions about a record, alone or among others: `about`, of the authority `of`."""
