"""Model values as JSON and back, exactly: what a checked stack is made of, its places and its conditions included.

Only the classes named here can come out of it, so that nothing in a file can make anything else. Must not know files,
nor what any value means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.expressions import Typed, tree, types
from engine.language import diagnostics, model
from engine.language.model import Untranslated
from engine.language.places import Place
from engine.packs.report import Summary

_TUPLE, _LIST, _SET, _MAP, _PLACE, _PLACES, _NUMBER, _DAY, _UNTRANSLATED, _LINE = range(10)

_CLASSES: tuple[type, ...] = (
    *(
        one
        for module in (model, tree)
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one is not Place
    ),
    Typed,
    types.Type,
    diagnostics.Diagnostic,
    diagnostics.Related,
    Summary,
)
# What is wanted more often than what it stands in.
_APART: Mapping[type, tuple[str, ...]] = {Typed: ("tree",)}
_BY_NAME = {one.__name__: one for one in _CLASSES}
_DEFAULTS = {
    one: {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(one)
        if field.init
    }
    for one in _CLASSES
}
# Small enough to be written without the names of their parts.
_SHORT = {
    one: tuple(field.name for field in fields(one) if field.init)
    for one in _CLASSES
    if len(fields(one)) <= 6 and not any(field.kw_only for field in fields(one))
}

Put = Callable[[Any], int]
Get = Callable[[int], Any]


class NotStored(ValueError):
    """What was read is nothing that was stored here."""


def written(value: Any, put: Put) -> Any:
    """The value as JSON. Raises NotStored for a class that is not among those that can be.

    `put` keeps JSON as a line of its own and gives its number: that of the questions within, and of places, which are
    read one at a time.
    """
    if value is None or value.__class__ in (str, int, bool, float):
        return value
    match value:
        case Place():
            return [_PLACE, *_spot(value)]
        case Untranslated():
            return [_UNTRANSLATED, str(value), value.language]
        case tuple():
            return [_TUPLE, *(_within(one, put) for one in value)]
        case list():
            return [_LIST, *(_within(one, put) for one in value)]
        case frozenset():
            return [_SET, *sorted(value)]
        case Mapping():
            if value and all(isinstance(one, Place) for one in value.values()):
                return [_PLACES, put(_spots(value))]
            return [_MAP, {key: _within(one, put) for key, one in value.items()}]
        case Decimal():
            return [_NUMBER, str(value)]
        case date():
            return [_DAY, value.isoformat()]
    if value.__class__ not in _DEFAULTS:
        raise NotStored(type(value).__name__)
    if value.__class__ in _SHORT:
        parts = [_part(value, name, put) for name in _SHORT[value.__class__]]
        return [value.__class__.__name__, *parts] if parts else [value.__class__.__name__, {}]
    given = {
        name: _part(value, name, put)
        for name, default in _DEFAULTS[value.__class__].items()
        if (one := getattr(value, name)).__class__ is not default.__class__ or one != default
    }
    return [value.__class__.__name__, given]


def _part(value: Any, name: str, put: Put) -> Any:
    part = getattr(value, name)
    if name in _APART.get(value.__class__, ()):
        return [_LINE, put(written(part, put))]
    return _within(part, put)


def _within(value: Any, put: Put) -> Any:
    if value.__class__ is model.Question:
        return [_LINE, put(written(value, put))]
    return written(value, put)


def _spot(place: Place) -> list[Any]:
    return [place.file, place.line, place.column, place.end_line, place.end_column]


def _spots(places: Mapping[str, Place]) -> list[Any]:
    """Places with each file said once."""
    files = {file: index for index, file in enumerate(dict.fromkeys(one.file for one in places.values()))}
    return [list(files), {key: [files[one.file], *_spot(one)[1:]] for key, one in places.items()}]


class Lines:
    """The values that were written, by the numbers of their lines, each read once. `data` gives a line's JSON.

    Raises NotStored for anything else.
    """

    __slots__ = ("_data", "_read")

    def __init__(self, data: Get) -> None:
        self._data = data
        self._read: dict[int, Any] = {}

    def __call__(self, number: int) -> Any:
        if number not in self._read:
            try:
                self._read[number] = self._value(self._data(number))
            except (KeyError, IndexError, TypeError, ValueError, ArithmeticError) as problem:
                raise NotStored(str(problem)) from problem
        return self._read[number]

    def _value(self, stored: Any) -> Any:
        if stored.__class__ is not list:
            return stored
        kind = stored[0]
        value = self._value
        if kind.__class__ is str:
            given = stored[1]
            if given.__class__ is dict:
                return _BY_NAME[kind](
                    **{name: value(one) if one.__class__ is list else one for name, one in given.items()}
                )
            return _BY_NAME[kind](*[value(one) if one.__class__ is list else one for one in stored[1:]])
        if kind == _TUPLE:
            return tuple([value(one) if one.__class__ is list else one for one in stored[1:]])
        if kind == _PLACES:
            return Places(self._data, stored[1])
        if kind == _LINE:
            return self(stored[1])
        if kind == _MAP:
            return {key: value(one) if one.__class__ is list else one for key, one in stored[1].items()}
        if kind == _LIST:
            return [value(one) if one.__class__ is list else one for one in stored[1:]]
        return _PLAIN[kind](stored)


class Places(Mapping[str, Place]):
    """Where settings stand, read when somebody asks: only findings do."""

    __slots__ = ("_data", "_made", "_number")

    def __init__(self, data: Get, number: int) -> None:
        self._data = data
        self._number = number
        self._made: dict[str, Place] | None = None

    def _places(self) -> dict[str, Place]:
        if self._made is None:
            files, spots = self._data(self._number)
            self._made = {key: Place(files[file], *spot) for key, (file, *spot) in spots.items()}
        return self._made

    def __getitem__(self, key: str) -> Place:
        return self._places()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())


_PLAIN: Mapping[int, Callable[[list[Any]], Any]] = {
    _SET: lambda stored: frozenset(stored[1:]),
    _PLACE: lambda stored: Place(*stored[1:]),
    _NUMBER: lambda stored: Decimal(stored[1]),
    _DAY: lambda stored: date.fromisoformat(stored[1]),
    _UNTRANSLATED: lambda stored: Untranslated(stored[1], stored[2]),
}
