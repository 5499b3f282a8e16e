"""Actions: a plan's items, each with its social field, owner, due day, measure and progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.casework import access, agreed, audit, ids, indexing, merging, records, revising, texts
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import action, action_revision
from engine.casework.values import Action
from engine.workflow import effects as fx

WRITTEN = ("what", "social_field", "owner", "due", "measure", "progress")


def open(desk: Desk, record_id: str, what: str, *, case: str | None = None, **details: Any) -> Action:
    """Add an action. `details`: social_field, owner, due (a date), measure, progress."""
    record_id = ids.known(record_id, "record")
    access.require(desk, "edit", record_id)
    if not texts.line(what):
        raise CaseworkError("Say what is to be done.")
    content = _content({"what": texts.line(what), **details})
    return _action(_row(desk, _make(desk, record_id, case, content)))


def put(desk: Desk, case_row: Any, effect: fx.AddAction) -> None:
    """Add an action for a workflow's effect; the same row of the same form adds it once."""
    about = effect.record or case_row.record
    # What a case does for a record that is not its own is not in that case.
    case_id = case_row.id if about == case_row.record else None
    if effect.source is not None:
        here = (action.c.authority == desk.authority) & (action.c.source == effect.source)
        # A record's part of a form about several is one row for ever: what it says tells one action from the next.
        once = action.c.what == effect.what if effect.record else action.c.case == case_id
        if desk.run(select(action.c.id).where(here, action.c.record == about, once)).first() is not None:
            return
    content = _content({name: getattr(effect, name) for name in WRITTEN})
    _make(desk, about, case_id, content, effect.source)


def edit(desk: Desk, action_id: str, changes: Mapping[str, Any], *, revision: int) -> Action:
    """Change an action. What others changed meanwhile is merged; raises Stale with both."""
    row = _to_change(desk, action_id)
    changed = _change(desk, row, changes, revision)
    if changed.owner != row.owner:
        agreed.tell(desk, row.record, row.case, changed.owner)
    return changed


def _change(desk: Desk, row: Any, changes: Mapping[str, Any], revision: int) -> Action:
    theirs = _content({name: getattr(row, name) for name in WRITTEN})
    wanted = _content({name: changes[name] for name in WRITTEN if name in changes})
    base_stamp: dict[str, Any] = {}
    merged = revising.save(desk, action, action_revision, row, theirs, wanted, revision, base_stamp)
    changed = merging.changes(theirs, merged)
    if changed:
        this = (action.c.authority == desk.authority) & (action.c.id == row.id)
        desk.run(update(action).where(this).values(**_columns(merged)))
        indexing.of_action(desk, _row(desk, row.id))
        _traced(desk, row.record, "action.edited", row.id, row.revision + 1, changed)
    return _action(_row(desk, row.id))


def hand_on(desk: Desk, action_id: str, owner: str) -> None:
    """Have somebody else named as the owner, whatever else others change meanwhile. Access is the caller's."""
    row = _row(desk, action_id, lock=True)
    _change(desk, row, {"owner": owner}, row.revision)


def end(desk: Desk, action_id: str, *, revision: int) -> Action:
    """Mark an action as ended, once. Raises CaseworkError if it was changed since."""
    row = _to_change(desk, action_id)
    if row.ended_at is not None:
        return _action(row)
    if row.revision != revision:
        raise CaseworkError("This action was changed since you opened it. Look at it again, then end it.")
    this = (action.c.authority == desk.authority) & (action.c.id == row.id)
    desk.run(update(action).where(this).values(ended_at=desk.now, revision=row.revision + 1))
    content = _content({name: getattr(row, name) for name in WRITTEN})
    revising.keep(desk, action_revision, "action", row.id, row.revision + 1, content)
    audit.changed(desk, row.record, "action.ended", item=row.id, revision=row.revision + 1)
    return _action(_row(desk, row.id))


def _to_change(desk: Desk, action_id: str) -> Any:
    """The row, for whoever may change it. Who sees only some forms of the record sees no action, nor that one is."""
    row = _row(desk, action_id, lock=True)
    if not access.grants(desk, row.record).whole:
        audit.refused(desk, "view", row.record)
        raise NotFound("action")
    access.require(desk, "edit", row.record)
    return row


def of_record(desk: Desk, record_id: str, *, ended: bool = False) -> list[Action]:
    """Actions on a record, for those who see the record itself."""
    record_id = access.known_record(desk, record_id)
    if not access.grants(desk, record_id).whole:
        return []
    audit.viewed(desk, record_id, "actions.viewed")
    return [_action(row) for row in desk.about(_OF_RECORD if ended else _OPEN_OF_RECORD, record_id)]


_OF_RECORD = (
    select(action)
    .where(action.c.authority == bindparam("of"), action.c.record == bindparam("about"))
    .order_by(action.c.due.is_(None), action.c.due, action.c.made_at)
)
_OPEN_OF_RECORD = _OF_RECORD.where(action.c.ended_at.is_(None))


def _make(
    desk: Desk, record_id: str, case_id: str | None, content: Mapping[str, Any], source: str | None = None
) -> str:
    made = ids.new()
    about = {"record": record_id, "case": case_id, "source": source, "revision": 1}
    who = {"authority": desk.authority, "id": made, "made_by": desk.person, "made_at": desk.now}
    desk.run(action.insert(), {**who, **about, **_columns(content)})
    revising.keep(desk, action_revision, "action", made, 1, dict(content))
    indexing.of_action(desk, _row(desk, made))
    _traced(desk, record_id, "action.added", made, 1, content)
    agreed.tell(desk, record_id, case_id, content.get("owner"))
    return made


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    """An action's words as JSON: days as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else merging.stored(value)
        for name, value in given.items()
    }


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    due = content.get("due")
    return {name: content.get(name) for name in WRITTEN} | {"due": date.fromisoformat(due) if due else None}


def _traced(
    desk: Desk, record_id: str, what: str, item: str, revision: int, changed: Mapping[str, Any]
) -> None:
    digests = audit.digests(desk, records.row_of(desk, record_id).salt, changed)
    audit.changed(
        desk, record_id, what, item=item, questions=sorted(changed), revision=revision, digests=digests
    )


def _row(desk: Desk, action_id: str, *, lock: bool = False) -> Any:
    wanted = select(action).where(
        action.c.authority == desk.authority, action.c.id == ids.known(action_id, "action")
    )
    found = desk.run(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("action")
    return found


def _action(row: Any) -> Action:
    return Action(
        id=row.id,
        record=row.record,
        case=row.case,
        what=row.what,
        social_field=row.social_field,
        owner=row.owner,
        due=row.due,
        measure=row.measure,
        progress=row.progress,
        revision=row.revision,
        ended_at=row.ended_at,
    )
