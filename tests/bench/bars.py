"""One measured figure beside its bar, and how it is printed. Must not know what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `theirs` in `unit`; `ratio` is what the bar speaks of; `more` says that more is better.

    Without `must` and `aim` the peer is there to be compared with, and the verdict says who is ahead.
    """

    bar: str
    what: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    must: float | None
    aim: float | None
    more: bool = False

    @property
    def verdict(self) -> str:
        """aim, must, or short of it; without a bar, who is ahead."""
        if self.aim is not None and self._reaches(self.aim):
            return "aim met"
        if self.must is None:
            return "ours ahead" if self._reaches(1.0) else "peer ahead"
        return "must met" if self._reaches(self.must) else "SHORT"

    def _reaches(self, bar: float) -> bool:
        return self.ratio >= bar if self.more else self.ratio <= bar


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of equal columns."""
    lines = [
        f"{'':4}{'':52}{'ours':>12}{'theirs':>12}  {'unit':12}{'ratio':>8}{'must':>8}{'aim':>8}",
        *(
            f"{one.bar:4}{one.what:52}{one.ours:12,.3f}{one.theirs:12,.3f}  {one.unit:12}"
            f"{one.ratio:8.3f}{_bar(one.must)}{_bar(one.aim)}  {one.verdict}"
            for one in figures
        ),
    ]
    return "\n".join(lines)


def _bar(bar: float | None) -> str:
    return f"{'':8}" if bar is None else f"{bar:8.3f}"
