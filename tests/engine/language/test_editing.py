"""The schema for editors accepts what `check` accepts, as an editor reads it, and tells what settings are for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from engine.language import documents, nodes, schemas
from engine.language.schemas.words import WORDS
from engine.questions import BUILT_IN

ROOT = Path(__file__).parents[3]
HARBOUR = ROOT / "tests" / "definitions" / "valid"
FILES = [
    path
    for folder in (ROOT / "form_definitions", ROOT / "workflows", HARBOUR)
    for path in sorted(folder.rglob("*.yaml"))
]
BUNDLE = schemas.bundle(BUILT_IN)
JUDGE = Draft202012Validator(BUNDLE, registry=Registry())


def as_an_editor(node: nodes.Node) -> Any:
    """Values by YAML 1.2's core schema, in which `yes` is text."""
    if isinstance(node, nodes.Mapping):
        return {key.text: as_an_editor(value) for key, value in node.entries}
    if isinstance(node, nodes.Sequence):
        return [as_an_editor(item) for item in node.items]
    if node.quoted or node.block:
        return node.text
    if node.text in ("", "~", "null"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", node.text):
        return float(node.text)
    return node.text


def values(path: Path) -> Iterator[Any]:
    found, findings = documents.read_file(path.read_text(encoding="utf-8"), path.name)
    assert not [one for one in findings if one.severity == "error"], path
    for document in found:
        yield as_an_editor(document.node)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(BUNDLE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_editor_accepts_what_check_accepts(path: Path) -> None:
    for value in values(path):
        faults = sorted(JUDGE.iter_errors(value), key=lambda fault: len(fault.path))
        assert not faults, f"{list(faults[0].absolute_path)}: {faults[0].message}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("form: a\ntitle: A\nabout: child\nsections: [{id: b, titel: B}]", "a setting misspelt"),
        ("form: a\ntitle: A\nabout: child\nsections: [{id: b, title: B, questions: [{id: c, type: txt}]}]", "a type"),
        ("form: a\ntitle: A\nabout: child\nseveral: maybe\nsections: [{id: b, title: B}]", "no truth"),
        ("workflow: a\ntitle: A\nabout: child\ninitial: b", "no states"),
        ("title: A\nabout: child", "no kind"),
        ("scenario: a\ntitle: A\nform: b\nexpext: {}", "a setting misspelt beside `form`"),
    ],
)  # fmt: skip
def test_an_editor_marks_what_is_wrong(text: str, why: str) -> None:
    [document], _ = nodes.read(text, "a.yaml")
    assert not JUDGE.is_valid(as_an_editor(document)), why


def test_yes_and_no_pass_as_text() -> None:
    for word in ("yes", "no", True, False):
        section = {"id": "b", "title": "B"}
        form = {"form": "a", "title": "A", "about": "child", "several": word, "sections": [section]}
        assert JUDGE.is_valid(form), word


def untold(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        called = schema.get("x-called")
        for name, setting in schema.get("properties", {}).items() if called else ():
            if "description" not in setting and name not in WORDS.get(str(called), {}):
                yield f"{called}.{name}"
        for value in schema.values():
            yield from untold(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from untold(value)


def test_every_setting_says_what_it_is_for() -> None:
    """Whoever adds a setting adds its words in engine/language/schemas/words.py."""
    found = set(untold(schemas.published(BUILT_IN)))
    assert sorted(found) == []


def test_no_words_are_left_of_a_setting_that_is_gone() -> None:
    there: set[tuple[str, str]] = set()

    def gather(schema: Any) -> None:
        if isinstance(schema, Mapping):
            if "x-called" in schema:
                there.update((str(schema["x-called"]), name) for name in schema.get("properties", {}))
            for value in schema.values():
                gather(value)
        elif isinstance(schema, list | tuple):
            for value in schema:
                gather(value)

    gather(schemas.published(BUILT_IN))
    loose = {(called, name) for called in ("record", "change") for name in WORDS[called]}
    assert {(called, name) for called, words in WORDS.items() for name in words} - there - loose == set()
