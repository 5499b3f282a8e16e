"""The example of the references is a workspace of two packs: clean, every scenario as expected, everything covered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import engine
from engine.packs import scenarios

ROOT = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def workspace() -> engine.Workspace:
    return engine.load(ROOT)


def test_it_checks_clean(workspace: engine.Workspace) -> None:
    assert workspace.report.diagnostics == ()
    assert sorted(workspace.packs) == ["toolshare", "toolshare_north"]


@pytest.mark.parametrize("pack", ["toolshare", "toolshare_north"])
def test_its_scenarios_pass_and_cover_everything(workspace: engine.Workspace, pack: str) -> None:
    results = scenarios.run(workspace.pack(pack), today=date(2026, 1, 5))
    assert results.ok, results.as_text()
    assert results.coverage.complete, results.as_text()


def test_what_the_authority_changed_is_so(workspace: engine.Workspace) -> None:
    stack = workspace.pack("toolshare_north").stack
    assert stack.forms["loan"].title == "Loan to a borrower"
    assert "ladder" in {one.id for one in stack.lists["tool_kinds"].options}
