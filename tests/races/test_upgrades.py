"""Upgrades that meet each other or are killed half way: the schema is whole or as it was."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from engine.casework import SchemaMismatch, Store, schema
from tests.races import work
from tests.races.running import lines, started
from tests.support.processes import wait_until

STEP = '''"""A step that stops half way."""

import pathlib, time
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{before}", None, None


def upgrade() -> None:
    op.create_table("half_made", sa.Column("id", sa.Integer(), primary_key=True))
    pathlib.Path("{reached}").touch()
    time.sleep({seconds})
    op.create_table("other_half", sa.Column("id", sa.Integer(), primary_key=True))
'''


def longer(folder: Path, seconds: float) -> tuple[Path, Path]:
    """The migrations with one more step, which stops half way, and the file that says it is there."""
    steps, reached = folder / f"migrations{seconds:g}", folder / f"reached{seconds:g}"
    shutil.copytree(schema.FOLDER, steps, ignore=shutil.ignore_patterns("__pycache__"))
    text = STEP.format(before=schema.newest(), reached=reached, seconds=seconds)
    (steps / "versions" / "9999_half.py").write_text(text)
    return steps, reached


def test_several_who_set_up_at_once_do_it_once(empty_url: str, key_file: Path, tmp_path: Path) -> None:
    start, acks = time.time() + 1.0, tmp_path / "acks"
    job = (work.upgrade, (empty_url, str(key_file), start, str(acks)), {})
    with started([job] * 4) as processes:
        for one in processes:
            one.join(60)
    assert lines(acks) == [["done"]] * 4
    store = Store(empty_url, key_file)
    store.check()
    store.close()


def test_an_upgrade_killed_half_way_leaves_the_schema_as_it_was(
    empty_url: str, key_file: Path, tmp_path: Path
) -> None:
    store = Store(empty_url, key_file)
    store.upgrade()
    before = work.tables(store)
    steps, reached = longer(tmp_path, 60)
    with started([(work.upgrade_and_hang, (empty_url, str(key_file), str(steps), True), {})]):
        wait_until(reached.exists, 60, "the upgrade to be half way")
    store.check()
    assert work.tables(store) == before
    # The same upgrade, not interrupted, goes through; the older code then refuses with words.
    quick, _ = longer(tmp_path, 0)
    schema.upgrade(store.engine, store.keys, quick)
    assert work.tables(store) - before == {"half_made", "other_half"}
    with pytest.raises(SchemaMismatch, match="newer Trefoil"):
        store.check()
    with pytest.raises(SchemaMismatch, match="newer Trefoil"):
        store.upgrade()
    store.close()


@pytest.mark.parametrize("empty_url", ["embedded"], indirect=True)
def test_without_a_transaction_half_a_schema_stays(empty_url: str, key_file: Path, tmp_path: Path) -> None:
    """The control: the same kill where each statement stands for itself."""
    store = Store(empty_url, key_file)
    store.upgrade()
    before = work.tables(store)
    steps, reached = longer(tmp_path, 60)
    with started([(work.upgrade_and_hang, (empty_url, str(key_file), str(steps), False), {})]):
        wait_until(reached.exists, 60, "the upgrade to be half way")
    assert work.tables(store) - before == {"half_made"}
    store.close()
