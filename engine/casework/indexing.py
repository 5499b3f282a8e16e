"""Keeps the index of what can be found, in the transaction that writes what is found; and makes it anew by command.

Names, numbers and written fields of records, cases, notes, actions, and what was written in forms that were handed in
and still stand. A draft is nobody's to find: it is on its writer's own page. Must not know who searches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, insert, select, text

from engine.casework import facts, findable, found_text, likeness, together
from engine.casework.columns import insert_unless_there
from engine.casework.findable import Scope, Thing
from engine.casework.found_tables import near, part, scope, thing
from engine.casework.found_words import MOST, holds, owned, unowned
from engine.casework.several import among
from engine.casework.store import Desk
from engine.casework.tables import action, case, identifier, note, record, submission

AT_ONCE = 500


# --- Kept up


def of_record(desk: Desk, record_id: str) -> None:
    """Index what a record itself says, as it stands now."""
    [row] = desk.about(_RECORD, record_id)
    numbers = [one.number for one in desk.about(_NUMBERS, record_id)]
    _anew(desk, findable.record_thing(desk, row, numbers))


_RECORD = select(record).where(record.c.authority == bindparam("of"), record.c.id == bindparam("about"))
_NUMBERS = select(identifier.c.number).where(
    identifier.c.authority == bindparam("of"), identifier.c.record == bindparam("about")
)


def of_case(desk: Desk, row: Any, record_row: Any) -> None:
    _anew(desk, findable.case_thing(desk, row, record_row))


def of_note(desk: Desk, row: Any) -> None:
    _anew(desk, findable.note_thing(row, _type_of(desk, row.record)))


def of_action(desk: Desk, row: Any) -> None:
    _anew(desk, findable.action_thing(row, _type_of(desk, row.record)))


def of_form(desk: Desk, row: Any) -> None:
    """Index what was written in a form that has just been handed in; nothing of it is in the index yet."""
    about = together.records_of(desk, row)
    types = {one: together.head_of(desk, one).type for one in about}
    _write(desk, list(findable.form_things(desk, row, about, types)))


def take_out(desk: Desk, items: Iterable[str]) -> None:
    """Let nobody find these any more: forms that were superseded or taken back."""
    _drop(desk, thing.c.item.in_(list(items)))


def forget(desk: Desk, record_id: str, words: Iterable[str]) -> None:
    """Take everything about a record out of the index, and with it those words that nothing else has: of what it is
    found by, and of `words`, all that were ever written about it."""
    things = select(thing.c.number).where(thing.c.authority == desk.authority, thing.c.record == record_id)
    found_by = desk.rows(select(part.c.words).where(part.c.thing.in_(things)))
    words = {*words, *(one for row in found_by for one in unowned(row.words))}
    _drop(desk, thing.c.record == record_id)
    found_text.leave_nothing(desk)
    if not desk.store.embedded:
        # Whoever writes a word meanwhile is waited for, so that theirs is not taken for one that nobody has.
        desk.run(text("LOCK TABLE found_near IN SHARE ROW EXCLUSIVE MODE"))
    near_others = sorted(one for one in words if likeness.parts(one))
    for start in range(0, len(near_others), AT_ONCE):
        some = near_others[start : start + AT_ONCE]
        known = desk.run(_KNOWN, {"of": desk.authority, "words": some}).scalars()
        lost = [one for one in known if not _found_by(desk, one)]
        desk.run(delete(near).where(near.c.authority == desk.authority, near.c.word.in_(lost)))


def keep_near(desk: Desk) -> None:
    """Write down which words are near each other; at a desk's end and in one order, so that two desks that write the
    same words never wait for each other in a ring."""
    spelt = sorted(one for one in desk.spelt if likeness.parts(one))
    desk.spelt.clear()
    if not spelt:
        return
    if not desk.store.embedded:
        # Whoever takes words out waits, or is waited for: what is found here as known must still be so at the end.
        desk.run(text("LOCK TABLE found_near IN ROW EXCLUSIVE MODE"))
    for start in range(0, len(spelt), AT_ONCE):
        some = spelt[start : start + AT_ONCE]
        known = set(desk.run(_KNOWN, {"of": desk.authority, "words": some}).scalars())
        rows = [
            {"authority": desk.authority, "part": part, "word": one}
            for one in some
            if one not in known
            for part in likeness.parts(one)
        ]
        if rows:
            desk.run(insert_unless_there(near, desk.connection.dialect.name), rows)


_KNOWN = (
    select(near.c.word).where(near.c.authority == bindparam("of"), among(near.c.word, "words")).distinct()
)


# --- Made anew


def rebuild(desk: Desk) -> int:
    """Make the authority's index anew from what is there; returns how many things can be found."""
    mine = thing.c.authority == desk.authority
    desk.run(delete(part).where(part.c.thing.in_(select(thing.c.number).where(mine))))
    desk.run(delete(thing).where(mine))
    desk.run(delete(near).where(near.c.authority == desk.authority))
    count = 0
    waiting: list[Thing] = []
    for found in _everything(desk):
        waiting.append(found)
        if len(waiting) >= AT_ONCE:
            count += _write(desk, waiting, told=False)
            waiting.clear()
    count += _write(desk, waiting, told=False)
    keep_near(desk)
    found_text.anew(desk)
    if not desk.store.embedded:
        # PostgreSQL counts by itself only after a while, and until then plans a search as if little were there.
        for each in (record, thing, part, near):
            desk.run(text(f"ANALYZE {each.name}"))
    return count


def is_there(desk: Desk) -> bool:
    """Whether every record can be found: an older Trefoil's cannot, nor can any whose index was not made to its end."""
    indexed = (
        (thing.c.authority == desk.authority) & (thing.c.kind == "record") & (thing.c.item == record.c.id)
    )
    lacking = select(record.c.id).where(
        record.c.authority == desk.authority, record.c.destroyed_at.is_(None), ~exists().where(indexed)
    )
    return desk.run(lacking.limit(1)).first() is None


def _everything(desk: Desk) -> Iterator[Thing]:
    numbers: dict[str, list[str]] = {}
    for row in desk.rows(select(identifier).where(identifier.c.authority == desk.authority)):
        numbers.setdefault(row.record, []).append(row.number)
    there = {}
    for row in desk.rows(
        select(record).where(record.c.authority == desk.authority, record.c.destroyed_at.is_(None))
    ):
        there[row.id] = row
        yield findable.record_thing(desk, row, numbers.get(row.id, []))
    types = {one: row.type for one, row in there.items()}
    for row in desk.rows(select(case).where(case.c.authority == desk.authority)):
        if row.record in there:
            yield findable.case_thing(desk, row, there[row.record])
    for table, made in ((note, findable.note_thing), (action, findable.action_thing)):
        for row in desk.rows(select(table).where(table.c.authority == desk.authority)):
            if row.record in types:
                yield made(row, types[row.record])
    standing = (submission.c.authority == desk.authority) & submission.c.state.in_(facts.HANDED_IN)
    forms = desk.connection.execute(
        select(submission).where(standing), execution_options={"yield_per": AT_ONCE}
    )
    for rows in forms.partitions():
        several = together.of_many(desk, rows)
        for row in rows:
            about = [one for one in several.get(row.id, (row.record,)) if one in types]
            yield from findable.form_things(desk, row, about, types)


# --- Within


def _anew(desk: Desk, one: Thing) -> None:
    _take(desk, _THEIRS, {"of": desk.authority, "of_kind": one.kind, "of_item": one.item})
    _write(desk, [one])


_THEIRS = and_(
    thing.c.authority == bindparam("of"),
    thing.c.kind == bindparam("of_kind"),
    thing.c.item == bindparam("of_item"),
)


def _drop(desk: Desk, which: ColumnElement[bool]) -> None:
    _take(desk, (thing.c.authority == desk.authority) & which, {})


def _take(desk: Desk, which: ColumnElement[bool], values: dict[str, str]) -> None:
    theirs = select(thing.c.number).where(which)
    found_text.go(desk, theirs, values)
    desk.run(delete(part).where(part.c.thing.in_(theirs)), values)
    desk.run(delete(thing).where(which), values)


def _found_by(desk: Desk, word: str) -> bool:
    """Whether anything of this authority is still found by a word."""
    held = select(thing.c.number).join(part, part.c.thing == thing.c.number)
    asked = held.where(thing.c.authority == desk.authority, holds(part, owned(desk.authority, [word])))
    return desk.run(asked.limit(1)).first() is not None


def _write(desk: Desk, things: list[Thing], *, told: bool = True) -> int:
    """Write things with their parts; `told` that what indexes words is told of them at once."""
    things = [one for one in things if any(one.parts.values())]
    if not things:
        return 0
    scopes = _known(desk, {shown for one in things for shown, words in one.parts.items() if words})
    rows = [
        {
            "authority": desk.authority, "record": one.record, "case": one.case, "kind": one.kind,
            "item": one.item, "named": one.named, "at": one.at,
        }
        for one in things
    ]  # fmt: skip
    numbers = list(desk.run(_WITH_ITS_NUMBER, rows).scalars())
    parts = []
    for number, one in zip(numbers, things, strict=True):
        for shown, words in one.parts.items():
            held = sorted(words)
            for start in range(0, len(held), MOST):
                some = owned(desk.authority, held[start : start + MOST])
                parts.append({"thing": number, "scope": scopes[shown], "words": some})
            desk.spelt |= words
    desk.run(insert(part), parts)
    if told:
        found_text.come(desk, numbers)
    return len(things)


_WITH_ITS_NUMBER = insert(thing).returning(thing.c.number, sort_by_parameter_order=True)


def _known(desk: Desk, scopes: Iterable[Scope]) -> dict[Scope, int]:
    """The ids of scopes; those not met before are written down. Known ones are remembered once they are committed: they
    are never removed but by making all anew."""
    numbered = {one: one.id for one in scopes}
    fresh = {("scope", desk.authority, id): one.says for one, id in numbered.items()}
    fresh = {key: says for key, says in fresh.items() if key not in desk.store.cache}
    if fresh:
        rows = [
            {"authority": whose, "id": id, "says": says} for (_, whose, id), says in sorted(fresh.items())
        ]
        desk.run(insert_unless_there(scope, desk.connection.dialect.name), rows)
        desk.afterwards.append(lambda store: store.cache.update(fresh))
    return numbered


def _records(desk: Desk, wanted: Iterable[str]) -> list[Any]:
    here = (record.c.authority == desk.authority) & record.c.id.in_(list(wanted))
    return desk.rows(select(record.c.id, record.c.type).where(here))


def _type_of(desk: Desk, record_id: str) -> str:
    return str(_records(desk, [record_id])[0].type)
