"""Decisions to tell another agency: whom, what, on what ground, by whom and when.

A decision is kept with the record and noticed to the outside by its id alone; what it speaks of is sent by a person,
by the way agreed with that agency. Must not know any way of sending.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from engine.casework import access, audit, facts, ids, outbox, stacks
from engine.casework.store import Desk
from engine.casework.tables import share, submission
from engine.casework.values import Shared
from engine.language.model import Stack
from engine.workflow import effects as fx
from engine.workflow.questions import find_question


def put(desk: Desk, row: Any, effect: fx.Share) -> None:
    """Write a workflow's decision down, with the very submissions that it speaks of."""
    stack = stacks.pinned(desk, row.stack).stack
    newest: dict[str, str] = {}
    wanted = select(submission.c.form, submission.c.id).where(
        submission.c.authority == desk.authority,
        submission.c.case == row.id,
        submission.c.form.in_(effect.forms),
        submission.c.state.in_(facts.IN_FORCE),
    )
    for one in desk.rows(wanted.order_by(submission.c.submitted_at)):
        newest[one.form] = one.id
    made = ids.new()
    what = {
        "agency": effect.agency,
        "what": effect.what,
        "submissions": [newest[form] for form in effect.forms if form in newest],
        "ground": effect.ground,
        "consent": consent_in_words(effect, stack),
        "reason": effect.reason,
    }
    who = {"record": row.record, "case": row.id, "decided_by": desk.person, "decided_at": desk.now}
    desk.run(share.insert(), {"authority": desk.authority, "id": made, **who, **what})
    audit.changed(desk, row.record, "share.decided", item=made, case=row.id)
    outbox.put(desk, "share", f"share:{made}", {"share": made})


def of_record(desk: Desk, record_id: str) -> list[Shared]:
    """The decisions to tell others about a record, newest first; for those who see the record itself."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        return []
    return [
        Shared(
            one.id,
            one.case,
            one.agency,
            one.what,
            tuple(one.submissions),
            one.ground,
            one.consent,
            one.reason,
            one.decided_by,
            one.decided_at,
        )
        for one in desk.about(_OF_RECORD, record_id)
    ]


_OF_RECORD = (
    select(share)
    .where(share.c.authority == bindparam("of"), share.c.record == bindparam("about"))
    .order_by(share.c.decided_at.desc(), share.c.id)
)


def consent_in_words(effect: fx.Share, stack: Stack) -> str | None:
    """The question about consent with its answer, as the person who answered read them."""
    if effect.asked is None:
        return None
    question = find_question(stack, effect.asked)
    if question is not None and question.sensitive is not None:
        # Whoever sees the record reads this; who may see a guarded answer is decided where the answer stands.
        return f"{question.label} The answer is guarded and stands on the form."
    options = stack.lists.get(question.options) if question is not None and question.options else None
    labels = {one.id: one.label for one in options.options} if options is not None else {}
    given = effect.consent if isinstance(effect.consent, list) else [effect.consent]
    words = {True: "Yes", False: "No", None: "not answered"}
    told = [
        words[one] if one is None or isinstance(one, bool) else labels.get(one, str(one)) for one in given
    ]
    return f"{question.label if question is not None else effect.asked} {', '.join(told)}"
