"""Writers are killed in the middle of saving: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.races.delivering import kill_between_firing_and_delivery
from tests.races.running import kill_in_mid_save
from tests.support.casework import Town


@pytest.mark.timeout(180)
def test_ten_kills_lose_nothing_acknowledged(town: Town, tmp_path: Path) -> None:
    found = kill_in_mid_save(town, tmp_path, 5, random.Random(20261122))
    assert found.kills == 10
    assert found.acknowledged > 10
    assert (found.lost, found.torn, found.damaged, found.findings) == (0, 0, 0, 0)


@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_a_promise_made_too_soon_is_broken(town: Town, tmp_path: Path) -> None:
    """The control: where saving is acknowledged before it is committed, the same kills lose what was promised."""
    found = kill_in_mid_save(town, tmp_path, 2, random.Random(1), too_soon=True)
    assert found.lost > 0
    assert found.damaged == found.findings == 0


@pytest.mark.timeout(180)
def test_ten_kills_between_firing_and_delivery(town: Town, tmp_path: Path) -> None:
    """Every effect on the database once; everything outside at least once, and again only under the same key."""
    found = kill_between_firing_and_delivery(town, tmp_path, 10, random.Random(20261122))
    assert found.kills == 10
    assert found.effects == 50
    assert found.letters >= 30
    assert (found.wrong, found.missing, found.strange, found.findings) == (0, 0, 0, 0)


@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_a_letter_marked_before_it_went_is_missed(town: Town, tmp_path: Path) -> None:
    """The control: where a letter is noted as gone before it is, the same kills lose some."""
    found = kill_between_firing_and_delivery(town, tmp_path, 5, random.Random(1), marked_first=True)
    assert found.missing > 0
    assert found.wrong == 0
