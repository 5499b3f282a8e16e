"""The commands for whoever runs the service: what they say, what they leave, and how they end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from engine.casework import (
    SchemaMismatch,
    Store,
    ids,
    keeping,
    records,
    schema,
    sealing,
    shapes,
    stacks,
    tables,
    widening,
)
from tests.support.casework import WORKSPACE, Town, reporting
from webapp import cli

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command against the town's database, or against `database`; returns its exit and its words."""
    monkeypatch.setenv("TREFOIL_KEY_FILE", str(town.store.key_file))

    def command(*words: object, database: str = town.store.url) -> tuple[int, str]:
        monkeypatch.setenv("TREFOIL_DATABASE", database)
        capsys.readouterr()
        ended = cli.main([str(one) for one in words])
        said = capsys.readouterr()
        return ended, said.out + said.err

    return command


def test_a_day_in_the_life_of_a_backup(town: Town, run: Run, tmp_path: Path) -> None:
    child = town.child()
    file, outside = tmp_path / "one.backup", tmp_path / "checkpoint.json"
    elsewhere = f"sqlite:///{tmp_path}/elsewhere/trefoil.db"
    assert run("backup", file)[0] == 0
    with town.desk("kit") as desk:
        keeping.destroy(desk, child.id, "Its time is up", early=True)
    town.child()
    assert run("audit", "checkpoint", outside)[0] == 0
    assert run("audit", "verify", "--checkpoint", outside)[0] == 0
    assert run("db", "verify") == (0, "The database is whole.\n")
    assert run("db", "scrub")[0] == 0
    ended, words = run("restore", file, database=elsewhere)
    assert (ended, "1 destruction since" in words) == (0, True), words
    assert run("audit", "verify", database=elsewhere)[0] == 0
    # What was restored is older than the checkpoint: that is told, not hidden.
    ended, words = run("audit", "verify", "--checkpoint", outside, database=elsewhere)
    assert ended == 1
    assert "rolled_back" in words


def test_columns_are_made_anew_by_command(town: Town, run: Run) -> None:
    with town.desk() as desk:
        stacks.publish(desk, reporting("level"))
    town.checked(level="higher")
    assert run("db", "upgrade") == (0, "The database is up to date.\n")
    with town.store.engine.begin() as connection:
        before = connection.execute(select(shapes.rollup)).all()
        connection.execute(shapes.rollup.delete())
    assert run("db", "rebuild") == (0, "Columns and counts are made anew from 1 submission.\n")
    with town.store.reading() as connection:
        assert connection.execute(select(shapes.rollup)).all() == before
    assert len(before) == 1


def test_a_workspace_is_published_by_command(town: Town, run: Run, tmp_path: Path) -> None:
    root = Path(shutil.copytree(WORKSPACE, tmp_path / "workspace"))
    form = next((root / "form_definitions/harbour/forms").glob("*.yaml"))
    form.write_text(form.read_text().replace("{id: level, type", "{reportable: yes, id: level, type"))
    words = ("publish", "--root", root, "--pack", "harbour")
    assert run(*words) == (0, "harbour 1.0.0 is live for: Harbour.\n")
    with town.desk() as desk:
        assert stacks.live(desk).version == "1.0.0"
        assert widening.wanted(desk.connection, stacks.live(desk).stack) == {}
    assert run(*words[:3], "--pack", "no_such_pack")[0] == 2
    assert "Say which authority" in run(*words, "--authority", "Nowhere")[1]
    form.write_text(form.read_text().replace("label: What goes well?", "label: What goes right?"))
    assert run(*words, "--working-copy") == (0, "published\n")
    with town.desk() as desk:
        assert stacks.live(desk).version.startswith("1.0.0+dev.")
    form.write_text(form.read_text().replace("type: long_text", "type: longest_text"))
    assert run(*words, "--working-copy") == (1, "broken\n")
    ended, told = run(*words)
    assert (ended, "longest_text" in told) == (1, True)
    with town.desk() as desk:
        assert stacks.trouble(desk) is not None


def test_refusals_are_plain_and_end_with_one(town: Town, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    assert run("backup", file)[0] == 0
    wrong = tmp_path / "wrong.backup"
    wrong.write_bytes(file.read_bytes()[:-9])
    elsewhere = f"sqlite:///{tmp_path}/elsewhere/trefoil.db"
    told = [
        (run("backup", file), "there already"),
        (run("restore", file), "in use"),
        (run("restore", wrong, database=elsewhere), "cut off"),
        (run("restore", tmp_path / "none", database=elsewhere), "could not be read"),
        (run("audit", "verify", "--checkpoint", wrong), "not one that this installation signed"),
        (run("db", "verify", database=f"sqlite:///{tmp_path}/third/trefoil.db"), "trefoil db upgrade"),
    ]
    for (ended, words), expected in told:
        assert ended == 1
        assert expected in words
        assert "Traceback" not in words


def test_verify_tells_tampering(town: Town, run: Run) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        records.get(desk, child.id)
    with town.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_head WHERE chain LIKE 'person:%'"))
    ended, words = run("audit", "verify")
    assert ended == 1
    assert "is missing" in words


def test_damage_is_told(town: Town, run: Run) -> None:
    if town.store.data_file is None:
        assert run("db", "verify")[0] == 0
        return
    town.store.close()
    content = bytearray(town.store.data_file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100] ^= 1
    town.store.data_file.write_bytes(content)
    ended, words = run("db", "verify")
    assert ended == 1
    assert "Restore the last good backup" in words
    assert "Traceback" not in words


def test_before_a_database_is_upgraded_it_is_copied(
    town: Town, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy has all that the older version had, and says which version can restore it."""
    monkeypatch.setenv("TREFOIL_DATA", str(tmp_path / "kept"))
    older = tmp_path / "older"
    shutil.copytree(schema.FOLDER, older)
    for one in (older / "versions").glob("*.py"):
        if one.name[:4] > "0006":
            one.unlink()
    store = Store(str(tmp_path / "old" / "trefoil.db"), town.store.key_file)
    schema.upgrade(store.engine, store.keys, older)
    with store.engine.begin() as connection:
        row = {"id": ids.new(), "name": "Harbour of old", "made_at": town.now}
        connection.execute(tables.authority.insert(), row)
    store.close()
    ended, said = run("db", "upgrade", database=store.url)
    (copy,) = (tmp_path / "kept" / "backups").iterdir()
    assert (ended, str(copy) in said) == (0, True)
    with copy.open("rb") as file:
        lines = [json.loads(line) for line in sealing.read(file, town.store.keys)]
    assert lines[0]["manifest"]["schema"] == "0006"
    assert lines[0]["manifest"]["counts"]["authority"] == 1
    assert any("Harbour of old" in line for line in lines if isinstance(line, list))
    assert "case_wait" not in {line.get("table") for line in lines if isinstance(line, dict)}
    ended, said = run("db", "upgrade", database=store.url)
    assert (ended, len(list((tmp_path / "kept" / "backups").iterdir()))) == (0, 1)
    with pytest.raises(SchemaMismatch):
        keeping.restore(copy, Store(str(tmp_path / "new" / "trefoil.db"), town.store.key_file), now=town.now)
