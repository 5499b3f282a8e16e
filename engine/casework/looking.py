"""Which parts of a draft were opened, and which were saved: a part looked at and left unfinished differs
from one that nobody has touched. Must not know answers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select, update

from engine.casework import answering, ids
from engine.casework.columns import insert_unless_there
from engine.casework.store import Desk
from engine.casework.tables import looked


def note(desk: Desk, submission_id: str, parts: Iterable[str], *, saved: bool = False) -> None:
    """Note that these parts (a section's id, with the record's where each has its own) were opened, or saved.

    Only in a draft; whoever opens or saves it has been let in already.
    """
    row = answering.row_of(desk, submission_id)
    wanted = sorted(set(parts))
    if row.state != answering.OPEN or not wanted:
        return
    there = of_submission(desk, row.id)
    fresh = [one for one in wanted if one not in there]
    if fresh and desk.looks:
        desk.at_end.append(lambda last: note(last, submission_id, fresh, saved=saved))
        return
    if fresh:
        rows = [
            {"authority": desk.authority, "id": ids.new(), "submission": row.id, "part": one, "at": desk.now}
            for one in fresh
        ]
        # Two who open one part at once do not fail each other.
        desk.run(insert_unless_there(looked, desk.connection.dialect.name), rows)
    unsaved = [one for one in wanted if saved and not there.get(one)]
    if unsaved:
        mine = (looked.c.authority == desk.authority) & (looked.c.submission == row.id)
        desk.run(update(looked).where(mine, looked.c.part.in_(unsaved)).values(saved_at=desk.now))


def of_submission(desk: Desk, submission_id: str) -> dict[str, bool]:
    """Each part of a submission that was opened, and whether it was saved. For whoever was let in to the draft."""
    return {
        row.part: row.saved_at is not None
        for row in desk.run(_OPENED, {"of": desk.authority, "of_submission": submission_id})
    }


def forget(desk: Desk, submission_id: str, record_id: str) -> None:
    """Forget one record's own parts, when what is said of it is destroyed."""
    mine = (looked.c.authority == desk.authority) & (looked.c.submission == submission_id)
    desk.run(looked.delete().where(mine, looked.c.part.endswith(f".{record_id}", autoescape=True)))


_OPENED = select(looked.c.part, looked.c.saved_at).where(
    looked.c.authority == bindparam("of"), looked.c.submission == bindparam("of_submission")
)
