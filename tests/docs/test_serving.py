"""docs/serving.md leads from an empty folder to somebody signed in, and its table of settings is whole."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from engine.casework import access
from tests.webapp.reading import Browser
from webapp import cli
from webapp.app import create_app
from webapp.settings import from_environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "serving.md").read_text("utf-8")
PASSWORD = "seven slow rivers"


def test_the_commands_lead_to_somebody_signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in re.findall(r"```yaml file=(\S+)\n(.*?)```", PAGE, flags=re.DOTALL):
        file = tmp_path / "ours" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "ours")
    monkeypatch.delenv("TREFOIL_PACK", raising=False)
    blocks = re.findall(r"```console\n(.*?)```", PAGE, flags=re.DOTALL)
    lines = [shlex.split(line.removeprefix("$ ")) for block in blocks for line in block.splitlines()]
    assert len(lines) == 8 and len(blocks[0].splitlines()) == 6
    for command, *words in lines:
        if command == "export":
            monkeypatch.setenv(*words[0].split("="))
            continue
        assert command == "trefoil"
        if words[0] == "serve":
            assert cli.parser().parse_args(words).run.__name__ == "serve"
            continue
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        assert cli.main(words) == 0, words
    app = create_app(from_environment())
    try:
        for person in ("nia", "owen"):
            assert Browser(app).sign_in(person, PASSWORD).h1 == "My work"
        assert "Northbank Council" in Browser(app, "northbank.localhost").get("/sign-in").text
    finally:
        app.extensions["trefoil_store"].close()


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    told = re.findall(r"^\| `(TREFOIL_\w+)` \|", PAGE, flags=re.MULTILINE)
    read = set(re.findall(r'"(TREFOIL_[A-Z_]+)"', (ROOT / "webapp" / "settings.py").read_text("utf-8")))
    assert sorted(told) == sorted(read)


def test_every_right_is_told() -> None:
    """What a right allows stands in the page about packs; the rights are those that access knows."""
    page = (ROOT / "docs" / "packs.md").read_text("utf-8")
    told = re.findall(
        r"^\| `(\w+)` \|", page.partition("## Who may do what")[2].partition("\n## ")[0], re.MULTILINE
    )
    assert sorted(told) == sorted(access.VERBS)


@pytest.mark.parametrize("page", ["README.md", "docs/adapting.md"])
def test_the_page_can_be_found(page: str) -> None:
    assert "serving.md)" in (ROOT / page).read_text("utf-8")
