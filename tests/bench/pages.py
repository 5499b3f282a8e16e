"""C6: how often a page asks the database, with little on it and with ten times as much. It must be the same.

Counted on the main pages with the little test authority, as the people who use them: not timed, so that it is the same
on any machine.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from engine.casework import notices, passwords, people
from tests.webapp.conftest import QUICK, Place, build, opened
from tests.webapp.test_constant_queries import about, children, queries

FEW, MANY = 3, 30


@dataclass(frozen=True, slots=True)
class Counted:
    """Statements of one page, with FEW rows on it and with MANY."""

    page: str
    few: int
    many: int

    @property
    def constant(self) -> bool:
        return self.many <= self.few


def found() -> list[Counted]:
    """Every page's counts, the second time that it is opened: the first may read what is then kept."""
    with (
        tempfile.TemporaryDirectory(prefix="trefoil-pages-") as folder,
        patch.object(passwords, "HASHER", QUICK),
        opened(build(Path(folder) / "built"), Path(folder) / "here") as place,
    ):
        return _counted(place)


def _counted(place: Place) -> list[Counted]:
    with place.desk("adam") as desk:
        people.add_to_team(desk, place.ids["alice"], people.add_team(desk, "North").id)
    record, case, draft = place.started()
    pages = {
        "My work": ("alice", "/"),
        "open cases": ("alice", "/open-cases"),
        "everybody's work": ("mary", "/?who=all"),
        "team": ("mary", "/team"),
        "record": ("alice", f"/records/{record}"),
        "case": ("alice", f"/cases/{case}"),
        "chronology": ("alice", f"/records/{record}/chronology"),
        "search": ("alice", "/search?q=number"),
        "told to you": ("alice", "/told"),
        "form section": ("alice", f"/forms/{draft}/what"),
        "form check": ("alice", f"/forms/{draft}/check"),
    }
    browsers = {who: place.browser(who) for who in ("alice", "mary")}
    counts: list[dict[str, int]] = []
    for more in (FEW, MANY - FEW):
        children(place, more)
        about(place, record, case, more)
        with place.desk() as desk:
            for number in range(more):
                kind = "near"
                notices.of(desk, kind, record, case, person=place.ids["alice"], once=f"{more}:{number}")
        for who, path in pages.values():
            browsers[who].get(path)
        counts.append({name: queries(place, browsers[who], path) for name, (who, path) in pages.items()})
    return [Counted(name, counts[0][name], counts[1][name]) for name in pages]
