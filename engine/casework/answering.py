"""How submissions are read, cut down and written, within casework: the rows behind `submissions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from engine import forms, packs
from engine.casework import (
    access,
    audit,
    carrying,
    facts,
    ids,
    merging,
    paths,
    pointing,
    projecting,
    records,
    stacks,
)
from engine.casework import cases as cases_
from engine.casework.errors import CaseworkError, Conflict, NotFound, Stale
from engine.casework.store import Desk
from engine.casework.tables import aside as asides_
from engine.casework.tables import case, record, submission, submission_revision
from engine.casework.values import Submission
from engine.language.model import Stack
from engine.questions import Problem

OPEN = "draft"


def row_of(desk: Desk, submission_id: str, *, lock: bool = False) -> Any:
    wanted = select(submission).where(
        submission.c.authority == desk.authority, submission.c.id == ids.known(submission_id, "submission")
    )
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("submission")
    return found


def case_state(desk: Desk, row: Any) -> str | None:
    if row.case is None:
        return None
    mine = (case.c.authority == desk.authority) & (case.c.id == row.case)
    state: str | None = desk.run(select(case.c.state).where(mine)).scalar()
    return state


def anothers_own(desk: Desk, row: Any) -> bool:
    """Whether this is a draft outside a case, begun by somebody else: until it is handed in it is theirs alone."""
    own = row.state == OPEN and row.case is None
    return own and row.begun_by != desk.person and not desk.system


def unless_anothers(desk: Desk, row: Any) -> None:
    """Raises NotFound for somebody else's own draft."""
    if anothers_own(desk, row):
        audit.refused(desk, "view", row.record)
        raise NotFound("submission")


def seen(desk: Desk, submission_id: str) -> Any:
    row = row_of(desk, submission_id)
    unless_anothers(desk, row)
    found = access.require(desk, "view", row.record, form=row.form, state=case_state(desk, row))
    audit.viewed(desk, row.record, "submission.viewed", item=row.id, form=row.form, glass=found.glass)
    return row


def writable(desk: Desk, submission_id: str) -> Any:
    row = row_of(desk, submission_id, lock=True)
    unless_anothers(desk, row)
    access.require(desk, "submit", row.record, form=row.form, state=case_state(desk, row))
    if row.state != OPEN:
        raise CaseworkError("This has been handed in already. Open it again to see it as it was handed in.")
    return row


def draft_of(desk: Desk, form: str, record_id: str, case_id: str | None) -> str | None:
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


def before(desk: Desk, form: str, record_id: str, case_id: str | None, corrects: str | None) -> Any:
    """What a new draft begins with: the one corrected, or in this case the newest, if it was returned."""
    if corrects is not None:
        row = seen(desk, corrects)
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


def pack_of(desk: Desk, row: Any) -> packs.Pack:
    return stacks.pinned(desk, row.stack)


def form_for(desk: Desk, row: Any) -> forms.CompiledForm:
    return pack_of(desk, row).form(row.form)


def facts_for(desk: Desk, row: Any) -> dict[str, Any]:
    record_row = records.row_of(desk, row.record)
    if row.case is None:
        return {"record": facts.of_record(desk, record_row)}
    return facts.of_case(desk, cases_.row_of(desk, row.case), record_row)


def facts_told(desk: Desk, row: Any) -> dict[str, Any]:
    """The facts without what this person may not see: fields, forms' answers, and who is linked."""
    found = access.grants(desk, row.record)
    stack = pack_of(desk, row).stack
    told = facts_for(desk, row)
    about = told["record"]
    hidden = access.hidden_fields(found, stack.records[about["type"]])
    kept = {name: value for name, value in about.items() if name.split(".")[0] not in hidden}
    kept["links"] = []
    kept["latest"] = {form: _cut_form(found, stack, form, one) for form, one in about["latest"].items()}
    if not found.whole:
        kept |= {"markers": [], "actions": []}
    others = {
        name: _cut_form(found, stack, name, one)
        for name, one in told.items()
        if name not in ("record", "case")
    }
    return {"record": kept, **({"case": told["case"]} if "case" in told else {}), **others}


def _cut_form(found: access.Grants, stack: Stack, form_id: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    form = stack.forms.get(form_id)
    if form is None or not found.may("view", form=form_id):
        return {name: value for name, value in answers.items() if name == "_state"}
    return paths.cut(answers, access.hidden_questions(found, form))


def told(found: forms.Evaluation, hidden: frozenset[str]) -> forms.Evaluation:
    """An evaluation without anything about hidden questions."""

    def open_(path: str) -> bool:
        parts = [part.split("[")[0] for part in path.split(".")]
        return not any(".".join(parts[:n]) in hidden for n in range(1, len(parts) + 1)) and not (
            len(parts) > 2 and f"{parts[0]}.{parts[-1]}" in hidden
        )

    return replace(
        found,
        shown=tuple(path for path in found.shown if open_(path)),
        required=tuple(path for path in found.required if open_(path)),
        advised=tuple(path for path in found.advised if open_(path)),
        answers=paths.cut(found.answers, hidden),
        problems=tuple(one for one in found.problems if open_(one.question)),
        advice=tuple(one for one in found.advice if open_(one.question)),
        dropped=tuple(path for path in found.dropped if open_(path)),
    )


def hidden_from(desk: Desk, row: Any, verb: str = "view") -> frozenset[str]:
    found = access.grants(desk, row.record)
    return access.hidden_questions(found, pack_of(desk, row).stack.forms[row.form], verb=verb)


def save(
    desk: Desk,
    row: Any,
    answers: Mapping[str, Any],
    *,
    revision: int,
    raw: Mapping[str, Any] | None,
) -> None:
    base, _ = at(desk, row, revision)
    # What the person may not see, or not change, is not theirs to send: it stays as it was.
    kept_from_me = hidden_from(desk, row) | hidden_from(desk, row, "submit")
    mine = paths.restore(merging.stored(answers), base, kept_from_me)
    mine = {name: value for name, value in mine.items() if value not in (None, "", [], {})}
    pointing.check(desk, pack_of(desk, row).stack.forms[row.form], base, mine)
    merged = merging.merge(base, mine, row.answers)
    typed = dict(row.raw)
    if raw is not None:
        typed = paths.restore_typed(merging.stored(dict(raw)), row.raw, kept_from_me)
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

        def set_aside(again: Desk) -> None:
            again.run(asides_.insert(), kept)

        desk.if_undone.append(set_aside)
        raise stale(desk, row, base, mine, merged, aside=str(kept["id"]))
    if merged.answers != row.answers or typed != row.raw:
        write(desk, row, merged.answers, typed, merged=row.revision != revision)


def write(desk: Desk, row: Any, answers: dict[str, Any], raw: dict[str, Any], *, merged: bool) -> None:
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
            carried=carrying.kept(row.carried, row.answers, answers),
            changed_by=desk.person,
            changed_at=desk.now,
            revision=row.revision + 1,
        )
    )
    if not saved.rowcount:
        raise changed_since(desk, row_of(desk, row.id), row.revision)
    keep_revision(desk, row.id, row.revision + 1, answers, raw, merged=merged)
    changed = merging.changes(row.answers, answers)
    audit.changed(
        desk,
        row.record,
        "submission.saved",
        item=row.id,
        form=row.form,
        questions=merging.questions(changed),
        revision=row.revision + 1,
        digests=digests(desk, row.record, changed),
    )


def digests(desk: Desk, record_id: str, changed: Mapping[str, Any]) -> dict[str, str]:
    mine = (record.c.authority == desk.authority) & (record.c.id == record_id)
    return audit.digests(desk, desk.run(select(record.c.salt).where(mine)).scalar_one(), changed)


def stale(
    desk: Desk, row: Any, base: Any, mine: Any, merged: merging.Merged, aside: str | None = None
) -> Stale:
    hidden = hidden_from(desk, row)
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


def changed_since(desk: Desk, row: Any, revision: int) -> Stale:
    """Somebody saved after I last looked: what is to be handed in is not what I saw."""
    base, _ = at(desk, row, revision)
    changed = merging.changes(base, row.answers)
    old, hidden = dict(merging.leaves(base)), hidden_from(desk, row)
    conflicts = [
        Conflict(path, old.get(path), old.get(path), value)
        for path, value in changed.items()
        if path.split(".")[0] not in hidden
    ]
    return stale(desk, row, base, base, merging.Merged(dict(row.answers), tuple(conflicts)))


def at(desk: Desk, row: Any, revision: int) -> tuple[dict[str, Any], dict[str, Any]]:
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


def keep_revision(
    desk: Desk, submission_id: str, number: int, answers: Any, raw: Any, *, merged: bool = False
) -> None:
    row = {"submission": submission_id, "number": number, "answers": answers, "raw": raw, "merged": merged}
    who = {"authority": desk.authority, "id": ids.new(), "by": desk.person, "at": desk.now}
    desk.run(submission_revision.insert(), {**who, **row})


def unread(raw: Mapping[str, Any]) -> list[Problem]:
    """Text that could not be understood must not be left behind in silence when the rest is handed in."""
    return [
        Problem(path, "type", "This answer could not be understood.") for path, typed in raw.items() if typed
    ]


def supersede(desk: Desk, row: Any) -> None:
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
    gone = list(older)
    projecting.take_out(desk, row.form, pack_of(desk, row), gone)
    for one in gone:
        audit.changed(desk, row.record, "submission.superseded", item=one, form=row.form, by=row.id)


def listed(desk: Desk, which: Any) -> list[Submission]:
    wanted = select(submission).where(submission.c.authority == desk.authority, which)
    found = []
    rows = desk.rows(wanted.order_by(submission.c.begun_at.desc(), submission.c.id))
    states = _case_states(desk, rows)
    access.foresee(desk, [row.record for row in rows])
    for row in rows:
        grants = access.grants(desk, row.record)
        if anothers_own(desk, row):
            continue
        if grants.may("view", form=row.form, state=states.get(row.case)):
            audit.viewed(desk, row.record, "submission.viewed", item=row.id, form=row.form)
            found.append(shown(desk, row, states=states))
    return found


def _case_states(desk: Desk, rows: Iterable[Any]) -> dict[str | None, str]:
    wanted = sorted({row.case for row in rows if row.case is not None})
    if not wanted:
        return {}
    here = (case.c.authority == desk.authority) & case.c.id.in_(wanted)
    return {row.id: row.state for row in desk.rows(select(case.c.id, case.c.state).where(here))}


def shown(
    desk: Desk,
    row: Any,
    answers: Mapping[str, Any] | None = None,
    raw: Mapping[str, Any] | None = None,
    revision: int | None = None,
    *,
    own: bool = False,
    states: Mapping[str | None, str] | None = None,
) -> Submission:
    grants = access.grants(desk, row.record, closed_book=not own)
    hidden = hidden_from(desk, row) if grants.rules or grants.everything else frozenset()
    state = case_state(desk, row) if states is None else states.get(row.case)
    return Submission(
        id=row.id,
        form=row.form,
        record=row.record,
        case=row.case,
        state=row.state,
        answers=paths.cut(row.answers if answers is None else answers, hidden),
        raw=paths.cut_typed(row.raw if raw is None else raw, hidden),
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
        carried={name: one for name, one in row.carried.items() if name not in hidden},
    )
