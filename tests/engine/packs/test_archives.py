"""A pack as one file: the same bytes anywhere, judged in a limited process, and installed all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
import string
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import cli
from engine.language.model import Manifest
from engine.packs import (
    archive,
    archive_child,
    archive_installing,
    archive_judging,
    archive_limits,
    archive_reading,
)
from tests.support.archives import PIER, Making, attack, sound

TODAY = date(2026, 1, 5)
ROOT = Path(__file__).resolve().parents[3]
OVERLAY = {
    "form_definitions/quay/pack.yaml": (
        "pack: quay\ntitle: Quay\nversion: 1.0.0\nextends: {{pack: pier, version: 1.0.0{sha}}}\n"
    ),
}


def workspace(root: Path, *packs: dict[str, str]) -> Path:
    for room in ("form_definitions", "workflows"):
        (root / room).mkdir(parents=True, exist_ok=True)
    for texts in packs:
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
    return root


def here(data: bytes, around: Any) -> dict[str, Any]:
    return archive_judging.archive(data, around, TODAY).as_json()


def overlay(sha: str = "") -> dict[str, str]:
    return {path: text.format(sha=sha and f", sha256: {sha}") for path, text in OVERLAY.items()}


# --- The same bytes


def test_the_bytes_are_the_same_wherever_and_however_the_files_were_written(tmp_path: Path) -> None:
    plain = workspace(tmp_path / "plain", PIER)
    windows = {path: "\ufeff" + text.replace("\n", "\r\n") for path, text in reversed(PIER.items())}
    other = workspace(tmp_path / "other", windows)
    for path in other.rglob("*.yaml"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    (other / "form_definitions" / "pier" / "README.md").write_text("Not a definition.")
    assert archive_installing.build(plain, "pier") == archive_installing.build(other, "pier")
    # Written down, so that no later Trefoil or Python makes other bytes of the same files.
    assert sound().sha256 == "87f7aad94c8f486db8b521f0c71fd6b60080b94c911c30a477b994ddf082fd22"


def test_the_core_pack_goes_there_and_back(tmp_path: Path) -> None:
    ours, theirs = workspace(tmp_path / "ours"), workspace(tmp_path / "theirs")
    for room in ("form_definitions", "workflows"):
        shutil.copytree(ROOT / room / "core", ours / room / "core")
    out = tmp_path / "core.zip"
    assert cli.main(["pack", "build", "core", "--root", str(ours), "--out", str(out)]) == 0
    assert cli.main(["pack", "install", str(out), "--root", str(theirs)]) == 0
    assert archive_installing.build(theirs, "core").as_bytes() == out.read_bytes()


names = st.text(string.ascii_lowercase, min_size=1, max_size=6).filter(
    lambda name: name not in ("aux", "con", "nul", "prn")
)
remarks = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=40)


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.lists(names, min_size=1, max_size=3).map("/".join), remarks, max_size=5))
def test_build_install_build_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, more: Any
) -> None:
    texts = {
        **PIER,
        **{f"form_definitions/pier/more/{name}.yaml": f"# {text}\n" for name, text in more.items()},
    }
    first = workspace(tmp_path_factory.mktemp("first"), texts)
    second = workspace(tmp_path_factory.mktemp("second"))
    made = archive_installing.build(first, "pier").as_bytes()
    assert archive_installing.install(second, made, here).outcome == "installed"
    assert archive_installing.build(second, "pier").as_bytes() == made


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_changed_byte_goes_unseen(data: Any) -> None:
    made = bytearray(sound().as_bytes())
    at = data.draw(st.integers(0, len(made) - 1))
    made[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(archive_reading.Refused):
        archive_reading.read(bytes(made))


def test_what_cannot_be_in_an_archive_is_told_when_building() -> None:
    for name, told in (
        ("Ffurflen ŵyl.yaml", "plain letters"),
        ("Forms/x.yaml", "capitals"),
        ("con.yaml", "Windows"),
    ):
        with pytest.raises(archive.NotBuildable, match=told):
            archive.made(
                Manifest("pier", title="Pier", version="1"), {**PIER, f"form_definitions/pier/{name}": ""}
            )


# --- Judged in a process that may do nothing else


def test_the_limited_process_says_what_is_said_here() -> None:
    data = sound().as_bytes()
    assert archive_limits.judge_archive(data, {}, TODAY) == here(data, {})
    twice = attack([{"twice": "form_definitions/pier/pack.yaml"}])
    assert archive_limits.judge_archive(twice, {}, TODAY) == here(twice, {})


LIMITED = """
import sys
sys.path.insert(0, sys.argv[1])
from engine.packs import archive_child
if sys.argv[2] == "limited":
    archive_child.limited()
try:
    {act}
except (OSError, MemoryError) as problem:
    print(type(problem).__name__)
else:
    print("done")
"""
ACTS = {
    "network": "import socket; socket.create_connection(('127.0.0.1', int(sys.argv[3])), 5).close()",
    "write": "open(sys.argv[4], 'w').write('x')",
    "program": "import subprocess; subprocess.run(['true'], check=True)",
    "fork": "import os; os.waitpid(os.fork() or os._exit(0), 0)",
    "remove": "import os; os.mkdir(sys.argv[4])",
    "memory": "import mmap; mmap.mmap(-1, 3_000_000_000)",
}


@pytest.mark.parametrize("act", ACTS)
def test_the_limited_process_cannot(act: str, tmp_path: Path) -> None:
    """With the control that without its limits it can."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        said = {}
        for kind in ("limited", "free"):
            command = [sys.executable, "-c", LIMITED.format(act=ACTS[act]), str(ROOT), kind]
            done = subprocess.run(
                [*command, str(listening.getsockname()[1]), str(tmp_path / kind)],
                capture_output=True, text=True, timeout=30, check=False,
            )  # fmt: skip
            said[kind] = done.stdout.split()
    assert said == {"limited": [{"memory": "OSError"}.get(act, "PermissionError")], "free": ["done"]}


def test_one_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_limits, "PATIENCE", 0.01)
    verdict = archive_limits.judge_archive(sound().as_bytes(), {}, TODAY)
    assert (verdict["ok"], verdict["stage"]) == (False, "limits")
    assert "stopped" in verdict["refusals"][0]["message"]
    assert archive_child.SECONDS < 120


def test_findings_without_end_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_judging, "MOST_FINDINGS", 20)
    option = "      - {{id: q{0}, type: text, label: Q, show_if: nothing_{0} is answered}}\n"
    many = "form: many\ntitle: Many\nabout: child\nsections:\n  - id: part\n    title: Part\n    questions:\n"
    texts = {
        **PIER,
        "form_definitions/pier/many.yaml": many + "".join(option.format(n) for n in range(50)),
    }
    verdict = here(sound(texts).as_bytes(), {})
    assert (len(verdict["diagnostics"]), verdict["more"]) == (20, 30)


# --- The base that an overlay was written against


def test_another_base_is_advice_in_a_workspace_and_an_error_when_installing(tmp_path: Path) -> None:
    root = workspace(tmp_path / "root", PIER)
    quay = Manifest("quay", title="Quay", version="1.0.0", extends="pier", extends_version="1.0.0")
    for sha, fits in ((sound().sha256, True), ("0" * 64, False)):
        texts = overlay(sha)
        data = archive.made(
            Manifest(**{**{f: getattr(quay, f) for f in ("id", "title", "version", "extends", "extends_version")},
                        "extends_sha256": sha}), texts).as_bytes()  # fmt: skip
        verdict = here(data, archive_installing.around(root))
        assert verdict["ok"] is fits
        if not fits:
            assert [one["reason"] for one in verdict["refusals"]] == ["base"]
            assert archive_installing.install(root, data, here).outcome == "refused"
            assert not (root / "form_definitions" / "quay").exists()
        report = engine.inspect(workspace(tmp_path / sha[:8], PIER, texts))
        assert [one.code for one in report.diagnostics] == ([] if fits else ["P744"])
        assert report.ok


def test_an_overlay_that_a_new_base_breaks_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = "form: visit\nchanges:\n  - {set: purpose, label: Why do you visit?}\n"
    root = workspace(tmp_path / "root", PIER, {**overlay(), "form_definitions/quay/more.yaml": change})
    assert engine.inspect(root).ok
    renamed = {path: text.replace("purpose", "reason_for_it") for path, text in PIER.items()}
    file = tmp_path / "pier.zip"
    file.write_bytes(sound(renamed).as_bytes())
    assert cli.main(["pack", "install", str(file), "--root", str(root)]) == 0
    told = capsys.readouterr().out
    assert "form_definitions/quay/more.yaml:3: error P722" in told and "Other packs here" in told


# --- All of it or nothing


def ended_at(step: int, root: Path, data: bytes) -> int:
    """Install in a process that ends, as if killed, at the given step on the disk; returns its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = [step]

    def stopping(real: Any) -> Any:
        def act(*given: Any, **named: Any) -> Any:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return real(*given, **named)

        return act

    steps = ((Path, "rename"), (Path, "mkdir"), (Path, "unlink"), (Path, "rmdir"), (os, "fsync"))
    for owner, name in steps:
        setattr(owner, name, stopping(getattr(owner, name)))
    try:
        archive_installing.install(root, data, here)
    finally:
        os._exit(0)


def test_ended_at_any_step_it_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    newer = {path: text for path, text in PIER.items() if not path.startswith("workflows/")}
    newer["form_definitions/pier/pack.yaml"] = PIER["form_definitions/pier/pack.yaml"].replace(
        "1.0.0", "2.0.0"
    )
    data = sound(newer, version="2.0.0").as_bytes()
    old, new = sound().files, newer
    seen = []
    for step in range(200):
        root = workspace(tmp_path / f"at{step}", PIER)
        code = ended_at(step, root, data)
        found = archive_installing.around(root)
        assert found in (old, new), f"step {step} left neither the old nor the new"
        assert engine.inspect(root).ok
        seen.append(found == new)
        if code == 0:
            break
        assert code == 9
        again = archive_installing.install(root, data, here)
        assert again.ok and archive_installing.around(root) == new
        assert {path.name for path in (root / ".trefoil").iterdir()} <= {"lock", "replaced"}
        assert not (root / "workflows" / "pier").exists()
        assert (root / ".trefoil" / "replaced" / "pier-1" / "workflows" / "pier" / "visiting.yaml").is_file()
        shutil.rmtree(root)
    assert seen == sorted(seen) and seen[0] is False and seen[-1] is True and len(seen) > 12


def test_nothing_changes_when_it_is_refused(tmp_path: Path) -> None:
    root = workspace(tmp_path / "root", PIER)
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    making = Making.of(sound())
    making.add("form_definitions/pier/../../../evil.yaml", b"x: 1\n")
    assert archive_installing.install(root, making.as_bytes(), here).outcome == "refused"
    after = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    assert {path: data for path, data in after.items() if ".trefoil" not in path.parts} == before
    assert not (tmp_path / "evil.yaml").exists()


@pytest.mark.parametrize("link", ["form_definitions/pier", "workflows", ".trefoil", ".trefoil/installing"])
def test_a_link_in_the_workspace_is_not_followed(tmp_path: Path, link: str) -> None:
    root = workspace(tmp_path / "root")
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(exist_ok=True)
    if (root / link).is_dir():
        (root / link).rmdir()
    (root / link).symlink_to(outside)
    with pytest.raises(archive_installing.CannotInstall, match="is a link"):
        archive_installing.install(root, sound().as_bytes(), here)
    assert list(outside.iterdir()) == []


def test_two_at_once_do_not_meet(tmp_path: Path) -> None:
    root = workspace(tmp_path / "root")

    def meanwhile(data: bytes, around: Any) -> dict[str, Any]:
        with pytest.raises(archive_installing.CannotInstall, match="Another pack"):
            archive_installing.install(root, data, here)
        return here(data, around)

    assert archive_installing.install(root, sound().as_bytes(), meanwhile).outcome == "installed"


# --- The commands


def test_the_commands_say_so_in_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, file = workspace(tmp_path / "root", PIER), tmp_path / "pier-1.0.0.zip"

    def ran(*words: str) -> tuple[int, Any]:
        code = cli.main(["pack", *words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    code, told = ran("build", "pier", "--root", str(root), "--out", str(file))
    assert (code, told["ok"], told["sha256"], told["files"]) == (0, True, sound().sha256, 4)
    code, told = ran("inspect", str(file))
    assert (code, told["ok"], told["pack"], told["scenarios"]["ran"]) == (0, True, "pier", 1)
    code, told = ran("install", str(file), "--root", str(root))
    assert (code, told["outcome"]) == (0, "there already")
    empty = workspace(tmp_path / "empty")
    code, told = ran("install", str(file), "--root", str(empty))
    assert (code, told["outcome"], told["replaced"]) == (0, "installed", None)
    file.write_bytes(b"pack: pier\n")
    code, told = ran("install", str(file), "--root", str(empty))
    assert (code, told["stage"], told["refusals"][0]["reason"]) == (1, "size", "not_an_archive")
    code, told = ran("inspect", str(tmp_path / "nothing.zip"))
    assert (code, told["ok"]) == (2, False)
    assert cli.main(["pack", "build", "nothing", "--root", str(root), "--out", str(file)]) == 2
    assert cli.main(["pack", "install", str(file), "--root", str(tmp_path / "none")]) == 2
    assert "Traceback" not in capsys.readouterr().err
