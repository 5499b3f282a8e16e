"""What is written once and called: functions that nothing calls, or that stand twice, are read for nothing."""

from __future__ import annotations

import ast
from pathlib import Path

TOP = Path(__file__).parents[2]
GONE = {"desk_of_request", "all_good", "condition_of"}


def test_one_machine_of_and_nothing_that_is_called_nowhere() -> None:
    defined = [
        node.name
        for folder in ("engine", "webapp")
        for source in (TOP / folder).rglob("*.py")
        for node in ast.parse(source.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    assert not GONE & set(defined)
    assert defined.count("machine_of") == 1
