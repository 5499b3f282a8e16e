"""Large forms are checked in time that grows with them, and loading leaves the process as it found it."""

from __future__ import annotations

import gc
import time

import pytest

import engine
from engine.packs import inspect_texts
from tests.bench import large
from tests.support.workflows import texts


def taken(questions: int) -> float:
    """CPU seconds that checking takes; nothing may be found."""
    definitions = texts(f"{large.form(questions)}---\n{large.lists()}")
    begun = time.process_time()
    report = inspect_texts(definitions)
    assert not report.diagnostics, report.as_text()[:500]
    return time.process_time() - begun


def test_a_form_of_2000_questions_takes_no_more_for_each_than_a_small_one() -> None:
    small = min(taken(250) for _ in range(3)) / 250
    assert taken(2000) / 2000 < 3 * small + 0.0005


def test_every_condition_of_a_large_form_is_decided() -> None:
    pack = engine.load_texts(texts(f"{large.form(1500)}---\n{large.lists()}")).pack("test")
    assert len(pack.form("large0").compiled.conditions.found) > 400
    assert pack.form("large0").findings == ()


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_left_as_it_was(running: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        inspect_texts(texts("form: [broken"))
        assert gc.isenabled() is running
        inspect_texts(texts(large.form(20) + "---\n" + large.lists()))
        assert gc.isenabled() is running
    finally:
        (gc.enable if was else gc.disable)()
