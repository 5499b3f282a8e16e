"""A document as it stands in a layered stack, and what can be asked of it: whose it is, what is locked.

Must not know how layers alter one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.packs import parts
from engine.packs.parts import Part

# Documents of these kinds stand side by side in a stack: one in a layer above never meets one below.
SIDE_BY_SIDE = frozenset({"pack", "terms", "language", "migration"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Retired:
    """An id that was taken out: where, why and by which pack. It is never used again."""

    place: Place
    why: str
    pack: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a layered stack. `part` is shared with layers above, which copy before they alter."""

    kind: str
    id: str
    part: Part
    place: Place
    pack: str
    retired: Mapping[str, Retired] = field(default_factory=dict)

    @property
    def node(self) -> Map:
        return parts.closed(self.part)


def owner(place: Place) -> str:
    """The pack whose file `place` is in."""
    pieces = PurePosixPath(place.file).parts
    return pieces[1] if len(pieces) > 1 else ""


def kind_and_id(node: Node) -> tuple[str, Scalar] | None:
    """What a document is and its id, from its first key; None if it does not say."""
    if isinstance(node, Map) and node.entries and isinstance(node.entries[0][1], Scalar):
        return node.entries[0][0].text, node.entries[0][1]
    return None


def lock_reason(lock: Node) -> str:
    why = setting(lock, "why") if isinstance(lock, Map) else None
    return why.text if isinstance(why, Scalar) else "no reason is given"


def locked_settings(part: Part) -> tuple[frozenset[str], Place, str]:
    """Which settings of `part` its layer has locked, where, and why."""
    lock = part.settings.get("lock")
    if lock is None or not isinstance(lock[1], Map):
        return frozenset(), part.place, ""
    named = setting(lock[1], "settings")
    items = named.items if isinstance(named, Sequence) else (named,) if named is not None else ()
    return (
        frozenset(one.text for one in items if isinstance(one, Scalar)),
        lock[0].place,
        lock_reason(lock[1]),
    )


def setting(node: Node, name: str) -> Node | None:
    if not isinstance(node, Map):
        return None
    return next((value for key, value in node.entries if key.text == name), None)
