"""The demonstration, served as a user would serve it, and people to send through it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.journeys import Person
from tests.support.servers import Server, running

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented data, made once; whoever serves it takes a copy."""
    data = tmp_path_factory.mktemp("planted")
    command = [sys.executable, "-m", "webapp.cli", "demo", "--prepare"]
    env = {**os.environ, "TREFOIL_DATA": str(data)}
    subprocess.run(command, check=True, env=env, cwd=ROOT, timeout=240, stdout=subprocess.DEVNULL)
    return data


@pytest.fixture(scope="session")
def demo(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration on data of its own."""
    data = shutil.copytree(planted, tmp_path_factory.mktemp("demo") / "data")
    command = [sys.executable, "-m", "webapp.cli", "demo", "--port", "{port}"]
    with running(command, ready="/sign-in", seconds=90, env={"TREFOIL_DATA": str(data)}, cwd=ROOT) as server:
        yield server


@pytest.fixture(scope="session")
def met() -> dict[str, set[tuple[str, str]]]:
    """Pages already looked at with axe and at 320 px, by way of meeting them."""
    return {"script on": set(), "script off": set()}


@pytest.fixture(params=["script on", "script off"])
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def person(
    demo: Server, visitor: Callable[..., Any], script: str, met: dict[str, set[tuple[str, str]]]
) -> Callable[[str], Person]:
    """`person("priya")` signs somebody in, in a window of their own."""

    def sign_in(name: str) -> Person:
        on = script == "script on"
        return Person(visitor(javascript=on), demo.url, name, met[script], script=on)

    return sign_in
