"""The examples of docs/workflows.md: the whole workflow with everything that the page adds to it checks clean."""

import re
from pathlib import Path

import yaml

from engine.packs import inspect_texts
from engine.workflow.effects import KINDS
from tests.support.workflows import texts

PAGE = (Path(__file__).parents[3] / "docs" / "workflows.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)]


def whole(blocks):
    first, *added = blocks
    parts = [one for block in added for one in block]
    states = [*first["states"], *(one for one in parts if "title" in one)]
    transitions = [*first["transitions"], *(one for one in parts if "from" in one)]
    assert len(states) + len(transitions) == len(first["states"]) + len(first["transitions"]) + len(parts)
    return yaml.safe_dump({**first, "states": states, "transitions": transitions}, sort_keys=False)


def test_the_first_example_checks_clean_by_itself():
    assert findings(BLOCKS[:1]) == []


def test_the_examples_check_clean_together():
    assert findings(BLOCKS) == []


def findings(blocks):
    report = inspect_texts(texts(whole(blocks)))
    return [f"{one.code} {one.message}" for one in report.diagnostics]


def test_every_effect_is_described():
    missing = [kind for kind in KINDS if f"| `{kind}: " not in PAGE]
    assert missing == []
