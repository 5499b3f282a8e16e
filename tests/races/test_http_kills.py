"""What serves is killed while people save through HTTP: all that anybody was told is there, and nothing half there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.races.http_kills import kill_while_saving
from tests.support.casework import Town


@pytest.mark.timeout(240)
def test_ten_kills_of_the_service_lose_nothing_that_anybody_was_told(town: Town, tmp_path: Path) -> None:
    found = kill_while_saving(town, tmp_path, 10, random.Random(20261122), look_every=5)
    assert found.good, found.words()
    assert found.kills == 10
    assert min(found.saved, found.kept, found.sent) > 0, found.words()
    assert found.acknowledged >= 30


@pytest.mark.timeout(120)
@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_a_service_that_promises_too_soon_is_found_out(town: Town, tmp_path: Path) -> None:
    """The control: where the reply leaves before the save is committed, the same kills lose what was promised."""
    found = kill_while_saving(town, tmp_path, 4, random.Random(1), too_soon=True)
    assert found.lost
    assert found.damaged == found.findings == 0
