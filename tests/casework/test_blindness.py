"""What a name in a condition reads, against what is hidden: rows in rows, grids, containers, parts of one record."""

from __future__ import annotations

import pytest

from engine.casework import blindness


@pytest.mark.parametrize(
    ("hidden", "name", "kept"),
    [
        ("secret", "secret", True),
        ("secret", "secret.other", True),
        ("secret", "told", False),
        ("places", "places.detail", True),
        ("places.detail", "places", True),
        ("places.detail", "places.detail", True),
        ("places.detail", "places.cost", False),
        ("places.visits", "places.visits.minutes", True),
        ("places.visits.minutes", "places.visits", True),
        ("places.visits.minutes", "places.visits.length", False),
        ("framework.worried", "framework.peers.worried", True),
        ("framework.worried", "framework.peers.works_well", False),
        ("parts.@11.detail", "parts.detail", True),
        ("parts.@11.detail", "parts.open", False),
        ("parts.@11", "parts.open", True),
    ],
)
def test_reading(hidden: str, name: str, kept: bool) -> None:
    assert blindness.reads({hidden}, name) is kept
