"""Holds what is committed: locks with hashes and no hosts, nothing vendored, and a guide that is true."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.architecture import COLUMNS, LONGEST
from tools.run_suites import APART, SUITES

ROOT = Path(__file__).resolve().parents[1]
# In pieces, so that this file does not name what no file may name.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
    )
)
VENDORED = (
    re.compile(r"(^|/)(node_modules|vendor|\.venv)/"),
    re.compile(r"\.min\.(js|css)$"),
    re.compile(r"\.(whl|tgz|jar|woff2?)$"),
)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PEERS = ROOT / "tests" / "bench" / "peers"
PYTHON_LOCKS = [*LOCKS, PEERS / "requirements.txt"]
NODE_LOCKS = [ROOT / "package-lock.json", PEERS / "node" / "package-lock.json"]


@cache
def committed() -> tuple[str, ...]:
    """Tracked files, and new ones that no rule ignores: what a commit of everything would hold."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return tuple(name for name in result.stdout.split("\0") if name and (ROOT / name).is_file())


def hosts_named(files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    for name, content in files:
        for host in HOSTS:
            if host.encode() in content.lower():
                yield f"{name} names {host}"


def vendored(names: Iterable[str]) -> list[str]:
    return [name for name in names if any(pattern.search(name) for pattern in VENDORED)]


def pins(lock: str) -> Iterator[tuple[str, int]]:
    """Each pinned package of a lock, with how many hashes it carries."""
    for entry in re.split(r"(?m)^(?=[A-Za-z0-9])", lock.replace("\\\n", " ")):
        match = re.match(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==", entry)
        if match:
            yield match.group(1).lower(), len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry))
        elif entry.strip() and not entry.lstrip().startswith("#"):
            yield entry.split()[0], 0


def wanted(requirements: str) -> set[str]:
    found = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)", requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def test_no_file_names_a_registry() -> None:
    assert list(hosts_named((name, (ROOT / name).read_bytes()) for name in committed())) == []


def test_a_file_that_names_a_registry_is_caught() -> None:
    assert list(hosts_named([("a.txt", f"--index-url https://{HOSTS[0].upper()}/simple".encode())]))


def test_nothing_vendored_is_committed() -> None:
    assert vendored(committed()) == []


@pytest.mark.parametrize(
    "name", ["node_modules/x/y.js", "webapp/static/vendor/a.css", "a/b.min.js", "x.woff2"]
)
def test_a_vendored_file_is_caught(name: str) -> None:
    assert vendored([name]) == [name]


@pytest.mark.parametrize("path", PYTHON_LOCKS, ids=lambda path: path.stem)
def test_every_pin_has_hashes(path: Path) -> None:
    found = dict(pins(path.read_text(encoding="utf-8")))
    assert found
    assert [name for name, hashes in found.items() if not hashes] == []


@pytest.mark.parametrize("path", PYTHON_LOCKS, ids=lambda path: path.stem)
def test_a_lock_says_only_what_and_which(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?m)^\s*-(-index|-extra|-find|-trusted|i|f|e)|://|@ file", text)
    asked = wanted(path.with_suffix(".in").read_text(encoding="utf-8"))
    assert asked - {re.sub(r"[-_.]+", "-", name) for name, _ in pins(text)} == set()


@pytest.mark.parametrize(
    "lock", ["flask==3.1.3\n", "flask>=3 --hash=sha256:" + "0" * 64 + "\n", "./wheel.whl\n"]
)
def test_a_lock_without_hashes_is_caught(lock: str) -> None:
    assert [name for name, hashes in pins(lock) if not hashes]


def test_every_list_of_requirements_has_its_lock() -> None:
    lists = {path.stem for path in (ROOT / "requirements").glob("*.in")}
    assert lists == {path.stem for path in LOCKS}


@pytest.mark.parametrize("path", NODE_LOCKS, ids=["assets", "peers"])
def test_the_lock_of_what_needs_node_has_hashes_and_no_host(path: Path) -> None:
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


# --- The guide says what is so.


@cache
def guide() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_guide_names_commands_that_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = set(re.findall(r"(?m)(?:^|`)make ([a-z-]+)", guide()))
    assert {"setup", "run", "test", "lint"} <= named <= targets


def test_the_guide_draws_the_arrows_that_are_held() -> None:
    columns = [*(", ".join(column) for column in COLUMNS), "webapp"]
    assert f"`{' ← '.join(columns)}`" in guide()
    assert f"longer than {LONGEST} lines" in guide()


def test_the_guide_tells_every_suite_and_its_minutes() -> None:
    rows = dict(re.findall(r"(?m)^\| (\w+) \|.*\| ([\d.]+) \|$", guide()))
    assert rows == {suite.name: f"{suite.minutes:g}" for suite in SUITES}


def test_the_guide_names_fixtures_that_exist() -> None:
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    offered = set(re.findall(r"@pytest\.fixture[^\n]*\ndef (\w+)", conftest))
    told = re.search(r"`tests/conftest\.py` offers (.*?)\(JavaScript off\)", guide(), re.DOTALL)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told.group(1))) == offered


def test_every_folder_of_tests_is_known() -> None:
    known = APART | {path.split("/")[1] for suite in SUITES for path in suite.paths}
    folders = {
        path.split("/")[1] for path in committed() if path.startswith("tests/") and path.count("/") > 1
    }
    assert folders <= known


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".editorconfig"])
def test_what_a_newcomer_looks_for_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_no_file_knows_whose_machine_it_was_written_on() -> None:
    homes = re.compile(rb"(?<![\w.])/(?:home|Users|work|root)/\w")
    assert [name for name in committed() if homes.search((ROOT / name).read_bytes())] == []
