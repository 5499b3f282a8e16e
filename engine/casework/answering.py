"""How submissions are read, cut down and written, within casework: the rows behind `submissions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select, update

from engine import forms, packs
from engine.casework import (
    access,
    audit,
    carrying,
    facts,
    ids,
    merging,
    notices,
    paths,
    pointing,
    projecting,
    stacks,
    together,
)
from engine.casework.errors import CaseworkError, Conflict, NotFound, Stale
from engine.casework.store import Desk
from engine.casework.tables import aside as asides_
from engine.casework.tables import submission, submission_revision
from engine.casework.values import Submission
from engine.questions import Problem

OPEN = "draft"


# Statements that every save runs, made once: making them takes longer than running them.
MINE = (submission.c.authority == bindparam("of")) & (submission.c.id == bindparam("of_id"))
_ROW = select(submission).where(MINE)
_CASE = select(submission.c.case).where(MINE)
_WRITTEN = update(submission).where(
    MINE, submission.c.revision == bindparam("of_revision"), submission.c.state == OPEN
)
_LOOKED_AT = update(submission).where(MINE).values(autosaved=None)


def row_of(desk: Desk, submission_id: str, *, lock: bool = False) -> Any:
    found = desk.row(submission, _ROW, ids.known(submission_id, "submission"), lock=lock)
    if found is None:
        raise NotFound("submission")
    return found


def case_of(desk: Desk, submission_id: str) -> str | None:
    """The case that a submission belongs to, for whoever has to lock the case before it. It never changes."""
    found = desk.run(_CASE, {"of": desk.authority, "of_id": ids.known(submission_id, "submission")}).first()
    if found is None:
        raise NotFound("submission")
    case_id: str | None = found.case
    return case_id


def altered(row: Any, values: Mapping[str, Any]) -> Any:
    """A row as it stands once these values are written to it."""
    return SimpleNamespace(**{**(vars(row) if isinstance(row, SimpleNamespace) else row._mapping), **values})


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


def looked_at(desk: Desk, row: Any) -> None:
    """Somebody may build on the newest revision now: what saves itself from here on goes into another."""
    if row.state == OPEN and row.autosaved is not None:
        here = {"of": desk.authority, "of_id": row.id}
        desk.run(_LOOKED_AT, here)


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
    found = drafted(desk, row, answers, revision=revision, raw=raw)
    if found is not None:
        write(desk, row, *found, merged=row.revision != revision)


def drafted(
    desk: Desk,
    row: Any,
    answers: Mapping[str, Any],
    *,
    revision: int,
    raw: Mapping[str, Any] | None,
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What saving these answers, based on `revision`, comes to: answers and what was typed. None if nothing changes.

    Raises Stale where others changed the same; nothing is written yet.
    """
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
    return (merged.answers, typed) if merged.answers != row.answers or typed != row.raw else None


def write(desk: Desk, row: Any, answers: dict[str, Any], raw: dict[str, Any], *, merged: bool) -> None:
    values = written(desk, row, answers, raw)
    put(desk, row, values)
    notices.changed(desk, row)
    keep_revision(desk, row.id, row.revision + 1, answers, raw, merged=merged)
    trace_saved(desk, row, answers)


def written(desk: Desk, row: Any, answers: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """What is written to a submission whose answers this person changes."""
    return {
        "answers": answers,
        "raw": raw,
        "carried": carrying.kept(row.carried, row.answers, answers),
        "changed_by": desk.person,
        "changed_at": desk.now,
        "revision": row.revision + 1,
        "autosaved": None,
    }


def put(desk: Desk, row: Any, values: Mapping[str, Any]) -> None:
    """Write to a draft as it was read. Raises Stale if it is another by now."""
    mine = {"of": desk.authority, "of_id": row.id, "of_revision": row.revision}
    if not desk.run(_WRITTEN, {**mine, **values}).rowcount:
        raise changed_since(desk, row_of(desk, row.id), row.revision)


def trace_saved(desk: Desk, row: Any, answers: Mapping[str, Any]) -> None:
    """Note that a submission which stood like `row` now has these answers."""
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
    if not 1 <= revision < row.revision:
        raise NotFound("revision")
    # What saved itself goes on in one revision, whose number grows: only the page that typed it knows the earlier
    # numbers, and what it typed since is in the next that is kept.
    here = (kept.c.authority == desk.authority) & (kept.c.submission == row.id)
    wanted = select(kept.c.answers, kept.c.raw).where(here, kept.c.number >= revision)
    found = desk.run(wanted.order_by(kept.c.number).limit(1)).one()
    return dict(found.answers), dict(found.raw)


def keep_revision(
    desk: Desk, submission_id: str, number: int, answers: Any, raw: Any, *, merged: bool = False
) -> None:
    desk.run(_KEPT, revision_of(desk, submission_id, number, answers, raw, merged=merged))


def keep_revisions(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Keep several, each made by `revision_of`, at once."""
    desk.run(_KEPT, rows)


def revision_of(
    desk: Desk, submission_id: str, number: int, answers: Any, raw: Any, *, merged: bool = False
) -> dict[str, Any]:
    row = {"submission": submission_id, "number": number, "answers": answers, "raw": raw, "merged": merged}
    who = {"authority": desk.authority, "id": ids.new(), "by": desk.person, "at": desk.now}
    return {**who, **row}


_KEPT = submission_revision.insert()


def unread(raw: Mapping[str, Any], problems: Sequence[Problem]) -> list[Problem]:
    """Text that could not be understood and that no problem speaks of: never left behind in silence."""
    said = tuple(f"{one.question}." for one in problems)
    left = [
        path for path, typed in raw.items() if typed and not f"{path.removeprefix('a.')}.".startswith(said)
    ]
    return [Problem(path, "type", "This answer could not be understood.") for path in left]


def supersede(desk: Desk, row: Any) -> None:
    older = desk.run(
        update(submission)
        .where(
            submission.c.authority == desk.authority,
            # Outside a case a new version takes the place of the one that it corrects, and of no other.
            submission.c.case == row.case if row.case is not None else submission.c.id == row.corrects,
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
