"""Model values as JSON and back, exactly: what a checked stack is made of, its places and its conditions included.

Only the classes named here can come out of it, so that nothing in a file can make anything else. Must not know files,
nor what any value means.
"""

from __future__ import annotations

import json
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
                return [_PLACES, json.dumps({key: _spot(one) for key, one in value.items()})]
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


def read(stored: Any) -> Any:
    """The value that was written. Raises NotStored for anything else."""
    try:
        return _value(stored)
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError) as problem:
        raise NotStored(str(problem)) from problem


def _spot(place: Place) -> list[Any]:
    return [place.file, place.line, place.column, place.end_line, place.end_column]


def _value(stored: Any) -> Any:
    if stored.__class__ is not list:
        return stored
    kind = stored[0]
    if kind.__class__ is str:
        given = {name: _value(one) if one.__class__ is list else one for name, one in stored[1].items()}
        return _BY_NAME[kind](**given)
    return _READ[kind](stored)


def _inner(stored: list[Any]) -> list[Any]:
    return [_value(one) if one.__class__ is list else one for one in stored[1:]]


class Places(Mapping[str, Place]):
    """Where settings stand, read when somebody asks: only findings do."""

    __slots__ = ("_made", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._made: dict[str, Place] | None = None

    def _places(self) -> dict[str, Place]:
        if self._made is None:
            self._made = {key: Place(*spot) for key, spot in json.loads(self._text).items()}
        return self._made

    def __getitem__(self, key: str) -> Place:
        return self._places()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())


_READ: tuple[Callable[[list[Any]], Any], ...] = (
    lambda stored: tuple(_inner(stored)),
    _inner,
    lambda stored: frozenset(stored[1:]),
    lambda stored: {key: _value(one) for key, one in stored[1].items()},
    lambda stored: Place(*stored[1:]),
    lambda stored: Places(stored[1]),
    lambda stored: Decimal(stored[1]),
    lambda stored: date.fromisoformat(stored[1]),
    lambda stored: Untranslated(stored[1], stored[2]),
)
