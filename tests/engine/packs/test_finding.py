"""Finding files: only the workspace's own, within limits, and the same from a folder as from the database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import packs
from engine.language import sources
from engine.packs import finding, hashing

HARBOUR = Path(__file__).parents[2] / "definitions" / "valid" / "harbour"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    shutil.copytree(HARBOUR, root)
    return root


def codes_of(found: finding.Texts) -> list[str]:
    return [one.code for one in found.findings]


def test_only_definitions_are_read(workspace: Path) -> None:
    folder = workspace / "form_definitions/harbour"
    (folder / "notes.txt").write_text("not a definition")
    (folder / ".hidden.yaml").write_text("pack: [")
    (folder / ".git").mkdir()
    (folder / ".git/config.yaml").write_text("pack: [")
    found = finding.find(workspace)
    assert found.findings == ()
    assert sorted(found.packs) == ["harbour"]
    assert all(path.endswith(".yaml") and "/." not in path for path in found.packs["harbour"])
    assert "workflows/harbour/support.yaml" in found.packs["harbour"]


@pytest.mark.parametrize("target", ["outside.yaml", "pack.yaml"])
def test_links_are_refused(workspace: Path, target: str) -> None:
    (workspace.parent / "outside.yaml").write_text("list: secret")
    where = workspace.parent / target if target == "outside.yaml" else Path(target)
    (workspace / "form_definitions/harbour/linked.yaml").symlink_to(where)
    found = finding.find(workspace)
    assert codes_of(found) == ["P709"]
    assert not any("linked" in path for path in found.packs["harbour"])


def test_a_linked_folder_is_refused(workspace: Path) -> None:
    outside = workspace.parent / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("list: secret")
    (workspace / "form_definitions/harbour/more").symlink_to(outside)
    (workspace / "form_definitions/other").symlink_to(outside)
    found = finding.find(workspace)
    assert codes_of(found) == ["P709", "P709"]
    assert not any("secret" in text for pack in found.packs.values() for text in pack.values())


def test_a_file_too_large_is_not_read(workspace: Path) -> None:
    (workspace / "form_definitions/harbour/big.yaml").write_bytes(b"#" * (sources.LARGEST + 1))
    found = finding.find(workspace)
    assert codes_of(found) == ["Y104"]
    assert not any("big" in path for path in found.packs["harbour"])


def test_too_many_files(workspace: Path) -> None:
    folder = workspace / "form_definitions/harbour/many"
    folder.mkdir()
    for number in range(finding.MOST_FILES):
        (folder / f"l{number}.yaml").write_text(f"list: l{number}")
    found = finding.find(workspace)
    assert codes_of(found) == ["P710"]
    assert len(found.packs["harbour"]) == finding.MOST_FILES


def test_too_much_in_one_pack(workspace: Path) -> None:
    folder = workspace / "form_definitions/harbour/much"
    folder.mkdir()
    for number in range(finding.LARGEST_PACK // sources.LARGEST + 1):
        (folder / f"l{number:02}.yaml").write_bytes(b"#" * sources.LARGEST)
    found = finding.find(workspace)
    assert codes_of(found) == ["P710"]
    assert sum(map(len, found.packs["harbour"].values())) <= finding.LARGEST_PACK


def test_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(packs.NoWorkspace, match="no folder"):
        packs.load(tmp_path / "missing")
    with pytest.raises(packs.NoWorkspace, match="not a workspace"):
        packs.load(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../form_definitions/harbour/x.yaml",
        "form_definitions/../../etc/x.yaml",
        "/form_definitions/harbour/x.yaml",
        "form_definitions/x.yaml",
        "elsewhere/harbour/x.yaml",
        "form_definitions\\harbour\\x.yaml",
    ],
)
def test_given_paths_that_lead_elsewhere_are_refused(path: str) -> None:
    found = finding.given({path: "list: x"})
    assert codes_of(found) == ["P708"]
    assert found.packs == {}


def test_texts_give_what_the_folder_gives(workspace: Path) -> None:
    from_folder = packs.load(workspace).pack("harbour")
    from_texts = packs.load_texts(dict(reversed(from_folder.texts.items()))).pack("harbour")
    assert from_texts.hash == from_folder.hash
    assert from_texts.stack == from_folder.stack


def test_the_hash_knows_contents_and_places_and_not_line_ends() -> None:
    texts = {"form_definitions/a/a.yaml": "list: a\ntitle: A\n", "form_definitions/a/b.yaml": "list: b\n"}
    usual = hashing.of_files(texts)
    assert len(usual) == 64
    windows = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in texts.items()}
    assert hashing.of_files(windows) == usual
    assert hashing.of_files({**texts, "form_definitions/a/a.yaml": "list: a\ntitle: B\n"}) != usual
    moved = {"form_definitions/a/a.yaml": "list: a\n", "form_definitions/a/b.yaml": "title: A\nlist: b\n"}
    assert hashing.of_files(moved) != usual
    assert hashing.of_files({path.replace("/b.", "/c."): text for path, text in texts.items()}) != usual


def test_a_name_that_is_no_text_is_told(workspace: Path) -> None:
    folder = bytes(workspace / "form_definitions/harbour")
    Path(os.fsdecode(folder + b"/caf\xe9.yaml")).write_text("list: cafe")
    found = finding.find(workspace)
    assert codes_of(found) == ["P708"]
    assert found.findings[0].place.file == "form_definitions/harbour/caf?.yaml"


@contextmanager
def as_nobody() -> Iterator[None]:
    """The administrator may read everything; tests may run as the administrator."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("path", ["form_definitions/harbour/pack.yaml", "form_definitions/harbour", "."])
def test_what_cannot_be_read_is_told(workspace: Path, path: str) -> None:
    for folder in (workspace, *workspace.parents[:3]):
        folder.chmod(0o755)
    (workspace / path).chmod(0)
    try:
        with as_nobody(), pytest.raises(packs.NoWorkspace, match="cannot be read: Permission denied"):
            finding.find(workspace)
    finally:
        (workspace / path).chmod(0o755)
