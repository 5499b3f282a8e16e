"""Layers: what an overlay's changes make of the document below, and what is said when they do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.language import nodes
from engine.packs import documents, layering

SPEC = Path(__file__).parents[2] / "spec" / "layers"
CASES = [case for file in sorted(SPEC.glob("*.yaml")) for case in yaml.safe_load(file.read_text("utf-8"))]


def plain(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Scalar):
        return node.text
    if isinstance(node, nodes.Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def read(text: str, pack: str) -> list[nodes.Mapping]:
    found, findings = nodes.read(text, f"form_definitions/{pack}/one.yaml")
    assert not findings
    return [node for node in found if isinstance(node, nodes.Mapping)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_layer(case: dict[str, Any]) -> None:
    below: dict[documents.Key, documents.Document] = {}
    below, findings = layering.layered(below, read(case["base"], "base"), "base")
    assert not findings
    before = {key: plain(document.node) for key, document in below.items()}
    top = below
    for pack, key in (("middle", "changes"), ("top", "above")):
        if key in case:
            assert not findings, "only the last layer of a case may have findings"
            top, findings = layering.layered(top, read(case[key], pack), pack)
    assert sorted(f"{one.code} {one.element}" for one in findings) == sorted(case.get("findings", []))
    for words in case.get("says", []):
        assert any(words in f"{one.message} {one.help}" for one in findings), words
    if "expected" in case:
        (expected,) = read(case["expected"], "base")
        kind, word = documents.kind_and_id(expected) or ("", None)
        assert word is not None
        assert plain(top[kind, word.text].node) == plain(expected)
    after = {key: plain(document.node) for key, document in below.items()}
    assert after == before, "a layer altered the one below"
