"""`make bench` (with `--peers`, `make bench-peers`): each figure beside its bar. Exit 1 if one falls short."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator

from tests.bench import (
    changing,
    corpus,
    expressions,
    forms,
    layers,
    loading,
    node_peers,
    pages,
    paint,
    rendering,
    storage,
    workflows,
)
from tests.bench.bars import Figure, table

PYTHON: tuple[Callable[[], Iterator[Figure]], ...] = (
    expressions.figures,
    forms.figures,
    rendering.figures,
    changing.figures,
    loading.figures,
    layers.figures,
    workflows.figures,
    storage.figures,
    paint.figures,
)
# What `make soak` does in full; here as many cases as are tried with every change.
SMALL = ("--trials", "hostile", "agreement", "--cases", "20000", "--hostile", "3000")
NODE: tuple[Callable[[], Iterator[Figure]], ...] = (node_peers.figures,)


def main() -> int:
    wanted = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    wanted.add_argument(
        "--peers", action="store_true", help="beside the peers that need Node, and nothing else"
    )
    beside_node = wanted.parse_args().peers
    print(
        f"Python {platform.python_version()}, {platform.machine()}, commit {_commit()}; "
        "CPU time, median of several runs"
    )
    figures = [one for part in (NODE if beside_node else PYTHON) for one in part()]
    print(table(figures))
    short = any(one.verdict == "SHORT" for one in figures)
    return int(short) if beside_node else int(_counted() or short)


def _counted() -> bool:
    """Prints what is counted and not timed; true if too little was found."""
    right, all_ = corpus.found()
    print(
        f"L1  broken definitions told of in one finding, right place and remedy: {right} of {all_}; must all"
    )
    found = workflows.found()
    print(
        f"W3  defects of a bad workflow found at load: {sum(found.values())} of {len(found)}; must 6, aim 10"
    )
    for defect in (name for name, there in found.items() if not there):
        print(f"      not found: {defect}")
    counted = pages.found()
    print(f"C6  statements a page with {pages.FEW} rows and with {pages.MANY}; must the same")
    for one in counted:
        print(f"      {one.page:20}{one.few:4}{one.many:4}{'' if one.constant else '  SHORT'}")
    print(
        "E2  browser, server and both databases on random cases; E3  hostile expressions: must 0, and 5 ms",
        flush=True,
    )
    agreed = (
        subprocess.run([sys.executable, "-m", "tests.soak", *SMALL], check=False, timeout=900).returncode == 0
    )
    constant = all(one.constant for one in counted)
    return right < all_ or sum(found.values()) < 6 or not agreed or not constant


def _commit() -> str:
    asked = ["git", "-c", "safe.directory=*", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30)
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
