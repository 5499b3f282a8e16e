"""How submissions are read, cut down and written, within casework: the rows behind `submissions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    stacks,
    together,
)
from engine.casework.errors import CaseworkError, Conflict, NotFound, Stale
from engine.casework.store import Desk
from engine.casework.tables import aside as asides_
from engine.casework.tables import case, submission, submission_revision
from engine.casework.values import Submission
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


def anothers_own(desk: Desk, row: Any) -> bool:
    """Whether this is a draft outside a case, begun by somebody else: until it is handed in it is theirs alone."""
    own = row.state == OPEN and row.case is None
    return own and row.begun_by != desk.person and not desk.system


def unless_anothers(desk: Desk, row: Any) -> None:
    """Raises NotFound for somebody else's own draft."""
    if anothers_own(desk, row):
        audit.refused(desk, "view", row.record)
        raise NotFound("submission")


def seen(desk: Desk, submission_id: str, about: str | None = None) -> Any:
    """A submission that this person may see, noted as looked at; `about` narrows one about several to one record."""
    row = row_of(desk, submission_id)
    unless_anothers(desk, row)
    if together.form_of(desk, row).several:
        together.require_sight(desk, row, about)
        return row
    found = access.require(desk, "view", row.record, form=row.form, state=together.case_state(desk, row))
    audit.viewed(desk, row.record, "submission.viewed", item=row.id, form=row.form, glass=found.glass)
    return row


def writable(desk: Desk, submission_id: str) -> Any:
    row = row_of(desk, submission_id, lock=True)
    unless_anothers(desk, row)
    together.require_write(desk, row)
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
            submission.c.state.in_((*facts.HANDED_IN, "withdrawn")),
        )
        .order_by(submission.c.submitted_at.desc())
        .limit(1)
    ).first()
    return newest if newest is not None and newest.state in ("returned", "withdrawn") else None


def pack_of(desk: Desk, row: Any) -> packs.Pack:
    return stacks.pinned(desk, row.stack)


def form_for(desk: Desk, row: Any) -> forms.CompiledForm:
    return pack_of(desk, row).form(row.form)


def hidden_from(desk: Desk, row: Any, verb: str = "view") -> frozenset[str]:
    return together.sight(desk, row, verb).hidden


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
    form = together.form_of(desk, row)
    mine = together.kept(form, mine, together.records_of(desk, row)) if form.several else mine
    mine = {name: value for name, value in mine.items() if value not in (None, "", [], {})}
    pointing.check(desk, form, base, mine, row.id)
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
    together.trace(desk, row, "submission.saved", changed, revision=row.revision + 1)


def stale(
    desk: Desk, row: Any, base: Any, mine: Any, merged: merging.Merged, aside: str | None = None
) -> Stale:
    hidden = hidden_from(desk, row)
    return Stale(
        base=paths.cut(base, hidden),
        mine=paths.cut(mine, hidden),
        theirs=paths.cut(row.answers, hidden),
        merged=paths.cut(merged.answers, hidden),
        conflicts=[
            _cut_conflict(one, hidden) for one in merged.conflicts if not paths.hides(hidden, one.path)
        ],
        revision=row.revision,
        by=row.changed_by,
        aside=aside,
    )


def _cut_conflict(one: Conflict, hidden: frozenset[str]) -> Conflict:
    """A row or grid that two people changed, without the questions in it that this person may not see."""
    base, mine, theirs = (paths.cut_at(one.path, value, hidden) for value in (one.base, one.mine, one.theirs))
    return Conflict(one.path, base, mine, theirs)


def changed_since(desk: Desk, row: Any, revision: int) -> Stale:
    """Somebody saved after I last looked: what is to be handed in is not what I saw."""
    base, _ = at(desk, row, revision)
    changed = merging.changes(base, row.answers)
    old = dict(merging.leaves(base))
    conflicts = [Conflict(path, old.get(path), old.get(path), value) for path, value in changed.items()]
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
        together.trace(desk, row_of(desk, one), "submission.superseded", by=row.id)


def listed(desk: Desk, which: Any, about: str | None = None) -> list[Submission]:
    """Submissions that this person may see, newest first; `about` shows those about several as that record's."""
    wanted = select(submission).where(submission.c.authority == desk.authority, which)
    found = []
    rows = desk.rows(wanted.order_by(submission.c.begun_at.desc(), submission.c.id))
    states = _case_states(desk, rows)
    several = together.of_many(desk, rows)
    access.foresee(desk, {one for row in rows for one in several.get(row.id, (row.record,))})
    for row in rows:
        if anothers_own(desk, row):
            continue
        if row.id in several:
            seen_of = together.seen_by(desk, row, several[row.id], about)
        else:
            access.grants(desk, row.record)
            may = access.may(desk, "view", row.record, form=row.form, state=states.get(row.case))
            seen_of = (row.record,) if may else ()
        for one in seen_of:
            audit.viewed(desk, one, "submission.viewed", item=row.id, form=row.form)
        if seen_of:
            found.append(shown(desk, row, states=states, about=about))
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
    about: str | None = None,
) -> Submission:
    """A submission as this person may have it. `own`: they have just handed it in, and may see it no longer."""
    form = together.form_of(desk, row)
    every = together.records_of(desk, row)
    lost = own and not any(access.grants(desk, one, closed_book=False).rules for one in every)
    sight = together.Sight(every, frozenset()) if lost else together.sight(desk, row, about=about)
    state = together.case_state(desk, row) if states is None else states.get(row.case)
    given = paths.cut(row.answers if answers is None else answers, sight.hidden)
    # Whoever does not see the record it was begun for is told of one that they do see, and of no case.
    home = row.record if row.record in sight.records else next(iter(sight.records), row.record)
    return Submission(
        id=row.id,
        form=row.form,
        record=home,
        case=row.case if home == row.record else None,
        state=row.state,
        answers=together.laid_out(form, given, sight.records) if form.several else given,
        raw=paths.cut_typed(row.raw if raw is None else raw, sight.hidden),
        hidden=together.said(sight),
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
        may=frozenset(
            verb
            for verb in access.VERBS
            if all(
                access.grants(desk, one, closed_book=False).may(
                    verb, form=row.form, state=state if one == row.record else None
                )
                for one in (sight.records if verb == "view" else every)
            )
        ),
        carried={name: one for name, one in row.carried.items() if not paths.hides(sight.hidden, name)},
        records=sight.records,
    )
