"""What somebody types in a page's boxes and has not saved: kept as they type, theirs alone, until they save it or
throw it away.

It is no part of a record: nobody else ever reads it, it is found by no search, stands in no copy, and the trace says
only that there was some. Each page keeps a text of its own, so that two windows never overwrite each other; a page that
goes on from an earlier text takes its place. It goes with the record, and as soon as its writer may not see that any
more. Must not know what the boxes mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, or_, select, update

from engine.casework import access, audit, authorities, ids, merging
from engine.casework.columns import insert_unless_there
from engine.casework.errors import CaseworkError, NoStack, NotFound, NotPermitted
from engine.casework.several import among
from engine.casework.store import SYSTEM, Desk, Store
from engine.casework.tables import unsaved

KEPT_FOR = timedelta(days=30)
"""How long a text is kept that nobody comes back to."""
ENDED_FOR = timedelta(days=2)
"""How long it is known that a page's text was saved or thrown away: what that page sent before may come late."""
LONGEST = 400_000
"""Letters in all the boxes of one page, and in their names: whoever sends them makes these up as well."""
MOST_EACH = 200
"""Texts of one person."""
LONGEST_TOGETHER = 4_000_000
"""Letters of all of them, as the database holds them: far more than anybody leaves lying, and read in a moment."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page with boxes, as it was drawn for somebody: under which id it keeps what is typed, about which record and
    where. `before` is the text that it goes on from, which had come to `number` then."""

    id: str
    record: str
    place: str
    before: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """That a text was typed and not saved: about which record, where and when."""

    id: str
    record: str
    place: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsaved(Left):
    """Such a text: by the name of each box what stood in it."""

    typed: Mapping[str, Sequence[str]]


def at_places(desk: Desk, places: Iterable[str]) -> list[Unsaved]:
    """This person's texts of these places, newest first. The caller shows their page, and so has let them in."""
    return [_shown(row) for row in desk.rows(_AT_PLACES, {**_mine(desk), "places": sorted(places)})]


def mine(desk: Desk) -> list[Left]:
    """Which texts this person has about records that they may see, newest first; their words are not read."""
    rows = desk.rows(_WORDLESS, _mine(desk))
    access.foresee(desk, {row.record for row in rows})
    return [_left(row) for row in rows if access.may(desk, "view", row.record)]


def get(desk: Desk, unsaved_id: str) -> Unsaved:
    """One of this person's own. Raises NotFound for any other, and where they may not see the record any more."""
    row = _row(desk, ids.known(unsaved_id, "unsaved"))
    if row is None or row.ended_at is not None or not access.may(desk, "view", row.record):
        raise NotFound("unsaved")
    return _shown(row)


def keep(desk: Desk, sheet: Sheet, typed: Mapping[str, Sequence[str]], number: int) -> bool:
    """Keep what stands in a page's boxes now; nothing there is nothing kept. `number` grows with each that it sends.

    False where the page's text was saved or thrown away: what is typed after that is kept under another id. Raises
    NotFound where the record may not be seen, CaseworkError for what is too much.
    """
    access.grants(desk, sheet.record)
    content = {name: list(texts) for name, texts in merging.stored(typed).items()}
    if sum(len(name) + sum(map(len, texts)) for name, texts in content.items()) > LONGEST:
        raise CaseworkError("That is too much to keep before it is saved. Save it, or make it shorter.")
    row = _row(desk, sheet.id, lock=True)
    if row is not None and row.ended_at is not None:
        return False
    if not content:
        desk.run(unsaved.delete().where(_is(desk, sheet.id)))
    else:
        _within_bounds(desk, sheet, content, new=row is None)
        if row is None:
            _begin(desk, sheet, content, number)
        # Also where none was found: another that the page sent meanwhile may have come first, with older words.
        live = _is(desk, sheet.id) & unsaved.c.ended_at.is_(None)
        wanted = {"typed": content, "number": number, "at": desk.now}
        newer = desk.run(update(unsaved).where(live, unsaved.c.number < number).values(**wanted)).rowcount
        if not newer and not desk.rows(select(unsaved.c.id).where(live)):
            return False
    _take_over(desk, sheet)
    return True


def end(desk: Desk, sheet: Sheet, *, thrown_away: bool = False) -> None:
    """It was saved, or is thrown away: its words go, and what the page may still be sending is not kept."""
    over = {"typed": {}, "ended_at": desk.now, "at": desk.now}
    row = {"record": sheet.record, "place": sheet.place, "number": sheet.number, **over}
    # First the bare id: whoever is just keeping its words is waited for, and what they wrote is then seen here.
    desk.run(_insert(desk), {"authority": desk.authority, "id": sheet.id, "person": desk.person, **row})
    desk.run(update(unsaved).where(_is(desk, sheet.id)).values(**over))
    _take_over(desk, sheet)
    if thrown_away:
        _traced(desk, "unsaved.dropped", desk.person, sheet.record, sheet.before or sheet.id)


def tidy(store: Store, *, now: datetime) -> int:
    """Take out what nobody came back to, and what its writer may not see any more. Returns how many texts went."""
    gone = 0
    for authority in authorities.names(store):
        with store.desk(authority, SYSTEM, now=now) as desk:
            old = or_(unsaved.c.at < now - KEPT_FOR, unsaved.c.ended_at < now - ENDED_FOR)
            gone += _let_go(desk, old)
            rows = desk.rows(select(unsaved.c.person, unsaved.c.record).distinct().where(_here(desk)))
        about: dict[str, set[str]] = {}
        for row in rows:
            about.setdefault(row.person, set()).add(row.record)
        for person, records in about.items():
            out_of_sight = _out_of_sight(store, authority, person, records, now)
            if out_of_sight:
                with store.desk(authority, SYSTEM, now=now) as desk:
                    theirs = (unsaved.c.person == person) & unsaved.c.record.in_(sorted(out_of_sight))
                    gone += _let_go(desk, theirs)
    return gone


def _let_go(desk: Desk, which: ColumnElement[bool]) -> int:
    """Take out these texts, with a trace of each in the chain of its writer. Returns how many there were."""
    rows = desk.rows(select(unsaved).where(_here(desk), which).with_for_update())
    for row in rows:
        desk.run(unsaved.delete().where(_here(desk), unsaved.c.id == row.id))
        if row.ended_at is None:
            _traced(desk, "unsaved.dropped", row.person, row.record, row.id)
    return sum(row.ended_at is None for row in rows)


def _out_of_sight(
    store: Store, authority: str, person: str, records: Collection[str], now: datetime
) -> list[str]:
    """Those of these records that this person may not see now: all of them once their account is closed."""
    try:
        with store.desk(authority, person, now=now, looks=True) as desk:
            access.foresee(desk, records)
            return [one for one in records if not access.may(desk, "view", one)]
    except NotPermitted:
        return list(records)
    except NoStack:
        return []


# --- Rows


def _within_bounds(desk: Desk, sheet: Sheet, content: dict[str, list[str]], *, new: bool) -> None:
    """Raises CaseworkError for one text more than the most, and for more letters than the most in all of them."""
    [others] = desk.rows(_OTHERS, {**_mine(desk), "this": [sheet.id, sheet.before or sheet.id]})
    if new and others.texts >= MOST_EACH:
        raise CaseworkError(
            "You have too many texts that are not saved. Save some of them, or throw them away."
        )
    if others.letters + len(ids.canonical(content)) > LONGEST_TOGETHER:
        raise CaseworkError("You have too much that is not saved. Save some of it, or throw it away.")


def _begin(desk: Desk, sheet: Sheet, content: dict[str, list[str]], number: int) -> None:
    row = {"authority": desk.authority, "id": sheet.id, "person": desk.person, "record": sheet.record}
    words = {"place": sheet.place, "typed": content, "number": number, "at": desk.now}
    if desk.rows(_insert(desk).returning(unsaved.c.id), {**row, **words}):
        _traced(desk, "unsaved.kept", desk.person, sheet.record, sheet.id)


def _take_over(desk: Desk, sheet: Sheet) -> None:
    """The text that this page goes on from has gone into it, unless more was typed there since."""
    if sheet.before is not None:
        as_it_was = (unsaved.c.number == sheet.number) & unsaved.c.ended_at.is_(None)
        desk.run(unsaved.delete().where(_is(desk, sheet.before), as_it_was))


def _traced(desk: Desk, action: str, whose: str | None, record: str, item: str) -> None:
    # In the chain of its writer: whoever reads the record's is not told that somebody is writing.
    audit.did(desk, action, chain=audit.of_the_person(whose), record=record, item=item)


def _insert(desk: Desk) -> Any:
    return insert_unless_there(unsaved, desk.connection.dialect.name)


def _here(desk: Desk) -> Any:
    return unsaved.c.authority == desk.authority


def _is(desk: Desk, unsaved_id: str) -> Any:
    return _here(desk) & (unsaved.c.person == desk.person) & (unsaved.c.id == unsaved_id)


def _row(desk: Desk, unsaved_id: str, *, lock: bool = False) -> Any:
    wanted = select(unsaved).where(_is(desk, unsaved_id))
    return desk.run(wanted.with_for_update() if lock else wanted).first()


def _mine(desk: Desk) -> dict[str, Any]:
    return {"of": desk.authority, "whose": desk.person}


_THEIRS = (
    unsaved.c.authority == bindparam("of"),
    unsaved.c.person == bindparam("whose"),
    unsaved.c.ended_at.is_(None),
)
_NEWEST = (unsaved.c.at.desc(), unsaved.c.id)
_AT_PLACES = select(unsaved).where(*_THEIRS, among(unsaved.c.place, "places")).order_by(*_NEWEST)
_WORDLESS = (
    select(unsaved.c.id, unsaved.c.record, unsaved.c.place, unsaved.c.number, unsaved.c.at)
    .where(*_THEIRS)
    .order_by(*_NEWEST)
)
_LETTERS = func.length(cast(unsaved.c.typed, Text))
_OTHERS = select(func.count().label("texts"), func.coalesce(func.sum(_LETTERS), 0).label("letters")).where(
    *_THEIRS, ~among(unsaved.c.id, "this")
)


def _left(row: Any) -> Left:
    return Left(row.id, row.record, row.place, row.number, row.at)


def _shown(row: Any) -> Unsaved:
    return Unsaved(row.id, row.record, row.place, row.number, row.at, row.typed)
