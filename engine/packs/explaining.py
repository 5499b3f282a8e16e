"""Which layer gave which part of an element: for people who wonder where a label came from.

Every part of a layered document kept the place where it was written, so this only reads places. Must not know
how layers are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.packs import parts
from engine.packs.assembly import Assembled
from engine.packs.documents import Document, Retired, owner

_DOCUMENTS = ("form", "workflow", "list", "record", "access", "conditions", "scenario", "terms")
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Given:
    """One setting: what it says, which pack says so, and where."""

    setting: str
    value: str
    pack: str
    place: Place


@dataclass(frozen=True, slots=True)
class Explanation:
    """An element with where each of its settings comes from, or who retired it."""

    element: str
    kind: str
    given: tuple[Given, ...] = ()
    retired: Retired | None = None

    def as_json(self) -> dict[str, object]:
        gone = self.retired
        return {
            "element": self.element,
            "kind": self.kind,
            "parts": [
                {"setting": one.setting, "value": one.value, "pack": one.pack, **_at(one.place)}
                for one in self.given
            ],
            "retired": None if gone is None else {"pack": gone.pack, "why": gone.why, **_at(gone.place)},
        }

    def as_text(self) -> str:
        lines = [f"{self.element} ({self.kind})"]
        if self.retired is not None:
            gone = self.retired
            lines.append(f"  retired by {gone.pack} ({gone.place.file}:{gone.place.line}): {gone.why}")
        width = max((len(one.setting) for one in self.given), default=0)
        packs = max((len(one.pack) for one in self.given), default=0)
        for one in self.given:
            where = f"{one.place.file}:{one.place.line}"
            lines.append(f"  {one.setting:<{width}}  {one.pack:<{packs}}  {where}  {one.value}")
        return "\n".join(lines)


def _at(place: Place) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}


def explain(assembled: Assembled, element: str) -> Explanation | None:
    """Where each part of `element` comes from: a document's id, or the path of a part (`referral.harm_types`).

    A condition or a term is named by its own id. None if there is no such element.
    """
    name, _, path = element.partition(".")
    for document in _named(assembled, name):
        if not path:
            return Explanation(element, document.kind, tuple(_given(document.node)))
        for found in parts.walk(document.part):
            if found.path == path:
                node = parts.closed(found.part)
                return Explanation(element, found.part.kind, tuple(_given(node)))
        if path in document.retired:
            return Explanation(element, "retired", retired=document.retired[path])
    return _in_maps(assembled, element)


def _named(assembled: Assembled, name: str) -> Iterator[Document]:
    for kind in _DOCUMENTS:
        for document in assembled.documents.values():
            if document.kind == kind and document.id == name:
                yield document


def _in_maps(assembled: Assembled, element: str) -> Explanation | None:
    """A named condition or a term; of a term the highest layer's."""
    result = None
    for document in assembled.documents.values():
        setting = {"conditions": "named", "terms": "words"}.get(document.kind)
        held = document.node.get(setting) if setting is not None else None
        if isinstance(held, Map) and (value := held.get(element)) is not None:
            kind = "condition" if document.kind == "conditions" else "term"
            result = Explanation(element, kind, tuple(_each(element, value)))
    return result


def names(assembled: Assembled) -> Iterator[str]:
    """Everything that can be explained."""
    for document in assembled.documents.values():
        if document.kind in _DOCUMENTS:
            yield document.id
            for found in parts.walk(document.part):
                yield f"{document.id}.{found.path}"
        for setting in ("named", "words"):
            held = document.node.get(setting)
            if isinstance(held, Map):
                yield from held.keys()


def _given(node: Map) -> Iterator[Given]:
    for key, value in node.entries:
        yield from _each(key.text, value)


def _each(setting: str, value: Node) -> Iterator[Given]:
    if isinstance(value, Scalar):
        text = " ".join(value.text.split())
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        yield Given(setting, shown, owner(value.place), value.place)
    elif isinstance(value, Map):
        for key, one in value.entries:
            yield from _each(f"{setting}.{key.text}", one)
    else:
        yield from _list(setting, value)


def _list(setting: str, value: Sequence) -> Iterator[Given]:
    """Words one by one; of parts only their ids, since each can be explained by itself."""
    for item in value.items:
        if isinstance(item, Scalar):
            yield Given(setting, item.text, owner(item.place), item.place)
        elif isinstance(item, Map):
            named = item.get("id")
            if isinstance(named, Scalar):
                yield Given(setting, named.text, owner(named.place), named.place)
            else:
                for key, one in item.entries:
                    yield from _each(f"{setting}.{key.text}", one)
