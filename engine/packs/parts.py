"""A document opened up into its parts, so that layers can alter it: sections, questions, options, states, …

A `Part` is mutable while one layer is applied; it comes from nodes and becomes nodes without loss of places.
Must not know what the verbs of a layer are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.language.nodes import Mapping, Node, Scalar, Sequence
from engine.language.places import Place

# By kind of part: the settings whose lists hold parts with ids, and what those parts are.
SLOTS: dict[str, dict[str, str]] = {
    "form": {"sections": "section"},
    "section": {"questions": "question"},
    "question": {"questions": "question", "columns": "question", "options": "option", "rows": "option"},
    "list": {"options": "option"},
    "record": {"fields": "question", "identifiers": "identifier"},
    "workflow": {"states": "state", "transitions": "transition"},
    "state": {"tasks": "task"},
    "access": {"rules": "rule"},
}


@dataclass(eq=False)
class Part:
    """One part: its settings as written, and the parts inside it by the setting they stand under."""

    kind: str
    place: Place
    settings: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    slots: dict[str, list[Part]] = field(default_factory=dict)
    slot_keys: dict[str, tuple[Scalar, Place]] = field(default_factory=dict)
    follows: str | None = None
    gone: bool = False

    @property
    def id(self) -> str:
        found = self.settings.get("id")
        return found[1].text if found is not None and isinstance(found[1], Scalar) else ""

    def slot_for(self, kind: str) -> str | None:
        """The setting under which a part of `kind` stands in this one."""
        names = [name for name, held in SLOTS.get(self.kind, {}).items() if held == kind]
        if self.kind == "question" and kind == "question":
            return "columns" if self.word("type") == "grid" else "questions"
        if self.kind == "question" and kind == "option" and self.word("type") == "grid":
            return "rows"
        return names[0] if names else None

    def copied(self) -> Part:
        """A part that may be altered while this one stays; settings, which never change, are shared."""
        slots = {name: [one.copied() for one in held] for name, held in self.slots.items()}
        keys = dict(self.slot_keys)
        return Part(self.kind, self.place, dict(self.settings), slots, keys, self.follows, self.gone)

    def word(self, setting: str) -> str:
        found = self.settings.get(setting)
        return found[1].text if found is not None and isinstance(found[1], Scalar) else ""


@dataclass(frozen=True)
class Found:
    """A part with its path (`places.place`) and what it stands in."""

    path: str
    part: Part
    parent: Part
    slot: str


def opened(node: Mapping, kind: str) -> Part:
    """`node` as a part of `kind`, with all that is inside it."""
    part = Part(kind, node.place)
    slots = SLOTS.get(kind, {})
    for key, value in node.entries:
        held = slots.get(key.text)
        if held is not None and isinstance(value, Sequence):
            part.slots[key.text] = [opened(item, held) for item in value.items if isinstance(item, Mapping)]
            part.slot_keys[key.text] = (key, value.place)
        else:
            part.settings[key.text] = (key, value)
    return part


def closed(part: Part) -> Mapping:
    """The part as a located node again; what is gone is left out."""
    entries: list[tuple[Scalar, Node]] = list(part.settings.values())
    for name, held in part.slots.items():
        key, place = part.slot_keys.get(name, (Scalar(name, False, part.place), part.place))
        entries.append((key, Sequence(tuple(closed(one) for one in held if not one.gone), place)))
    return Mapping(tuple(entries), part.place)


def walk(document: Part, prefix: str = "") -> Iterator[Found]:
    """Every part of a document with its path, in file order."""
    for slot, held in document.slots.items():
        for part in held:
            if part.gone:
                continue
            path = f"{prefix}{part.id}"
            yield Found(path, part, document, slot)
            # A section's questions have the form's names; those of a row or a grid are named behind it.
            yield from walk(part, "" if part.kind == "section" else f"{path}.")


def inside(part: Part) -> Iterator[Part]:
    """Every part inside `part`, at any depth."""
    for held in part.slots.values():
        for one in held:
            yield one
            yield from inside(one)
