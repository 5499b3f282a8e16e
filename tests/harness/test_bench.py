"""What is measured is what it is said to be: both sides of a bar do the same work."""

from __future__ import annotations

import pytest

from tests.bench import rendering


def test_both_sides_draw_the_page_and_tell_every_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure holds what it times to that before it times it."""
    monkeypatch.setattr(rendering, "seconds", lambda act: 1.0 if act() else 0.0)
    assert [one.bar for one in rendering.figures()] == ["R1", "R2"]
