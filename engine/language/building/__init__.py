"""Checked nodes to the model: one function a kind of document, `build` for any.

    value, lists = build(node, "form", questions.BUILT_IN)

`lists` are those written inside questions, as lists of their own. What comes back: `Manifest`, `Form`,
`OptionList`, `RecordType`, `Workflow`, `Access`, `Scenario`; for conditions and terms a mapping; for languages
and migrations the plain values. Call it for a node in which `check_node` found no error: of others it builds
what it can and leaves the rest out, and never raises for content.
"""

from __future__ import annotations

from typing import Any

from engine.language.building import forms, packs, workflows
from engine.language.building.common import plain
from engine.language.building.forms import inline_lists
from engine.language.model import OptionList
from engine.language.nodes import Mapping
from engine.language.schemas import Types

__all__ = ["build", "inline_lists"]

_BUILDERS = {
    "pack": packs.manifest,
    "list": forms.option_list,
    "workflow": workflows.workflow,
    "access": packs.access,
    "conditions": packs.conditions,
    "terms": packs.terms,
    "scenario": packs.scenario,
}


def build(node: Mapping, kind: str, types: Types) -> tuple[Any, list[OptionList]]:
    """The model value of a checked document of `kind`, and the lists written inside its questions."""
    if kind == "form":
        return forms.form(node, types)
    if kind == "record":
        return forms.record(node, types)
    builder = _BUILDERS.get(kind)
    return (builder(node) if builder is not None else plain(node)), []
