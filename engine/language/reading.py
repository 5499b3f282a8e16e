"""Walks a document along its schema: what is not as it should be, in words, and what the values are.

Scalars have no type of their own: `no`, `017` or `2024-01-01` are what the schema wants where they stand. One
fault gives one finding; what hangs on a faulty part is left alone. Must not know any kind of document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.language import wording
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.lines import quote
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.language.scalars import check_scalar, truth
from engine.language.schemas.parts import Schema

Definitions = Mapping[str, Schema]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the reader is, in the author's words: under which key, in which part, at which path."""

    key: str = ""
    where: str = "this document"
    element: str = ""
    prefix: str = ""
    item: bool = False

    def at(self, key: str) -> Spot:
        """The same part, under a key of it."""
        return Spot(key, self.where, self.element, self.prefix)


def check(node: Node, schema: Schema, spot: Spot | None = None) -> Iterator[Diagnostic]:
    """What is wrong with `node`, which should be as `schema` says. Never raises for content."""
    yield from _check(node, schema, schema.get("$defs", {}), spot or Spot())


def value(node: Node, schema: Schema, definitions: Definitions | None = None) -> Any:
    """The plain value of `node` where `schema` stands: text, bool, int, Decimal, list, dict; None if nothing.

    Meant for nodes that were checked; of others it gives the text as written.
    """
    definitions = schema.get("$defs", {}) if definitions is None else definitions
    schema = _pick(node, _resolved(schema, definitions), definitions)
    if isinstance(node, Scalar):
        return _scalar_value(node, schema)
    if isinstance(node, Sequence):
        items = schema.get("items", {})
        return [value(item, items, definitions) for item in node.items]
    if "x-choose" in schema:
        chosen, findings = _chosen(node, schema, schema["x-choose"], definitions, Spot())
        schema = schema if chosen is None or findings else chosen
    properties, rest = _properties(schema), schema.get("additionalProperties", {})
    return {
        key.text: value(one, properties.get(key.text, rest if isinstance(rest, Mapping) else {}), definitions)
        for key, one in node.entries
    }


def _scalar_value(node: Scalar, schema: Schema) -> Any:
    kind = schema.get("type")
    if kind is None and "enum" not in schema:
        return wording.untyped(node)
    if kind == "boolean":
        told = truth(node.text)
        return node.text if told is None else told
    if kind in ("integer", "number"):
        return wording.number(node.text, whole=kind == "integer")
    return node.text.strip() if not node.quoted else node.text


def _check(node: Node, schema: Schema, definitions: Definitions, spot: Spot) -> Iterator[Diagnostic]:
    schema = _pick(node, _resolved(schema, definitions), definitions)
    kind = schema.get("type")
    if kind is None and "enum" not in schema:
        if "anyOf" in schema:
            yield _wrong_kind(node, schema, definitions, spot)
        return
    if isinstance(node, Scalar):
        if node.left_out and kind in ("object", "array"):
            yield finding("S220", node.place, element=spot.element, key=spot.key)
        elif kind in ("object", "array"):
            yield _wrong_kind(node, schema, definitions, spot)
        else:
            yield from check_scalar(node, schema, spot.key, spot.element)
    elif isinstance(node, Sequence) and kind == "array":
        yield from _check_list(node, schema, definitions, spot)
    elif isinstance(node, Map) and kind == "object":
        yield from _check_map(node, schema, definitions, spot)
    else:
        yield _wrong_kind(node, schema, definitions, spot)


def _check_list(node: Sequence, schema: Schema, definitions: Definitions, spot: Spot) -> Iterator[Diagnostic]:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if len(node.items) < least and not node.items:
        yield finding("S220", node.place, element=spot.element, key=spot.key)
    elif len(node.items) < least or (most is not None and len(node.items) > most):
        wanted = f"a list of {least}" if least == most else f"a list of at least {least}"
        words: Words = {
            "subject": f"‘{spot.key}’",
            "wanted": wanted,
            "found": f"one of {len(node.items)}",
            "sample": "Name as many as it wants.",
        }
        yield finding("S205", node.place, element=spot.element, **words)
    seen: dict[str, Place] = {}
    inside, wanted_items = replace(spot, item=True), schema.get("items", {})
    for item in node.items:
        if isinstance(item, Scalar) and item.text and item.text in seen:
            related = [(seen[item.text], "first given here")]
            words = {"value": item.text, "key": spot.key}
            yield finding("S234", item.place, element=spot.element, related=related, **words)
        elif isinstance(item, Scalar):
            seen[item.text] = item.place
        yield from _check(item, wanted_items, definitions, inside)


def _check_map(node: Map, schema: Schema, definitions: Definitions, spot: Spot) -> Iterator[Diagnostic]:
    choice = schema.get("x-choose")
    if choice is not None:
        chosen, findings = _chosen(node, schema, choice, definitions, spot)
        yield from findings
        if chosen is None:
            return
        schema = chosen
    spot = _inside(node, schema, spot)
    if schema.get("maxProperties") == 1:
        yield from _check_single(node, schema, definitions, spot)
        return
    known, rest = _properties(schema), schema.get("additionalProperties", {})
    given = {key.text for key, _ in node.entries}
    missing = [one for one in schema.get("required", ()) if one not in given]
    for index, (key, one) in enumerate(node.entries):
        if key.text in known:
            yield from _check(one, known[key.text], definitions, spot.at(key.text))
        elif rest is False and index and wording.left_out(one) and _cut_off(node, index):
            missing = []
            if not wording.left_out(node.entries[index - 1][1]):
                yield _comma(node, index, spot)
        elif rest is False and node.faulty:
            continue
        elif rest is False:
            guess = wording.said_otherwise(key.text, one, known)
            guess = guess or nearest(key.text, [word for word in known if node.key(word) is None])
            if guess is None and len(missing) == 1 and _strangers(node, known) == 1:
                yield _unknown_and_missing(key, missing.pop(), schema, spot)
                continue
            missing = [one for one in missing if one != guess]
            yield _unknown_key(key, guess or nearest(key.text, known), schema, definitions, spot)
        else:
            names = schema.get("propertyNames")
            if names is not None:
                yield from check_scalar(key, names, spot.key, spot.element)
            yield from _check(one, rest, definitions, spot.at(key.text))
    if missing and not node.faulty:
        yield _missing(node, missing, spot)


def _check_single(node: Map, schema: Schema, definitions: Definitions, spot: Spot) -> Iterator[Diagnostic]:
    """A map of one key which says what it is, such as an effect."""
    known = _properties(schema)
    keys = node.keys()
    if len(keys) != 1:
        named = ", ".join(f"‘{key}’" for key in keys) or "none"
        yield finding("S218", _head(node), element=spot.element, count=len(keys), keys=named)
        return
    key, one = node.entries[0]
    if key.text not in known:
        guess = nearest(key.text, known) or _said_otherwise(key.text, known)
        words: Words = {"value": key.text, "allowed": ", ".join(sorted(known))}
        yield finding("S217", key.place, element=spot.element, did_you_mean=guess, **words)
    else:
        yield from _check(one, known[key.text], definitions, spot.at(key.text))


def _chosen(
    node: Map, schema: Schema, choice: Mapping[str, Any], definitions: Definitions, spot: Spot
) -> tuple[Schema | None, list[Diagnostic]]:
    """The schema that a key's value, or a verb, picks; or what keeps it from being picked."""
    spot = _inside(node, schema, spot)
    if "verbs" in choice:
        return _chosen_by_verb(node, choice["verbs"], definitions, spot, schema)
    by, among = choice["by"], choice["among"]
    given = node.get(by)
    if given is None and node.faulty:
        return None, []
    if given is None:
        likely = [
            key for key, _ in node.entries if nearest(key.text, [by]) and key.text not in ("id", "label")
        ]
        if likely:
            key = likely[0]
            allowed = ", ".join(sorted({by, "id", "label"}))
            words: Words = {"key": key.text, "where": spot.where, "allowed": allowed}
            return None, [finding("S203", key.place, element=spot.element, did_you_mean=by, **words)]
        return None, [_missing(node, [by], spot)]
    if not isinstance(given, Scalar) or given.left_out:
        return None, list(_check(given, {"type": "string", "x-wants": "ref"}, {}, replace(spot, key=by)))
    if given.text not in among:
        guess = nearest(given.text, among) or wording.TYPE_WORDS.get(given.text.casefold())
        guess = guess if guess in among else None
        words = {"value": given.text, "allowed": ", ".join(sorted(among))}
        return None, [finding("S215", given.place, element=spot.element, did_you_mean=guess, **words)]
    return definitions[among[given.text]], []


def _chosen_by_verb(
    node: Map, verbs: Mapping[str, str], definitions: Definitions, spot: Spot, schema: Schema
) -> tuple[Schema | None, list[Diagnostic]]:
    present = [key for key, _ in node.entries if key.text in verbs]
    allowed = ", ".join(verbs)
    if not present:
        first = node.entries[0][0] if node.entries else None
        guess = nearest(first.text, verbs) or _said_otherwise(first.text, verbs) if first else None
        words: Words = {"key": first.text if first else "", "allowed": allowed}
        place = first.place if first else node.place
        return None, [finding("S223", place, element=spot.element, did_you_mean=guess, **words)]
    parts = [definitions[verbs[key.text]] for key in present]
    extra = [key for key in present if not all(key.text in _properties(part) for part in parts)]
    if len(present) > 1 and extra:
        words = {"count": len(present), "keys": ", ".join(f"‘{key.text}’" for key in present)}
        return None, [finding("S224", _head(node), element=spot.element, **words)]
    return parts[0], []


def _missing(node: Map, keys: list[str], spot: Spot) -> Diagnostic:
    words: Words = {
        "where": wording.capital(spot.where),
        "keys": " and no ".join(f"‘{key}’" for key in keys),
        "lines": " and ".join(f"‘{key}: …’" for key in keys),
        "why": wording.why(spot.where, keys[0]) if len(keys) == 1 else "",
    }
    return finding("S204", _head(node), element=spot.element, **words)


def _strangers(node: Map, known: Mapping[str, Schema]) -> int:
    return sum(1 for key, _ in node.entries if key.text not in known)


def _unknown_and_missing(key: Scalar, missing: str, schema: Schema, spot: Spot) -> Diagnostic:
    words: Words = {"key": key.text, "missing": missing, "where": spot.where}
    words["allowed"] = ", ".join(sorted(_properties(schema)))
    return finding("S244", key.place, element=spot.element, **words)


def _said_otherwise(word: str, known: Iterable[str]) -> str | None:
    meant = wording.VERB_WORDS.get(word.casefold(), "")
    return meant if meant in known else None


def _unknown_key(
    key: Scalar, guess: str | None, schema: Schema, definitions: Definitions, spot: Spot
) -> Diagnostic:
    if "x-type" in schema and guess is None:
        others = sorted(
            one["x-type"] for one in definitions.values() if "x-type" in one and key.text in one["x-own"]
        )
        if others:
            own = ", ".join(sorted(schema["x-own"])) or "none"
            words: Words = {
                "key": key.text,
                "types": " and ".join(others),
                "type": schema["x-type"],
                "allowed": own,
            }
            return finding("S216", key.place, element=spot.element, **words)
    allowed = ", ".join(sorted(_properties(schema)))
    words = {"key": key.text, "where": spot.where, "allowed": allowed}
    return finding("S203", key.place, element=spot.element, did_you_mean=guess, **words)


def _cut_off(node: Map, index: int) -> bool:
    """Whether a key is what a comma in braces cut off from the text before it: {label: Who, when}."""
    before, key = node.entries[index - 1][1], node.entries[index][0]
    return isinstance(before, Scalar) and not before.quoted and before.place.end_line == key.place.line


def _comma(node: Map, index: int, spot: Spot) -> Diagnostic:
    first = index - 1
    while first > 0 and wording.left_out(node.entries[first][1]):
        first -= 1
    name, text = node.entries[first]
    rest = [key.text for key, _ in node.entries[first + 1 : index + 1]]
    assert isinstance(text, Scalar)
    paste = f"{name.text}: {quote(', '.join([text.text, *rest]))}"
    key = node.entries[index][0]
    words: Words = {"key": name.text, "rest": wording.short(key.text), "paste": paste}
    return finding("S243", key.place, element=spot.element, **words)


def _wrong_kind(node: Node, schema: Schema, definitions: Definitions, spot: Spot) -> Diagnostic:
    wants = schema.get("x-wants")
    if isinstance(node, Map):
        written = wording.as_written(node)
        if wants == "expression":
            words: Words = {"key": spot.key, "found": "a map", "paste": f"{spot.key}: {written[2:-2]}"}
            return finding("S231", node.place, element=spot.element, **words)
        if schema.get("type") == "string" and node.entries and wording.left_out(node.entries[0][1]):
            return finding("S232", node.place, element=spot.element, paste=f"{spot.key}: {written}")
    if isinstance(node, Scalar) and (match := re.match(r"^([a-z_][a-z0-9_]*):(\S.*)$", node.text)):
        column = node.place.column + match.end(1)
        place = replace(node.place, column=column, end_line=node.place.line, end_column=column + 1)
        return finding("Y120", place, element=spot.element, mark="colon", paste=f"{match[1]}: {match[2]}")
    if isinstance(node, Scalar) and (match := re.match(r"^-([^\s-].*)$", node.text)) and not node.quoted:
        place = replace(node.place, end_line=node.place.line, end_column=node.place.column + 1)
        paste = f"- {match[1].split(' -')[0]}"
        return finding("Y120", place, element=spot.element, mark="dash", paste=paste)
    subject = f"‘{spot.key}’" if spot.key else spot.where
    words = {
        "subject": wording.capital(f"an item of {subject}" if spot.item else subject),
        "wanted": wording.wanted(schema, definitions),
        "found": wording.found(node),
        "sample": wording.in_full(spot.key, node, item=spot.item)
        or wording.example(spot.key, schema, definitions),
    }
    return finding("S205", node.place, element=spot.element, **words)


def _pick(node: Node, schema: Schema, definitions: Definitions) -> Schema:
    """Of alternatives, the one that fits the node's shape: alternatives never share a shape."""
    if "anyOf" not in schema or "type" in schema:
        return schema
    shape = "array" if isinstance(node, Sequence) else "object" if isinstance(node, Map) else None
    for one in schema["anyOf"]:
        one = _resolved(one, definitions)
        kind = one.get("type")
        if kind == shape or (shape is None and kind not in ("array", "object")):
            return one
    return schema


def _resolved(schema: Schema, definitions: Definitions) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _properties(schema: Schema) -> Mapping[str, Schema]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    return properties


def _inside(node: Map, schema: Schema, spot: Spot) -> Spot:
    """The spot for what stands inside `node`, named by its id if it has a usable one."""
    called = schema.get("x-called")
    if called is None:
        return spot
    own = node.get("id")
    if own is None and node.entries and node.entries[0][0].text in (called, *wording.DOCUMENT_KEYS):
        own = node.entries[0][1]
    if not isinstance(own, Scalar) or not own.text:
        article = "an" if called[0] in "aeiou" else "a"
        return replace(spot, where=f"{article} {called}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", own.text):
        return replace(spot, where=f"the {called} ‘{own.text}’")
    path = f"{spot.prefix}.{own.text}" if spot.prefix else own.text
    prefix = spot.prefix if called == "section" else path
    return Spot(spot.key, f"the {called} ‘{own.text}’", path, prefix, spot.item)


def _head(node: Map) -> Place:
    """The first key, to point at a part that lacks something."""
    return node.entries[0][0].place if node.entries else node.place
