"""How the engine's own sentences come to be said in another language: each is a message that somebody may translate.

The English stands where it is said and is what comes back as long as nobody translates. Whoever shows sentences to
people says once, by `through`, how a message is translated, and decides at each call into which language. Must not
know any language, nor who reads.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class Translator(Protocol):
    """Gives the form of a message in the language that is spoken now."""

    def one(self, message: str) -> str: ...

    def counted(self, one: str, many: str, count: int) -> str: ...

    def day(self, value: date) -> str: ...


class _AsWritten:
    def one(self, message: str) -> str:
        return message

    def counted(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def day(self, value: date) -> str:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


_translators: list[Translator] = [_AsWritten()]


def through(translator: Translator) -> None:
    """Has every sentence from now on said through `translator`, in all of this process."""
    _translators[0] = translator


def say(message: str, /, **words: Any) -> str:
    """`message` in the language spoken now, `%(name)s` filled in."""
    said = _translators[0].one(message)
    return said % words if words else said


def later(message: str) -> str:
    """Marks a message where it cannot be said yet, as in a constant; `say` says it later."""
    return message


def say_count(one: str, many: str, count: int, /, **words: Any) -> str:
    """The form that goes with `count`, which may stand in it as `%(num)s`."""
    return _translators[0].counted(one, many, count) % {"num": count, **words}


def say_day(value: date) -> str:
    """5 January 2026."""
    return _translators[0].day(value)
