"""A workspace in hostile hands: links that lead round, pipes that never end, files swapped while they are read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.packs import finding
from tests.webapp.conftest import LITTLE, Place, watching
from webapp.watching import fingerprint

FORMS = Path("form_definitions/little")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LITTLE, tmp_path / "workspace"))


def test_links_that_lead_round_are_told_and_the_last_good_stays_live(place: Place, workspace: Path) -> None:
    watcher = watching(place, workspace)
    assert watcher.look() == "live"
    (workspace / FORMS / "round.yaml").symlink_to("round.yaml")
    (workspace / FORMS / "forms.yaml").write_text("form: [", encoding="utf-8")
    assert fingerprint(workspace)
    assert watcher.look() == "broken"
    assert watcher.look() is None


def test_what_cannot_be_read_at_all_is_told_once(
    place: Place, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    watcher = watching(place, workspace)
    monkeypatch.setattr(finding, "_bytes", locked)
    assert watcher.look() == "broken"
    assert watcher.look() is None


@pytest.mark.parametrize("swap", ["pipe", "link", "folder"])
def test_a_file_swapped_while_reading_leads_nowhere(tmp_path: Path, swap: str) -> None:
    (tmp_path / "secret").write_text("canary words", encoding="utf-8")
    place = tmp_path / "one.yaml"
    if swap == "pipe":
        os.mkfifo(place)
    elif swap == "link":
        place.symlink_to(tmp_path / "secret")
    else:
        place.mkdir()
    assert finding._bytes(place) is None
    assert finding._bytes(tmp_path / "secret") == b"canary words"
    assert finding._bytes(tmp_path / "gone") == b""
