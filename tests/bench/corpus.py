"""L1: how many broken definitions are told of in exactly one finding, at the right place and with the remedy."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.broken import cases, told


def found() -> tuple[int, int]:
    """Those told of as expected, and all."""
    corpus = cases()
    with tempfile.TemporaryDirectory() as folder:
        right = 0
        for case in corpus:
            root = Path(folder) / case.name
            case.make(root)
            right += told(root) == [case.expected]
    return right, len(corpus)
