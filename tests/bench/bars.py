"""One measured figure beside its bar, and how it is printed. Must not know what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `theirs` in `unit`; `ratio` is what the bar speaks of; `more` says that more is better."""

    bar: str
    what: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    must: float
    aim: float
    more: bool = False

    @property
    def verdict(self) -> str:
        """aim, must, or short of it."""
        if self.ratio >= self.aim if self.more else self.ratio <= self.aim:
            return "aim met"
        if self.ratio >= self.must if self.more else self.ratio <= self.must:
            return "must met"
        return "SHORT"


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of equal columns."""
    lines = [
        f"{'':4}{'':52}{'ours':>12}{'theirs':>12}  {'unit':12}{'ratio':>8}{'must':>8}{'aim':>8}",
        *(
            f"{one.bar:4}{one.what:52}{one.ours:12,.2f}{one.theirs:12,.2f}  {one.unit:12}"
            f"{one.ratio:8.2f}{one.must:8.2f}{one.aim:8.2f}  {one.verdict}"
            for one in figures
        ),
    ]
    return "\n".join(lines)
