"""Values whose parts are made when somebody first asks for them: of what was kept, most is never asked for.

A part that was made stands where it would stand had it been given, and costs no more to read from then on. Must not
know what the parts are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T", bound="Late")
Making = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Late:
    """A value that may be made without some of its fields. `late` makes those by name; None where none is missing."""

    late: Making | None = field(default=None, compare=False, repr=False, kw_only=True)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Only what is not there comes here.
            if name == "late" or name[:2] == "__" or self.late is None:
                raise AttributeError(name)
            value = self.late(self, name)
            _put(self, name, value)
            return value


_put = object.__setattr__


def made(kind: type[T], late: Making, **there: Any) -> T:
    """A value of this class with some of its fields, the others made by `late`."""
    value = object.__new__(kind)
    _put(value, "late", late)
    for name, one in there.items():
        _put(value, name, one)
    return value


def making(**makers: Callable[[Any], Any]) -> Making:
    """What makes these fields of a value, each from the value itself."""

    def make(value: Any, name: str) -> Any:
        if name not in makers:
            raise AttributeError(name)
        return makers[name](value)

    return make
