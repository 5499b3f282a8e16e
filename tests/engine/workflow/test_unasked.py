"""A branch that waits for what was never asked is told; one that says what it does without the answer is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine import packs

VALID = Path(__file__).parents[2] / "definitions" / "valid" / "harbour"


def _workflow(branches: list[str], ways: str, exit_: str) -> str:
    told = "\n".join(f"      - {{{one}}}" for one in branches)
    return f"""workflow: second
title: Second
about: child
initial: begun
start: {{by: [lead], label: Begin}}
states:
  - {{id: begun, title: Begun, forms: [visit]}}
  - {{id: looking, title: Being looked at}}
  - {{id: ended, title: Ended, final: yes}}
transitions:
  - {{id: looked, label: Looked at, from: {exit_}, to: ended, by: [lead]}}
  - id: sort
    from: begun
    {ways}
    when: visit is submitted
    branches:
{told}
"""


@pytest.mark.parametrize(
    ("branches", "automatic", "codes"),
    [
        (["when: visit.worry > 5, to: looking", "otherwise: ended"], True, ["W633"]),
        (["when: visit.seen_alone is no, to: looking", "otherwise: ended"], True, ["W634"]),
        (["when: visit.worry is answered and visit.worry > 5, to: looking", "otherwise: ended"], True, []),
        (
            [
                "when: visit.purpose is not answered, to: ended",
                "when: visit.worry > 5, to: looking",
                "otherwise: ended",
            ],
            False,
            [],
        ),
        (["when: visit.seen_alone is no, to: looking", "otherwise: ended"], False, []),
        (["when: visit.met_on < today(), to: looking", "otherwise: ended"], True, []),
        (
            ["when: visit.seen_alone is no, to: looking", "when: visit.seen_alone is yes, to: ended"],
            False,
            [],
        ),
    ],
)
def test_a_branch_waits_only_for_what_is_asked(
    tmp_path: Path, branches: list[str], automatic: bool, codes: list[str]
) -> None:

    root = tmp_path / "workspace"
    shutil.copytree(VALID, root)
    ways = "automatic: yes" if automatic else "label: Sort\n    by: [lead]"
    exit_ = "looking" if automatic else "[begun, looking]"
    (root / "workflows/harbour/second.yaml").write_text(_workflow(branches, ways, exit_), encoding="utf-8")
    found = [one for one in packs.inspect(root).diagnostics if one.code in {"W633", "W634", "W635"}]
    assert [one.code for one in found] == codes, [one.message for one in found]
