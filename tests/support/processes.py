"""Starting and ending the processes that tests need.

Every helper here ends what it started, by its own id, and nothing else; and waits no longer than it was told.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits for `ready()` to be true; says what it waited for when it never was."""
    limit = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > limit:
            raise TimeoutError(f"waited {seconds:g} seconds for {what}")
        time.sleep(0.05)


def end(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Asks a process to stop, and makes it stop when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(seconds)
