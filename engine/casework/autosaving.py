"""Keeping a draft while somebody types: question by question, without a revision for every few words.

What is kept is the difference between what the page held when it last heard that it was saved and what it holds now,
so that a page which has been open for long overwrites nothing that it never touched. What two people changed at once
is left as it is saved, and named: the page says so, and its writer goes on to both texts when they choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from engine.casework import answering, merging, paths, pointing, together
from engine.casework.errors import Conflict
from engine.casework.store import Desk
from engine.casework.tables import submission_revision
from engine.casework.values import Submission
from engine.forms import CompiledForm

RUN = timedelta(minutes=10)
"""For how long what one page keeps goes into one revision, if nobody looks at it meanwhile."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A page's answers, and what was typed in it that could not be read, by posted name."""

    answers: Mapping[str, Any]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of it. `exact`: nothing that the page shows differs from what is saved now, as `revision`."""

    submission: Submission
    exact: bool
    conflicts: tuple[Conflict, ...]
    others: tuple[str, ...]
    """Paths on the page that somebody else changed and this page did not."""


def present(desk: Desk, submission_id: str) -> tuple[Submission, CompiledForm]:
    """A draft to be written in, without its being looked at: nothing of it is shown. Raises NotFound, CaseworkError
    when it is no draft."""
    row = answering.writable(desk, submission_id)
    return answering.shown(desk, row), answering.form_for(desk, row)


def keep(desk: Desk, submission_id: str, was: Typed, now: Typed, *, revision: int) -> Kept:
    """Keep what a page changed, from `was` to `now`, in a draft.

    `revision` is what the page knows to be saved; it decides only whether this goes on with the revision that the
    page's last keeping made. The same again, as after a reply that was lost, changes nothing. Raises NotReady for a
    record or person that cannot be chosen, NotFound, NotPermitted, CaseworkError.
    """
    row = answering.writable(desk, submission_id)
    kept_from_me = answering.hidden_from(desk, row) | answering.hidden_from(desk, row, "submit")
    base, mine = (_fit(desk, row, one.answers, kept_from_me) for one in (was, now))
    pointing.check(desk, together.form_of(desk, row), base, mine, row.id)
    merged = merging.merge(base, mine, row.answers)
    typed = _raw(row.raw, was.raw, now.raw, kept_from_me)
    if merged.answers != row.answers or typed != row.raw:
        _write(desk, row, merged.answers, typed, revision)
    saved = answering.shown(desk, answering.row_of(desk, row.id))
    differing = merging.changes(mine, merged.answers)
    clashing = {one.path for one in merged.conflicts}
    hidden = answering.hidden_from(desk, row)
    return Kept(
        saved,
        not differing and not merged.conflicts,
        tuple(one for one in merged.conflicts if not paths.hides(hidden, one.path)),
        tuple(one for one in differing if not _within(one, clashing) and not paths.hides(hidden, one)),
    )


def _within(path: str, among: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in among)


def _fit(desk: Desk, row: Any, answers: Mapping[str, Any], kept_from_me: frozenset[str]) -> dict[str, Any]:
    """A page's answers as they can be stored, with what is kept from its reader put back as it is saved."""
    found = paths.restore(merging.stored(answers), row.answers, kept_from_me)
    form = together.form_of(desk, row)
    found = together.kept(form, found, together.records_of(desk, row)) if form.several else found
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _raw(
    saved: Mapping[str, Any], was: Mapping[str, Any], now: Mapping[str, Any], kept_from_me: frozenset[str]
) -> dict[str, Any]:
    """What could not be read: what this page changed, everything else as it is saved."""
    before, typed = (paths.cut_typed(merging.stored(dict(one)), kept_from_me) for one in (was, now))
    changed = {name for name in (*before, *typed) if before.get(name) != typed.get(name)}
    untouched = {name: text for name, text in saved.items() if name not in changed}
    return untouched | {name: typed[name] for name in typed if name in changed}


def _write(desk: Desk, row: Any, answers: dict[str, Any], raw: dict[str, Any], revision: int) -> None:
    """Into the revision that this page's last keeping made, where nobody has built on it; else into a new one."""
    running = (
        row.autosaved is not None
        and row.changed_by == desk.person
        and row.revision == revision
        and desk.now - row.autosaved <= RUN
    )
    began = row.autosaved if running else desk.now
    answering.put(desk, row, {**answering.written(desk, row, answers, raw), "autosaved": began})
    if running:
        kept = submission_revision
        here = (kept.c.authority == desk.authority) & (kept.c.submission == row.id)
        # Numbers only ever grow: a page that knows of an earlier one is never taken to have seen this.
        changed = {"number": row.revision + 1, "answers": answers, "raw": raw, "at": desk.now}
        desk.run(update(kept).where(here, kept.c.number == row.revision).values(**changed))
    else:
        answering.keep_revision(desk, row.id, row.revision + 1, answers, raw)
    answering.trace_saved(desk, row, answers)
