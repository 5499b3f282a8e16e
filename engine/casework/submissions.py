"""Submissions: answers to one form through their whole life: draft, submitted, then approved or returned, and
superseded by the next. Each is pinned to the definitions it was begun under."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from engine import forms, packs
from engine.casework import (
    access,
    answering,
    carrying,
    choosing,
    confirming,
    ids,
    judging,
    listing,
    merging,
    once,
    paths,
    projecting,
    records,
    stacks,
    taking_away,
    together,
)
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, NotFound, NotReady
from engine.casework.store import Desk
from engine.casework.tables import aside as asides_
from engine.casework.tables import submission, submission_revision
from engine.casework.values import Aside, Revision, Submission


def open_draft(
    desk: Desk,
    form: str,
    *,
    record: str,
    case: str | None = None,
    corrects: str | None = None,
    others: Sequence[str] = (),
) -> Submission:
    """The draft of a form in a case: the one under way, or a new one.

    A new draft begins with what was returned (or the submission it `corrects`). A form about several records is
    begun for `record` and may be about `others` as well. Raises NotFound, NotPermitted, CaseworkError where the
    form is not asked for now.
    """
    record_id = access.known_record(desk, record)
    # Locked, so that two who begin one form at once are given one draft.
    case_row = cases_.row_of(desk, case, lock=True) if case else None
    if case_row is not None and case_row.record != record_id:
        raise NotFound("case")
    pack = stacks.pinned(desk, case_row.stack) if case_row else stacks.live(desk)
    row = records.row_of(desk, record_id)
    declared = pack.stack.forms.get(form)
    if declared is None or (declared.about and row.type not in declared.about):
        raise NotFound("form")
    access.require(desk, "submit", record_id, form=form, state=case_row.state if case_row else None)
    present = answering.draft_of(desk, form, record_id, case_row.id if case_row else None)
    if present is None:
        if case_row is not None and not cases_.asks_for(desk, case_row, form):
            raise CaseworkError(f"{declared.title} is not asked for at this step.")
        more = choosing.choosable(desk, declared, others) if others else []
        present = begin(desk, form, row, case_row, pack, corrects=corrects, others=more)
    return answering.shown(desk, answering.row_of(desk, present))


def begin(
    desk: Desk,
    form: str,
    record_row: Any,
    case_row: Any,
    pack: packs.Pack,
    *,
    corrects: str | None = None,
    others: Sequence[str] = (),
) -> str:
    """Make a draft, for whoever it will be; access is the caller's to decide. Returns its id."""
    before = answering.before(desk, form, record_row.id, case_row.id if case_row else None, corrects)
    declared = pack.stack.forms[form]
    about = tuple(dict.fromkeys((record_row.id, *others)))
    if before is not None:
        answers, carried = dict(before.answers), dict(before.carried)
        about = together.records_of(desk, before)
    else:
        answers, carried = carrying.forward(desk, declared, pack.stack, record_row.id, about)
    made = ids.new()
    row = {
        "authority": desk.authority,
        "id": made,
        "record": record_row.id,
        "case": case_row.id if case_row else None,
        "form": form,
        "stack": pack.stack.hash,
        "state": answering.OPEN,
        "answers": answers,
        "raw": {},
        "begun_by": desk.person,
        "begun_at": desk.now,
        "changed_by": desk.person,
        "changed_at": desk.now,
        "corrects": before.id if before else None,
        "carried": carried,
        "revision": 1,
    }
    desk.run(submission.insert(), row)
    if declared.several:
        together.tie(desk, made, about)
    answering.keep_revision(desk, made, 1, answers, {})
    together.trace(desk, answering.row_of(desk, made), "submission.begun", case=row["case"])
    return made


def get(
    desk: Desk, submission_id: str, *, revision: int | None = None, about: str | None = None
) -> Submission:
    """One submission, or how it stood at `revision`. The look is written to the audit. Raises NotFound.

    `about` shows one about several records as it stands on that record: what is shared, and its own part.
    """
    row = answering.seen(desk, submission_id, about)
    if revision is None or revision == row.revision:
        answering.looked_at(desk, row)
        return answering.shown(desk, row, about=about)
    answers, raw = answering.at(desk, row, revision)
    return answering.shown(desk, row, answers, raw, revision, about=about)


def save(
    desk: Desk,
    submission_id: str,
    answers: Mapping[str, Any],
    *,
    revision: int,
    raw: Mapping[str, Any] | None = None,
    confirm: Collection[str] = (),
) -> Submission:
    """Save a draft's answers, all of them, as this person has them, based on `revision`.

    What others saved meanwhile is merged question by question. Raises Stale where both changed one answer:
    nothing is lost, mine is set aside. Rows new to the database get their `_row`. `confirm` names carried answers
    that this person says are still right.
    """
    row = answering.writable(desk, submission_id)
    answering.save(desk, row, answers, revision=revision, raw=raw)
    # What was changed, by this person or meanwhile by others, is carried no longer and needs no confirming.
    confirming.note(desk, answering.row_of(desk, row.id), confirm)
    return answering.shown(desk, answering.row_of(desk, row.id))


def confirm(desk: Desk, submission_id: str, questions: Collection[str]) -> Submission:
    """Say of carried answers that they are still right, in a draft or in what was handed in and waits for approval.

    Raises NotFound, NotPermitted.
    """
    beforehand = answering.row_of(desk, submission_id)
    if beforehand.case is not None:
        cases_.row_of(desk, beforehand.case, lock=True)
    row = answering.row_of(desk, submission_id, lock=True)
    answering.unless_anothers(desk, row)
    together.require_write(desk, row)
    if row.state not in (answering.OPEN, "submitted"):
        raise CaseworkError("This has been decided already. There is nothing left to confirm.")
    if confirming.note(desk, row, questions) and row.case is not None:
        cases_.settle(desk, row.case)
    return answering.shown(desk, answering.row_of(desk, row.id))


def submit(
    desk: Desk,
    submission_id: str,
    *,
    revision: int,
    answers: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Submission:
    """Hand a draft in. Raises NotReady with the evaluation's problems, Stale if others changed what I saw.

    What is not shown leaves the submission (it stays in the revisions); calculated answers are stored; the form's
    submission before it in this case is superseded; automatic transitions follow in the same transaction.
    """
    done = once.before(desk, key, "submit")
    if done is not None:
        return get(desk, done)
    # The case before the submission, as whoever moves the case takes them: two never wait for each other.
    case = answering.case_of(desk, submission_id)
    if case is not None:
        cases_.row_of(desk, case, lock=True)
    before = row = answering.writable(desk, submission_id)
    saved = None
    if answers is not None:
        saved = answering.drafted(desk, row, answers, revision=revision, raw={})
    elif row.revision != revision:
        raise answering.changed_since(desk, row, revision)
    if saved is not None:
        row = answering.altered(row, answering.written(desk, row, *saved))
    evaluation = answering.form_for(desk, row).evaluate(
        row.answers, today=desk.today, facts=judging.facts_read(desk, row)
    )
    handed_in = merging.stored(dict(evaluation.answers))
    waiting = confirming.to_be_confirmed(desk, row, handed_in)
    problems = [*evaluation.problems, *answering.unread(row.raw, evaluation.problems), *waiting]
    if problems:
        if saved is not None:
            # Whoever tells of the problems and goes on keeps what was typed.
            answering.write(desk, before, *saved, merged=before.revision != revision)
        hidden = answering.hidden_from(desk, row)
        raise NotReady(judging.masked(evaluation, hidden, problems), judging.told(evaluation, hidden))
    if row.case is not None or row.corrects is not None:
        answering.supersede(desk, row)
    values = {
        **answering.written(desk, row, handed_in, dict(row.raw)),
        "state": "submitted",
        "submitted_by": desk.person,
        "submitted_at": desk.now,
    }
    answering.put(desk, before, values)
    projecting.put(desk, answering.altered(row, values), answering.pack_of(desk, row))
    revisions = [answering.revision_of(desk, row.id, row.revision + 1, handed_in, {})]
    if saved is not None:
        # Saved and handed in are two acts, each with its revision and its trace, and the row is written once.
        merged = before.revision != revision
        revisions.insert(0, answering.revision_of(desk, row.id, row.revision, *saved, merged=merged))
        answering.trace_saved(desk, before, row.answers)
    answering.keep_revisions(desk, revisions)
    changed = merging.changes(row.answers, handed_in)
    together.trace(desk, row, "submission.submitted", changed, case=row.case, revision=row.revision + 1)
    desk.run(_ASIDES, {"of": desk.authority, "of_submission": row.id})
    taking_away.put(desk, row, handed_in)
    if row.case is not None:
        cases_.settle(desk, row.case)
    once.after(desk, key, "submit", row.id)
    # Settling the case may have decided on it.
    stands = answering.row_of(desk, row.id) if row.case is not None else answering.altered(row, values)
    return answering.shown(desk, stands, own=True)


_ASIDES = asides_.delete().where(
    asides_.c.authority == bindparam("of"), asides_.c.submission == bindparam("of_submission")
)


def of_case(desk: Desk, case_id: str) -> list[Submission]:
    """Submissions of a case whose forms this person may see, newest first."""
    row = cases_.row_of(desk, case_id)
    access.grants(desk, row.record)
    return listing.listed(desk, submission.c.case == row.id, row.record)


def of_record(desk: Desk, record_id: str) -> list[Submission]:
    """Submissions about a record whose forms this person may see, newest first."""
    about = access.known_record(desk, record_id)
    return listing.of_record(desk, about)


def revisions(desk: Desk, submission_id: str) -> list[Revision]:
    """Every saved state, oldest first, cut to what this person may see."""
    row = answering.seen(desk, submission_id)
    hidden = answering.hidden_from(desk, row)
    kept = submission_revision
    mine = (kept.c.authority == desk.authority) & (kept.c.submission == row.id)
    found = desk.rows(select(kept).where(mine).order_by(kept.c.number))
    return [Revision(one.number, paths.cut(one.answers, hidden), one.by, one.at, one.merged) for one in found]


def asides(desk: Desk, submission_id: str) -> list[Aside]:
    """My own texts set aside on this submission, waiting for a choice."""
    row = answering.seen(desk, submission_id)
    found = desk.rows(
        select(asides_)
        .where(
            asides_.c.authority == desk.authority,
            asides_.c.submission == row.id,
            asides_.c.by == desk.person,
        )
        .order_by(asides_.c.at)
    )
    hidden = answering.hidden_from(desk, row)
    return [
        Aside(
            one.id, row.id, one.base, paths.cut(one.answers, hidden), paths.cut_typed(one.raw, hidden), one.at
        )
        for one in found
    ]


def resolve(
    desk: Desk, submission_id: str, aside_id: str, *, keep: Mapping[str, str], revision: int
) -> Submission:
    """Settle a meeting of two saves: `keep` says `mine` or `theirs` for each conflicting path.

    `revision` is theirs as the person saw it; if it moved on meanwhile, or a conflict has no choice, Stale again.
    """
    row = answering.writable(desk, submission_id)
    mine = (asides_.c.authority == desk.authority) & (asides_.c.id == ids.known(aside_id))
    found = desk.run(select(asides_).where(mine, asides_.c.submission == row.id)).first()
    if found is None or found.by != desk.person:
        raise NotFound("text")
    base, _ = answering.at(desk, row, found.base)
    if row.revision != revision:
        keep = {}
    merged = merging.merge(base, found.answers, row.answers, keep)
    if merged.conflicts:
        raise answering.stale(desk, row, base, found.answers, merged, aside=found.id)
    raw = {name: typed for name, typed in found.raw.items() if keep.get(question_of(name), "mine") == "mine"}
    theirs = {
        name: typed
        for name, typed in row.raw.items()
        if keep.get(question := question_of(name)) != "mine"
        or merged.answers.get(question) != found.answers.get(question)
    }
    answering.write(desk, row, merged.answers, {**theirs, **raw}, merged=True)
    desk.run(asides_.delete().where(mine))
    return answering.shown(desk, answering.row_of(desk, row.id))


def question_of(name: str) -> str:
    """The question whose box it is: what was typed is kept by the names of boxes, as in `a.born.day`."""
    return name.removeprefix("a.").partition(".")[0]


def judge(
    desk: Desk, submission_id: str, *, revision: int | None = None, about: str | None = None
) -> judging.Judge:
    """Who judges this submission for this person's pages: by all answers and facts, telling what they may see.

    A draft is judged by today, what was handed in always by the day it was.
    """
    row = answering.seen(desk, submission_id, about)
    answers = None if revision in (None, row.revision) else answering.at(desk, row, revision)[0]
    return judging.judge(desk, row, answers=answers, about=about)


def evaluate(desk: Desk, submission_id: str, answers: Mapping[str, Any] | None = None) -> forms.Evaluation:
    """The pinned form's evaluation with this record's and case's facts, told as far as this person may see.

    `answers`, as this person has them, are completed by what is hidden from them, so that conditions decide alike
    for everybody.
    """
    return judge(desk, submission_id).evaluate(answers)


def form_of(desk: Desk, submission_id: str) -> forms.CompiledForm:
    """The compiled form that a submission is pinned to."""
    return answering.form_for(desk, answering.seen(desk, submission_id))


def facts_of(desk: Desk, submission_id: str) -> dict[str, Any]:
    """What the submission's form may read beyond itself, as far as this person may see it: fit for their browser.

    The server always decides with all of it; see `evaluate`.
    """
    row = answering.seen(desk, submission_id)
    seen = together.sight(desk, row).records
    return judging.facts_told(desk, row, seen, judging.facts_read(desk, row, seen))
