"""Tests marked with `ux` prove a row of tests/spec/ux.yaml; how each ended is noted for docs/ux-checks.md."""

from __future__ import annotations

import os
from typing import Any

import pytest

RESULTS = "TREFOIL_UX_RESULTS"


def note_outcome(item: Any, report: pytest.TestReport) -> None:
    """Adds a line to the file that TREFOIL_UX_RESULTS names: how a marked test ended.

    One line an outcome, in one write, so that processes beside each other can share the file.
    """
    place = os.environ.get(RESULTS)
    if not place or item.get_closest_marker("ux") is None or not (report.when == "call" or report.failed):
        return
    with open(place, "a", encoding="utf-8") as file:
        file.write(f"{report.outcome}\t{item.nodeid.partition('[')[0]}\n")
