"""The real command, serving, that a test can kill whole or only in its workers and start again at the same address.

Every process is our own child, or a child of it, and is killed by its own id.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from engine.casework import authorities
from tests.support.casework import Town
from tests.support.processes import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
TOO_SOON = """
import contextvars, queue, sys, threading, time
from flask_login import current_user
from webapp import showing, speaking, surroundings
from webapp.clock import now

def early(act):
    came, store = queue.Queue(), showing.store()
    def work():
        try:
            with store.desk(current_user.authority, current_user.person, now=now()) as desk:
                surroundings.note_surroundings(desk)
                speaking.keep_choice(desk)
                came.put((act(desk), None))
                time.sleep(0.3)
        except BaseException as error:
            came.put((None, error))
    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
    answer, error = came.get()
    if error is not None:
        raise error
    return answer

showing._at_the_desk = early
from webapp.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""A server that says a thing is done and commits it a moment later: for controls."""


class Serving:
    """The real command over a database, which can be killed whole or only in its workers."""

    def __init__(self, town: Town, folder: Path, *, too_soon: bool = False, workers: int = 2) -> None:
        self.port, self.folder = free_port(), folder
        self.host = f"{town.authority[:8]}.example"
        authorities.set_address(town.store, town.authority, self.host)
        run = ["-c", TOO_SOON] if too_soon else ["-m", "webapp.cli"]
        self.command = [sys.executable, *run, "serve", "--workers", str(workers), "--port", str(self.port)]
        self.env = {
            **os.environ,
            "TREFOIL_DATABASE": town.store.url,
            "TREFOIL_KEY_FILE": str(town.store.key_file),
            "TREFOIL_DATA": str(Path(town.store.key_file).parent / "web"),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until(self._answers, 120, "the service to answer")

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in children.read_text().split()]

    def kill_workers(self) -> None:
        """Every process that serves; the one above them makes new ones by itself."""
        for one in self.workers():
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def kill(self) -> None:
        """Everything at once, as when the power goes."""
        if self.process is None or self.process.poll() is not None:
            return
        # Stopped first, so that it makes no new worker while the others are being killed.
        self.process.send_signal(signal.SIGSTOP)
        self.kill_workers()
        self.process.kill()
        self.process.wait(20)

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(errors="replace"))
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/health")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
