"""Comments at the questions of a form that is returned, and what its writer says was done about each.

A comment stands on the submission that was returned, is read by whoever may read that question on it, and is answered
in the draft that goes on from there. Must not know how a form is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from engine.casework import answering, facts, ids, paths, texts, together
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import comment, submission
from engine.casework.values import Comment, Submission
from engine.language.saying import say

LONGEST, LONGEST_PATH = 20_000, 200
MOST = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """Comments that this person may make, seen to while they still see the form: returning it may end their part."""

    submission: str
    texts: tuple[tuple[str, str], ...]


def ready(desk: Desk, submission_id: str, written: Mapping[str, str]) -> Ready | None:
    """What is to be said at questions (by stored path; empty for all of it) once a form has been returned.

    None where it is decided on already. Raises NotFound, and CaseworkError for what is no question of the form or is
    kept from this person.
    """
    row = answering.seen(desk, submission_id)
    if row.state not in facts.IN_FORCE:
        return None
    sight = together.sight(desk, row)
    known = _questions(desk, row)
    found = []
    for question, said in written.items():
        text = texts.within(said, LONGEST)
        if not text:
            continue
        unknown = len(question) > LONGEST_PATH or question.split(".")[0] not in known
        if question and (unknown or paths.hides(sight.hidden, question)):
            raise CaseworkError(
                "One of these comments is at a question that you do not see. Open the page again."
            )
        found.append((question, text))
    if len(found) > MOST:
        raise CaseworkError(say("At most %(number)s comments can be made at once.", number=MOST))
    return Ready(row.id, tuple(found))


def put(desk: Desk, written: Ready) -> None:
    """Write the comments down. The form must just have been returned by this person, in this transaction."""
    row = answering.row_of(desk, written.submission)
    if not written.texts or row.state != "returned" or row.decided_by != desk.person:
        return
    if row.decided_at != desk.now:
        return
    rows = [
        {"authority": desk.authority, "id": ids.new(), "submission": row.id, "question": question, "text": text,
         "made_by": desk.person, "made_at": desk.now}
        for question, text in written.texts
    ]  # fmt: skip
    desk.run(comment.insert(), rows)
    asked = {one["question"]: None for one in rows if one["question"]}
    together.trace(desk, row, "submission.commented", asked, written=False, comments=len(rows))


def of_submission(desk: Desk, submission_id: str) -> list[Comment]:
    """What was said of this submission when it was returned, as far as this person may read it. Raises NotFound."""
    return _told(desk, answering.seen(desk, submission_id))


def asked(desk: Desk, submission_id: str) -> list[Comment]:
    """What was asked of the submission that this one goes on from, by questions that this person sees in both."""
    row = answering.seen(desk, submission_id)
    before = _gone_on_from(desk, row)
    if before is None:
        return []
    hidden = together.sight(desk, row).hidden
    return [one for one in _told(desk, before) if not paths.hides(hidden, one.question)]


def goes_on(desk: Desk, submission_id: str) -> bool:
    """Whether this one goes on from another that this person may see."""
    before = _gone_on_from(desk, answering.seen(desk, submission_id))
    return before is not None and _may_see(desk, before, together.sight(desk, before).records)


def sent_back(desk: Desk, submission_id: str) -> Submission | None:
    """What this one goes on from, if it was sent back, with who did so and why; None if it may not be seen."""
    before = _gone_on_from(desk, answering.seen(desk, submission_id))
    if before is None or before.decided_at is None or before.state not in ("returned", "superseded"):
        return None
    about = together.sight(desk, before).records
    if not before.reason or not about or not _may_see(desk, before, about):
        return None
    return answering.shown(desk, before)


def answer(desk: Desk, submission_id: str, said: Mapping[str, tuple[str, bool]]) -> None:
    """Say of comments, by id, what was done about them, and whether they are dealt with. Only in a draft.

    Ids of no comment that this person sees here are left alone. Raises NotFound, NotPermitted, CaseworkError.
    """
    if not said:
        return
    row = answering.writable(desk, submission_id)
    known = {one.id: one for one in asked(desk, submission_id)}
    changed = []
    for one_id, (text, dealt) in said.items():
        one = known.get(one_id)
        values = _altered(desk, one, texts.line(text), dealt) if one is not None else {}
        if one is not None and values:
            here = (comment.c.authority == desk.authority) & (comment.c.id == one.id)
            desk.run(update(comment).where(here).values(**values))
            changed.append(one)
    if changed:
        questions: dict[str, Any] = {one.question: None for one in changed if one.question}
        together.trace(desk, row, "comment.answered", questions, written=False, comments=len(changed))


def forget(desk: Desk, submission_id: str, record_id: str) -> None:
    """Destroy what was said at one record's own part of a form about several."""
    mine = (comment.c.authority == desk.authority) & (comment.c.submission == submission_id)
    desk.run(comment.delete().where(mine, comment.c.question.contains(f".{record_id}", autoescape=True)))


def _altered(desk: Desk, one: Comment, text: str, dealt: bool) -> dict[str, Any]:
    """What is written where an answer or the mark has changed."""
    found: dict[str, Any] = {}
    if (text or None) != one.answer:
        found |= {"answer": text or None, "answered_by": desk.person, "answered_at": desk.now}
    if dealt != (one.dealt_at is not None):
        found |= {"dealt_by": desk.person if dealt else None, "dealt_at": desk.now if dealt else None}
    return found


def _questions(desk: Desk, row: Any) -> set[str]:
    form = together.form_of(desk, row)
    own = {one.id for section in form.sections if not section.each for one in section.questions}
    return own | set(together.each_sections(form))


def _gone_on_from(desk: Desk, row: Any) -> Any:
    """The submission that was handed in before this one; those taken back in between are passed over."""
    passed: set[str] = set()
    while row.corrects is not None and row.corrects not in passed:
        passed.add(row.corrects)
        mine = (submission.c.authority == desk.authority) & (submission.c.id == row.corrects)
        found = desk.run(select(submission).where(mine)).first()
        if found is None or found.state != "withdrawn":
            return found
        row = found
    return None


def _told(desk: Desk, row: Any) -> list[Comment]:
    """The comments on a submission that this person may read, in the order of its form."""
    mine = (comment.c.authority == desk.authority) & (comment.c.submission == row.id)
    rows: Sequence[Any] = desk.rows(select(comment).where(mine).order_by(comment.c.made_at, comment.c.id))
    if not rows:
        return []
    try:
        sight = together.sight(desk, row)
    except NotFound:
        return []
    if not sight.records or not _may_see(desk, row, sight.records):
        return []
    places = _places(together.form_of(desk, row))
    seen = [one for one in rows if not (one.question and paths.hides(sight.hidden, one.question))]
    return [_comment(one) for one in sorted(seen, key=lambda one: places.get(_head(one.question), (0, 0)))]


def _may_see(desk: Desk, row: Any, records: Iterable[str]) -> bool:
    return bool(together.seen_by(desk, row, records))


def _places(form: Any) -> dict[str, tuple[int, int]]:
    """Where each question stands in the form; what is said of all of it comes first."""
    found = {"": (-1, 0)}
    for number, section in enumerate(form.sections):
        if section.each:
            found[section.id] = (number, 0)
        found |= {one.id: (number, at) for at, one in enumerate(section.questions) if not section.each}
    return found


def _head(question: str) -> str:
    return question.partition(".")[0]


def _comment(row: Any) -> Comment:
    return Comment(
        id=row.id,
        submission=row.submission,
        question=row.question,
        text=row.text,
        made_by=row.made_by,
        made_at=row.made_at,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        dealt_by=row.dealt_by,
        dealt_at=row.dealt_at,
    )
