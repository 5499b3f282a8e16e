"""Every broken definition gives exactly the one finding it should, word for word; without the slip there is none."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from engine.language.codes import CODES
from tests.support.broken import VALID, Case, cases, told

CASES = cases()


@cache
def told_of_base(name: str) -> tuple[str, ...]:
    return tuple(told(VALID / name))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_slip_one_finding(case: Case, tmp_path: Path) -> None:
    assert told_of_base(case.base) == ()
    root = tmp_path / "workspace"
    case.make(root)
    found = told(root)
    if os.environ.get("UPDATE_GOLDEN"):
        case.write_expected("\n".join(found))
    assert len(found) == 1, "\n".join(found) or "nothing was found"
    assert found[0].split(": ", 2)[1].split()[1] == case.code
    if not os.environ.get("UPDATE_GOLDEN"):
        assert found[0] == case.expected


def test_every_code_has_a_broken_definition() -> None:
    assert sorted(set(CODES) - {case.code for case in CASES}) == []


def test_every_broken_definition_is_of_a_code_in_the_catalogue() -> None:
    assert sorted({case.code for case in CASES} - set(CODES)) == []


def test_every_valid_workspace_is_clean() -> None:
    for path in sorted(VALID.iterdir()):
        assert told_of_base(path.name) == (), path.name
