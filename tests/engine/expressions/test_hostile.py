"""Whatever is written as an expression stays within the closed core and ends in milliseconds. `make soak` tries a
million."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import closures, tree
from tests.support import hostile
from tests.support.hostile import WATCH, attack

CASES = int(os.environ.get("TREFOIL_HOSTILE_CASES", "3000"))
SEED = int(os.environ.get("TREFOIL_HOSTILE_SEED", "20261122"))
MILLISECONDS = 5.0


def test_nothing_escapes_and_nothing_takes_long() -> None:
    came = attack(SEED, CASES)
    print(f"seed {SEED}: {came.words()}")
    assert came.escapes[:3] == []
    # Other tests share the processor here; the bar itself is held where it is printed, by `make bench` and `make soak`.
    assert came.longest <= 2 * MILLISECONDS, came.slowest
    assert came.tried == CASES and min(came.sorts.values()) >= CASES // 5
    # Both are tried: what is refused, and what has to be evaluated.
    assert came.refused >= CASES / 4 and came.evaluated >= CASES / 8


ACTS: dict[str, Callable[[], object]] = {
    "compile": lambda: compile("1", "anything", "eval"),
    "import": lambda: __import__("this_is_no_module"),
    "open": lambda: Path("/dev/null").read_bytes(),
}


@pytest.mark.parametrize("act", ACTS)
def test_code_made_and_files_opened_would_be_seen(act: str) -> None:
    """The control of the watch."""
    WATCH.start()
    with contextlib.suppress(ModuleNotFoundError):
        ACTS[act]()
    assert act in WATCH.stop()
    WATCH.start()
    assert WATCH.stop() == []


def test_an_exception_and_a_name_from_elsewhere_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the escapes: an evaluator that reads what was not asked for, and one that fails."""
    sound = closures.closure

    def nosy(*given: Any, **how: Any) -> Any:
        run = sound(*given, **how)
        return lambda read: (read("record.secret"), run(read))[1]

    monkeypatch.setattr(hostile, "closure", nosy)
    assert {why for _, why in attack(SEED, 200).escapes} == {"read ['record.secret']"}
    monkeypatch.setattr(hostile, "closure", lambda *_, **__: 1 / 0)
    assert {why for _, why in attack(SEED, 200).escapes} == {"raised ZeroDivisionError"}


def test_an_evaluation_without_a_budget_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the time: without steps to count, many rows of long texts take many times as long."""
    monkeypatch.setattr(closures, "STEPS", 10**9)
    monkeypatch.setattr(tree, "steps", lambda *_: 0)
    slow = "any row of places where place_name = name"
    monkeypatch.setattr(hostile, "texts", lambda _: iter([("slow", slow)]))
    assert attack(SEED, 1).longest > MILLISECONDS
