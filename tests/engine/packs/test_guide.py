"""The examples of docs/packs.md are one workspace: it checks clean, its scenarios pass, and it explains as printed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import engine
from engine.packs import scenarios
from engine.packs.changing import VERBS

PAGE = (Path(__file__).parents[3] / "docs" / "packs.md").read_text("utf-8")
TEXTS = dict(re.findall(r"```yaml file=(\S+)\n(.*?)```", PAGE, flags=re.DOTALL))


@pytest.fixture(scope="module")
def workspace() -> engine.Workspace:
    return engine.load_texts(TEXTS)


def test_the_examples_check_clean(workspace: engine.Workspace) -> None:
    assert workspace.report.diagnostics == ()
    assert sorted(workspace.packs) == ["hillside", "millbrook"]


def test_the_examples_do_what_the_page_says(workspace: engine.Workspace) -> None:
    results = scenarios.run(workspace.pack("millbrook"), today=date(2026, 1, 5))
    assert results.ok, results.as_text()
    stack = workspace.pack("millbrook").stack
    assert stack.forms["contact"].title == "First contact"
    assert [one.id for one in stack.forms["contact"].sections[0].questions] == ["worry", "since", "own_words"]
    assert stack.records["child"].title == "Child"
    assert stack.records["child"].many == "Children"


def test_the_explanation_is_as_printed(workspace: engine.Workspace) -> None:
    explained = workspace.pack("millbrook").explain("contact.worry").as_text()
    assert f"```\n{explained}\n```" in PAGE


def test_every_verb_is_described() -> None:
    assert [verb for verb in VERBS if f"`{verb}: " not in PAGE] == []
