"""Reads the values of one checked part: texts, flags, ids, expressions, lengths of time, and where each stands.

Parts were checked before they come here, so nothing is told twice: what has the wrong shape all the same is
left out, since a finding about it stands already. Must not know any kind of document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from engine.language import wording
from engine.language.model import Expression
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.language.scalars import truth


class Fields:
    """A map's values by key, as the model wants them."""

    def __init__(self, node: Map) -> None:
        self.node = node
        self._values: dict[str, Node] = {}
        for key, value in node.entries:
            self._values.setdefault(key.text, value)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str) -> Node | None:
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        """The text of a key; None if it is not given."""
        found = self._values.get(key)
        return text_of(found) if isinstance(found, Scalar) and not found.left_out else None

    def words(self, key: str) -> str:
        """The text of a key; empty if it is not given."""
        return self.text(key) or ""

    def flag(self, key: str) -> bool:
        return truth(self.words(key)) is True

    def ids(self, key: str) -> tuple[str, ...]:
        """One or several words as several."""
        return tuple(text_of(one) for one in self.scalars(key))

    def scalars(self, key: str) -> Iterator[Scalar]:
        found = self._values.get(key)
        several = found.items if isinstance(found, Sequence) else (found,)
        for one in several:
            if isinstance(one, Scalar) and not one.left_out:
                yield one

    def expression(self, key: str) -> Expression | None:
        found = self._values.get(key)
        return expression_of(found) if isinstance(found, Scalar) and found.text.strip() else None

    def maps(self, key: str) -> Iterator[Map]:
        found = self._values.get(key)
        several = found.items if isinstance(found, Sequence) else (found,)
        for one in several:
            if isinstance(one, Map):
                yield one

    def inner(self, key: str) -> Fields | None:
        found = self._values.get(key)
        return Fields(found) if isinstance(found, Map) else None

    def place_of(self, key: str) -> Place:
        found = self._values.get(key)
        return found.place if found is not None else self.node.place

    def located(self, id_key: str = "id") -> Mapping[str, Any]:
        """`place`, where the part's id stands, and `places` by setting, as every element of the model has."""
        return {"place": self.place_of(id_key), "places": places_of(self.node)}


def places_of(node: Map) -> Mapping[str, Place]:
    """Where each setting's value stands: `label`, `carry.from` for what stands inside one, `from.0` in a list.

    An expression's place is where its text begins, behind an opening quote.
    """
    found: dict[str, Place] = {}
    for key, value in node.entries:
        found.setdefault(key.text, start_of(value))
        if isinstance(value, Map):
            for inner, one in value.entries:
                found.setdefault(f"{key.text}.{inner.text}", start_of(one))
        items = value.items if isinstance(value, Sequence) else (value,) if isinstance(value, Scalar) else ()
        for index, item in enumerate(items):
            found.setdefault(f"{key.text}.{index}", start_of(item))
    return MappingProxyType(found)


def start_of(node: Node) -> Place:
    """Where a value stands; of quoted text, without the quotes, so that columns can be counted in it."""
    place = node.place
    if isinstance(node, Scalar) and node.quoted and not node.block:
        last = max(place.end_column - 1, 1)
        return Place(place.file, place.line, place.column + 1, place.end_line, last)
    return place


def text_of(node: Scalar) -> str:
    return node.text if node.quoted else node.text.strip()


def expression_of(node: Scalar) -> Expression:
    return Expression(node.text, start_of(node))


def plain(node: Node) -> Any:
    """What stands here where no schema says what it is: see `wording.untyped`."""
    if isinstance(node, Scalar):
        return wording.untyped(node)
    if isinstance(node, Sequence):
        return [plain(one) for one in node.items]
    return {key.text: plain(one) for key, one in node.entries}


def lasting(text: str) -> tuple[int, str] | None:
    """‘5 working days’ as (5, "working days"); None if it is no length of time."""
    match = re.fullmatch(r"([0-9]{1,4}) (working day|day|week|month|year)s?", text.strip())
    return (int(match[1]), match[2] + "s") if match else None
