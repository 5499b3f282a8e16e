"""Three layers over each other beside the same pack written flat: what adapting costs when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

import yaml

import engine
from engine.language import nodes
from tests.bench import large
from tests.bench.bars import Figure
from tests.bench.timing import clocked

# Of the forms below an example authority alters two in a hundred; here two in twenty-four.
FORMS = 24
QUESTIONS = 40
ALTERED = 2
CHANGED = 6
RUNS = 9
RECORD = 'record: child\ntitle: Child\nfields: [{id: area, type: text, label: Area}]\nname: "{area}"\n'
LAYERS = ("base", "middle", "top")


def figures() -> Iterator[Figure]:
    """A pack over a pack over a pack, each thin as overlays are, against one pack alone."""
    stacked = layered()
    flat = flattened(engine.load_texts(stacked).pack("top"))
    assert _said(stacked) == _said(flat)
    # In turn, so that a busy machine slows both.
    taken = [(_taken(stacked), _taken(flat)) for _ in range(RUNS)]
    ours, theirs = (median(column) * 1000 for column in zip(*taken, strict=True))
    ratio = median(first / second for first, second in taken)
    yield Figure("", "load three layers ÷ the same written flat", ours, theirs, "ms", ratio, 1.3, 1.1)


def layered() -> dict[str, str]:
    """Texts of the three packs."""
    texts: dict[str, str] = {}
    for below, pack in zip((None, *LAYERS), LAYERS, strict=False):
        extends = f"extends: {{pack: {below}, version: 1.0.0}}\n" if below else ""
        texts[f"form_definitions/{pack}/pack.yaml"] = (
            f"pack: {pack}\ntitle: {pack}\nversion: 1.0.0\n{extends}"
        )
    texts["form_definitions/base/lists.yaml"] = f"{large.lists()}---\n{RECORD}"
    for number in range(FORMS):
        texts[f"form_definitions/base/forms/f{number}.yaml"] = large.form(QUESTIONS, number)
        for layer, pack in enumerate(LAYERS[1:] if number < ALTERED else ()):
            changes = "".join(
                f"  - {{set: q{10 + layer + 3 * one}, hint: As {pack} says it}}\n" for one in range(CHANGED)
            )
            added = (
                f"  - add: {{id: new_{pack}, type: text, label: New in {pack}}}\n    after: q{20 + layer}\n"
            )
            texts[f"form_definitions/{pack}/forms/f{number}.yaml"] = (
                f"form: large{number}\nchanges:\n{changes}{added}"
            )
    return texts


def flattened(pack: engine.Pack) -> dict[str, str]:
    """The top pack's documents written out as one pack of their own."""
    manifest = "pack: top\ntitle: top\nversion: 1.0.0\n"
    written = [
        yaml.safe_dump(_plain(one.node), sort_keys=False, allow_unicode=True, width=200)
        for one in pack._assembled.documents.values()
        if one.kind != "pack"
    ]
    texts = {f"form_definitions/top/forms/d{number:03}.yaml": text for number, text in enumerate(written)}
    return {"form_definitions/top/pack.yaml": manifest, **texts}


def _plain(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Scalar):
        return node.text
    if isinstance(node, nodes.Sequence):
        return [_plain(one) for one in node.items]
    return {key.text: _plain(one) for key, one in node.entries}


def _said(texts: dict[str, str]) -> Any:
    """What the top pack's forms come to, whatever their places."""
    pack = engine.load_texts(texts).pack("top")
    return [pack.form(one).browser() for one in pack.stack.forms]


def _taken(texts: dict[str, str]) -> float:
    return clocked(lambda: engine.load_texts(texts))
