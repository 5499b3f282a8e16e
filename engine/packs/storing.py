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

_TUPLE, _LIST, _SET, _MAP, _PLACE, _PLACES, _NUMBER, _DAY, _UNTRANSLATED = range(9)

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
_BY_NAME = {one.__name__: one for one in _CLASSES}
_DEFAULTS = {
    one: {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(one)
        if field.init
    }
    for one in _CLASSES
}


class NotStored(ValueError):
    """What was read is nothing that was stored here."""


def written(value: Any) -> Any:
    """The value as JSON. Raises NotStored for a class that is not among those that can be."""
    if value is None or value.__class__ in (str, int, bool, float):
        return value
    match value:
        case Place():
            return [_PLACE, *_spot(value)]
        case Untranslated():
            return [_UNTRANSLATED, str(value), value.language]
        case tuple():
            return [_TUPLE, *map(written, value)]
        case list():
            return [_LIST, *map(written, value)]
        case frozenset():
            return [_SET, *sorted(value)]
        case Mapping():
            if value and all(isinstance(one, Place) for one in value.values()):
                return [_PLACES, {key: _spot(one) for key, one in value.items()}]
            return [_MAP, {key: written(one) for key, one in value.items()}]
        case Decimal():
            return [_NUMBER, str(value)]
        case date():
            return [_DAY, value.isoformat()]
    if value.__class__ not in _DEFAULTS:
        raise NotStored(type(value).__name__)
    given = {
        name: written(one)
        for name, default in _DEFAULTS[value.__class__].items()
        if (one := getattr(value, name)).__class__ is not default.__class__ or one != default
    }
    return [value.__class__.__name__, given]


def read(json: Any) -> Any:
    """The value that was written. Raises NotStored for anything else."""
    try:
        return _value(json)
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError) as problem:
        raise NotStored(str(problem)) from problem


def _spot(place: Place) -> list[Any]:
    return [place.file, place.line, place.column, place.end_line, place.end_column]


def _value(json: Any) -> Any:
    if json.__class__ is not list:
        return json
    kind = json[0]
    if kind.__class__ is str:
        given = {name: _value(one) if one.__class__ is list else one for name, one in json[1].items()}
        return _BY_NAME[kind](**given)
    return _READ[kind](json)


def _inner(json: list[Any]) -> list[Any]:
    return [_value(one) if one.__class__ is list else one for one in json[1:]]


class Places(Mapping[str, Place]):
    """Where settings stand, made when somebody asks: only findings do."""

    __slots__ = ("_made", "_spots")

    def __init__(self, spots: Mapping[str, list[Any]]) -> None:
        self._spots = spots
        self._made: dict[str, Place] = {}

    def __getitem__(self, key: str) -> Place:
        if key not in self._made:
            self._made[key] = Place(*self._spots[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spots)

    def __len__(self) -> int:
        return len(self._spots)


_READ: tuple[Callable[[list[Any]], Any], ...] = (
    lambda json: tuple(_inner(json)),
    _inner,
    lambda json: frozenset(json[1:]),
    lambda json: {key: _value(one) for key, one in json[1].items()},
    lambda json: Place(*json[1:]),
    lambda json: Places(json[1]),
    lambda json: Decimal(json[1]),
    lambda json: date.fromisoformat(json[1]),
    lambda json: Untranslated(json[1], json[2]),
)
