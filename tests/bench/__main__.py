"""`make bench`: prints each figure beside its bar. Exit 1 if a figure is short of what it must be."""

from __future__ import annotations

import platform
import sys

from tests.bench import expressions, forms, workflows
from tests.bench.bars import table


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.machine()}; CPU time, median of several runs")
    figures = [*expressions.figures(), *forms.figures(), *workflows.figures()]
    print(table(figures))
    found = workflows.found()
    print(
        f"W3  defects of a bad workflow found at load: {sum(found.values())} of {len(found)}; must 6, aim 10"
    )
    for defect in (name for name, there in found.items() if not there):
        print(f"      not found: {defect}")
    return int(any(one.verdict == "SHORT" for one in figures) or sum(found.values()) < 6)


if __name__ == "__main__":
    sys.exit(main())
