"""Many processes write at once: nobody's save is lost, and nobody meets the database's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.races.running import write_at_once
from tests.support.casework import Town

WRITERS = 6
EACH = 6


@pytest.mark.parametrize("one_row", [True, False], ids=["one row", "many rows"])
def test_nothing_is_lost_and_nobody_is_locked_out(town: Town, tmp_path: Path, one_row: bool) -> None:
    found = write_at_once(town, tmp_path, writers=WRITERS, seconds=40, most=EACH, one_row=one_row)
    assert found.raw == []
    assert found.lost == 0
    assert found.busy == 0
    # Everybody had their turn as often as they wanted it.
    assert found.saved == WRITERS * EACH


@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_a_deferred_begin_fails_instead_of_waiting(town: Town, tmp_path: Path) -> None:
    """The control: without BEGIN IMMEDIATE the same writers are turned away."""
    found = write_at_once(town, tmp_path, writers=WRITERS, seconds=4, most=40, one_row=False, deferred=True)
    assert found.busy + len(found.raw) > 0
