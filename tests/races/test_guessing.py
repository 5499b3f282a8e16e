"""Passwords are tried from many processes at once: the tries are counted together, in the database (H12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.casework import signing_in
from tests.races.running import lines, place, started
from tests.races.work import guess
from tests.support.casework import Town

PROCESSES, TRIES = 4, 6


def guessed(town: Town, folder: Path, *, apart: bool = False) -> int:
    """How many passwords were looked at before everybody was told to wait. `apart`: each process counts for itself."""
    acks = [folder / f"{number}.tries" for number in range(PROCESSES)]
    jobs = [(guess, (place(town, "anna"), TRIES, str(path)), {"apart": apart}) for path in acks]
    with started(jobs) as processes:
        for one in processes:
            one.join(60)
    told = [kind for path in acks for [kind] in lines(path)]
    assert len(told) == PROCESSES * TRIES and set(told) <= {"looked", "waited"}, told
    return told.count("looked")


@pytest.mark.timeout(120)
def test_tries_from_many_processes_are_counted_together(town: Town, tmp_path: Path) -> None:
    assert guessed(town, tmp_path) == signing_in.FREE_TRIES["name"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_where_each_process_counts_for_itself_more_are_looked_at(town: Town, tmp_path: Path) -> None:
    """The control: a counter in memory lets every process have its own free tries."""
    assert guessed(town, tmp_path, apart=True) == PROCESSES * signing_in.FREE_TRIES["name"]
