"""Statements made once for all who ask alike: making a long one takes many times as long as running it.

What differs from one who asks to the next stands in them under a name (`reach.VIEWER`), and its value comes when one is
run. A statement in which somebody's own value was left behind is refused when it is made, so that nobody is ever
answered with what another may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ClauseElement, Select
from sqlalchemy.sql import visitors

from engine.casework import engines, ids
from engine.casework.store import Desk

MOST_KEPT = 200
Made = TypeVar("Made", bound=ClauseElement)
_NUMBERS = count(1)


class SomebodysOwn(AssertionError):
    """A statement for everybody holds a value that is one person's, one authority's or one moment's."""


class MadeOfKept(AssertionError):
    """A statement was made of one that is kept whole, and would be answered with what that one asks."""


def made_once(desk: Desk, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """What `make` makes, or what it made before under the same key for somebody whom the same rules hold for.

    `key` must name all that the statement depends on besides the live rules, this person's roles, and what stands in
    it under a name. Raises SomebodysOwn.
    """
    if desk.system:
        return make()
    rules, kept = desk.stack.access, desk.store.conditions
    whole = (id(rules), desk.roles, *key)
    found: Any = kept.get(whole)
    if found is None:
        made: ClauseElement = make()
        _refuse_values(made)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        # The rules are kept with it: as long as they are, nothing else has their id.
        kept[whole] = found = rules, kept_whole(made) if isinstance(made, Select) else made
    kept_one: Made = found[1]
    return kept_one


def kept_whole(statement: Select[Any]) -> Select[Any]:
    """A statement that is only ever run as it is, with values by name: it keeps what a database is sent for it, and
    what stands in it for good is written out.

    It bears a number, so that a statement of the same shape with other words in it can never be taken for it.
    """
    numbered = statement.suffix_with(f"/* {next(_NUMBERS)} */")
    return numbered.execution_options(**{engines.KEPT: _Sent()})


class _Sent:
    """What each database is sent for one statement and no other. That it is this one need not be told by all that it is
    made of, which takes longer than running it: what it is made of is the very same thing each time, or, where two
    asked for it first and at once, its equal."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[Any, Any]] = {}

    def get(self, key: tuple[Any, ...]) -> Any:
        found = self.found.get(key[0].name)
        if found is None:
            return None
        made_of, sent = found
        if key[1] is not made_of and key[1] != made_of:
            raise MadeOfKept("A statement was made of one that is kept; make it of what that one is made of.")
        self[key] = sent
        return sent

    def __setitem__(self, key: tuple[Any, ...], sent: Any) -> None:
        self.found[key[0].name] = key[1], sent


def _refuse_values(made: ClauseElement) -> None:
    for part in visitors.iterate(made):
        if isinstance(part, BindParameter) and any(_is_own(one) for one in _values(part.value)):
            raise SomebodysOwn("A statement kept for everybody holds an id, a day or a moment.")


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _values(one)
    else:
        yield value


def _is_own(value: Any) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and ids.looks_like(value))
