"""Submissions: answers to one form through their whole life: draft, submitted, then approved or returned, and
superseded by the next. Each is pinned to the definitions it was begun under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine import forms, packs
from engine.casework import access, audit, facts, ids, merging, once, paths, records, stacks
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, Conflict, NotFound, NotReady, Stale
from engine.casework.store import Desk
from engine.casework.tables import aside as asides_
from engine.casework.tables import case, record, submission, submission_revision
from engine.casework.values import Aside, Revision, Submission
from engine.questions import Problem

OPEN = "draft"


def open_draft(
    desk: Desk, form: str, *, record: str, case: str | None = None, corrects: str | None = None
) -> Submission:
    """The draft of a form in a case: the one under way, or a new one.

    A new draft begins with what was returned (or the submission it `corrects`). Raises NotFound, NotPermitted,
    CaseworkError where the form is not asked for now.
    """
    record_id = access.known_record(desk, record)
    case_row = cases_.row_of(desk, case) if case else None
    if case_row is not None and case_row.record != record_id:
        raise NotFound("case")
    pack = stacks.pinned(desk, case_row.stack) if case_row else stacks.live(desk)
    row = records.row_of(desk, record_id)
    declared = pack.stack.forms.get(form)
    if declared is None or (declared.about and row.type not in declared.about):
        raise NotFound("form")
    access.require(desk, "submit", record_id, form=form, state=case_row.state if case_row else None)
    present = _draft(desk, form, record_id, case_row.id if case_row else None)
    if present is None:
        if case_row is not None and not cases_.asks_for(desk, case_row, form):
            raise CaseworkError(f"{declared.title} is not asked for at this step.")
        present = begin(desk, form, row, case_row, pack, corrects=corrects)
    return _submission(desk, _row(desk, present))


def begin(
    desk: Desk, form: str, record_row: Any, case_row: Any, pack: packs.Pack, *, corrects: str | None = None
) -> str:
    """Make a draft, for whoever it will be; access is the caller's to decide. Returns its id."""
    before = _before(desk, form, record_row.id, case_row.id if case_row else None, corrects)
    made = ids.new()
    row = {
        "authority": desk.authority,
        "id": made,
        "record": record_row.id,
        "case": case_row.id if case_row else None,
        "form": form,
        "stack": pack.stack.hash,
        "state": OPEN,
        "answers": dict(before.answers) if before else {},
        "raw": {},
        "begun_by": desk.person,
        "begun_at": desk.now,
        "changed_by": desk.person,
        "changed_at": desk.now,
        "corrects": before.id if before else None,
        "revision": 1,
    }
    desk.run(submission.insert(), row)
    _keep_revision(desk, made, 1, row["answers"], {})
    audit.changed(desk, record_row.id, "submission.begun", item=made, form=form, case=row["case"])
    return made


def get(desk: Desk, submission_id: str, *, revision: int | None = None) -> Submission:
    """One submission, or how it stood at `revision`. The look is written to the audit. Raises NotFound."""
    row = _seen(desk, submission_id)
    if revision is None or revision == row.revision:
        return _submission(desk, row)
    answers, raw = _at(desk, row, revision)
    return _submission(desk, row, answers, raw, revision)


def save(
    desk: Desk,
    submission_id: str,
    answers: Mapping[str, Any],
    *,
    revision: int,
    raw: Mapping[str, Any] | None = None,
) -> Submission:
    """Save a draft's answers, all of them, as this person has them, based on `revision`.

    What others saved meanwhile is merged question by question. Raises Stale where both changed one answer:
    nothing is lost, mine is set aside. Rows new to the database get their `_row`.
    """
    row = _writable(desk, submission_id)
    _save(desk, row, answers, revision=revision, raw=raw)
    return _submission(desk, _row(desk, row.id))


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
    row = _writable(desk, submission_id)
    if answers is not None:
        _save(desk, row, answers, revision=revision, raw={})
        row = _row(desk, row.id)
    elif row.revision != revision:
        raise _changed_since(desk, row, revision)
    evaluation = _form(desk, row).evaluate(row.answers, today=desk.today, facts=_facts(desk, row))
    problems = [*evaluation.problems, *_unread(row.raw)]
    if problems:
        raise NotReady(problems, evaluation)
    handed_in = merging.stored(dict(evaluation.answers))
    mine = (submission.c.authority == desk.authority) & (submission.c.id == row.id)
    if row.case is not None:
        _supersede(desk, row)
    desk.run(
        update(submission)
        .where(mine)
        .values(
            state="submitted",
            answers=handed_in,
            submitted_by=desk.person,
            submitted_at=desk.now,
            changed_by=desk.person,
            changed_at=desk.now,
            revision=row.revision + 1,
        )
    )
    _keep_revision(desk, row.id, row.revision + 1, handed_in, {})
    changed = merging.changes(row.answers, handed_in)
    audit.changed(
        desk,
        row.record,
        "submission.submitted",
        item=row.id,
        form=row.form,
        case=row.case,
        questions=merging.questions(changed),
        revision=row.revision + 1,
        digests=_digests(desk, row.record, changed),
    )
    desk.run(asides_.delete().where(asides_.c.authority == desk.authority, asides_.c.submission == row.id))
    if row.case is not None:
        cases_.settle(desk, row.case)
    once.after(desk, key, "submit", row.id)
    return _submission(desk, _row(desk, row.id), own=True)


def of_case(desk: Desk, case_id: str) -> list[Submission]:
    """Submissions of a case whose forms this person may see, newest first."""
    row = cases_.row_of(desk, case_id)
    access.grants(desk, row.record)
    return _listed(desk, submission.c.case == row.id)


def of_record(desk: Desk, record_id: str) -> list[Submission]:
    """Submissions about a record whose forms this person may see, newest first."""
    return _listed(desk, submission.c.record == access.known_record(desk, record_id))


def revisions(desk: Desk, submission_id: str) -> list[Revision]:
    """Every saved state, oldest first, cut to what this person may see."""
    row = _seen(desk, submission_id)
    hidden = _hidden(desk, row)
    kept = submission_revision
    mine = (kept.c.authority == desk.authority) & (kept.c.submission == row.id)
    found = desk.rows(select(kept).where(mine).order_by(kept.c.number))
    return [Revision(one.number, paths.cut(one.answers, hidden), one.by, one.at, one.merged) for one in found]


def asides(desk: Desk, submission_id: str) -> list[Aside]:
    """My own texts set aside on this submission, waiting for a choice."""
    row = _seen(desk, submission_id)
    found = desk.rows(
        select(asides_)
        .where(
            asides_.c.authority == desk.authority,
            asides_.c.submission == row.id,
            asides_.c.by == desk.person,
        )
        .order_by(asides_.c.at)
    )
    hidden = _hidden(desk, row)
    return [Aside(one.id, row.id, one.base, paths.cut(one.answers, hidden), one.raw, one.at) for one in found]


def resolve(
    desk: Desk, submission_id: str, aside_id: str, *, keep: Mapping[str, str], revision: int
) -> Submission:
    """Settle a meeting of two saves: `keep` says `mine` or `theirs` for each conflicting path.

    `revision` is theirs as the person saw it; if it moved on meanwhile, or a conflict has no choice, Stale again.
    """
    row = _writable(desk, submission_id)
    mine = (asides_.c.authority == desk.authority) & (asides_.c.id == ids.known(aside_id))
    found = desk.run(select(asides_).where(mine, asides_.c.submission == row.id)).first()
    if found is None or found.by != desk.person:
        raise NotFound("text")
    base, _ = _at(desk, row, found.base)
    if row.revision != revision:
        keep = {}
    merged = merging.merge(base, found.answers, row.answers, keep)
    if merged.conflicts:
        raise _stale(desk, row, base, found.answers, merged, aside=found.id)
    raw = {path: typed for path, typed in found.raw.items() if keep.get(path, "mine") == "mine"}
    _write(desk, row, merged.answers, {**row.raw, **raw}, merged=True)
    desk.run(asides_.delete().where(mine))
    return _submission(desk, _row(desk, row.id))


def evaluate(desk: Desk, submission_id: str, answers: Mapping[str, Any] | None = None) -> forms.Evaluation:
    """The pinned form's evaluation with this record's and case's facts.

    A draft is evaluated with today, a submission always with the day it was submitted.
    """
    row = _seen(desk, submission_id)
    day = desk.day_of(row.submitted_at) if row.submitted_at else desk.today
    given = row.answers if answers is None else answers
    return _form(desk, row).evaluate(given, today=day, facts=_facts(desk, row))


def form_of(desk: Desk, submission_id: str) -> forms.CompiledForm:
    """The compiled form that a submission is pinned to."""
    return _form(desk, _seen(desk, submission_id))


def facts_of(desk: Desk, submission_id: str) -> dict[str, Any]:
    """The facts that the submission's form is evaluated with."""
    return _facts(desk, _seen(desk, submission_id))


# --- Within


def _row(desk: Desk, submission_id: str, *, lock: bool = False) -> Any:
    wanted = select(submission).where(
        submission.c.authority == desk.authority, submission.c.id == ids.known(submission_id, "submission")
    )
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("submission")
    return found


def _state(desk: Desk, row: Any) -> str | None:
    if row.case is None:
        return None
    mine = (case.c.authority == desk.authority) & (case.c.id == row.case)
    state: str | None = desk.run(select(case.c.state).where(mine)).scalar()
    return state


def _seen(desk: Desk, submission_id: str) -> Any:
    row = _row(desk, submission_id)
    found = access.require(desk, "view", row.record, form=row.form, state=_state(desk, row))
    audit.viewed(desk, row.record, "submission.viewed", item=row.id, form=row.form, glass=found.glass)
    return row


def _writable(desk: Desk, submission_id: str) -> Any:
    row = _row(desk, submission_id, lock=True)
    access.require(desk, "submit", row.record, form=row.form, state=_state(desk, row))
    if row.state != OPEN:
        raise CaseworkError("This has been handed in already. Open it again to see it as it was handed in.")
    return row


def _draft(desk: Desk, form: str, record_id: str, case_id: str | None) -> str | None:
    wanted = select(submission.c.id).where(
        submission.c.authority == desk.authority,
        submission.c.record == record_id,
        submission.c.form == form,
        submission.c.state == OPEN,
        submission.c.case == case_id if case_id else submission.c.case.is_(None),
    )
    if case_id is None:
        # Outside a case a draft is its writer's own.
        wanted = wanted.where(submission.c.begun_by == desk.person)
    found: str | None = desk.run(wanted.order_by(submission.c.begun_at)).scalar()
    return found


def _before(desk: Desk, form: str, record_id: str, case_id: str | None, corrects: str | None) -> Any:
    """What a new draft begins with: the one corrected, or in this case the newest, if it was returned."""
    if corrects is not None:
        row = _row(desk, corrects)
        if (row.record, row.form) != (record_id, form):
            raise NotFound("submission")
        return row
    if case_id is None:
        return None
    newest = desk.run(
        select(submission)
        .where(
            submission.c.authority == desk.authority,
            submission.c.case == case_id,
            submission.c.form == form,
            submission.c.state.in_(facts.HANDED_IN),
        )
        .order_by(submission.c.submitted_at.desc())
        .limit(1)
    ).first()
    return newest if newest is not None and newest.state == "returned" else None


def _pack(desk: Desk, row: Any) -> packs.Pack:
    return stacks.pinned(desk, row.stack)


def _form(desk: Desk, row: Any) -> forms.CompiledForm:
    return _pack(desk, row).form(row.form)


def _facts(desk: Desk, row: Any) -> dict[str, Any]:
    record_row = records.row_of(desk, row.record)
    if row.case is None:
        return {"record": facts.of_record(desk, record_row)}
    return facts.of_case(desk, cases_.row_of(desk, row.case), record_row)


def _hidden(desk: Desk, row: Any, verb: str = "view") -> frozenset[str]:
    found = access.grants(desk, row.record)
    return access.hidden_questions(found, _pack(desk, row).stack.forms[row.form], verb=verb)


def _save(
    desk: Desk, row: Any, answers: Mapping[str, Any], *, revision: int, raw: Mapping[str, Any] | None
) -> None:
    base, _ = _at(desk, row, revision)
    # What the person may not see, or not change, is not theirs to send: it stays as it was.
    mine = paths.restore(merging.stored(answers), base, _hidden(desk, row) | _hidden(desk, row, "submit"))
    mine = {name: value for name, value in mine.items() if value not in (None, "", [], {})}
    _check_ids(desk, row, base, mine)
    merged = merging.merge(base, mine, row.answers)
    typed = merging.stored(dict(raw)) if raw is not None else dict(row.raw)
    if merged.conflicts:
        # Kept although this save is refused, so that a closed page loses nothing either.
        kept = {
            "authority": desk.authority,
            "id": ids.new(),
            "submission": row.id,
            "base": revision,
            "answers": mine,
            "raw": typed,
            "by": desk.person,
            "at": desk.now,
        }
        desk.if_undone.append(lambda again: again.run(asides_.insert(), kept))
        raise _stale(desk, row, base, mine, merged, aside=str(kept["id"]))
    if merged.answers != row.answers or typed != row.raw:
        _write(desk, row, merged.answers, typed, merged=row.revision != revision)


def _write(desk: Desk, row: Any, answers: dict[str, Any], raw: dict[str, Any], *, merged: bool) -> None:
    saved = desk.run(
        update(submission)
        .where(
            submission.c.authority == desk.authority,
            submission.c.id == row.id,
            submission.c.revision == row.revision,
            submission.c.state == OPEN,
        )
        .values(
            answers=answers,
            raw=raw,
            changed_by=desk.person,
            changed_at=desk.now,
            revision=row.revision + 1,
        )
    )
    if not saved.rowcount:
        raise _changed_since(desk, _row(desk, row.id), row.revision)
    _keep_revision(desk, row.id, row.revision + 1, answers, raw, merged=merged)
    changed = merging.changes(row.answers, answers)
    audit.changed(
        desk,
        row.record,
        "submission.saved",
        item=row.id,
        form=row.form,
        questions=merging.questions(changed),
        revision=row.revision + 1,
        digests=_digests(desk, row.record, changed),
    )


def _digests(desk: Desk, record_id: str, changed: Mapping[str, Any]) -> dict[str, str]:
    mine = (record.c.authority == desk.authority) & (record.c.id == record_id)
    return audit.digests(desk, desk.run(select(record.c.salt).where(mine)).scalar_one(), changed)


def _check_ids(desk: Desk, row: Any, base: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
    """Refuse a record or a person that this person has newly named but may not see, as if it did not exist."""
    form = _pack(desk, row).stack.forms[row.form]
    known = {one for _, one in paths.values_of(form, "record_link", base)}
    named = [(path, one) for path, one in paths.values_of(form, "record_link", mine) if one not in known]
    seen = records.names(desk, [one for _, one in named])
    people = {one for _, one in paths.values_of(form, "staff", base)}
    staff = [(path, one) for path, one in paths.values_of(form, "staff", mine) if one not in people]
    there = records.people_there(desk, [one for _, one in staff])
    wrong = [path for path, one in named if one not in seen] + [
        path for path, one in staff if one not in there
    ]
    if wrong:
        raise NotReady([Problem(path, "option", "Choose one that is listed.") for path in wrong])


def _stale(
    desk: Desk, row: Any, base: Any, mine: Any, merged: merging.Merged, aside: str | None = None
) -> Stale:
    hidden = _hidden(desk, row)
    return Stale(
        base=paths.cut(base, hidden),
        mine=paths.cut(mine, hidden),
        theirs=paths.cut(row.answers, hidden),
        merged=paths.cut(merged.answers, hidden),
        conflicts=merged.conflicts,
        revision=row.revision,
        by=row.changed_by,
        aside=aside,
    )


def _changed_since(desk: Desk, row: Any, revision: int) -> Stale:
    """Somebody saved after I last looked: what is to be handed in is not what I saw."""
    base, _ = _at(desk, row, revision)
    changed = merging.changes(base, row.answers)
    old, hidden = dict(merging.leaves(base)), _hidden(desk, row)
    conflicts = [
        Conflict(path, old.get(path), old.get(path), value)
        for path, value in changed.items()
        if path.split(".")[0] not in hidden
    ]
    return _stale(desk, row, base, base, merging.Merged(dict(row.answers), tuple(conflicts)))


def _at(desk: Desk, row: Any, revision: int) -> tuple[dict[str, Any], dict[str, Any]]:
    if revision == row.revision:
        return dict(row.answers), dict(row.raw)
    kept = submission_revision
    found = desk.run(
        select(kept.c.answers, kept.c.raw).where(
            kept.c.authority == desk.authority, kept.c.submission == row.id, kept.c.number == revision
        )
    ).first()
    if found is None:
        raise NotFound("revision")
    return dict(found.answers), dict(found.raw)


def _keep_revision(
    desk: Desk, submission_id: str, number: int, answers: Any, raw: Any, *, merged: bool = False
) -> None:
    row = {"submission": submission_id, "number": number, "answers": answers, "raw": raw, "merged": merged}
    who = {"authority": desk.authority, "id": ids.new(), "by": desk.person, "at": desk.now}
    desk.run(submission_revision.insert(), {**who, **row})


def _unread(raw: Mapping[str, Any]) -> list[Problem]:
    """Text that could not be understood must not be left behind in silence when the rest is handed in."""
    return [
        Problem(path, "type", "This answer could not be understood.") for path, typed in raw.items() if typed
    ]


def _supersede(desk: Desk, row: Any) -> None:
    older = desk.run(
        update(submission)
        .where(
            submission.c.authority == desk.authority,
            submission.c.case == row.case,
            submission.c.form == row.form,
            submission.c.state.in_(facts.HANDED_IN),
        )
        .values(state="superseded")
        .returning(submission.c.id)
    ).scalars()
    for one in list(older):
        audit.changed(desk, row.record, "submission.superseded", item=one, form=row.form, by=row.id)


def _listed(desk: Desk, which: Any) -> list[Submission]:
    wanted = select(submission).where(submission.c.authority == desk.authority, which)
    found = []
    for row in desk.rows(wanted.order_by(submission.c.begun_at.desc(), submission.c.id)):
        grants = access.grants(desk, row.record)
        if row.state == OPEN and row.case is None and row.begun_by != desk.person and not desk.system:
            continue
        if grants.may("view", form=row.form, state=_state(desk, row)):
            audit.viewed(desk, row.record, "submission.viewed", item=row.id, form=row.form)
            found.append(_submission(desk, row))
    return found


def _submission(
    desk: Desk,
    row: Any,
    answers: Mapping[str, Any] | None = None,
    raw: Mapping[str, Any] | None = None,
    revision: int | None = None,
    *,
    own: bool = False,
) -> Submission:
    grants = access.grants(desk, row.record, closed_book=not own)
    hidden = _hidden(desk, row) if grants.rules or grants.everything else frozenset()
    state = _state(desk, row)
    return Submission(
        id=row.id,
        form=row.form,
        record=row.record,
        case=row.case,
        state=row.state,
        answers=paths.cut(row.answers if answers is None else answers, hidden),
        raw={
            path: typed
            for path, typed in (row.raw if raw is None else raw).items()
            if path.split(".")[0] not in hidden
        },
        hidden=hidden,
        stack=row.stack,
        revision=row.revision if revision is None else revision,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        may=frozenset(verb for verb in access.VERBS if grants.may(verb, form=row.form, state=state)),
    )
