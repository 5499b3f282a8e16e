"""The demonstration as a service that a test can kill and start again, on the same data and at the same address."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from engine.casework import Store
from engine.casework.tables import session
from tests.support.processes import end, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
LAST_WINS = """
import sys
from engine.casework import merging
merging.merge = lambda base, mine, theirs, keep=None: merging.Merged(dict(mine), ())
from webapp.cli import main
sys.exit(main(sys.argv[1:]))
"""


def plant(home: Path) -> None:
    """Makes the invented data of the demonstration in `home`."""
    command = [sys.executable, "-m", "webapp.cli", "demo", "--prepare"]
    env = {**os.environ, "TREFOIL_DATA": str(home)}
    subprocess.run(command, check=True, env=env, cwd=ROOT, timeout=240, stdout=subprocess.DEVNULL)


class Service:
    """One running demonstration over `home`, whose data was planted before."""

    def __init__(self, home: Path, *, merging: bool = True) -> None:
        """`merging` off is for controls: whoever saves last overwrites whoever was first."""
        self.home = home
        self.merging = merging
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        run = ["-m", "webapp.cli"] if self.merging else ["-c", LAST_WINS]
        command = [sys.executable, *run, "demo", "--port", str(self.port)]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "TREFOIL_DATA": str(self.home), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._answers, 90, "the service to answer")

    def kill(self) -> None:
        """As when the power goes: nothing is tidied up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process)

    def end_sessions(self) -> None:
        """Every session is over, as when its time has run out; the browsers keep their cookies."""
        store = Store(f"sqlite:///{self.home}/data/trefoil.db", key_file=self.home / "keys" / "trefoil.key")
        with store.writing() as connection:
            connection.execute(update(session).values(ends=datetime.now(UTC)))
        store.close()

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError((self.home / "log").read_text(encoding="utf-8", errors="replace"))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
