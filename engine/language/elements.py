"""What every part of a definition is made of: a place in its file, a text, an expression as it was written.

Apart from `model`, which builds a pack's parts of these, so that each can be read in one sitting. Must not know
what any part is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.language.places import NOWHERE, Place

NO_PLACES: Mapping[str, Place] = MappingProxyType({})


class Untranslated(str):
    """A text that has no words yet in the language asked for: it stands in `language`, its pack's own."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Untranslated:
        made = super().__new__(cls, text)
        made.language = language
        return made


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition or calculation as its author wrote it; `place` is where its first character stands."""

    text: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Element:
    """What every located part of a definition shares. `places` holds, by setting, where its value stands."""

    id: str
    place: Place = field(default=NOWHERE, compare=False, repr=False, kw_only=True)
    places: Mapping[str, Place] = field(
        default_factory=lambda: NO_PLACES, compare=False, repr=False, kw_only=True
    )
