"""The reader and the JSON Schemas it publishes say the same of what is valid; jsonschema is the judge.

The reader walks the schemas with its own code, for the sake of places and words. Here every definition at hand,
whole and mutated at random, is read both ways.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry

from engine.language import documents, nodes, reading, schemas
from engine.language.nodes import Mapping, Node, Scalar, Sequence
from engine.questions import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    ROOT / "form_definitions",
    ROOT / "workflows",
    ROOT / "tests" / "definitions" / "valid",
)
# What no JSON Schema can say: an expression or a pattern that its own language refuses, an item given twice,
# quotes that will show.
BEYOND = {"S230", "S234", "S238"}


def definitions() -> list[documents.Document]:
    found = []
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.yaml")):
            read, _ = documents.read_bytes(path.read_bytes(), path.name)
            found += [one for one in read if not one.broken]
    return found


DEFINITIONS = definitions()


@cache
def judge(kind: str, is_change: bool) -> Draft202012Validator:
    schema = schemas.schema(kind, BUILT_IN, is_change=is_change)
    return Draft202012Validator(schema, registry=Registry(), format_checker=FormatChecker())


def both(node: Mapping, kind: str, is_change: bool) -> tuple[bool, bool]:
    """What the reader says and what the judge says of the same words."""
    schema = schemas.schema(kind, BUILT_IN, is_change=is_change)
    ours = not [one for one in reading.check(node, schema) if one.code not in BEYOND]
    return ours, judge(kind, is_change).is_valid(reading.value(node, schema))


@pytest.mark.parametrize("document", DEFINITIONS, ids=lambda one: f"{one.file}:{one.kind}:{one.id}")
def test_valid_definitions_are_valid_to_both(document: documents.Document) -> None:
    assert both(document.node, document.kind, document.is_change) == (True, True)


WORDS = [
    "yes",
    "no",
    "on",
    "12",
    "1.5",
    "-1",
    "1,5",
    "017",
    "2024-01-01",
    "12:30",
    "",
    " ",
    "a b",
    "Capital",
    "today",
    "visit",
    "text",
    "choose_one",
    "required",
    "5 working days",
    "{x}",
    "x" * 600,
    "ä",
    "a-b",
]
KEYS = ["id", "type", "label", "answer", "options", "to", "by", "when", "show_if", "lable", "min", "x", "set"]


def mutated(node: Node, chance: random.Random) -> Node:
    """One place of `node` changed: a value, a key, a part left out or put twice, one shape for another."""
    if isinstance(node, Scalar):
        return _other(node, chance)
    if isinstance(node, Sequence):
        if not node.items or chance.random() < 0.15:
            return _other(node, chance)
        at = chance.randrange(len(node.items))
        if chance.random() < 0.15:
            return Sequence(node.items[:at] + node.items[at + 1 :], node.place)
        return Sequence(
            (*node.items[:at], mutated(node.items[at], chance), *node.items[at + 1 :]), node.place
        )
    if not node.entries or chance.random() < 0.06:
        return _other(node, chance)
    at = chance.randrange(len(node.entries))
    key, value = node.entries[at]
    kind = chance.random()
    entries = list(node.entries)
    if kind < 0.12:
        del entries[at]
    elif kind < 0.24 and node.key(name := chance.choice(KEYS)) is None:
        entries[at] = (Scalar(name, False, key.place), value)
    elif kind < 0.34 and node.key(name := chance.choice(KEYS)) is None:
        entries.append((Scalar(name, False, key.place), _other(value, chance)))
    else:
        entries[at] = (key, mutated(value, chance))
    return Mapping(tuple(entries), node.place)


def _other(node: Node, chance: random.Random) -> Node:
    kind = chance.random()
    word = Scalar(chance.choice(WORDS), chance.random() < 0.2, node.place)
    if kind < 0.7:
        return word
    if kind < 0.85:
        return Sequence((word,) if chance.random() < 0.7 else (), node.place)
    return Mapping(((Scalar(chance.choice(KEYS), False, node.place), word),), node.place)


@settings(max_examples=1500)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_mutated_definitions_are_valid_to_both_or_to_neither(seed: int) -> None:
    chance = random.Random(seed)
    document = chance.choice(DEFINITIONS)
    node: Any = document.node
    for _ in range(chance.randint(1, 2)):
        node = mutated(node, chance)
    if not isinstance(node, Mapping):
        return
    ours, theirs = both(node, document.kind, document.is_change)
    assert ours == theirs, [
        (one.code, one.place.line, one.message)
        for one in reading.check(node, schemas.schema(document.kind, BUILT_IN, is_change=document.is_change))
    ]


def test_both_refuse_some_and_accept_some() -> None:
    """The agreement would be worth little if mutations were all of one kind."""
    said = []
    for seed in range(400):
        chance = random.Random(seed)
        document = chance.choice(DEFINITIONS)
        node = mutated(document.node, chance)
        if isinstance(node, Mapping):
            said.append(both(node, document.kind, document.is_change)[1])
    assert said.count(True) > 40
    assert said.count(False) > 120


def test_published_schemas_are_schemas_and_judge_alike() -> None:
    published = schemas.published(BUILT_IN)
    assert sorted(published) == sorted(f"{kind}.schema.json" for kind in schemas.KINDS)
    for one in published.values():
        Draft202012Validator.check_schema(one)
    for document in DEFINITIONS:
        schema = schemas.schema(document.kind, BUILT_IN, is_change=document.is_change)
        judge_of_file = Draft202012Validator(published[f"{document.kind}.schema.json"], registry=Registry())
        assert judge_of_file.is_valid(reading.value(document.node, schema)), document.id


def test_nothing_is_fetched() -> None:
    """The registry is empty, so that a schema which named another file would fail and not go looking."""
    with pytest.raises(Exception, match="Unresolvable"):
        Draft202012Validator({"$ref": "http://127.0.0.1:9/a.json"}, registry=Registry()).is_valid({})


def test_reading_one_document_reads_nodes_only() -> None:
    read, findings = nodes.read("form: a\n", "a.yaml")
    assert findings == []
    assert both(read[0], "form", False) == (False, False)


def without_needs(schema: Any) -> Any:
    """The schema with nothing required, as if somebody had forgotten it."""
    if isinstance(schema, dict):
        return {key: without_needs(one) for key, one in schema.items() if key != "required"}
    return [without_needs(one) for one in schema] if isinstance(schema, list) else schema


def test_a_schema_that_says_less_than_the_reader_is_caught() -> None:
    lax = {
        kind: Draft202012Validator(without_needs(dict(schemas.schema(kind, BUILT_IN))), registry=Registry())
        for kind in schemas.KINDS
    }
    disagreed = 0
    for seed in range(300):
        chance = random.Random(seed)
        document = chance.choice([one for one in DEFINITIONS if not one.is_change])
        node = mutated(document.node, chance)
        if isinstance(node, Mapping):
            schema = schemas.schema(document.kind, BUILT_IN)
            ours, _ = both(node, document.kind, False)
            disagreed += ours != lax[document.kind].is_valid(reading.value(node, schema))
    assert disagreed > 5
