"""One document while a layer alters it: the changes as written, what the document was, what was found.

Shared by the modules that carry the verbs out. Must not know what any verb does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar
from engine.language.places import Place
from engine.packs.documents import Retired
from engine.packs.parts import Found, Part


@dataclass(frozen=True)
class Change:
    """One change as written. `target` is the path it names; for `add`, the path the new part will have."""

    verb: str
    target: str
    place: Place
    node: Map
    settings: dict[str, tuple[Scalar, Node]]
    value: Node

    def word(self, name: str) -> str | None:
        found = self.settings.get(name)
        return found[1].text if found is not None and isinstance(found[1], Scalar) else None


@dataclass
class Work:
    """One document being altered: what it was, what it becomes, and what was found on the way."""

    kind: str
    id: str
    pack: str
    document: Part
    below: dict[str, Found]
    retired: dict[str, Retired]
    going: dict[str, Place] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)

    def say(self, code: str, place: Place, at: str = "", /, **words: Any) -> None:
        """Note a finding about the part `at` of this document."""
        element = f"{self.id}.{at}" if at else self.id
        self.findings.append(codes.finding(code, place, element=element, **words))
