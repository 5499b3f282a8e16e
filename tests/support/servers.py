"""Runs a server of the project's own, as a command, for as long as a test needs it."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import end, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A running command that answers on loopback."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        """What the command has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    *,
    ready: str = "/",
    seconds: float = 30,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Iterator[Server]:
    """Starts `command`, in which `{port}` stands for a free port, and waits until `ready` answers.

    Any answer below 500 is an answer. `env` is added to the environment; there, too, `{port}` is filled in.
    """
    port = free_port()
    filled = [str(part).replace("{port}", str(port)) for part in command]
    added = {name: value.replace("{port}", str(port)) for name, value in (env or {}).items()}
    with tempfile.TemporaryDirectory(prefix="trefoil-server-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                filled,
                cwd=cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **added},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        server = Server(f"http://127.0.0.1:{port}", port, process, log)
        try:
            wait_until(lambda: _answers(server, ready), seconds, f"{filled[0]} to answer {ready}")
            yield server
        except TimeoutError as error:
            error.add_note(server.output())
            raise
        finally:
            end(process)


def _answers(server: Server, path: str) -> bool:
    if server.process.poll() is not None:
        raise RuntimeError(f"the server ended with {server.process.returncode}:\n{server.output()}")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
