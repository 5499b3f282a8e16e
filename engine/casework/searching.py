"""Searching records, cases, notes, actions and handed-in forms, in one query that is filtered as access decides.

What is found, how much, and on which page comes out of that query alone: what a person may not see is in no count.
Every line is then read where it stands, through what shows it everywhere else: the index itself shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy import case as when

from engine.casework import likeness, reach, scopes
from engine.casework.found_tables import near, part, thing
from engine.casework.found_words import holds, owned
from engine.casework.likeness import Asked
from engine.casework.store import Desk
from engine.casework.tables import case, record

SAME, BEGINS, ONE_SLIP, TWO_SLIPS = 4, 3, 2, 1
"""How well a word fits, the best first."""
A_PAGE = 20
ORDER = ("record", "case", "form", "note", "action")
RUNNING = case.alias("found_case")


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search: kinds of thing, types of record, whether closed, and whether only what I hold."""

    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    closed: bool | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `fit` says how well: SAME, BEGINS, or near by one or two slips in the word that fits least."""

    kind: str
    item: str
    record: str
    case: str | None
    fit: int
    at: datetime

    @property
    def near(self) -> bool:
        return self.fit < BEGINS


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found, and how much there is in all, of that exactly as asked."""

    hits: tuple[Hit, ...]
    total: int
    exact: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


NOTHING = Hits((), 0, 0, 1)


def search(desk: Desk, words: str, filters: Filters = Filters(), *, page: int = 1) -> Hits:
    """What this person may find by all of these words, best first: the same word, one that begins so, one near it."""
    asked = likeness.asked(words)
    if not asked.words:
        return NOTHING
    fits = _with_names(_fits(desk, asked, filters))
    best = func.min(fits.c.fit).label("fit")
    whole = func.sum(fits.c.fit).label("whole")
    newest = func.max(fits.c.at).label("at")
    things = (fits.c.kind, fits.c.item, fits.c.record, fits.c.case)
    listed = select(*things, best, whole, newest).group_by(*things)
    if filters.kinds:
        listed = listed.where(fits.c.kind.in_(filters.kinds))
    found = listed.having(func.count() == len(asked.words)).subquery()
    exact = func.sum(when((found.c.fit >= BEGINS, 1), else_=0)).over()
    place = _place(found)
    wanted = select(found, func.count().over().label("total"), exact.label("exact")).order_by(
        found.c.fit.desc(), found.c.whole.desc(), place, found.c.at.desc(), found.c.item, found.c.record
    )
    rows = desk.rows(wanted.limit(A_PAGE).offset((page - 1) * A_PAGE))
    if not rows and page > 1:
        return search(desk, words, filters)
    if not rows:
        return NOTHING
    hits = tuple(Hit(row.kind, row.item, row.record, row.case, row.fit, row.at) for row in rows)
    return Hits(hits, rows[0].total, rows[0].exact or 0, page)


def each_word(desk: Desk, words: str, filters: Filters = Filters()) -> list[tuple[str, int]]:
    """How much each word finds by itself, where all together find nothing; the most first."""
    asked = likeness.asked(words)
    if len(asked.words) < 2:
        return []
    fits = _fits(desk, replace(asked, number=None), filters)
    listed = select(fits.c.n, fits.c.kind, fits.c.item).distinct()
    if filters.kinds:
        listed = listed.where(fits.c.kind.in_(filters.kinds))
    things = listed.subquery()
    rows = desk.rows(select(things.c.n, func.count().label("found")).group_by(things.c.n))
    return sorted(((asked.words[row.n], int(row.found)) for row in rows), key=lambda one: (-one[1], one[0]))


def _place(found: Subquery) -> ColumnElement[int]:
    """Records before their cases, and those before what was written about them."""
    return when({kind: place for place, kind in enumerate(ORDER)}, value=found.c.kind, else_=len(ORDER))


def _with_names(fits: CTE) -> Subquery:
    """The same, with what was written about a record also found by its name: `robin boating` is a note on Robin."""
    about = fits.alias("about")
    own = fits.alias("own")
    things = (own.c.kind, own.c.item, own.c.record, own.c.case)
    lent = (
        select(*things, about.c.n, about.c.fit, own.c.at)
        .join(about, and_(about.c.record == own.c.record, about.c.kind == "record"))
        .where(own.c.kind.not_in(("record", "case")))
    )
    both = union_all(select(fits), lent).subquery("both")
    columns = (both.c.kind, both.c.item, both.c.record, both.c.case, both.c.n)
    return (
        select(*columns, func.max(both.c.fit).label("fit"), func.max(both.c.at).label("at"))
        .group_by(*columns)
        .subquery("with_names")
    )


def _fits(desk: Desk, asked: Asked, filters: Filters) -> CTE:
    """For each word and each thing this person may find, how well the best of its spellings fits."""
    hits = union_all(*_spellings(desk, asked)).subquery("hits")
    joined = (
        hits.join(part, part.c.number == hits.c.number)
        .join(thing, and_(thing.c.authority == desk.authority, thing.c.number == part.c.thing))
        .join(record, and_(record.c.authority == thing.c.authority, record.c.id == thing.c.record))
        .outerjoin(RUNNING, and_(RUNNING.c.authority == desk.authority, RUNNING.c.id == thing.c.case))
    )
    things = (thing.c.kind, thing.c.item, thing.c.record, thing.c.case, hits.c.n)
    return (
        select(*things, func.max(hits.c.fit).label("fit"), func.max(thing.c.at).label("at"))
        .select_from(joined)
        .where(
            # In running text a near spelling is looked for only where it can hardly be another word.
            or_(thing.c.named, hits.c.anywhere == 1),
            *_narrowed(desk, filters),
            scopes.visible(desk, RUNNING),
        )
        .group_by(*things)
        .cte("fits")
    )


def _narrowed(desk: Desk, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.types:
        found.append(record.c.type.in_(filters.types))
    if filters.closed is not None:
        ended = and_(thing.c.kind == "case", RUNNING.c.closed_at.is_not(None))
        shut = or_(record.c.closed_at.is_not(None), ended)
        found.append(shut if filters.closed else ~shut)
    if filters.mine:
        found.append(false() if desk.system else reach.allocated(reach.VIEWER, record))
    return found


def _spellings(desk: Desk, asked: Asked) -> list[Select[Any]]:
    """For each word, the parts that hold it, a word beginning with it, or one near it."""
    close = _close(desk, asked.words)
    found = []

    def look(n: int, fit: int, words: Sequence[str], *, anywhere: bool = True) -> None:
        if words:
            found.append(_held(n, fit, anywhere).where(holds(part, owned(desk.authority, words))))

    for n, one in enumerate(asked.words):
        look(n, SAME, [one])
        look(n, BEGINS, [f"{one}*"])
        for fit, slips in ((ONE_SLIP, 1), (TWO_SLIPS, 2)):
            these = [spelt for spelt, by in close[one].items() if by == slips]
            look(n, fit, these, anywhere=slips == 1 and len(one) >= likeness.TWO_SLIPS)
        if asked.number is not None:
            look(n, SAME, [asked.number])
    return found


def _held(n: int, fit: int, anywhere: bool) -> Select[Any]:
    def number(value: int, name: str) -> ColumnElement[int]:
        return literal_column(str(value), Integer()).label(name)

    return select(part.c.number, number(n, "n"), number(fit, "fit"), number(int(anywhere), "anywhere"))


def _close(desk: Desk, words: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """For each word those near it that anything is found by, with their slips. Whose they are is not asked here: they
    serve to find what may be seen, and are shown to nobody."""
    parts = sorted({part for one in words for part in likeness.parts_near(one)})
    if not parts:
        return {one: {} for one in words}
    wanted = select(near.c.word).distinct().where(near.c.authority == desk.authority, near.c.part.in_(parts))
    there = list(desk.run(wanted).scalars())
    return {
        one: {other: slips for other in there if (slips := likeness.slips_between(one, other)) is not None}
        for one in words
    }
