"""Servers that tests start: ready when handed over, ended by their own id."""

from __future__ import annotations

import os
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import wait_until
from tests.support.servers import Server, running

SERVE = [sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1"]


def test_a_server_answers_and_then_is_gone(tmp_path: Path) -> None:
    (tmp_path / "hello.txt").write_text("hello")
    with running(SERVE, cwd=tmp_path) as server:
        with urllib.request.urlopen(f"{server.url}/hello.txt", timeout=5) as answer:
            assert answer.read() == b"hello"
        assert "GET /hello.txt" in server.output()
    assert server.process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(server.process.pid, 0)


def test_a_server_that_ends_says_why(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "raise SystemExit('no such pack')"]
    with pytest.raises(RuntimeError, match="no such pack"), running(failing, cwd=tmp_path):
        pass


def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    asleep = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
    with pytest.raises(TimeoutError) as caught, running(asleep, cwd=tmp_path, seconds=1.5):
        pass
    pid = int(caught.value.__notes__[0])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_environment_may_name_the_port(tmp_path: Path) -> None:
    code = "import os, runpy, sys; sys.argv = ['x', os.environ['PORT'], '--bind', '127.0.0.1']; "
    code += "runpy.run_module('http.server', run_name='__main__')"
    with running([sys.executable, "-c", code], env={"PORT": "{port}"}, cwd=tmp_path) as server:
        assert str(server.port) in server.url


def test_serve_keeps_a_server_up(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(SERVE, cwd=tmp_path)
    assert server.process.poll() is None


def test_waiting_has_an_end() -> None:
    with pytest.raises(TimeoutError, match=r"0\.1 seconds for the moon"):
        wait_until(lambda: False, 0.1, "the moon")
