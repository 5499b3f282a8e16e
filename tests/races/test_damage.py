"""A log torn in the middle of a write costs no more than its end; rot in the file is told."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from engine.casework import CaseworkError, Store, checkpoints, destroying, keeping, submissions
from tests.support.casework import Town

pytestmark = pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
SAVES = 15
TRIALS = 40


@pytest.fixture
def written(town: Town) -> tuple[Path, str]:
    """A database whose last saves stand in its write-ahead log alone; and the draft they were of."""
    child = town.child()
    draft = town.draft(child.id, town.case(child.id).id)
    destroying.overwrite(town.store)
    for number in range(1, SAVES + 1):
        with town.desk("anna") as desk:
            submissions.save(desk, draft.id, {"worry": f"save {number}"}, revision=number)
    assert town.store.data_file is not None
    return town.store.data_file, draft.id


def copied(source: Path, target: Path) -> Path:
    target.mkdir()
    for name in (source.name, f"{source.name}-wal"):
        shutil.copy(source.with_name(name), target / name)
    return target / source.name


def test_a_torn_log_leaves_a_beginning_of_the_saves(
    town: Town, written: tuple[Path, str], tmp_path: Path
) -> None:
    source, draft = written
    chance = random.Random(20261122)
    lengths = set()
    for trial in range(TRIALS):
        path = copied(source, tmp_path / str(trial))
        log = path.with_name(f"{path.name}-wal")
        content = bytearray(log.read_bytes())
        at = chance.randrange(len(content))
        if trial % 2:
            del content[at:]
        else:
            content[at] ^= 1 << chance.randrange(8)
        log.write_bytes(content)
        store = Store(str(path), town.store.key_file)
        with Town(store, town.authority, town.people, town.now).desk("anna") as desk:
            kept = submissions.revisions(desk, draft)
            now = submissions.get(desk, draft)
        texts = [one.content.get("worry") for one in kept]
        assert texts == [None, *(f"save {number}" for number in range(1, len(kept)))]
        assert (now.revision, now.answers.get("worry")) == (len(kept), texts[-1])
        assert checkpoints.verify(store).ok
        assert keeping.examine(store) == []
        lengths.add(len(kept))
        store.close()
    # The trials really tore: some lost the end, and not always the same end.
    assert len(lengths) > 3


def test_every_flipped_byte_in_the_file_is_found(
    town: Town, written: tuple[Path, str], tmp_path: Path
) -> None:
    source, _ = written
    town.store.close()
    content = source.read_bytes()
    chance = random.Random(20261122)
    for trial in range(TRIALS):
        path = tmp_path / str(trial) / source.name
        path.parent.mkdir()
        broken = bytearray(content)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        store = Store(str(path), town.store.key_file)
        try:
            found = bool(keeping.examine(store))
        except CaseworkError:
            found = True  # the first page: it does not open at all, and says so
        assert found, trial
        store.close()
