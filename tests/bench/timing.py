"""Fair timing on a shared machine: CPU time, the collector off, the median of several runs. Knows no subject."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

RUNS = 7


def clocked(work: Callable[[], Any]) -> float:
    """CPU seconds that one call takes."""
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()


def seconds(work: Callable[[], Any], enough: float = 0.1) -> float:
    """CPU seconds of one call: the median of several runs, each of as many calls as take long enough."""
    once = max(clocked(work), 1e-7)
    times = max(1, min(200_000, int(enough / once)))

    def many() -> None:
        for _ in range(times):
            work()

    return median(clocked(many) / times for _ in range(RUNS))
