"""Whom a form about several records is about: chosen while it is a draft, and what goes when one of them goes.

Only records that the person may see and write about can be chosen; the record that the form was begun for stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from engine.casework import (
    access,
    answering,
    audit,
    carrying,
    commenting,
    ids,
    links,
    looking,
    records,
    stacks,
    together,
)
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import aside, submission, submission_record, submission_revision, upload
from engine.casework.values import Submission
from engine.language.model import Form

MOST_CHOSEN = 40


def choosable(desk: Desk, form: Form, wanted: Iterable[str]) -> list[str]:
    """These records, each open, of a type that the form is about, and one that this person may write this form about.

    Raises NotFound for any other, as if it did not exist.
    """
    asked = [ids.known(one, "record") for one in dict.fromkeys(wanted)]
    there = records.rows_of(desk, asked)
    for one in asked:
        row = there.get(one)
        if row is None or row.closed_at is not None or (form.about and row.type not in form.about):
            raise NotFound("record")
        if not access.may(desk, "submit", one, form=form.id):
            raise NotFound("record")
    return asked


def offered(desk: Desk, submission_id: str) -> list[str]:
    """Records linked with the one that the form was begun for that it can be about as well: they are offered first."""
    row = answering.writable(desk, submission_id)
    form = together.form_of(desk, row)
    linked = dict.fromkeys(one.other for one in links.of_record(desk, row.record))
    return [one for one in linked if can_be_about(desk, form, one)]


def can_be_about(desk: Desk, form: Form, record_id: str) -> bool:
    """Whether this person could have the form be about the record."""
    try:
        return bool(choosable(desk, form, [record_id]))
    except NotFound:
        return False


def choose(desk: Desk, submission_id: str, wanted: Sequence[str], *, revision: int) -> Submission:
    """Make a draft about exactly these records, and the one that it was begun for.

    A record that is added begins with what is carried for it; one that is taken out takes its part with it, which
    stays in the revisions. Raises NotFound, NotPermitted, Stale.
    """
    row = answering.writable(desk, submission_id)
    form = together.form_of(desk, row)
    if not form.several:
        raise CaseworkError("This form is about one record.")
    if len(set(wanted)) > MOST_CHOSEN:
        raise CaseworkError(
            f"One form can be about at most {MOST_CHOSEN} people, and {len(set(wanted))} are chosen. "
            "Nothing was changed: choose fewer, and begin a second form for the others."
        )
    if row.revision != revision:
        raise answering.changed_since(desk, row, revision)
    before = together.records_of(desk, row)
    chosen = choosable(desk, form, [one for one in wanted if one not in before])
    after = [row.record, *(one for one in before if one in wanted and one != row.record), *chosen]
    if set(after) == set(before):
        return answering.shown(desk, row)
    added, carried = carrying.forward(desk, form, stacks.pinned(desk, row.stack).stack, row.record, chosen)
    rows = {
        section: [*(row.answers.get(section) or ()), *(added.get(section) or ())]
        for section in together.each_sections(form)
    }
    together.tie(desk, row.id, after)
    answers = together.kept(form, {**row.answers, **rows}, after)
    own = {name: one for name, one in carried.items() if name.split(".")[1:2] in [[one] for one in chosen]}
    answering.write(desk, row, answers, dict(row.raw), merged=False)
    if own:
        here = (submission.c.authority == desk.authority) & (submission.c.id == row.id)
        desk.run(update(submission).where(here).values(carried={**row.carried, **own}))
    for one in set(before).difference(after):
        audit.changed(desk, one, "submission.taken_out", item=row.id, form=row.form)
    return answering.shown(desk, answering.row_of(desk, row.id))


# --- When a record's content is destroyed


def let_go(desk: Desk, record_id: str) -> None:
    """Take one record's part out of every form about several, now and in every revision; the others keep theirs.

    A form that was begun for the record goes on as one begun for the next of them; one that is about no other record
    goes with the record.
    """
    tied = submission_record
    mine = (tied.c.authority == desk.authority) & (tied.c.record == record_id)
    for submission_id in list(desk.run(select(tied.c.submission).where(mine)).scalars()):
        row = answering.row_of(desk, submission_id)
        about = together.tied_to(desk, [submission_id]).get(submission_id, ())
        left = [one for one in about if one != record_id]
        if not left:
            continue
        here = (submission.c.authority == desk.authority) & (submission.c.id == row.id)
        carried = {name: one for name, one in row.carried.items() if f".{record_id}." not in name}
        home = left[0] if row.record == record_id else row.record
        values = {"answers": _without(row.answers, record_id), "raw": _untyped(row.raw, record_id)}
        desk.run(update(submission).where(here).values(record=home, carried=carried, **values))
        # Files in what all of them share stay with the form; those in the record's own part go with it.
        form = together.form_of(desk, row)
        own = [f"{one.id}.{inner.id}" for one in form.sections if one.each for inner in one.questions]
        shared = (upload.c.authority == desk.authority) & (upload.c.submission == row.id)
        shared &= (upload.c.record == record_id) & upload.c.question.not_in(own)
        desk.run(update(upload).where(shared).values(record=home))
        commenting.forget(desk, row.id, record_id)
        looking.forget(desk, row.id, record_id)
        for table in (submission_revision, aside):
            of_it = (table.c.authority == desk.authority) & (table.c.submission == row.id)
            for one in desk.rows(select(table.c.id, table.c.answers, table.c.raw).where(of_it)):
                kept = {"answers": _without(one.answers, record_id), "raw": _untyped(one.raw, record_id)}
                desk.run(update(table).where(of_it, table.c.id == one.id).values(**kept))


def _without(answers: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    """The answers without any row of the record: a row's id is its record's."""
    return {
        name: [row for row in value if not (isinstance(row, Mapping) and row.get("_row") == record_id)]
        if isinstance(value, list)
        else value
        for name, value in answers.items()
    }


def _untyped(raw: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    return {name: typed for name, typed in raw.items() if f".{record_id}." not in name}
