"""The commands with which two authorities exchange a pack do what docs/packs.md and docs/adapting.md print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

import engine
from engine import cli

ROOT = Path(__file__).resolve().parents[2]
PACKS = (ROOT / "docs" / "packs.md").read_text("utf-8")
ADAPTING = (ROOT / "docs" / "adapting.md").read_text("utf-8")
BLOCK = re.compile(r"```console in=(\w+)\n(.*?)```", re.DOTALL)


def workspaces(tmp_path: Path) -> None:
    """Ours, and theirs, to which what we build is carried as a file is: by a stick, by post."""
    for name in ("ours", "theirs"):
        for room in ("form_definitions", "workflows"):
            (tmp_path / name / room).mkdir(parents=True, exist_ok=True)


def carried(tmp_path: Path, to: str) -> None:
    for file in (tmp_path / ("ours" if to == "theirs" else "theirs")).glob("*.zip"):
        shutil.copy(file, tmp_path / to)


def commands(block: str) -> list[tuple[list[str], str]]:
    """Each command of a block, and what is printed of its reply."""
    parts = re.split(r"^\$ trefoil (.*)\n", block, flags=re.MULTILINE)[1:]
    return [(shlex.split(parts[at]), parts[at + 1]) for at in range(0, len(parts), 2)]


def test_the_commands_of_the_reference_reply_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspaces(tmp_path)
    for path, text in re.findall(r"```yaml file=(\S+)\n(.*?)```", PACKS, flags=re.DOTALL):
        (tmp_path / "ours" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ours" / path).write_text(text, encoding="utf-8")
    blocks = BLOCK.findall(PACKS)
    assert len(blocks) == 2
    for where, block in blocks:
        carried(tmp_path, where)
        monkeypatch.chdir(tmp_path / where)
        for words, printed in commands(block):
            assert cli.main(words) == 0
            assert capsys.readouterr().out == printed
    assert engine.load(tmp_path / "theirs").pack("hillside").version == "1.0.0"


def test_the_walk_through_can_be_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspaces(tmp_path)
    for room in ("form_definitions", "workflows"):
        for pack in ("core", "thamesbank"):
            shutil.copytree(ROOT / room / pack, tmp_path / "ours" / room / pack)
    blocks = BLOCK.findall(ADAPTING)
    assert [where for where, _ in blocks] == ["ours", "theirs"]
    for where, block in blocks:
        carried(tmp_path, where)
        monkeypatch.chdir(tmp_path / where)
        for words, _ in commands(block):
            assert cli.main(words) == 0, words
    assert sorted(engine.load(tmp_path / "theirs").packs) == ["core", "thamesbank"]
